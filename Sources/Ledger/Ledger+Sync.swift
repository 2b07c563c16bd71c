public import Domain
public import Feedback
internal import GRDB

/// What the driver of the synchronisation reads and keeps.
extension Ledger {
  /// Bodies larger than a collector takes.
  public struct SizeLimit: Hashable, Sendable {
    public var bytes: Int
    /// When it was heard of.
    public var at: Timestamp

    public init(bytes: Int, at: Timestamp) {
      self.bytes = bytes
      self.at = at
    }
  }

  /// Remembers how far a stream has come at its collector; where that is another collector, or one that was put back,
  /// contents count as not sent. An event on the way whose body is above the limit is shown as
  /// wedged, also where a copy of this ledger offered it: the collector has its hash, and the body is here alone.
  public func keepCursor(
    of id: StreamID, epoch: Int, acked: Chain.Head, safe: Chain.Head, limit: SizeLimit? = nil
  ) throws(LedgerError) {
    try write { db in
      let known = try Ledger.stream(db, id)
      let before = known.acked.seq
      // A collector that was put back may have lost contents as well, and has no marks for them: each is asked for anew.
      if epoch != known.epoch || acked.seq < before { try Ledger.reopenAttachments(db, of: id) }
      if let limit, acked.seq > before {
        try db.cachedStatement(
          sql: """
            INSERT INTO wedge SELECT event_id, ?, ?, ?, ?, 1 FROM event
            WHERE stream = ? AND seq > ? AND seq <= ? AND length(body) > ? ON CONFLICT(event_id) DO NOTHING
            """
        ).execute(arguments: [
          RawText("too-large").blob, RawText("").blob, limit.at.microseconds, limit.at.microseconds, id.bytes.blob,
          before, acked.seq, limit.bytes,
        ])
      }
      try db.cachedStatement(
        sql: "UPDATE stream SET epoch = ?, acked_seq = ?, acked_hash = ?, safe_seq = ?, safe_hash = ? WHERE id = ?"
      ).execute(arguments: [
        epoch, acked.seq, acked.hash.bytes.blob, safe.seq, safe.hash.bytes.blob, id.bytes.blob,
      ])
    }
  }

  /// Remembers that events up to this one were offered.
  public func markSent(_ id: StreamID, through seq: Int) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE stream SET sent_seq = max(sent_seq, ?) WHERE id = ?").execute(arguments: [
        seq, id.bytes.blob,
      ])
    }
  }

  /// Events of a stream after a place, in order: at most so many, and after the first at most so many bytes of bodies.
  public func events(
    of id: StreamID, after seq: Int = 0, limit: Int, bytes: Int = .max
  ) throws(LedgerError) -> [Event] {
    try read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: "SELECT * FROM event WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?"),
        arguments: [id.bytes.blob, seq, limit])
      var events: [Event] = []
      var total = 0
      while let row = try rows.next() {
        let event = try row.event()
        total += event.body?.count ?? 0
        if !events.isEmpty, total > bytes { break }
        events.append(event)
      }
      return events
    }
  }

  /// The own hashes at these places; places that the stream does not reach are left out.
  public func hashes(of id: StreamID, at places: [Int]) throws(LedgerError) -> [Int: Hash] {
    let wanted = Set(places)
    // A batch's places follow one another: read in one run, not one by one. A probe's lie far apart.
    var runs: [ClosedRange<Int>] = []
    for seq in wanted.sorted() {
      if let last = runs.last, last.upperBound == seq - 1 {
        runs[runs.count - 1] = last.lowerBound...seq
      } else {
        runs.append(seq...seq)
      }
    }
    return try read { db in
      var hashes: [Int: Hash] = wanted.contains(0) ? [0: .zero] : [:]
      for run in runs {
        let rows = try Row.fetchCursor(
          db.cachedStatement(sql: "SELECT seq, hash FROM event WHERE stream = ? AND seq BETWEEN ? AND ?"),
          arguments: [id.bytes.blob, run.lowerBound, run.upperBound])
        while let row = try rows.next() { hashes[row.int("seq")] = try row.hash("hash") }
      }
      return hashes
    }
  }

  /// Puts every retained event of a stream under a new one, in one transaction, behind an event that says so. Bodies
  /// and identities stay; the former places and hashes are kept beside.
  public func fork(
    _ id: StreamID, sharedSeq: Int, reason: RawText, stamp: Stamp
  ) throws(LedgerError) -> LedgerStream {
    try write { db in
      let old = try Ledger.stream(db, id)
      if old.endedAt != nil, try Ledger.head(db, of: id) == .empty { throw LedgerError.ended(id) }
      var generator = SystemRandomNumberGenerator()
      let new = StreamID(using: &generator)
      try db.cachedStatement(sql: "UPDATE stream SET ended_at = ? WHERE id = ?").execute(arguments: [
        stamp.at.microseconds, id.bytes.blob,
      ])
      try db.cachedStatement(
        sql: "INSERT INTO stream(id, context, collector, analyst, created_at) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [
        new.bytes.blob, old.context.blob, old.collector?.blob, old.analyst.string, stamp.at.microseconds,
      ])
      let start = EventBody(
        stamp: stamp, payload: .streamFork(StreamFork(oldStream: id, atSeq: sharedSeq, reason: reason)))
      let first = try Ledger.insert(db, [EventDraft(start, using: &generator)], into: new)
      guard let head = first.last.map({ Chain.Head(seq: $0.seq, hash: $0.hash) }) else { return old }
      try Ledger.move(db, from: id, to: new, behind: head)
      try db.cachedStatement(sql: "UPDATE attachment SET stream = ? WHERE stream = ?").execute(arguments: [
        new.bytes.blob, id.bytes.blob,
      ])
      // What the analyst ended stays ended, under the new name.
      if let endedAt = old.endedAt {
        try db.cachedStatement(sql: "UPDATE stream SET ended_at = ? WHERE id = ?").execute(arguments: [
          endedAt.microseconds, new.bytes.blob,
        ])
      }
      try Ledger.rebuildProjection(db)
      return try Ledger.stream(db, new)
    }
  }

  private static func move(_ db: Database, from old: StreamID, to new: StreamID, behind head: Chain.Head) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO former(event_id, stream, seq, prev, hash)
        SELECT event_id, stream, seq, prev, hash FROM event WHERE stream = ?
        """
    ).execute(arguments: [old.bytes.blob])
    try Schema.withoutGuards(db) {
      var head = head
      let update = try db.cachedStatement(
        sql: "UPDATE event SET stream = ?, seq = ?, prev = ?, hash = ? WHERE id = ?")
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT id, event_id, leaf FROM event WHERE stream = ? ORDER BY seq"),
        arguments: [old.bytes.blob])
      for row in rows {
        let seq = head.seq + 1
        let hash = Event.hash(
          stream: new, seq: seq, prev: head.hash, eventID: try row.eventID("event_id"), leaf: try row.hash("leaf"))
        try update.execute(
          arguments: [new.bytes.blob, seq, head.hash.bytes.blob, hash.bytes.blob, row.int("id")])
        head = Chain.Head(seq: seq, hash: hash)
      }
    }
  }
}
