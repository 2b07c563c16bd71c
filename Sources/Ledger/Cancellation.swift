internal import GRDB
internal import Synchronization

/// Whether the task that waits for a reading was cancelled: then the statement that runs is interrupted.
final class Cancellation: Sendable {
  private struct State {
    var isSet = false
    var connection: DatabaseQueue?
  }

  private let state = Mutex(State())

  var isSet: Bool { state.withLock { $0.isSet } }

  /// Ends what runs.
  func set() {
    state.withLock { state in
      state.isSet = true
      state.connection?.interrupt()
    }
  }

  /// The connection that works now; nil before it is closed.
  func watch(_ connection: DatabaseQueue?) { state.withLock { $0.connection = connection } }
}
