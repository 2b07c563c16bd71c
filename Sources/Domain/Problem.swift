/// What went wrong, said to a person: what happened, what helps, and the words of whoever refused.
public struct Problem: Error, Hashable, Sendable {
  /// One line: what happened, where.
  public var summary: String
  /// What helps: the limit that was crossed, the key or command to try.
  public var advice: String
  /// The other side's own words, verbatim and foreign; empty when there are none.
  public var detail: String

  public init(_ summary: String, advice: String = "", detail: String = "") {
    self.summary = summary
    self.advice = advice
    self.detail = detail
  }
}
