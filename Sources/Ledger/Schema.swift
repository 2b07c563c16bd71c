internal import GRDB

/// The tables of a ledger; migrations only add.
enum Schema {
  /// `MDSL`: tells a ledger from any other SQLite file.
  static let applicationID = 0x4D44_534C
  static let version = 1

  static func migrate(_ database: Database) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if found > version { throw LedgerError.newerSchema(found: found, known: version) }
    if found == version { return }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: first)
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  private static let first = """
    CREATE TABLE stream(
      id BLOB PRIMARY KEY, collector TEXT NOT NULL, analyst TEXT NOT NULL, epoch TEXT NOT NULL DEFAULT '',
      acked_seq INTEGER NOT NULL DEFAULT 0, acked_hash BLOB NOT NULL, safe_seq INTEGER NOT NULL DEFAULT 0,
      safe_hash BLOB NOT NULL, sent_seq INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE event(
      id INTEGER PRIMARY KEY, stream BLOB NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL UNIQUE,
      prev BLOB NOT NULL, leaf BLOB NOT NULL, hash BLOB NOT NULL, body BLOB, kind TEXT NOT NULL, at TEXT NOT NULL,
      analyst TEXT NOT NULL, case_id BLOB, UNIQUE(stream, seq)) STRICT;
    CREATE INDEX event_case ON event(case_id) WHERE case_id IS NOT NULL;
    CREATE TABLE pruning(allowed INTEGER NOT NULL) STRICT;
    CREATE TRIGGER event_stays BEFORE DELETE ON event WHEN NOT EXISTS (SELECT 1 FROM pruning)
      BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
    CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event WHEN NOT EXISTS (SELECT 1 FROM pruning)
      BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TABLE wedge(stream BLOB NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,
      PRIMARY KEY(stream, seq)) STRICT;
    CREATE TABLE case_(
      number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, record_id BLOB NOT NULL, at INTEGER NOT NULL,
      source_id BLOB NOT NULL, service TEXT NOT NULL, model BLOB NOT NULL, version BLOB, record BLOB NOT NULL,
      prediction BLOB NOT NULL, explanations BLOB NOT NULL, outlier BLOB) STRICT;
    CREATE INDEX case_time ON case_(model, at);
    CREATE TABLE window_(
      model BLOB NOT NULL, version BLOB NOT NULL, width INTEGER NOT NULL, start INTEGER NOT NULL,
      count INTEGER NOT NULL, result BLOB NOT NULL, PRIMARY KEY(model, version, width, start)) STRICT;
    CREATE TABLE judgement_now(
      case_id BLOB NOT NULL, analyst TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY(case_id, analyst)) STRICT;
    CREATE TABLE colleague(
      event_id BLOB PRIMARY KEY, case_id BLOB NOT NULL, analyst TEXT NOT NULL, at TEXT NOT NULL,
      body BLOB NOT NULL) STRICT;
    CREATE INDEX colleague_case ON colleague(case_id);
    CREATE TABLE draft(case_id BLOB PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE call(
      id INTEGER PRIMARY KEY, model BLOB NOT NULL, at INTEGER NOT NULL, ms REAL, ok INTEGER NOT NULL) STRICT;
    CREATE INDEX call_model ON call(model, at);
    CREATE TABLE input(
      id INTEGER PRIMARY KEY, model BLOB NOT NULL, record_id BLOB NOT NULL, at INTEGER NOT NULL,
      record BLOB NOT NULL, UNIQUE(model, record_id)) STRICT;
    CREATE TABLE known(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    """
}
