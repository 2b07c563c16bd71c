public import Domain

/// What an event says; kinds of a later version are carried like any other.
public struct EventKind: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The kind as it stands in the body.
  public var text: RawText

  public init(_ text: RawText) { self.text = text }

  public init(stringLiteral value: String) { text = RawText(value) }

  public var rawValue: String { text.string }

  public var description: String { rawValue }

  public static let streamStart: EventKind = "stream.start"
  public static let streamFork: EventKind = "stream.fork"
  public static let streamEnd: EventKind = "stream.end"
  public static let sessionStart: EventKind = "session.start"
  public static let sessionEnd: EventKind = "session.end"
  public static let seen: EventKind = "seen"
  public static let judgement: EventKind = "judgement"
  public static let amend: EventKind = "amend"
  public static let retract: EventKind = "retract"
  public static let mark: EventKind = "mark"
  public static let note: EventKind = "note"
  public static let flag: EventKind = "flag"
  public static let reveal: EventKind = "reveal"
  public static let view: EventKind = "view"
  public static let probe: EventKind = "probe"
  public static let answer: EventKind = "answer"
  public static let adjudicate: EventKind = "adjudicate"
  public static let redact: EventKind = "redact"

  /// The kinds of this version.
  public static let known: [EventKind] = [
    .streamStart, .streamFork, .streamEnd, .sessionStart, .sessionEnd, .seen, .judgement, .amend, .retract, .mark,
    .note, .flag, .reveal, .view, .probe, .answer, .adjudicate, .redact,
  ]

  /// What an analyst says of a case, and can take back.
  public var isStatement: Bool {
    switch self {
    case .judgement, .amend, .mark, .note, .flag, .adjudicate: true
    default: false
    }
  }
}
