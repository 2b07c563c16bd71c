internal import Domain
internal import OpenInference
internal import Synchronization

/// What a service said of itself, shared by the copies of its client.
final class KnownServer: Sendable {
  private struct State {
    var metadata: ServerMetadata?
    var classNames: [ModelID: [RawText: [RawText]]] = [:]
    var withoutOutputs: Set<ModelID> = []
    var routes: [RawText: String] = [:]
    var online: [RawText: Bool] = [:]
    var kind: ServiceKind?
    var published = Catalogue()
  }

  private let state = Mutex(State())

  var metadata: ServerMetadata? {
    get { state.withLock { $0.metadata } }
    set { state.withLock { $0.metadata = newValue } }
  }

  /// What speaks there, where that was found out.
  var kind: ServiceKind? {
    get { state.withLock { $0.kind } }
    set { state.withLock { $0.kind = newValue } }
  }

  /// What the researchers published of the service's models.
  var published: Catalogue {
    get { state.withLock { $0.published } }
    set { state.withLock { $0.published = newValue } }
  }

  /// The class names of a model's outputs that only its answers tell, by the output's name; nil until it was asked.
  subscript(classNames model: ModelID) -> [RawText: [RawText]]? {
    get { state.withLock { $0.classNames[model] } }
    set { state.withLock { $0.classNames[model] = newValue } }
  }

  /// Whether the model refused a request that named its outputs.
  func refusesOutputs(_ model: ModelID) -> Bool { state.withLock { $0.withoutOutputs.contains(model) } }

  func noteRefusedOutputs(_ model: ModelID) { state.withLock { _ = $0.withoutOutputs.insert(model) } }

  /// The route of an experiment that answered last, which is sent back so that one analyst stays with one candidate.
  subscript(route experiment: RawText) -> String? {
    get { state.withLock { $0.routes[experiment] } }
    set { state.withLock { $0.routes[experiment] = newValue } }
  }

  /// Whether a detector's answer said that calls change it (alibi's `meta.online`); nil where none did.
  subscript(online detector: RawText) -> Bool? {
    get { state.withLock { $0.online[detector] } }
    set { state.withLock { $0.online[detector] = newValue } }
  }
}
