internal import Domain

/// How far an import has come in a bundle, so that one that was killed goes on there. Kept until the bundle is in.
struct ImportProgress: Sendable {
  let database: CollectorDatabase
  /// The SHA-256 of the bundle.
  let bundle: String

  /// The end of the last frame that is in, in bytes; 0 for a bundle that nobody began with.
  func offset() async throws -> Int {
    try await database.read { [bundle] db in
      try db.integer("SELECT \"offset\" FROM import_progress WHERE bundle = ?", [.text(bundle)]) ?? 0
    }
  }

  func remember(_ offset: Int) async throws {
    try await database.write { [bundle] db in
      _ = try db.run(
        """
        INSERT INTO import_progress(bundle, "offset", at) VALUES (?, ?, ?)
        ON CONFLICT(bundle) DO UPDATE SET "offset" = excluded."offset", at = excluded.at
        """, [.text(bundle), SQLValue(offset), .text(Timestamp.now.description)])
    }
  }

  func forget() async throws {
    try await database.write { [bundle] db in
      _ = try db.run("DELETE FROM import_progress WHERE bundle = ?", [.text(bundle)])
    }
  }
}
