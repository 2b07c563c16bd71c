public import Domain
public import Feedback
internal import Foundation
internal import GRDB
internal import Glibc

/// What `verify` found.
public struct LedgerVerification: Hashable, Sendable {
  /// Events whose links hold.
  public var verified: Int
  /// Events whose body was redacted or pruned.
  public var withoutBody: Int
  /// The first fault, in words; nil where the ledger is whole.
  public var fault: String?
  /// The stream and place of a broken link.
  public var stream: StreamID?
  public var badLink: Chain.BadLink?
  /// What is kept beside the events and cannot be read, a line each: no fault, because it counts as not there.
  public var unreadable: [String] = []
}

/// The size and setting of a ledger.
public struct LedgerStatistics: Hashable, Sendable {
  public var path: String
  public var bytes: Int
  public var events: Int
  public var kinds: [RawText: Int]
  public var cases: Int
  public var drafts: Int
  public var streams: Int
  public var format: Int
  /// The settings in force on the writing connection.
  public var settings: [String: String]
}

extension Ledger {
  /// Goes along every chain: links, hashes, copies beside bodies, the collector's marks; then asks SQLite about its
  /// own pages and indices, and whether each content is there and is what its hash says, so is what came of other devices,
  /// each case and item of an inbox is what was kept of it, what stands on each case is what its events say, and drafts can
  /// be read.
  public func verify() throws(LedgerError) -> LedgerVerification {
    try read { db in
      var result = try Ledger.verifyChains(db)
      if result.fault == nil {
        result.fault =
          try Ledger.contentFault(db) ?? Ledger.caseFault(db) ?? Ledger.inboxFault(db)
          ?? Ledger.foreignFault(db) ?? Ledger.standingFault(db) ?? Ledger.draftFault(db)
      }
      result.unreadable = try Ledger.unreadable(db)
      return result
    }
  }

  /// The same without the contents: a copy of a ledger is as good as the ledger where one of these is damaged.
  func verifyChains() throws(LedgerError) -> LedgerVerification { try read { db in try Ledger.verifyChains(db) } }

  private static func verifyChains(_ db: Database) throws -> LedgerVerification {
    var result = LedgerVerification(verified: 0, withoutBody: 0)
    for id in try Row.fetchAll(db, sql: "SELECT id FROM stream ORDER BY created_at, id").map({ try $0.streamID("id") }
    ) {
      var walk = Chain.Walk(stream: id)
      let rows = try Row.fetchCursor(
        db, sql: "SELECT * FROM event WHERE stream = ? ORDER BY seq", arguments: [id.bytes.blob])
      while let row = try rows.next() {
        let event: Event
        do {
          event = try row.event()
        } catch {
          result.fault = "event #\(row.int("seq")): \(error)"
          result.stream = id
          return result
        }
        if let bad = walk.step(event) {
          result.fault = bad.text
          result.stream = id
          result.badLink = bad
          return result
        }
        result.verified += 1
        if event.body == nil { result.withoutBody += 1 }
      }
      if let fault = try Ledger.markFault(db, id, head: walk.head.seq) {
        result.fault = fault
        result.stream = id
        return result
      }
    }
    result.fault = try signedHeadFault(db)
    if result.fault != nil { return result }
    let stray = try Row.fetchOne(
      db, sql: "SELECT event_id FROM event WHERE stream NOT IN (SELECT id FROM stream) LIMIT 1")
    if let stray { result.fault = "event \(try stray.eventID("event_id").hex) is of a stream that is not here" }
    // The walk takes the stream of an event from an index: whether the row says the same, SQLite looks.
    let words = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? ""
    if result.fault == nil, words != "ok" { result.fault = "SQLite: \(words)" }
    return result
  }

  /// The first content that is damaged, or that an event names and nobody has any more.
  private static func contentFault(_ db: Database) throws -> String? {
    let rows = try Row.fetchCursor(db, sql: "SELECT sha256, data FROM blob")
    while let row = try rows.next() {
      let hash = try row.hash("sha256")
      if Hash.of(row.bytes("data")) != hash { return "content \(hash.hex) is damaged: its bytes have another hash" }
    }
    let missing = try Row.fetchOne(
      db, sql: "SELECT sha256 FROM attachment WHERE sha256 NOT IN (SELECT sha256 FROM blob) LIMIT 1")
    return try missing.map { "content \(try $0.hash("sha256").hex) is missing: an event names it" }
  }

  /// The first event of another device's or a colleague's whose bytes are not what its hash says.
  private static func foreignFault(_ db: Database) throws -> String? {
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM foreign_event WHERE body IS NOT NULL")
    while let row = try rows.next() {
      guard let event = try? row.event(), event.isIntact else {
        let name = Hexadecimal.text(of: row.bytes("event_id"))
        return "event \(name), which came by sync, is damaged: its bytes have another hash"
      }
    }
    return nil
  }

  /// A collector's mark that names a hash which the stream does not have there.
  private static func markFault(_ db: Database, _ id: StreamID, head: Int) throws -> String? {
    let stream = try stream(db, id)
    // It goes on under another name, and so do its events.
    if stream.endedAt != nil, head == 0 { return nil }
    for (name, mark) in [("received", stream.acked), ("archived", stream.safe)] where mark.seq > 0 {
      let row = try Row.fetchOne(
        db, sql: "SELECT hash FROM event WHERE stream = ? AND seq = ?", arguments: [id.bytes.blob, mark.seq])
      guard let row, try row.hash("hash") == mark.hash else {
        return mark.seq > head
          ? "events after #\(head) are missing: the collector has \(name) #\(mark.seq)"
          : "event #\(mark.seq) is not the one that the collector has \(name)"
      }
    }
    return nil
  }

  /// The first broken link among the newest events of each stream.
  static func firstBadLink(_ db: Database, last count: Int) throws -> Chain.BadLink? {
    for row in try Row.fetchAll(db, sql: "SELECT id FROM stream") {
      let id = try row.streamID("id")
      let events = try Row.fetchAll(
        db, sql: "SELECT * FROM event WHERE stream = ? ORDER BY seq DESC LIMIT ?", arguments: [id.bytes.blob, count]
      ).reversed().map { try $0.event() }
      guard let first = events.first else { continue }
      let before = Chain.Head(seq: first.seq - 1, hash: first.prev)
      if let bad = Chain.verify(events, stream: id, after: before) { return bad }
    }
    return nil
  }

  /// The first broken link among the newest events, as a start-up check: less than a millisecond for a hundred.
  public func firstBadLink(last count: Int = 100) throws(LedgerError) -> Chain.BadLink? {
    try read { db in try Ledger.firstBadLink(db, last: count) }
  }

  /// A number that changes when this or another process has written.
  public func dataVersion() throws(LedgerError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
  }

  /// The size and setting of the ledger.
  public func statistics() throws(LedgerError) -> LedgerStatistics {
    let settings = try maintainedSettings()
    return try read { db in
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
      }
      let kinds = try Row.fetchAll(db, sql: "SELECT kind, count(*) AS n FROM event GROUP BY kind").map { row in
        (RawText(row.string("kind")), row.int("n"))
      }
      return LedgerStatistics(
        path: path, bytes: PrivateFile.size(path), events: try count("event"),
        kinds: Dictionary(kinds) { left, _ in left }, cases: try count("case_"), drafts: try count("draft"),
        streams: try count("stream"), format: try Schema.version(of: db), settings: settings)
    }
  }

  private func maintainedSettings() throws(LedgerError) -> [String: String] {
    if obstacle != nil { return [:] }
    return try maintain { db in
      var settings: [String: String] = [:]
      for name in [
        "journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema", "cell_size_check",
        "mmap_size", "wal_autocheckpoint", "journal_size_limit", "application_id", "user_version",
      ] {
        settings[name] = try String.fetchOne(db, sql: "PRAGMA \(name)")
      }
      return settings
    }
  }

  /// Writes a whole copy to a new file, for the owner alone. It is written beside, and has its name once all of it is on the
  /// disk: what is there under that name is whole.
  public func backUp(to copy: String) throws(LedgerError) {
    guard try !PrivateFile.exists(copy) else { throw LedgerError.cannotOpen(path: copy, errno: EEXIST) }
    let partial = copy + ".partial"
    unlink(partial)
    try PrivateFile.prepare(partial)
    do throws(LedgerError) {
      try maintain { db in
        try Ledger.mergeWords(db)
        try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
      }
      try PrivateFile.sync(partial)
      try PrivateFile.rename(partial, to: copy)
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// Moves what the log holds into the file.
  public func checkpoint() throws(LedgerError) {
    try maintain { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }

  /// Writes the file anew without what was removed, so that no page of it is left.
  public func compact() throws(LedgerError) {
    try maintain { db in
      try Ledger.mergeWords(db)
      try db.execute(sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }
}
