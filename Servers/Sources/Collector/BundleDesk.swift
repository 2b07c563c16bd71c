internal import Domain
internal import HTTPTypes
internal import SyncProtocol
internal import Synchronization

/// Takes bundles over the network one a token, and few at once: each is a file on the disk for as long as it takes.
final class BundleDesk: Sendable {
  struct Figures: Sendable {
    var taken = 0
    var refused = 0
    var bytes = 0
  }

  private struct State {
    var tokens: Set<Int64> = []
    var figures = Figures()
  }

  /// How many may be under way.
  private static let most = 4

  private let state = Mutex(State())

  var figures: Figures { state.withLock { $0.figures } }

  /// Runs the work of one bundle; sends it away for a moment where this token, or everybody, has as many under way as may be.
  func attend<Result: Sendable>(
    _ token: Int64, _ work: () async throws -> (result: Result, bytes: Int)
  ) async throws -> Result {
    try enter(token)
    defer { state.withLock { _ = $0.tokens.remove(token) } }
    do {
      let (result, bytes) = try await work()
      state.withLock { state in
        state.figures.taken += 1
        state.figures.bytes += bytes
      }
      return result
    } catch {
      state.withLock { $0.figures.refused += 1 }
      throw error
    }
  }

  private func enter(_ token: Int64) throws {
    try state.withLock { state in
      guard !state.tokens.contains(token) else {
        throw Refused(
          .tooManyRequests, Refusal("too-many", detail: "a bundle of this device is under way", retryAfter: 5000))
      }
      guard state.tokens.count < BundleDesk.most else {
        throw Refused(.serviceUnavailable, Refusal("busy", detail: "many are sending now", retryAfter: 5000))
      }
      state.tokens.insert(token)
    }
  }
}
