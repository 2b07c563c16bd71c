internal import Domain
internal import Feedback
internal import SyncProtocol

/// Contents that went with the last view that named them. A device that sends one again is told that it is here, and nothing
/// of it is kept, until a view comes that is not redacted and names it.
enum DroppedBook {
  /// Remembers a content, and its size as the view said it: a foreign number.
  static func add(_ hash: Hash, bytes: Int, _ db: any Transaction) throws {
    try db.run(
      """
      INSERT INTO blob_dropped(sha256, size, through, at) VALUES (?, ?, ?, ?)
      ON CONFLICT(sha256) DO UPDATE SET through = excluded.through
      """,
      [
        .bytes(hash.bytes), SQLValue(max(0, bytes)), SQLValue(try Epochs.lastRow(db)), .text(Timestamp.now.description),
      ])
  }

  /// What a device is told of a content that is kept out; nil for any other.
  static func state(of hash: Hash, _ db: any Transaction) throws -> BlobState? {
    guard let row = try db.row("SELECT size, through FROM blob_dropped WHERE sha256 = ?", [.bytes(hash.bytes)]),
      try !isNamed(hash, after: try row.integer("through"), db)
    else { return nil }
    let size = try row.integer("size")
    return BlobState(hash: hash, size: size, received: size)
  }

  /// Whether a content that is offered is kept out. What was looked through once is not looked through again.
  static func keepsOut(_ hash: Hash, _ db: any Transaction) throws -> Bool {
    let known = try db.integer("SELECT through FROM blob_dropped WHERE sha256 = ?", [.bytes(hash.bytes)])
    guard let through = known else { return false }
    guard try !isNamed(hash, after: through, db) else {
      try db.run("DELETE FROM blob_dropped WHERE sha256 = ?", [.bytes(hash.bytes)])
      return false
    }
    let last = try Epochs.lastRow(db)
    if last > through {
      try db.run(
        "UPDATE blob_dropped SET through = ? WHERE sha256 = ?", [SQLValue(last), .bytes(hash.bytes)])
    }
    return true
  }

  /// Whether a view that says something, after this row of the log, names a content. One that withholds its record names
  /// none: whoever saved it did not want the content here.
  static func isNamed(_ hash: Hash, after row: Int = 0, _ db: any Transaction) throws -> Bool {
    var last = row
    while true {
      let found = try db.row(
        """
        SELECT lsn, body FROM log WHERE lsn > ? AND kind = 'seen' AND body IS NOT NULL AND \(db.holds("body"))
        ORDER BY lsn LIMIT 1
        """, [SQLValue(last), .bytes(Array(hash.hex.utf8))])
      guard let found else { return false }
      if case .hash(hash, _, isWithheld: false) = try Redaction.record(in: found) { return true }
      last = try found.integer("lsn")
    }
  }
}
