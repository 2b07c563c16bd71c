internal import GRDB

/// The tables of a collector. Two things are unique, and nothing is checked before it is inserted: a place in a
/// stream, and an `event_id` among rows that are no alias.
enum Schema {
  static let applicationID = 0x4D44_5343  // "MDSC"
  static let version = 1

  static func create(in db: Database) throws {
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
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """)
  }
}
