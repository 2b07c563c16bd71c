/// A device's side of following a collector's inbox: it is told what came and says what to do next, and does nothing
/// itself. Each item is there once, whatever is lost, repeated, late or restored, as long as the store knows items by
/// their ids.
public struct InboxClient: Hashable, Sendable {
  /// What to do, in this order.
  public enum Effect: Hashable, Sendable {
    case ask(after: LogCursor)
    /// Keep items durably; those whose id is known already are left alone.
    case keep([InboxPage.Item])
    /// Remember durably where to go on: what came before it is kept.
    case save(LogCursor)
  }

  /// Where the next page begins.
  public private(set) var cursor: LogCursor
  /// What was asked for last, until it is answered.
  private var awaited: LogCursor?

  public init(cursor: LogCursor) { self.cursor = cursor }

  /// Asks for what is new.
  public mutating func begin() -> [Effect] { ask() }

  /// Takes the answer to the question for what follows `place`; one to an earlier question, or a second one to the same,
  /// says nothing any more.
  public mutating func take(_ page: InboxPage, after place: LogCursor) -> [Effect] {
    guard awaited == place else { return [] }
    awaited = nil
    var effects: [Effect] = page.items.isEmpty ? [] : [.keep(page.items)]
    guard page.next != cursor else { return effects }
    cursor = page.next
    effects.append(.save(cursor))
    return page.items.isEmpty ? effects : effects + ask()
  }

  private mutating func ask() -> [Effect] {
    awaited = cursor
    return [.ask(after: cursor)]
  }
}
