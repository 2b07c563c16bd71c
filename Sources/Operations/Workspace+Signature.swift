internal import Deployment
public import Domain
internal import Synchronization

extension Workspace {
  /// A model's signature with the layer of each fact; the service is asked.
  public func layeredSignature(of model: ModelID) async throws(Problem) -> LayeredSignature {
    do {
      let description = try await metadata(of: model, among: [])
      knownModels.withLock { $0.describe(description) }
      return description.layers ?? LayeredSignature(service: description.signature, supplements: [])
    } catch {
      throw error.problem
    }
  }

  /// Finds the model that a person names: `iris`, its version `iris@2`, an explainer or a detector as well.
  public func model(named name: String) async throws(Problem) -> Model {
    let listed = knownModels.withLock { $0.isFresh ? $0.model(named: RawText(name)) : nil }
    if let listed { return listed }
    _ = try await models()
    let (found, models) = knownModels.withLock { ($0.model(named: RawText(name)), $0.models) }
    if let found { return found }
    if let mark = name.lastIndex(of: "@") {
      let (plain, version) = (RawText(String(name[..<mark])), RawText(String(name[name.index(after: mark)...])))
      let versions = models.filter { $0.id.name == plain }
      if let found = versions.first(where: { $0.id.version == version }) { return found }
      if !versions.isEmpty {
        let known = versions.compactMap { $0.id.version?.string }.joined(separator: ", ")
        throw Problem(
          "\(plain.string) has no version \(version.string).",
          advice: known.isEmpty ? "The service lists no versions of it." : "It has \(known).", kind: .invalidInput)
      }
    }
    let near = EditDistance.nearest(to: name, in: models.map(\.id.name.string))
    throw Problem(
      "The service has no model \(name).",
      advice: near.map { "Did you mean \($0)?" } ?? "`mds models` lists what there is.", kind: .invalidInput)
  }
}
