internal import Domain
internal import Feedback

/// What stays of statements that were redacted here: what each had taken the place of, or taken back.
enum RemainsBook {
  /// Keeps what stays of a row that is about to say nothing.
  static func keep(_ row: StoredRow, _ db: any Transaction) throws {
    guard let bytes = try row.bytes("body"), let body = try? EventBody(bytes: bytes), let remains = Remains(body),
      let id = try row.bytes("event_id"), let caseID = body.caseID
    else { return }
    try db.run(
      "INSERT INTO remains(event_id, case_id, value) VALUES (?, ?, ?) ON CONFLICT(event_id) DO NOTHING",
      [.bytes(id), .bytes(caseID.bytes), .bytes(try remains.canonicalBytes())])
  }

  static func remains(about caseID: ShortHash, _ db: any Transaction) throws -> [EventID: Remains] {
    var found: [EventID: Remains] = [:]
    for row in try db.rows("SELECT event_id, value FROM remains WHERE case_id = ?", [.bytes(caseID.bytes)]) {
      guard let id = try row.bytes("event_id").flatMap({ EventID(bytes: $0) }), let bytes = try row.bytes("value")
      else { continue }
      found[id] = try Remains(bytes: bytes)
    }
    return found
  }
}
