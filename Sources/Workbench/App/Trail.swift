/// Where the analyst has been: what `[` goes back to and `]` on to.
public struct Trail: Equatable, Sendable {
  /// Jumps that are kept.
  private static let length = 50

  private var past: [Spot] = []
  private var future: [Spot] = []
  private var isJumping = false

  public init() {}

  /// Notes that the analyst was elsewhere before: on other screens, or far off in the same list.
  mutating func note(_ spot: Spot) {
    if isJumping { return }
    past.append(spot)
    if past.count > Trail.length { past.removeFirst() }
    future = []
  }

  /// The place before the last jump; nil where there was none.
  mutating func back(from spot: Spot) -> Spot? {
    guard let before = past.popLast() else { return nil }
    future.append(spot)
    isJumping = true
    return before
  }

  /// The place that `back` came from; nil where it was not used.
  mutating func on(from spot: Spot) -> Spot? {
    guard let after = future.popLast() else { return nil }
    past.append(spot)
    isJumping = true
    return after
  }

  /// The jump is done: what is noted from here on is a new one.
  mutating func arrived() { isJumping = false }
}
