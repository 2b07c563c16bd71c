internal import Crypto
internal import Domain
public import Feedback
public import SyncProtocol

/// Large contents, kept by their SHA-256 in pieces: records that no event holds, and the records of published queues.
public struct BlobBook: Sendable {
  /// What became of a piece.
  enum Outcome: Hashable, Sendable {
    case kept(BlobState)
    /// The piece does not begin where the content ends so far, or is of another size: the state says where to go on.
    case elsewhere(BlobState)
    /// The whole is not what its hash says; nothing of it is kept.
    case mismatched
  }

  let database: CollectorDatabase
  private let mostUnfinished: Int

  /// What a token has not finished is kept up to a bound, by default two of the largest contents; of more, what it left
  /// longest is given up.
  public init(_ database: CollectorDatabase, mostUnfinished: Int = 2 * BlobPiece.limit) {
    self.database = database
    self.mostUnfinished = mostUnfinished
  }

  /// How much of a content is here for this token to go on with; nil for one that it has not begun to send. One that was
  /// removed for good counts as whole.
  func state(of hash: Hash, for token: Int64) async throws -> BlobState? {
    try await database.read { db in
      try BlobBook.state(of: hash, for: token, db) ?? DroppedBook.state(of: hash, db)
        ?? staging(of: hash, token, db).state()
    }
  }

  /// Keeps a token's piece; durable when this returns. A piece of what is here whole changes nothing, and of a content that
  /// was removed for good nothing is kept.
  func put(_ piece: [UInt8], of hash: Hash, at offset: Int, size: Int, from token: Int64) async throws -> Outcome {
    try await database.write { db in
      if let whole = try BlobBook.state(of: hash, for: token, db) {
        return whole.size == size ? .kept(whole) : .elsewhere(whole)
      }
      if try DroppedBook.keepsOut(hash, db) { return .kept(BlobState(hash: hash, size: size, received: size)) }
      return try staging(of: hash, token, db).put(piece, at: offset, size: size)
    }
  }

  private func staging(of hash: Hash, _ token: Int64, _ db: any Transaction) -> BlobStaging {
    BlobStaging(hash: hash, token: token, most: mostUnfinished, db: db)
  }

  /// Keeps a whole content that analysts may fetch.
  public func publish(_ bytes: [UInt8]) throws -> Hash {
    let hash = Hash.of(bytes)
    try database.writeNow { db in
      if try BlobBook.state(of: hash, db) == nil {
        try BlobStaging.forget(hash, db)
        try db.run(
          "INSERT INTO blob(sha256, size, received, is_published, at, lsn) VALUES (?, ?, 0, 1, ?, ?)",
          [
            .bytes(hash.bytes), SQLValue(bytes.count), .text(Timestamp.now.description),
            SQLValue(try Epochs.lastRow(db)),
          ])
        for start in stride(from: 0, to: bytes.count, by: BlobPiece.bytes) {
          let end = min(start + BlobPiece.bytes, bytes.count)
          try BlobBook.append(Array(bytes[start..<end]), of: hash, at: start, db)
        }
      } else {
        try db.run("UPDATE blob SET is_published = 1 WHERE sha256 = ?", [.bytes(hash.bytes)])
      }
    }
    return hash
  }

  /// Bytes of a whole content from an offset on, a piece at most, none beyond its end; nil where it is not here whole, or
  /// not for this reader: researchers have all of them, an analyst those of the queues that are published for them.
  func piece(of hash: Hash, from offset: Int, for token: TokenRecord) async throws -> (bytes: [UInt8], size: Int)? {
    try await database.read { db in
      guard let (state, isPublished) = try BlobBook.state(of: hash, db), state.isWhole else { return nil }
      if !token.scopes.contains(.read) {
        guard isPublished, try QueueContents.isPublished(hash, for: token.analyst, db) else { return nil }
      }
      guard offset < state.size else { return ([], state.size) }
      // The pieces of a sender need not be ours: the one that holds the offset, and those after it.
      let rows = try db.rows(
        """
        SELECT "offset", data FROM blob_part WHERE sha256 = ? AND "offset" > ? AND "offset" < ? ORDER BY "offset"
        """, [.bytes(hash.bytes), SQLValue(offset - BlobPiece.most), SQLValue(offset + BlobPiece.bytes)])
      var bytes: [UInt8] = []
      for row in rows {
        let start = try row.integer("offset")
        guard let data = try row.bytes("data") else { throw CollectorError.damagedRow(Int64(start)) }
        if start + data.count > offset + bytes.count { bytes += data[max(0, offset - start)...] }
      }
      return (Array(bytes.prefix(BlobPiece.bytes)), state.size)
    }
  }

  /// The whole content; nil where it is not here whole.
  public func content(of hash: Hash) throws -> [UInt8]? {
    try database.readNow { db in
      guard let (state, _) = try BlobBook.state(of: hash, db), state.isWhole else { return nil }
      var bytes: [UInt8] = []
      while bytes.count < state.size, let part = try BlobBook.part(of: hash, at: bytes.count, db) { bytes += part }
      return bytes.count == state.size ? bytes : nil
    }
  }

  /// The contents that became whole at this place of the log or later, and at this time or later; of those of before the
  /// place was kept, the ones from another time on.
  static func contents(
    since place: Int, _ time: String, orUnplacedSince unplaced: String, _ db: any Transaction
  ) throws -> Set<Hash> {
    let rows = try db.rows(
      "SELECT sha256 FROM blob WHERE received = size AND (lsn >= ? AND at >= ? OR lsn IS NULL AND at >= ?)",
      [SQLValue(place), .text(time), .text(unplaced)])
    return Set(try rows.compactMap { try $0.hash("sha256") })
  }

  private static func state(of hash: Hash, _ db: any Transaction) throws -> (state: BlobState, isPublished: Bool)? {
    guard let row = try db.row("SELECT size, received, is_published FROM blob WHERE sha256 = ?", [.bytes(hash.bytes)])
    else { return nil }
    return (
      BlobState(hash: hash, size: try row.integer("size"), received: try row.integer("received")),
      try row.integer("is_published") != 0
    )
  }

  /// What is here whole, as far as a token is to know of it: the records of a queue are those analysts' that it is published
  /// for, and to the others unknown. Whoever saw such a record elsewhere sends it, and nobody learns by that.
  private static func state(of hash: Hash, for token: Int64, _ db: any Transaction) throws -> BlobState? {
    guard let (state, isPublished) = try state(of: hash, db) else { return nil }
    guard isPublished else { return state }
    guard let row = try db.row("SELECT * FROM token WHERE id = ?", [.integer(token)]) else { return nil }
    let reader = try TokenRecord(row: row)
    let isFor = try reader.scopes.contains(.read) || QueueContents.isPublished(hash, for: reader.analyst, db)
    return isFor ? state : nil
  }

  static func isWhole(_ hash: Hash, _ db: any Transaction) throws -> Bool {
    try state(of: hash, db)?.state.isWhole == true
  }

  /// What was published for analysts stays; whether it was not.
  static func removeUnlessPublished(_ hash: Hash, _ db: any Transaction) throws -> Bool {
    if try state(of: hash, db)?.isPublished == true { return false }
    try remove(hash, db)
    return true
  }

  /// Takes back what was published; only a view that names it keeps it here, for researchers. Whether it was published.
  static func unpublish(_ hash: Hash, _ db: any Transaction) throws -> Bool {
    guard try state(of: hash, db)?.isPublished == true else { return false }
    if try DroppedBook.isNamed(hash, db) {
      try db.run("UPDATE blob SET is_published = 0 WHERE sha256 = ?", [.bytes(hash.bytes)])
    } else {
      try remove(hash, db)
    }
    return true
  }

  private static func remove(_ hash: Hash, _ db: any Transaction) throws {
    try BlobStaging.forget(hash, db)
    try db.run("DELETE FROM blob_part WHERE sha256 = ?", [.bytes(hash.bytes)])
    try db.run("DELETE FROM blob WHERE sha256 = ?", [.bytes(hash.bytes)])
  }

  private static func append(_ piece: [UInt8], of hash: Hash, at offset: Int, _ db: any Transaction) throws {
    try db.run(
      "INSERT INTO blob_part(sha256, \"offset\", data) VALUES (?, ?, ?)",
      [.bytes(hash.bytes), SQLValue(offset), .bytes(piece)])
    try db.run(
      "UPDATE blob SET received = ? WHERE sha256 = ?", [SQLValue(offset + piece.count), .bytes(hash.bytes)])
  }

  private static func part(of hash: Hash, at offset: Int, _ db: any Transaction) throws -> [UInt8]? {
    try db.row(
      "SELECT data FROM blob_part WHERE sha256 = ? AND \"offset\" = ?", [.bytes(hash.bytes), SQLValue(offset)]
    )?.bytes("data")
  }

  /// Hands over each content that is here whole, with whether it is what its hash says.
  func forEach(_ body: (_ hash: Hash, _ isIntact: Bool) -> Void) throws {
    var last = [UInt8]()
    while true {
      let row = try database.readNow { [last] db in
        try db.row(
          "SELECT sha256 FROM blob WHERE sha256 > ? AND received = size ORDER BY sha256 LIMIT 1", [.bytes(last)])
      }
      guard let bytes = try row?.bytes("sha256") else { return }
      last = bytes
      guard let hash = Hash(bytes: bytes) else { throw StoreError(.statement, "a content has no hash") }
      let found = try database.readNow { db in try BlobBook.digest(of: hash, db) }
      body(hash, found == hash)
    }
  }

  private static func digest(of hash: Hash, _ db: any Transaction) throws -> Hash? {
    try digest { offset in try part(of: hash, at: offset, db) }
  }

  /// The SHA-256 of pieces that lie one after the other; each is asked for by the byte where it begins.
  static func digest(_ part: (Int) throws -> [UInt8]?) throws -> Hash? {
    var sum = SHA256()
    var offset = 0
    while let bytes = try part(offset) {
      sum.update(data: bytes)
      offset += bytes.count
    }
    return Hash(bytes: Array(sum.finalize()))
  }
}
