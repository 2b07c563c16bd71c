internal import Domain
internal import Feedback
internal import SyncProtocol

/// What one token has sent of a content that is not here whole. Each token's pieces lie apart: whoever sends wrong ones, or
/// says another size, is in nobody's way.
struct BlobStaging {
  /// How long a content waits to be gone on with. Who still has it then sends it anew.
  static let patience: Double = 30 * 86_400

  let hash: Hash
  let token: Int64
  /// The most bytes that a token may have here of contents that it has not finished.
  let most: Int
  let db: any Transaction

  private var key: [SQLValue] { [.bytes(hash.bytes), .integer(token)] }

  /// How far this token has come; nil where it has not begun.
  func state() throws -> BlobState? {
    try db.row("SELECT size, received FROM blob_staged WHERE sha256 = ? AND token = ?", key).map { row in
      BlobState(hash: hash, size: try row.integer("size"), received: try row.integer("received"))
    }
  }

  /// Keeps a piece that goes on where this token's end; a first piece of another size begins anew. What is complete becomes
  /// everybody's.
  func put(_ piece: [UInt8], at offset: Int, size: Int) throws -> BlobBook.Outcome {
    var state = try state() ?? BlobState(hash: hash, size: size, received: 0)
    if state.size != size, offset == 0 { state = BlobState(hash: hash, size: size, received: 0) }
    guard state.size == size, state.received == offset, !piece.isEmpty, offset + piece.count <= size else {
      return .elsewhere(state)
    }
    if offset == 0 { try begin(size: size) }
    try db.run(
      "INSERT INTO blob_staged_part(sha256, token, \"offset\", data) VALUES (?, ?, ?, ?)",
      key + [SQLValue(offset), .bytes(piece)])
    state.received += piece.count
    try db.run(
      "UPDATE blob_staged SET received = ?, at = ? WHERE sha256 = ? AND token = ?",
      [SQLValue(state.received), .text(Timestamp.now.description)] + key)
    guard state.isWhole else { return .kept(state) }
    let isRight = try digest() == hash
    if isRight { try settle(size: size) } else { try forget() }
    return isRight ? .kept(state) : .mismatched
  }

  private func begin(size: Int) throws {
    try forget()
    try giveUpOld()
    try makeRoom(for: size)
    try db.run(
      "INSERT INTO blob_staged(sha256, token, size, received, at) VALUES (?, ?, ?, 0, ?)",
      key + [SQLValue(size), .text(Timestamp.now.description)])
  }

  private func giveUpOld() throws {
    let last = SQLValue.text(Timestamp.now.advanced(bySeconds: -BlobStaging.patience).description)
    for row in try db.rows("SELECT sha256, token FROM blob_staged WHERE at < ?", [last]) { try forget(row) }
  }

  /// Gives up what this token has left longest, until what remains is within the bound, also when all of it has come.
  private func makeRoom(for size: Int) throws {
    let rows = try db.rows("SELECT sha256, token, size FROM blob_staged WHERE token = ? ORDER BY at", [.integer(token)])
    var bytes = try rows.reduce(size) { try $0 + $1.integer("size") }
    for row in rows where bytes > most {
      bytes -= try row.integer("size")
      try forget(row)
    }
  }

  private func digest() throws -> Hash? {
    try BlobBook.digest { offset in
      try db.row(
        "SELECT data FROM blob_staged_part WHERE sha256 = ? AND token = ? AND \"offset\" = ?", key + [SQLValue(offset)]
      )?.bytes("data")
    }
  }

  /// Nobody needs to go on with it.
  private func settle(size: Int) throws {
    // The record of a queue of which this token was not to know.
    guard try !BlobBook.isWhole(hash, db) else { return try forget() }
    try db.run(
      "INSERT INTO blob(sha256, size, received, is_published, at, lsn) VALUES (?, ?, ?, 0, ?, ?)",
      [
        .bytes(hash.bytes), SQLValue(size), SQLValue(size), .text(Timestamp.now.description),
        SQLValue(try Epochs.lastRow(db)),
      ])
    try db.run(
      """
      INSERT INTO blob_part(sha256, "offset", data)
      SELECT sha256, "offset", data FROM blob_staged_part WHERE sha256 = ? AND token = ?
      """, key)
    try BlobStaging.forget(hash, db)
  }

  private func forget() throws { try BlobStaging.forget(key, db) }

  private func forget(_ row: StoredRow) throws {
    try BlobStaging.forget([.bytes(row.bytes("sha256") ?? []), .integer(row.integer64("token"))], db)
  }

  private static func forget(_ key: [SQLValue], _ db: any Transaction) throws {
    for table in ["blob_staged_part", "blob_staged"] {
      try db.run("DELETE FROM \(table) WHERE sha256 = ? AND token = ?", key)
    }
  }

  /// Forgets what anybody has sent of a content.
  static func forget(_ hash: Hash, _ db: any Transaction) throws {
    for table in ["blob_staged_part", "blob_staged"] {
      try db.run("DELETE FROM \(table) WHERE sha256 = ?", [.bytes(hash.bytes)])
    }
  }
}
