internal import Domain

/// The clock and the chance that repeated work goes by.
struct Pacing: Sendable {
  /// Seconds on a clock that never goes back.
  var seconds: @Sendable () -> Double
  /// Waits; throws where nobody waits any more.
  var sleep: @Sendable (Duration) async throws -> Void
  /// Uniform in 0 ..< 1.
  var random: @Sendable () -> Double

  static let machine = Pacing(
    seconds: { Machine.monotonicSeconds }, sleep: { try await Task.sleep(for: $0) },
    random: { Double.random(in: 0..<1) })
}
