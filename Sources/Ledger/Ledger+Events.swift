public import Domain
public import Feedback
internal import GRDB

/// One stream of this device: whose it is, for which collector, and how far the collector has it.
public struct StreamState: Hashable, Sendable {
  public var id: StreamID
  /// The collector's address; empty for a local stream.
  public var collector: String
  public var analyst: RawText
  public var epoch: String
  public var sent: Int
  public var acked: Chain.Head
  public var safe: Chain.Head
  /// The newest event.
  public var head: Chain.Head

  /// The state of an event of this stream; `isWedged` where the collector refused it.
  public func state(of sequence: Int, isWedged: Bool) -> EventState {
    if isWedged { return .wedged }
    if sequence <= safe.seq { return .archived }
    if sequence <= acked.seq { return .received }
    return sequence <= sent ? .sent : .saved
  }
}

extension Ledger {
  /// The stream of a collector; made with its first event where there is none.
  public func stream(
    collector: String, analyst: RawText, newID: StreamID, start: EventDraft
  ) throws(LedgerError) -> StreamState {
    try write { database in
      if let found = try Self.stream(database, collector: collector) { return found }
      try database.execute(
        sql: "INSERT INTO stream(id, collector, analyst, acked_hash, safe_hash) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          Blob.data(newID.bytes), collector, analyst.string, Blob.data(Hash.zero.bytes), Blob.data(Hash.zero.bytes),
        ])
      try Self.append([start], to: newID, database)
      guard let made = try Self.stream(database, collector: collector) else {
        throw LedgerError.failed(reason: "the stream was not made")
      }
      return made
    }
  }

  /// The stream of a collector, where there is one.
  public func stream(collector: String) throws(LedgerError) -> StreamState? {
    try read { try Self.stream($0, collector: collector) }
  }

  public func streams() throws(LedgerError) -> [StreamState] {
    try read { database in try Row.fetchAll(database, sql: Self.streamQuery).map(Self.stream) }
  }

  private static let streamQuery = """
    SELECT s.*, coalesce(e.seq, 0) AS head_seq, e.hash AS head_hash FROM stream s
    LEFT JOIN event e ON e.stream = s.id AND e.seq = (SELECT max(seq) FROM event WHERE stream = s.id)
    """

  private static func stream(_ database: Database, collector: String) throws -> StreamState? {
    try Row.fetchOne(database, sql: streamQuery + " WHERE s.collector = ?", arguments: [collector]).map(stream)
  }

  private static func stream(_ row: Row) throws -> StreamState {
    guard let id = StreamID(bytes: Blob.bytes(row, "id")) else { throw LedgerError.corrupt(reason: "a stream's id") }
    func head(_ sequence: String, _ hash: String) -> Chain.Head {
      Chain.Head(seq: row[sequence] ?? 0, hash: Hash(bytes: Blob.bytes(row, hash)) ?? .zero)
    }
    return StreamState(
      id: id, collector: row["collector"] ?? "", analyst: Blob.text(row, "analyst"), epoch: row["epoch"] ?? "",
      sent: row["sent_seq"] ?? 0, acked: head("acked_seq", "acked_hash"), safe: head("safe_seq", "safe_hash"),
      head: head("head_seq", "head_hash"))
  }

  /// Seals drafts onto a stream in one transaction; they are on the disk when this returns.
  @discardableResult
  public func append(
    _ drafts: [EventDraft], to stream: StreamID, discardingDraftOf caseID: ShortHash? = nil
  ) throws(LedgerError) -> [Event] {
    try write { database in
      let events = try Self.append(drafts, to: stream, database)
      if let caseID {
        try database.execute(sql: "DELETE FROM draft WHERE case_id = ?", arguments: [Blob.data(caseID.bytes)])
      }
      for caseID in Set(events.compactMap(\.caseID)) { try Self.project(caseID, database) }
      return events
    }
  }

  @discardableResult
  private static func append(_ drafts: [EventDraft], to stream: StreamID, _ database: Database) throws -> [Event] {
    let last = try Row.fetchOne(
      database, sql: "SELECT seq, hash FROM event WHERE stream = ? ORDER BY seq DESC LIMIT 1",
      arguments: [Blob.data(stream.bytes)])
    var head = Chain.Head.empty
    if let last { head = Chain.Head(seq: last["seq"] ?? 0, hash: Hash(bytes: Blob.bytes(last, "hash")) ?? .zero) }
    let events = try Chain.seal(drafts, stream: stream, after: head)
    for event in events { try insert(event, database) }
    return events
  }

  private static func insert(_ event: Event, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO event(stream, seq, event_id, prev, leaf, hash, body, kind, at, analyst, case_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        Blob.data(event.stream.bytes), event.seq, Blob.data(event.eventID.bytes), Blob.data(event.prev.bytes),
        Blob.data(event.leaf.bytes), Blob.data(event.hash.bytes), event.body.map(Blob.data), event.kind.rawValue,
        event.at.description, event.analyst.string, event.caseID.map { Blob.data($0.bytes) },
      ])
  }

  /// Events of a stream after a number, in order.
  public func events(of stream: StreamID, after sequence: Int = 0, limit: Int = .max) throws(LedgerError) -> [Event] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM event WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?",
        arguments: [Blob.data(stream.bytes), sequence, min(limit, 1_000_000_000)]
      ).map(Self.event)
    }
  }

  /// Events about one case on every stream, oldest first.
  public func events(about caseID: ShortHash) throws(LedgerError) -> [Event] {
    try read { try Self.events(about: caseID, $0) }
  }

  static func events(about caseID: ShortHash, _ database: Database) throws -> [Event] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM event WHERE case_id = ? ORDER BY id", arguments: [Blob.data(caseID.bytes)]
    ).map(event)
  }

  static func event(_ row: Row) throws -> Event {
    guard let stream = StreamID(bytes: Blob.bytes(row, "stream")), let id = EventID(bytes: Blob.bytes(row, "event_id")),
      let prev = Hash(bytes: Blob.bytes(row, "prev")), let leaf = Hash(bytes: Blob.bytes(row, "leaf")),
      let hash = Hash(bytes: Blob.bytes(row, "hash")), let at = Timestamp(row["at"] ?? "")
    else { throw LedgerError.corrupt(reason: "event \(row["seq"] ?? 0) has columns of a wrong length") }
    return Event(
      stream: stream, seq: row["seq"] ?? 0, eventID: id, prev: prev, leaf: leaf, hash: hash,
      body: Blob.optional(row, "body"), kind: EventKind(Blob.text(row, "kind")), at: at,
      analyst: Blob.text(row, "analyst"), caseID: Blob.optional(row, "case_id").flatMap { ShortHash(bytes: $0) })
  }

  /// Walks every chain and compares the columns with the bodies; the first bad link of each broken stream.
  public func verify() throws(LedgerError) -> [Chain.BadLink] {
    var broken: [Chain.BadLink] = []
    for stream in try streams() {
      var walk = Chain.Walk(stream: stream.id)
      var after = 0
      walking: while true {
        let events = try events(of: stream.id, after: after, limit: 1000)
        guard let last = events.last else { break }
        for event in events {
          if let bad = walk.step(event) {
            broken.append(bad)
            break walking
          }
        }
        after = last.seq
      }
    }
    return broken
  }

  // MARK: How far the collector has it

  /// Moves what was offered, acknowledged and archived; numbers the collector gave come with their hash.
  public func setCursor(
    of stream: StreamID, sent: Int, acked: Chain.Head, safe: Chain.Head, epoch: String
  ) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE stream SET sent_seq = ?, acked_seq = ?, acked_hash = ?, safe_seq = ?, safe_hash = ?, epoch = ?
          WHERE id = ?
          """,
        arguments: [
          sent, acked.seq, Blob.data(acked.hash.bytes), safe.seq, Blob.data(safe.hash.bytes), epoch,
          Blob.data(stream.bytes),
        ])
    }
  }

  /// Notes that the collector refused an event, and why; nil takes the note away.
  public func setWedge(_ reason: String?, stream: StreamID, sequence: Int) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM wedge WHERE stream = ? AND seq = ?", arguments: [Blob.data(stream.bytes), sequence])
      guard let reason else { return }
      try database.execute(
        sql: "INSERT INTO wedge(stream, seq, reason) VALUES (?, ?, ?)",
        arguments: [Blob.data(stream.bytes), sequence, reason])
    }
  }

  /// Refused events by number.
  public func wedges(of stream: StreamID) throws(LedgerError) -> [Int: String] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT seq, reason FROM wedge WHERE stream = ?", arguments: [Blob.data(stream.bytes)])
      return Dictionary(rows.map { ($0["seq"] ?? 0, $0["reason"] ?? "") }) { $1 }
    }
  }
}
