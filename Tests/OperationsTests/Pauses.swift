import Synchronization

@testable import Operations

/// Pauses that take no time, unless a test holds them; all are written down.
final class Pauses: Sendable {
  private struct State {
    var taken: [Duration] = []
    var held: Duration?
    var lasting = 0
    var seconds = 0.0
  }

  private let state = Mutex(State())

  /// What was waited for so far, also what is held still.
  var taken: [Duration] { state.withLock { $0.taken } }

  /// Pauses of this length that begin from now on last until none is held.
  func hold(_ duration: Duration?) { state.withLock { $0.held = duration } }

  /// Pauses that are held just now.
  var lasting: Int { state.withLock { $0.lasting } }

  /// Lets the clock go on.
  func pass(seconds: Double) { state.withLock { $0.seconds += seconds } }

  var pacing: Pacing {
    Pacing(seconds: { self.state.withLock { $0.seconds } }, sleep: { try await self.sleep($0) }, random: { 0.25 })
  }

  private func sleep(_ duration: Duration) async throws {
    let isHeld = state.withLock { state in
      state.taken.append(duration)
      if state.held == duration { state.lasting += 1 }
      return state.held == duration
    }
    defer { if isHeld { state.withLock { $0.lasting -= 1 } } }
    repeat {
      try Task.checkCancellation()
      await Task.yield()
    } while isHeld && state.withLock { $0.held } != nil
  }
}
