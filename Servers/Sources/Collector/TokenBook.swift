internal import Crypto
internal import Domain
internal import GRDB
public import SyncProtocol

/// A token as it is listed: everything but the secret, which nobody keeps.
public struct TokenRecord: Hashable, Sendable, Identifiable {
  public var id: Int64
  public var analyst: String
  public var device: String
  public var scopes: [TokenScope]
  public var createdAt: String
  public var revokedAt: String?

  init(row: Row) {
    id = row["id"]
    analyst = row["analyst"]
    device = row["device"]
    let words: String = row["scopes"]
    scopes = words.split(separator: " ").compactMap { TokenScope(rawValue: String($0)) }
    createdAt = row["created_at"]
    revokedAt = row["revoked_at"]
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
      try db.cachedStatement(
        sql: "INSERT INTO token(digest, analyst, device, scopes, created_at) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [
        TokenBook.digest(of: secret.utf8).data, analyst, device, scopes.map(\.rawValue).joined(separator: " "),
        Timestamp.now.description,
      ])
    }
    return secret
  }

  /// Every token, also revoked ones, by number.
  public func list() throws -> [TokenRecord] {
    try database.readNow { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM token ORDER BY id")).map(TokenRecord.init)
    }
  }

  /// Revokes a token; a server that runs refuses it from the next request on.
  public func revoke(_ id: Int64) throws {
    let count = try database.writeNow { db in
      try db.cachedStatement(sql: "UPDATE token SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?").execute(
        arguments: [Timestamp.now.description, id])
      return db.changesCount
    }
    guard count == 1 else { throw CollectorError.noSuchToken(id) }
  }

  /// Revokes every token of an analyst's device.
  public func revoke(analyst: String, device: String) throws {
    try database.writeNow { db in
      try db.cachedStatement(
        sql: "UPDATE token SET revoked_at = ? WHERE analyst = ? AND device = ? AND revoked_at IS NULL"
      ).execute(arguments: [Timestamp.now.description, analyst, device])
    }
  }

  /// The token in force with this secret.
  func find(_ secret: some Sequence<UInt8>) async throws -> TokenRecord? {
    let digest = TokenBook.digest(of: secret).data
    return try await database.read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM token WHERE digest = ? AND revoked_at IS NULL"), arguments: [digest]
      )
      .map(TokenRecord.init)
    }
  }
}
