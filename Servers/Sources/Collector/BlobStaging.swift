internal import Domain
internal import Feedback
internal import SyncProtocol

/// What one token has sent of a content that is not here whole. Each token's pieces lie apart: whoever sends wrong ones, or
/// says another size, is in nobody's way.
struct BlobStaging {
  let hash: Hash
  let token: Int64
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
      "UPDATE blob_staged SET received = ? WHERE sha256 = ? AND token = ?", [SQLValue(state.received)] + key)
    guard state.isWhole else { return .kept(state) }
    let isRight = try digest() == hash
    if isRight { try settle(size: size) } else { try forget() }
    return isRight ? .kept(state) : .mismatched
  }

  private func begin(size: Int) throws {
    try forget()
    try db.run(
      "INSERT INTO blob_staged(sha256, token, size, received, at) VALUES (?, ?, ?, 0, ?)",
      key + [SQLValue(size), .text(Timestamp.now.description)])
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
    try db.run(
      "INSERT INTO blob(sha256, size, received, is_published, at) VALUES (?, ?, ?, 0, ?)",
      [.bytes(hash.bytes), SQLValue(size), SQLValue(size), .text(Timestamp.now.description)])
    try db.run(
      """
      INSERT INTO blob_part(sha256, "offset", data)
      SELECT sha256, "offset", data FROM blob_staged_part WHERE sha256 = ? AND token = ?
      """, key)
    try BlobStaging.forget(hash, db)
  }

  private func forget() throws {
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
