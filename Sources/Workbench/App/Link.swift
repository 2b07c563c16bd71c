public import Domain

/// Whether something at the other end of a line answers.
public enum Link: Equatable, Sendable {
  /// Nothing was asked yet.
  case unknown
  case up
  case down(since: Timestamp)

  var isDown: Bool {
    if case .down = self { true } else { false }
  }
}

/// A line above the footer: what happened, and the key that tells more.
public struct Message: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case done, notice, failed
  }

  public var kind: Kind
  public var text: String
  /// The command that helps or takes it back.
  public var hint: Hint?

  public init(_ kind: Kind, _ text: String, hint: Hint? = nil) {
    self.kind = kind
    self.text = text
    self.hint = hint
  }
}
