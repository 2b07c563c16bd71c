/// What went wrong, said to a person: what happened, what helps, and the words of whoever refused.
public struct Problem: Error, Hashable, Sendable {
  /// What kind of trouble it is; the exit status of a command follows from it.
  public enum Kind: Hashable, Sendable {
    case failure
    /// The service or the collector cannot be reached, or was lost.
    case unreachable
    /// Two versions stand against each other and a person has to choose.
    case conflict
    /// What was given cannot be used: a file, a record, a setting.
    case invalidInput
  }

  /// One line: what happened, where.
  public var summary: String
  /// What helps: the limit that was crossed, the key or command to try.
  public var advice: String
  /// The other side's own words, verbatim and foreign; empty when there are none.
  public var detail: String
  public var kind: Kind
  /// What the other side gave as its reason, in its words without its notation, foreign; empty where it gave none.
  public var said = ""
  /// Whether what was asked answered, and is only too busy: what is known of it is not stale.
  public var isBusy = false

  public init(_ summary: String, advice: String = "", detail: String = "", kind: Kind = .failure) {
    self.summary = summary
    self.advice = advice
    self.detail = detail
    self.kind = kind
  }
}
