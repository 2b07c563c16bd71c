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

  /// Reads an item of this kind as the analyst's tool does; throws what is wrong with it. Of a catalogue that is known to
  /// who reads TOML.
  public func check(_ body: [UInt8]) throws(EventBodyError) {
    switch self {
    case .guideline: _ = try Guideline(bytes: body)
    case .queue: _ = try PublishedQueue(bytes: body)
    case .question: _ = try Question(bytes: body)
    case .adjudication: _ = try Adjudication(bytes: body)
    case .catalogue: break
    }
  }

  /// As it stands in an item.
  public var text: RawText { RawText(rawValue) }
}
