internal import OpenInference
internal import Synchronization

/// What a service said of itself, shared by the copies of its client.
final class KnownServer: Sendable {
  private let state = Mutex<ServerMetadata?>(nil)

  var metadata: ServerMetadata? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
