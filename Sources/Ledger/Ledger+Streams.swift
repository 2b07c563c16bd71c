public import Domain
public import Feedback
internal import GRDB

/// One device's chain of events in one context, for one collector or for none yet.
public struct LedgerStream: Hashable, Sendable, Identifiable {
  public var id: StreamID
  public var context: RawText
  /// nil for a local stream.
  public var collector: RawText?
  public var analyst: RawText
  public var createdAt: Timestamp
  public var endedAt: Timestamp?
  public var epoch: Int
  /// The last event of the unbroken run that the collector is proved to hold.
  public var acked: Chain.Head
  /// The last event that is proved to be in the collector's backup.
  public var safe: Chain.Head
  /// The last event that was ever offered.
  public var sentSeq: Int
}

extension Ledger {
  /// The stream that goes on in this context for this collector; starts one where there is none. After one that the
  /// analyst ended, the new one's first event names the former one's last.
  public func stream(
    for context: RawText, collector: RawText? = nil, device: RawText = "", stamp: Stamp
  ) throws(LedgerError) -> LedgerStream {
    let found = try read { db in try Ledger.activeStream(db, context, collector) }
    if let found { return found }
    return try write { db in
      if let found = try Ledger.activeStream(db, context, collector) { return found }
      var generator = SystemRandomNumberGenerator()
      let id = StreamID(using: &generator)
      try db.cachedStatement(
        sql: "INSERT INTO stream(id, context, collector, analyst, created_at) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [id.bytes.blob, context.blob, collector?.blob, stamp.analyst.string, stamp.at.microseconds])
      let former = try Ledger.endedStreams(db, context, collector).last.flatMap { try Ledger.ending(db, of: $0.id) }
      let start = EventBody(
        stamp: stamp, references: former.map { [EventReference(.supersedes, $0)] } ?? [],
        payload: .streamStart(StreamStart(collector: collector ?? "", device: device)))
      try Ledger.insert(db, [EventDraft(start, using: &generator)], into: id)
      return try Ledger.stream(db, id)
    }
  }

  /// The stream with this identity.
  public func stream(_ id: StreamID) throws(LedgerError) -> LedgerStream {
    try read { db in try Ledger.stream(db, id) }
  }

  /// Every stream, the oldest first.
  public func streams() throws(LedgerError) -> [LedgerStream] {
    try read { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM stream ORDER BY created_at, id")).map {
        try LedgerStream($0)
      }
    }
  }

  /// The streams of a context at a collector, or at none yet, that have events, the oldest first: the one that goes on,
  /// those that the analyst ended, and those that another took the place of.
  public func streams(context: RawText, collector: RawText?) throws(LedgerError) -> [LedgerStream] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM stream s WHERE context = ? AND collector IS ?
              AND EXISTS (SELECT 1 FROM event WHERE stream = s.id) ORDER BY created_at, id
            """), arguments: [context.blob, collector?.blob]
      ).map { try LedgerStream($0) }
    }
  }

  /// The names that streams of this ledger are under: all of them are its analyst's.
  public func analysts() throws(LedgerError) -> Set<RawText> {
    try read { db in
      Set(try String.fetchAll(db.cachedStatement(sql: "SELECT DISTINCT analyst FROM stream")).map { RawText($0) })
    }
  }

  /// Gives a local stream to a collector, for good; one that the analyst ended as well.
  public func bind(_ id: StreamID, to collector: RawText) throws(LedgerError) -> LedgerStream {
    try write { db in
      let stream = try Ledger.stream(db, id)
      if let bound = stream.collector, bound != collector { throw LedgerError.bound(to: bound) }
      if stream.endedAt != nil, try Ledger.head(db, of: id) == .empty { throw LedgerError.ended(id) }
      try db.cachedStatement(sql: "UPDATE stream SET collector = ? WHERE id = ?").execute(arguments: [
        collector.blob, id.bytes.blob,
      ])
      return try Ledger.stream(db, id)
    }
  }

  /// Notes that the collector of a stream is at another address now. It is the same one, and has what it had.
  public func move(_ id: StreamID, to collector: RawText) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE stream SET collector = ? WHERE id = ? AND collector IS NOT NULL").execute(
        arguments: [collector.blob, id.bytes.blob])
    }
  }

  /// The last event of a stream; empty where it has none.
  public func head(of id: StreamID) throws(LedgerError) -> Chain.Head { try read { db in try Ledger.head(db, of: id) } }

  static func head(_ db: Database, of id: StreamID) throws -> Chain.Head {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT seq, hash FROM event WHERE stream = ? ORDER BY seq DESC LIMIT 1"),
      arguments: [id.bytes.blob])
    guard let row else { return .empty }
    return Chain.Head(seq: row.int("seq"), hash: try row.hash("hash"))
  }

  static func stream(_ db: Database, _ id: StreamID) throws -> LedgerStream {
    let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM stream WHERE id = ?"), arguments: [id.bytes.blob])
    guard let row else { throw LedgerError.unknownStream(id) }
    return try LedgerStream(row)
  }

  static func activeStream(_ db: Database, _ context: RawText, _ collector: RawText?) throws -> LedgerStream? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT * FROM stream WHERE context = ? AND collector IS ? AND ended_at IS NULL
          ORDER BY created_at DESC, id LIMIT 1
          """), arguments: [context.blob, collector?.blob]
    ).map { try LedgerStream($0) }
  }
}

extension LedgerStream {
  init(_ row: Row) throws {
    self.init(
      id: try row.streamID("id"), context: row.raw("context"), collector: row.optionalRaw("collector"),
      analyst: RawText(row.string("analyst")), createdAt: row.time("created_at"),
      endedAt: row.optionalTime("ended_at"), epoch: row.int("epoch"),
      acked: Chain.Head(seq: row.int("acked_seq"), hash: try row.hash("acked_hash")),
      safe: Chain.Head(seq: row.int("safe_seq"), hash: try row.hash("safe_hash")), sentSeq: row.int("sent_seq"))
  }
}
