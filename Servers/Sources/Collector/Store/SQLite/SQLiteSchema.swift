internal import GRDB

/// The tables of a collector in SQLite. Two things are unique, and nothing is checked before it is inserted: a place in a
/// stream, and an `event_id` among rows that are no alias.
enum SQLiteSchema {
  static let applicationID = 0x4D44_5343  // "MDSC"
  static var version: Int { steps.count }

  /// Runs the steps that a file of an earlier version lacks: they take nothing away that was confirmed.
  static func migrate(_ db: Database, from version: Int) throws {
    for number in version..<steps.count {
      try steps[number](db)
      try db.execute(sql: "PRAGMA user_version = \(number + 1)")
    }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  private static let steps: [@Sendable (Database) throws -> Void] = [
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth,
    fourteenth,
  ]

  private static func first(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE epoch(epoch INTEGER PRIMARY KEY, first_lsn INTEGER NOT NULL, at TEXT NOT NULL) STRICT;
        CREATE TABLE token(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, analyst TEXT NOT NULL,
          device TEXT NOT NULL, scopes TEXT NOT NULL, created_at TEXT NOT NULL, revoked_at TEXT) STRICT;
        CREATE TABLE former_name(analyst TEXT NOT NULL, name TEXT NOT NULL, token INTEGER NOT NULL, at TEXT NOT NULL,
          PRIMARY KEY(analyst, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE stream(id BLOB PRIMARY KEY, analyst TEXT NOT NULL, workstation TEXT NOT NULL, tool TEXT NOT NULL,
          token INTEGER NOT NULL, opened_at TEXT NOT NULL,
          safe_seq INTEGER NOT NULL DEFAULT 0, safe_hash BLOB NOT NULL DEFAULT (zeroblob(32))) STRICT, WITHOUT ROWID;
        CREATE TABLE log(lsn INTEGER PRIMARY KEY AUTOINCREMENT, stream BLOB NOT NULL REFERENCES stream(id),
          seq INTEGER NOT NULL, event_id BLOB NOT NULL, alias_of INTEGER REFERENCES log(lsn), prev BLOB NOT NULL,
          leaf BLOB NOT NULL, hash BLOB NOT NULL, body BLOB, quarantine TEXT, kind TEXT, at TEXT,
          recorded_analyst TEXT, case_id BLOB, analyst TEXT NOT NULL, token INTEGER NOT NULL,
          received_at TEXT NOT NULL, UNIQUE(stream, seq)) STRICT;
        CREATE UNIQUE INDEX log_event ON log(event_id) WHERE alias_of IS NULL;
        CREATE INDEX log_alias ON log(alias_of) WHERE alias_of IS NOT NULL;
        CREATE INDEX log_case ON log(case_id, lsn) WHERE case_id IS NOT NULL;
        CREATE TRIGGER log_stands BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
        CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is never shortened'); END;
        """)
  }

  /// What is published for analysts: for one of them, or for all where `recipient` is null.
  private static func second(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE publication(number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
          name TEXT NOT NULL, recipient TEXT, body BLOB NOT NULL, published_at TEXT NOT NULL) STRICT;
        CREATE TRIGGER publication_stands BEFORE UPDATE ON publication BEGIN
          SELECT RAISE(ABORT, 'what is published stands'); END;
        """)
  }

  /// How far imports of files have come.
  private static func third(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE import_progress(bundle TEXT PRIMARY KEY, offset INTEGER NOT NULL, at TEXT NOT NULL)
          STRICT, WITHOUT ROWID;
        """)
  }

  /// How far the log was sent on, and to where.
  private static func fourth(_ db: Database) throws {
    try db.execute(
      sql: "CREATE TABLE sink(name TEXT PRIMARY KEY, lsn INTEGER NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;")
  }

  /// The audit, what a row of the log is sealed with, and when tokens end.
  private static func fifth(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE audit(number INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
          object TEXT NOT NULL, detail TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN
          SELECT RAISE(ABORT, 'the audit is never changed'); END;
        CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
          SELECT RAISE(ABORT, 'the audit is never shortened'); END;
        ALTER TABLE token ADD COLUMN expires_at TEXT;
        ALTER TABLE token ADD COLUMN last_used_at TEXT;
        ALTER TABLE log ADD COLUMN seal BLOB;
        INSERT INTO meta(key, value) SELECT 'sealed_from', CAST(coalesce(max(lsn), 0) AS TEXT) FROM log;
        """)
  }

  /// Large contents, in pieces as they came.
  private static func sixth(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE blob(sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, received INTEGER NOT NULL,
          is_published INTEGER NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE blob_part(sha256 BLOB NOT NULL, "offset" INTEGER NOT NULL, data BLOB NOT NULL,
          PRIMARY KEY(sha256, "offset")) STRICT;
        """)
  }

  /// What stays of statements that were redacted.
  private static func seventh(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE remains(event_id BLOB PRIMARY KEY, case_id BLOB NOT NULL, value BLOB NOT NULL)
          STRICT, WITHOUT ROWID;
        CREATE INDEX remains_case ON remains(case_id);
        """)
  }

  /// How far each device has what is published.
  private static func eighth(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE inbox_ack(token INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, number INTEGER NOT NULL,
          at TEXT NOT NULL) STRICT;
        """)
  }

  /// Contents that were removed for good, and up to which row of the log no view names them.
  private static func ninth(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE blob_dropped(sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, through INTEGER NOT NULL,
          at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """)
  }

  /// Contents on their way, each token's apart. Those that were on their way before are sent anew.
  private static func tenth(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE blob_staged(sha256 BLOB NOT NULL, token INTEGER NOT NULL, size INTEGER NOT NULL,
          received INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY(sha256, token)) STRICT, WITHOUT ROWID;
        CREATE TABLE blob_staged_part(sha256 BLOB NOT NULL, token INTEGER NOT NULL, "offset" INTEGER NOT NULL,
          data BLOB NOT NULL, PRIMARY KEY(sha256, token, "offset")) STRICT;
        DELETE FROM blob_part WHERE sha256 IN (SELECT sha256 FROM blob WHERE received < size);
        DELETE FROM blob WHERE received < size;
        """)
  }

  /// Events whose words are to go as soon as they come.
  private static func eleventh(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE redact_ahead(analyst TEXT NOT NULL, event_id BLOB NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
          PRIMARY KEY(analyst, event_id)) STRICT, WITHOUT ROWID;
        """)
  }

  /// After which row of the log a content became whole; null for those of before.
  private static func twelfth(_ db: Database) throws { try db.execute(sql: "ALTER TABLE blob ADD COLUMN lsn INTEGER") }

  /// What a stream's opening is sealed with; null for those of before.
  private static func thirteenth(_ db: Database) throws {
    try db.execute(sql: "ALTER TABLE stream ADD COLUMN seal BLOB")
  }

  /// Events whose time nobody can read again are set aside, as they would be today.
  private static func fourteenth(_ db: Database) throws { try OddTimes.setAside(SQLiteTransaction(db: db)) }
}
