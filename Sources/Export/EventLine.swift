public import Domain
public import Feedback

/// A whole event as one object: its links, and its body as JSON whose canonical bytes are the ones that were hashed.
public struct EventLine: Hashable, Sendable {
  private let entry: ExportEntry
  private let state: StatementState?

  /// `state` is nil for an event that says nothing of a case.
  public init(_ entry: ExportEntry, state: StatementState?) {
    self.entry = entry
    self.state = state
  }

  static let columns = [
    ExportColumn("event_id", .text, "identity of the event, a UUIDv7 as 32 hexadecimal digits"),
    ExportColumn("stream", .text, "the device's chain that the event belongs to"),
    ExportColumn("seq", .integer, "number of the event in its stream, without gaps"),
    ExportColumn("prev", .text, "hash of the event before it; zeros for the first"),
    ExportColumn("leaf", .text, "SHA-256 of the body's canonical bytes"),
    ExportColumn("hash", .text, "SHA-256 of 'mds-ev1', a zero byte, stream, seq as 8 bytes, prev, event_id and leaf"),
    ExportColumn("kind", .text, "what the event says"),
    ExportColumn("at", .time, "when it was saved, UTC"),
    ExportColumn("received_at", .time, "when the collector took it in, UTC; empty in an analyst's own export"),
    ExportColumn("analyst", .text, "whose event it is"),
    ExportColumn("case_id", .text, "the case that it is about"),
    ExportColumn(
      "state", .text, "of what is said of a case: in_force, superseded, retracted, alternative, redacted or unknown"),
    ExportColumn("body", .json, "the whole of it; null where it was redacted, pruned or left out"),
  ]

  func bytes(withNotes: Bool, withTexts: Bool) -> [UInt8] {
    json(withNotes: withNotes, withTexts: withTexts).serialized + [0x0A]
  }

  /// The object. Without notes the bodies that analysts write into are left out; without texts those with inputs too.
  public func json(withNotes: Bool = true, withTexts: Bool = true) -> JSON {
    let event = entry.event
    let isShown = (withNotes || !EventLine.hasNotes(event.kind)) && (withTexts || !EventLine.hasTexts(event.kind))
    let body = isShown ? event.body.flatMap { try? CanonicalJSON.parse($0) } : nil
    let members: [JSON.Member] = [
      .init("event_id", .text(event.eventID.hex)), .init("stream", .text(event.stream.hex)),
      .init("seq", .integer(Int64(event.seq))), .init("prev", .text(event.prev.hex)),
      .init("leaf", .text(event.leaf.hex)), .init("hash", .text(event.hash.hex)),
      .init("kind", .string(event.kind.text)), .init("at", .text(event.at.description)),
      .init("received_at", entry.receivedAt.map { .text($0.description) } ?? .null),
      .init("analyst", .string(event.analyst)), .init("case_id", event.caseID.map { .text($0.hex) } ?? .null),
      .init("state", state.map { .text($0.rawValue) } ?? .null), .init("body", body ?? .null),
    ]
    return .object(members)
  }

  /// Whether analysts write into events of this kind; kinds of a later version are not known to be free of it.
  private static func hasNotes(_ kind: EventKind) -> Bool {
    switch kind {
    // The end of a stream has the analyst's reason.
    case .streamStart, .streamFork, .sessionStart, .sessionEnd, .seen, .reveal, .view: false
    default: true
    }
  }

  /// Whether the record, or a part of it, may stand in events of this kind.
  private static func hasTexts(_ kind: EventKind) -> Bool {
    switch kind {
    case .streamStart, .streamFork, .sessionStart, .sessionEnd: false
    default: true
    }
  }
}
