public import Domain
public import Feedback

/// What the collector did with one event. A word that this version does not know counts as not received.
public struct RecordVerdict: Hashable, Sendable, ExpressibleByStringLiteral {
  public var text: RawText

  public init(_ text: RawText) { self.text = text }

  public init(stringLiteral value: String) { text = RawText(value) }

  /// New, and durable.
  public static let stored: RecordVerdict = "stored"
  /// Was there already, with the same hash.
  public static let duplicate: RecordVerdict = "duplicate"
  /// Stored in this stream as another name of an event that another stream brought before.
  public static let alias: RecordVerdict = "alias"
  /// Stored as it came, set aside because of `code`; never sent again.
  public static let quarantined: RecordVerdict = "quarantined"
  /// An earlier event is missing: nothing was stored.
  public static let gap: RecordVerdict = "gap"
  /// Not stored now; to be sent again.
  public static let retry: RecordVerdict = "retry"

  /// The verdicts of this version.
  public static let known: [RecordVerdict] = [.stored, .duplicate, .alias, .quarantined, .gap, .retry]

  /// Whether the collector holds the event durably.
  public var isReceipt: Bool {
    switch self {
    case .stored, .duplicate, .alias, .quarantined: true
    default: false
    }
  }
}

/// The verdict on one event of a batch, with the hash that the collector holds at its place.
public struct RecordResult: Hashable, Sendable {
  public var position: Position
  public var verdict: RecordVerdict
  /// Why it was set aside or refused; empty otherwise.
  public var code: RawText

  public init(_ position: Position, _ verdict: RecordVerdict, code: RawText = "") {
    self.position = position
    self.verdict = verdict
    self.code = code
  }

  init(wire: WireObject) throws(WireError) {
    self.init(
      try Position(wire: wire), RecordVerdict(try wire.text("verdict")),
      code: try wire.optional("code", wire.text) ?? "")
  }

  var wire: JSON {
    var members = [
      JSON.Member("seq", .count(position.seq)), JSON.Member("hash", .hexadecimal(position.hash.bytes)),
      JSON.Member("verdict", .string(verdict.text)),
    ]
    if !code.isEmpty { members.append(JSON.Member("code", .string(code))) }
    return .object(members)
  }
}
