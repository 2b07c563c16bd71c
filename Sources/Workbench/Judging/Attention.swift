public import Domain

/// When a case was shown and how much of the time since then somebody worked on it.
public struct Attention: Equatable, Sendable {
  /// A gap between keys counts at most this many milliseconds.
  public static let longestGap = 30_000

  public private(set) var shownAt: Timestamp
  private var shown: Int
  private var last: Int
  private var first: Int?
  private var active = 0

  /// Shown at a moment of the wall clock and of the loop's own clock, in milliseconds.
  public init(shownAt: Timestamp, milliseconds: Int) {
    self.shownAt = shownAt
    shown = milliseconds
    last = milliseconds
  }

  /// A key was pressed.
  public mutating func key(at milliseconds: Int) {
    if first == nil { first = milliseconds }
    active += min(max(0, milliseconds - last), Attention.longestGap)
    last = milliseconds
  }

  /// The timing of a decision that ends now.
  public func timing(at milliseconds: Int) -> Timing {
    Timing(shownAt: shownAt, firstKey: first.map { $0 - shown }, active: active, wall: max(0, milliseconds - shown))
  }
}
