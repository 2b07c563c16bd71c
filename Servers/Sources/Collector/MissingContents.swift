internal import Domain
internal import Feedback

/// Large records that views name and that are not here whole yet. Those that their analysts withhold are none of them.
struct MissingContents {
  private let database: CollectorDatabase

  init(_ database: CollectorDatabase) { self.database = database }

  /// How many, of the rows up to one, of one stream or of all.
  func count(upTo last: Int, of stream: StreamID? = nil) throws -> Int {
    var named: Set<Hash> = []
    var lsn = 0
    let ofStream = stream == nil ? "" : "AND stream = ?"
    while true {
      // The members of a body stand in the order of their names.
      let page = try database.readNow { [lsn] db in
        try db.rows(
          """
          SELECT lsn, body FROM log WHERE lsn > ? AND lsn <= ? AND kind = 'seen' AND body IS NOT NULL
          AND \(db.holds("body")) \(ofStream) ORDER BY lsn LIMIT 100
          """,
          [SQLValue(lsn), SQLValue(last), .bytes(Array("\"record\":{\"bytes\":".utf8))]
            + (stream.map { [.bytes($0.bytes)] } ?? []))
      }
      for row in page {
        lsn = try row.integer("lsn")
        if let hash = try Redaction.record(in: row)?.follows { named.insert(hash) }
      }
      guard page.count == 100 else { break }
    }
    return try database.readNow { db in try named.count { try !BlobBook.isWhole($0, db) } }
  }
}
