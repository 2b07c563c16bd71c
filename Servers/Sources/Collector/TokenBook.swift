internal import Crypto
public import Domain
internal import Feedback
public import SyncProtocol

/// A token as it is listed: everything but the secret, which nobody keeps.
public struct TokenRecord: Hashable, Sendable, Identifiable {
  public var id: Int64
  public var analyst: String
  public var device: String
  public var scopes: [TokenScope]
  public var createdAt: String
  public var revokedAt: String?
  /// From then on it lets nobody in; nil for never.
  public var expiresAt: String?
  /// When it was used, to within some minutes; nil where it never was.
  public var lastUsedAt: String?

  init(row: StoredRow) throws {
    id = try row.integer64("id")
    analyst = try row.text("analyst")
    device = try row.text("device")
    let words = try row.text("scopes")
    scopes = words.split(separator: " ").compactMap { TokenScope(rawValue: String($0)) }
    createdAt = try row.text("created_at")
    revokedAt = try row.optionalText("revoked_at")
    expiresAt = try row.optionalText("expires_at")
    lastUsedAt = try row.optionalText("last_used_at")
  }
}

/// The tokens, one for each analyst and device, kept as SHA-256 only: 256 random bits need no slow hash.
public struct TokenBook: Sendable {
  let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  static func digest(of secret: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(secret))) }

  /// Makes a token and returns its text, the only time that it is seen. What is recorded under the former names counts as
  /// the analyst's own from now on, whatever device sends it; no other analyst may go by them.
  public func create(
    analyst: String, device: String, scopes: [TokenScope], expires: Timestamp? = nil, formerNames: [String] = []
  ) throws -> String {
    try database.requireWritable()
    let secret = "mdsc_" + Hexadecimal.text(of: Random.bytes(32))
    try database.writeNow { db in
      for name in formerNames { try TokenBook.requireFree(formerName: name, of: analyst, db) }
      let token = try TokenBook.insert(
        digest: TokenBook.digest(of: secret.utf8), analyst: analyst, device: device, scopes: scopes, expires: expires,
        formerNames: formerNames, db)
      for name in formerNames { try TokenBook.claim(formerName: name, for: token, db) }
    }
    return secret
  }

  /// What of a token never changes.
  static let columns = "id, digest, analyst, device, scopes, created_at, expires_at"

  /// What the audit remembers of it.
  static func digest(of row: StoredRow) throws -> Hash {
    try RowDigest.of(row, columns.split(separator: ",").map { String($0.drop { $0 == " " }) }, domain: "mds-token1")
  }

  static func insert(
    digest: [UInt8], analyst: String, device: String, scopes: [TokenScope], expires: Timestamp? = nil,
    formerNames: [String] = [], by actor: String = AuditBook.operatorName, _ db: any Transaction
  ) throws -> TokenRecord {
    let former = try db.text(
      "SELECT analyst FROM former_name WHERE name = ? AND analyst <> ? LIMIT 1", [.text(analyst), .text(analyst)])
    if let former { throw CollectorError.formerName(analyst, of: former) }
    try db.run(
      "INSERT INTO token(digest, analyst, device, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .bytes(digest), .text(analyst), .text(device), .text(scopes.map(\.rawValue).joined(separator: " ")),
        .text(Timestamp.now.description), SQLValue(expires?.description),
      ])
    guard let row = try db.row("SELECT * FROM token WHERE digest = ?", [.bytes(digest)]) else {
      throw StoreError(.statement, "the token is not there")
    }
    let token = try TokenRecord(row: row)
    try AuditBook.add(
      .createToken, token.actor,
      [
        JSON.Member("scopes", .array(scopes.map { .text($0.rawValue) })),
        JSON.Member("expires", expires.map { .text($0.description) } ?? .null),
        JSON.Member("digest", .text(try TokenBook.digest(of: row).hex)),
      ] + (formerNames.isEmpty ? [] : [JSON.Member("formerly", .array(formerNames.map { .text($0) }))]),
      by: actor, db)
    return token
  }

  /// Every token, also revoked ones, by number.
  public func list() throws -> [TokenRecord] {
    try database.readNow { db in
      try db.rows("SELECT * FROM token ORDER BY id").map(TokenRecord.init)
    }
  }

  /// Revokes a token; a server that runs refuses it from the next request on.
  public func revoke(_ id: Int64) throws {
    try database.writeNow { db in
      let rows = try db.rows("SELECT * FROM token WHERE id = ?", [.integer(id)])
      guard !rows.isEmpty else { throw CollectorError.noSuchToken(id) }
      _ = try TokenBook.revoke(rows, db)
    }
  }

  /// Revokes the token with this secret.
  public func revoke(secret: String) throws {
    try database.writeNow { db in
      let digest = TokenBook.digest(of: secret.utf8)
      _ = try TokenBook.revoke(try db.rows("SELECT * FROM token WHERE digest = ?", [.bytes(digest)]), db)
    }
  }

  /// Revokes every token of an analyst's device.
  public func revoke(analyst: String, device: String) throws {
    try database.writeNow { db in
      _ = try TokenBook.revoke(
        try db.rows("SELECT * FROM token WHERE analyst = ? AND device = ?", [.text(analyst), .text(device)]), db)
    }
  }

  /// Revokes those that are not revoked yet; how many these were.
  static func revoke(_ rows: [StoredRow], _ db: any Transaction) throws -> Int {
    let tokens = try rows.map(TokenRecord.init).filter { $0.revokedAt == nil }
    for token in tokens {
      try db.run(
        "UPDATE token SET revoked_at = ? WHERE id = ?", [.text(Timestamp.now.description), .integer(token.id)])
      try AuditBook.add(.revokeToken, token.actor, by: AuditBook.operatorName, db)
    }
    return tokens.count
  }

  static func markUse(of id: Int64, at time: Timestamp, _ db: any Transaction) throws {
    try db.run("UPDATE token SET last_used_at = ? WHERE id = ?", [.text(time.description), .integer(id)])
  }

  private static let inForce = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"

  /// The token in force with this secret.
  func find(_ secret: some Sequence<UInt8>) async throws -> TokenRecord? {
    let digest = TokenBook.digest(of: secret)
    let now = Timestamp.now.description
    return try await database.read { db in
      try db.row("SELECT * FROM token WHERE digest = ? AND \(TokenBook.inForce)", [.bytes(digest), .text(now)])
        .map(TokenRecord.init)
    }
  }

  /// Whether a token that was found before is in force still.
  func isInForce(_ id: Int64) async throws -> Bool {
    let now = Timestamp.now.description
    return try await database.read { db in
      try db.row("SELECT id FROM token WHERE id = ? AND \(TokenBook.inForce)", [.integer(id), .text(now)]) != nil
    }
  }
}
