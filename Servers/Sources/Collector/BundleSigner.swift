internal import Domain
public import SyncProtocol

/// Whose events a bundle brings.
public enum BundleSigner: Sendable {
  /// The analyst whose key signed it, as this file says.
  case allowed(AllowedSigners)
  /// This analyst, on the word of whoever imports it.
  case vouched(analyst: String)

  /// The analyst, and the device that stands in the log for the signature.
  func identity(
    of digest: BundleDigest, signature: () throws -> String
  ) throws -> (analyst: String, device: String) {
    let identity: (analyst: String, device: String)
    switch self {
    case .vouched(let analyst): identity = (analyst, "file")
    case .allowed(let signers):
      guard let signature = SSHSignature(text: try signature()),
        signature.holds(for: digest.message, namespace: SSHSignature.bundles)
      else { throw BundleRefusal.badSignature }
      let key = signature.key.fingerprint
      switch signers.analyst(of: signature.key, namespace: SSHSignature.bundles) {
      case .analyst(let analyst): identity = (analyst, "key \(key)")
      case .unknown: throw BundleRefusal.unknownKey(key)
      case .ambiguous(let analysts): throw BundleRefusal.ambiguousKey(key, analysts)
      }
    }
    guard !identity.analyst.hasPrefix("unix:") else { throw BundleRefusal.localName(identity.analyst) }
    return identity
  }
}

extension TokenBook {
  /// Throws for a device whose files are refused from now on.
  func requireInForce(analyst: String, device: String) async throws {
    try await database.read { db in
      guard try TokenBook.standIn(analyst, device, db)?.revokedAt == nil else { throw BundleRefusal.revokedKey(device) }
    }
  }

  private static func standIn(_ analyst: String, _ device: String, _ db: any Transaction) throws -> TokenRecord? {
    try db.row(
      "SELECT * FROM token WHERE analyst = ? AND device = ? AND scopes = '' ORDER BY id DESC LIMIT 1",
      [.text(analyst), .text(device)]
    ).map(TokenRecord.init)
  }

  /// What stands in the log for a device that sends files: listed and revoked as a token is, and a secret that nobody
  /// has been told, so that nobody gets in with it.
  func standIn(analyst: String, device: String, by actor: String) async throws -> TokenRecord {
    try await database.write { db in
      if let token = try TokenBook.standIn(analyst, device, db) {
        guard token.revokedAt == nil else { throw BundleRefusal.revokedKey(device) }
        return token
      }
      return try TokenBook.insert(digest: Random.bytes(32), analyst: analyst, device: device, scopes: [], by: actor, db)
    }
  }

  /// Whether what is recorded under a name counts as the analyst's own.
  static func isGranted(formerName: String, to analyst: String, _ db: any Transaction) throws -> Bool {
    try db.row(
      "SELECT name FROM former_name WHERE analyst = ? AND name = ?", [.text(analyst), .text(formerName)]) != nil
  }

  /// Lets what the analyst recorded under a name of before count as the analyst's own, also what came and was set aside for
  /// it; how many rows of the log that were.
  @discardableResult
  static func claim(formerName: String, for token: TokenRecord, _ db: any Transaction) throws -> Int {
    try db.run(
      "INSERT INTO former_name(analyst, name, token, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [.text(token.analyst), .text(formerName), .integer(token.id), .text(Timestamp.now.description)])
    return try Release.run(recordedUnder: formerName, for: token, db)
  }

  /// Throws for a name of before that an analyst of this collector goes by.
  static func requireFree(formerName: String, of analyst: String, _ db: any Transaction) throws {
    // As bytes, as the tables compare: two spellings of one word are two names.
    guard RawText(formerName) != RawText(analyst) else { return }
    let holder = try db.row("SELECT id FROM token WHERE analyst = ? LIMIT 1", [.text(formerName)])
    guard holder == nil else { throw CollectorError.nameInUse(formerName) }
  }
}
