internal import Crypto
internal import Domain
public import SyncProtocol

/// A token as it is listed: everything but the secret, which nobody keeps.
public struct TokenRecord: Hashable, Sendable, Identifiable {
  public var id: Int64
  public var analyst: String
  public var device: String
  public var scopes: [TokenScope]
  public var createdAt: String
  public var revokedAt: String?

  init(row: StoredRow) throws {
    id = try row.integer64("id")
    analyst = try row.text("analyst")
    device = try row.text("device")
    let words = try row.text("scopes")
    scopes = words.split(separator: " ").compactMap { TokenScope(rawValue: String($0)) }
    createdAt = try row.text("created_at")
    revokedAt = try row.optionalText("revoked_at")
  }
}

/// The tokens, one for each analyst and device, kept as SHA-256 only: 256 random bits need no slow hash.
public struct TokenBook: Sendable {
  let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  static func digest(of secret: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(secret))) }

  /// Makes a token and returns its text, the only time that it is seen.
  public func create(analyst: String, device: String, scopes: [TokenScope]) throws -> String {
    let secret = "mdsc_" + Hexadecimal.text(of: Random.bytes(32))
    try database.writeNow { db in
      _ = try db.run(
        "INSERT INTO token(digest, analyst, device, scopes, created_at) VALUES (?, ?, ?, ?, ?)",
        [
          .bytes(TokenBook.digest(of: secret.utf8)), .text(analyst), .text(device),
          .text(scopes.map(\.rawValue).joined(separator: " ")), .text(Timestamp.now.description),
        ])
    }
    return secret
  }

  /// Every token, also revoked ones, by number.
  public func list() throws -> [TokenRecord] {
    try database.readNow { db in
      try db.rows("SELECT * FROM token ORDER BY id").map(TokenRecord.init)
    }
  }

  /// Revokes a token; a server that runs refuses it from the next request on.
  public func revoke(_ id: Int64) throws {
    let count = try database.writeNow { db in
      try db.run(
        "UPDATE token SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
        [.text(Timestamp.now.description), .integer(id)])
    }
    guard count == 1 else { throw CollectorError.noSuchToken(id) }
  }

  /// Revokes every token of an analyst's device.
  public func revoke(analyst: String, device: String) throws {
    try database.writeNow { db in
      _ = try db.run(
        "UPDATE token SET revoked_at = ? WHERE analyst = ? AND device = ? AND revoked_at IS NULL",
        [.text(Timestamp.now.description), .text(analyst), .text(device)])
    }
  }

  /// The token in force with this secret.
  func find(_ secret: some Sequence<UInt8>) async throws -> TokenRecord? {
    let digest = TokenBook.digest(of: secret)
    return try await database.read { db in
      try db.row("SELECT * FROM token WHERE digest = ? AND revoked_at IS NULL", [.bytes(digest)]).map(TokenRecord.init)
    }
  }
}
