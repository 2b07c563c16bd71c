/// Where the analyst has been: what `[` goes back to and `]` on to.
public struct Trail: Equatable, Sendable {
  /// Jumps that are kept.
  private static let length = 50

  private var past: [[Place]] = []
  private var future: [[Place]] = []
  private var isJumping = false

  public init() {}

  /// Notes that the screens were others before.
  mutating func note(_ places: [Place], now: [Place]) {
    if isJumping {
      isJumping = false
      return
    }
    past.append(places)
    if past.count > Trail.length { past.removeFirst() }
    future = []
  }

  /// The screens before the last jump; nil where there were none.
  mutating func back(from places: [Place]) -> [Place]? {
    guard let before = past.popLast() else { return nil }
    future.append(places)
    isJumping = true
    return before
  }

  /// The screens that `back` came from; nil where it was not used.
  mutating func on(from places: [Place]) -> [Place]? {
    guard let after = future.popLast() else { return nil }
    past.append(places)
    isJumping = true
    return after
  }
}
