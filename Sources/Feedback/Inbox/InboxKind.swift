public import Domain

/// What researchers can have for their analysts; kinds of a later version are kept and shown by their name.
public enum InboxKind: String, Hashable, Sendable, CaseIterable {
  /// A catalogue of signatures, TOML.
  case catalogue
  /// How to judge; see `Guideline`.
  case guideline
  /// Records to review; see `PublishedQueue`.
  case queue
  /// See `Question`.
  case question
  /// See `Adjudication`.
  case adjudication

  /// As it stands in an item.
  public var text: RawText { RawText(rawValue) }
}
