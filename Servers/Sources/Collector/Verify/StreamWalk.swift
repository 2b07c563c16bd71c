internal import Domain
internal import Feedback
internal import SyncProtocol

/// Walks one stream of the log from its first event to its last, a page at a time.
struct StreamWalk {
  let database: CollectorDatabase
  let stream: StoredRow
  /// The last row of the log that counts.
  let last: Int

  private struct Wrong: Error {
    /// nil for the stream itself.
    var seq: Int?
    var reason: String
  }

  /// The first event that is not as it was written, or cannot be read.
  func run(_ report: inout Verification.Report) -> Verification.Fault? {
    var name = "a stream"
    do {
      let id = try stream.bytes("id") ?? []
      name = "stream \(Hexadecimal.text(of: id))"
      guard let identity = StreamID(bytes: id) else { throw Wrong(reason: "its identity has not 16 bytes") }
      if let seal = try stream.hash("seal"), try seal != StreamBook.digest(of: stream) {
        throw Wrong(reason: "by whom, where, with what or when it was opened was changed")
      }
      try walk(identity, &report)
      return nil
    } catch let wrong as Wrong {
      return Verification.Fault(place: name, number: wrong.seq, reason: wrong.reason)
    } catch {
      return Verification.Fault(place: name, number: nil, reason: "it cannot be read: \(error)")
    }
  }

  private func walk(_ id: StreamID, _ report: inout Verification.Report) throws {
    let owner = try stream.text("analyst")
    let safe = Position(seq: try stream.integer("safe_seq"), hash: try stream.hash("safe_hash") ?? .zero)
    var head = Position.empty
    var kind: String?
    while true {
      let (page, sealedFrom) = try database.readNow { [head] db in
        (
          try db.rows(
            "SELECT * FROM log WHERE stream = ? AND seq > ? AND lsn <= ? ORDER BY seq LIMIT 200",
            [.bytes(id.bytes), SQLValue(head.seq), SQLValue(last)]), try RowSeal.from(db)
        )
      }
      for row in page {
        head = try check(row, of: id, owner, after: head, isSealed: try row.integer("lsn") > sealedFrom)
        kind = try row.optionalText("kind")
        report.events += 1
        if try row.bytes("body") == nil { report.withoutBody += 1 }
        if head.seq == safe.seq, head.hash != safe.hash {
          throw Wrong(seq: head.seq, reason: "the backup has another event here")
        }
      }
      guard page.count == 200 else { break }
    }
    if kind == EventKind.streamEnd.rawValue { report.complete += 1 }
    guard head.seq >= safe.seq else {
      throw Wrong(seq: head.seq + 1, reason: "it is gone: a backup has events up to #\(safe.seq)")
    }
  }

  private func check(
    _ row: StoredRow, of id: StreamID, _ owner: String, after head: Position, isSealed: Bool
  ) throws -> Position {
    let seq = try row.integer("seq")
    guard seq == head.seq + 1 else { throw Wrong(seq: head.seq + 1, reason: "it is missing, the next is #\(seq)") }
    func demand(_ holds: Bool, _ reason: String) throws { if !holds { throw Wrong(seq: seq, reason: reason) } }
    guard let eventID = try row.bytes("event_id").flatMap({ EventID(bytes: $0) }), let prev = try row.hash("prev"),
      let leaf = try row.hash("leaf"), let hash = try row.hash("hash")
    else { throw Wrong(seq: seq, reason: "an identity or a hash has another length") }
    try demand(prev == head.hash, "it does not go on from the event before")
    try demand(
      Event.hash(stream: id, seq: seq, prev: prev, eventID: eventID, leaf: leaf) == hash,
      "its hash is not that of its place, its identity and its body's hash")
    if let body = try row.bytes("body") {
      try demand(Hash.of(body) == leaf, "its body is not the one that was hashed")
      try demand(
        try StreamWalk.copies(of: body) == StreamWalk.copies(in: row), "its columns are not what its body says")
    }
    try demand(try row.text("analyst") == owner, "it has another analyst than its stream")
    if isSealed {
      try demand(try row.hash("seal") == RowSeal.of(row), "when, by whom or why it came in was changed")
    }
    try checkAlias(row, seq, eventID, leaf)
    return Position(seq: seq, hash: hash)
  }

  /// Kind, time, analyst and case: nothing of a body that is no event's.
  private static func copies(of body: [UInt8]) -> [SQLValue] {
    guard let copies = try? EventCopies(body: body) else { return [.null, .null, .null, .null] }
    return [
      .kept(copies.kind.rawValue), .text(copies.at.description), .kept(copies.analyst.string),
      SQLValue(copies.caseID?.bytes),
    ]
  }

  private static func copies(in row: StoredRow) throws -> [SQLValue] {
    try ["kind", "at", "recorded_analyst", "case_id"].map { try row[$0] }
  }

  private func checkAlias(_ row: StoredRow, _ seq: Int, _ eventID: EventID, _ leaf: Hash) throws {
    guard let number = try row.optionalInteger("alias_of") else { return }
    let original = try database.readNow { db in
      try db.row("SELECT alias_of, event_id, leaf, analyst FROM log WHERE lsn = ?", [.integer(number)])
    }
    guard let original, try original.optionalInteger("alias_of") == nil,
      try original.bytes("event_id") == eventID.bytes
    else { throw Wrong(seq: seq, reason: "it is an alias of something else") }
    let reason = try row.optionalText("quarantine")
    // What another analyst sent under the identity, and was set aside, says nothing of whose event it is.
    let isOthers = try original.text("analyst") != row.text("analyst")
    guard try original.hash("leaf") == leaf || isOthers || reason == "identity" || reason == Redaction.mark else {
      throw Wrong(seq: seq, reason: "it is an alias of an event with another body")
    }
  }
}

extension RowSeal {
  /// The last row that was written before rows had seals.
  static func from(_ db: any Transaction) throws -> Int {
    try db.text("SELECT value FROM meta WHERE key = 'sealed_from'").flatMap { Int($0) } ?? 0
  }
}
