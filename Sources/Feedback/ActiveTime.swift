public import Domain

/// How long an analyst worked on a case: the sum of the gaps between keys while it was on screen, each cut at 30 seconds.
///
/// Moments are milliseconds of a clock that only goes forward.
public struct ActiveTime: Hashable, Sendable {
  /// A longer silence counts as this much.
  public static let longestGap = 30_000

  public let shownAt: Timestamp
  private let start: Int
  private var last: Int
  private var firstKey: Int?
  private var active = 0
  private var pane: RawText
  private var times: [PaneTime] = []
  /// Whether something else is on screen: nothing is counted then.
  private var isAway = false

  /// The case came on screen, with this part of it in focus.
  public init(shownAt: Timestamp, milliseconds: Int, pane: RawText = "") {
    self.shownAt = shownAt
    start = milliseconds
    last = milliseconds
    self.pane = pane
  }

  /// A key was pressed.
  public mutating func key(at milliseconds: Int) {
    firstKey = firstKey ?? max(0, milliseconds - start)
    pass(to: milliseconds)
  }

  /// Another part came into focus.
  public mutating func moved(to pane: RawText, at milliseconds: Int) {
    pass(to: milliseconds)
    self.pane = pane
  }

  /// The case is on screen, or something else came in its place; without a moment, at that of the last key.
  public mutating func isShown(_ isShown: Bool, at milliseconds: Int?) {
    guard isShown == isAway else { return }
    pass(to: milliseconds ?? last)
    isAway = !isShown
  }

  /// Another part came into focus by itself: what the analyst looks at since the last key is that.
  public mutating func turned(to pane: RawText) { self.pane = pane }

  /// The times up to this moment.
  public func timing(at milliseconds: Int) -> JudgementBody.Timing {
    var ended = self
    ended.pass(to: milliseconds)
    return JudgementBody.Timing(
      shownAt: shownAt, firstKeyMilliseconds: firstKey, activeMilliseconds: ended.active,
      wallMilliseconds: max(0, milliseconds - start), views: ended.times)
  }

  private mutating func pass(to milliseconds: Int) {
    if isAway {
      last = max(last, milliseconds)
      return
    }
    let gap = min(max(0, milliseconds - last), ActiveTime.longestGap)
    last = max(last, milliseconds)
    active += gap
    guard !pane.isEmpty, gap > 0 else { return }
    if let index = times.firstIndex(where: { $0.pane == pane }) {
      times[index].milliseconds += gap
    } else {
      times.append(PaneTime(pane: pane, milliseconds: gap))
    }
  }
}
