internal import GRDB

/// The tables, and how older files come to have them: steps that only add.
enum Schema {
  /// `MDS` and a one, in the file's header: which program it belongs to.
  static let applicationID = 0x4D44_5301
  static var version: Int { steps.count }

  static func version(of db: Database) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }

  /// Runs the steps that are missing.
  static func migrate(_ db: Database) throws {
    let found = try version(of: db)
    for number in found..<steps.count {
      try db.execute(sql: steps[number])
      if number == 3 { try Ledger.indexColleagues(db) }
      if number == 6 { try Ledger.markScored(db) }
      if number == 7 { try Ledger.attachToStreams(db) }
      if number == 12 {
        try Ledger.digestCases(db)
        try Ledger.digestInbox(db)
      }
      try db.execute(sql: "PRAGMA user_version = \(number + 1)")
    }
    // What stands is written into the columns of today: they are there after the last step.
    if found <= 4 { try Ledger.projectRedacted(db) }
    if found <= 11 { try Ledger.projectMarked(db) }
    if found <= 13 { try Ledger.projectAlternatives(db) }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  /// Lets `body` change events: for prune, redact and fork alone.
  static func withoutGuards(_ db: Database, _ body: () throws -> Void) throws {
    try db.execute(sql: "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete")
    try body()
    try db.execute(sql: guards)
  }

  private static let guards = """
    CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;
    CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;
    """

  private static let steps = [
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth,
    thirteenth, fourteenth, fifteenth,
  ]

  /// Foreign names are BLOB: bytes that are compared as bytes.
  private static let first = """
    CREATE TABLE event(
      id INTEGER PRIMARY KEY, stream BLOB NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL UNIQUE,
      prev BLOB NOT NULL, leaf BLOB NOT NULL, hash BLOB NOT NULL, body BLOB,
      kind TEXT NOT NULL, at TEXT NOT NULL, analyst TEXT NOT NULL, case_id BLOB,
      UNIQUE(stream, seq)) STRICT;
    CREATE INDEX event_case ON event(case_id, id) WHERE case_id IS NOT NULL;
    \(guards)
    CREATE TABLE stream(
      id BLOB PRIMARY KEY, context BLOB NOT NULL, collector BLOB, analyst TEXT NOT NULL,
      created_at INTEGER NOT NULL, ended_at INTEGER, epoch INTEGER NOT NULL DEFAULT 0,
      acked_seq INTEGER NOT NULL DEFAULT 0, acked_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
      safe_seq INTEGER NOT NULL DEFAULT 0, safe_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
      sent_seq INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
    CREATE TABLE former(
      event_id BLOB NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL,
      PRIMARY KEY(stream, seq)) STRICT, WITHOUT ROWID;
    CREATE TABLE signed_head(
      stream BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL,
      PRIMARY KEY(stream, seq)) STRICT, WITHOUT ROWID;
    CREATE TABLE wedge(
      event_id BLOB PRIMARY KEY, code BLOB NOT NULL, detail BLOB NOT NULL, first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE foreign_event(
      id INTEGER PRIMARY KEY, stream BLOB NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL UNIQUE,
      prev BLOB NOT NULL, leaf BLOB NOT NULL, hash BLOB NOT NULL, body BLOB, kind TEXT NOT NULL, at TEXT NOT NULL,
      analyst TEXT NOT NULL, case_id BLOB, context BLOB NOT NULL) STRICT;
    CREATE INDEX foreign_event_case ON foreign_event(case_id, id) WHERE case_id IS NOT NULL;
    CREATE TABLE judgement_now(
      case_id BLOB NOT NULL, analyst TEXT NOT NULL, subject BLOB NOT NULL, kind TEXT NOT NULL, stage TEXT,
      verdict TEXT, at INTEGER NOT NULL, event_id BLOB NOT NULL, hash BLOB NOT NULL, stream BLOB NOT NULL,
      seq INTEGER NOT NULL, seen BLOB, own INTEGER NOT NULL, statement BLOB NOT NULL, alternatives BLOB NOT NULL,
      PRIMARY KEY(case_id, analyst, subject)) STRICT, WITHOUT ROWID;
    CREATE INDEX judgement_now_at ON judgement_now(own, kind, at);
    CREATE TABLE draft(
      case_id BLOB PRIMARY KEY, saved_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE inbox(
      id BLOB PRIMARY KEY, context BLOB NOT NULL, kind BLOB NOT NULL, body BLOB NOT NULL, received_at INTEGER NOT NULL,
      answered_at INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE blob(sha256 BLOB PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE case_(
      number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, record_id BLOB NOT NULL, at INTEGER NOT NULL,
      context BLOB NOT NULL, service BLOB NOT NULL, source_id BLOB NOT NULL, model BLOB NOT NULL, version BLOB,
      label BLOB NOT NULL, probability REAL, lead REAL, uncertainty REAL NOT NULL, outlyingness REAL NOT NULL,
      is_outlier INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE INDEX case_model ON case_(model, version, at);
    CREATE INDEX case_at ON case_(at);
    CREATE TABLE window_(
      id INTEGER PRIMARY KEY, model BLOB NOT NULL, version BLOB NOT NULL, detector BLOB NOT NULL,
      from_ INTEGER NOT NULL, to_ INTEGER NOT NULL, n INTEGER NOT NULL, is_drift INTEGER, drifted_share REAL,
      body BLOB NOT NULL, UNIQUE(model, version, detector, from_, to_, n)) STRICT;
    CREATE TABLE queue(
      id BLOB PRIMARY KEY, context BLOB NOT NULL, created_at INTEGER NOT NULL, sampler TEXT NOT NULL,
      count INTEGER NOT NULL, is_blind INTEGER NOT NULL, even_share REAL NOT NULL, seed BLOB NOT NULL,
      population INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE queue_item(
      queue BLOB NOT NULL, position INTEGER NOT NULL, case_id BLOB NOT NULL, score REAL NOT NULL,
      propensity REAL NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(queue, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE input_(
      id INTEGER PRIMARY KEY, context BLOB NOT NULL, model BLOB NOT NULL, at INTEGER NOT NULL,
      body BLOB NOT NULL) STRICT;
    CREATE INDEX input_model ON input_(context, model, at);
    CREATE TABLE call(
      id INTEGER PRIMARY KEY, context BLOB NOT NULL, model BLOB NOT NULL, at INTEGER NOT NULL, ms REAL) STRICT;
    CREATE INDEX call_model ON call(context, model, id);
    CREATE TABLE models(
      context BLOB PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE fts USING fts5(text, content='', tokenize = 'unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE case_fts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
    """

  /// Who answered a case, where an experiment or a pipeline chose; cases of before do not say. What takes whose place
  /// among the items of an inbox.
  private static let second = """
    ALTER TABLE case_ ADD COLUMN route BLOB;
    CREATE INDEX case_route ON case_(model, route) WHERE route IS NOT NULL;
    ALTER TABLE inbox ADD COLUMN name BLOB NOT NULL DEFAULT x'';
    ALTER TABLE inbox ADD COLUMN published_at INTEGER NOT NULL DEFAULT 0;
    """

  /// Queues that researchers published and the analyst took, and the cases that were made of their records.
  private static let third = """
    CREATE TABLE taken_queue(
      id BLOB PRIMARY KEY, context BLOB NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL, taken_at INTEGER NOT NULL,
      finished_at INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE taken_item(
      queue BLOB NOT NULL, position INTEGER NOT NULL, case_id BLOB NOT NULL, score REAL NOT NULL,
      propensity REAL NOT NULL, PRIMARY KEY(queue, position)) STRICT, WITHOUT ROWID;
    CREATE INDEX taken_case ON taken_item(case_id);
    CREATE TABLE attachment(
      sha256 BLOB NOT NULL, context BLOB NOT NULL, size INTEGER NOT NULL, sent_at INTEGER,
      PRIMARY KEY(sha256, context)) STRICT;
    """

  /// The words of what colleagues said; those that came before are put in by the step's own code. The newest cases of a
  /// context, and how many it has, without a look at the cases themselves.
  private static let fourth = """
    CREATE VIRTUAL TABLE foreign_fts USING fts5(text, content='', tokenize = 'unicode61 remove_diacritics 2');
    CREATE INDEX case_context ON case_(context, at);
    """

  /// What stays of colleagues' statements that were redacted. What was in force because a redacted one had lost what it
  /// took the place of is worked out anew by the step's own code.
  private static let fifth = """
    CREATE TABLE remains(event_id BLOB PRIMARY KEY, case_id BLOB NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX remains_case ON remains(case_id);
    """

  /// The cases of one record: what several versions of a model said of it.
  private static let sixth = "CREATE INDEX case_record ON case_(context, record_id, model, version);"

  /// Records that a detector without a threshold found usual were kept like those that none had scored: the step's own
  /// code looks at their cases again.
  private static let seventh = ""

  /// Contents by the stream whose events name them, and after which event of this ledger the collector had them. The
  /// step's own code fills it.
  private static let eighth = """
    ALTER TABLE attachment RENAME TO context_attachment;
    CREATE TABLE attachment(
      sha256 BLOB NOT NULL, stream BLOB NOT NULL, size INTEGER NOT NULL, sent_after INTEGER,
      PRIMARY KEY(sha256, stream)) STRICT;
    CREATE INDEX attachment_open ON attachment(stream) WHERE sent_after IS NULL;
    """

  /// What the analyst replied on other devices.
  private static let ninth = "CREATE INDEX foreign_answer ON foreign_event(id) WHERE kind = 'answer';"

  /// An item of an inbox in each context that it came to, and the other contexts that a colleague's event came to.
  private static let tenth = """
    ALTER TABLE inbox RENAME TO one_inbox;
    CREATE TABLE inbox(
      id BLOB NOT NULL, context BLOB NOT NULL, kind BLOB NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL,
      published_at INTEGER NOT NULL, received_at INTEGER NOT NULL, answered_at INTEGER, PRIMARY KEY(id, context))
      STRICT, WITHOUT ROWID;
    INSERT INTO inbox SELECT id, context, kind, name, body, published_at, received_at, answered_at FROM one_inbox;
    DROP TABLE one_inbox;
    CREATE TABLE foreign_also(
      event_id BLOB NOT NULL, context BLOB NOT NULL, PRIMARY KEY(event_id, context)) STRICT, WITHOUT ROWID;
    """

  /// A queue taken in each context that it came to. The cases whose answers were on screen. The cases of each model
  /// version, without a look at the cases themselves.
  private static let eleventh = """
    ALTER TABLE taken_queue RENAME TO one_taken_queue;
    CREATE TABLE taken_queue(
      id BLOB NOT NULL, context BLOB NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL, taken_at INTEGER NOT NULL,
      finished_at INTEGER, PRIMARY KEY(id, context)) STRICT, WITHOUT ROWID;
    INSERT INTO taken_queue SELECT id, context, name, body, taken_at, finished_at FROM one_taken_queue;
    ALTER TABLE taken_item RENAME TO one_taken_item;
    CREATE TABLE taken_item(
      queue BLOB NOT NULL, context BLOB NOT NULL, position INTEGER NOT NULL, case_id BLOB NOT NULL,
      score REAL NOT NULL, propensity REAL NOT NULL, PRIMARY KEY(queue, context, position)) STRICT, WITHOUT ROWID;
    INSERT INTO taken_item
      SELECT i.queue, q.context, i.position, i.case_id, i.score, i.propensity
      FROM one_taken_item i JOIN one_taken_queue q ON q.id = i.queue;
    DROP TABLE one_taken_item;
    DROP TABLE one_taken_queue;
    CREATE INDEX taken_case ON taken_item(case_id);
    CREATE TABLE shown(case_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX case_tally ON case_(context, model, version, at, id);
    """

  /// Marks stand under what they are on and whose shares: those that were kept before have a key without, which the step's
  /// own code makes anew.
  private static let twelfth = "SELECT 1"

  /// What a case and an item of an inbox were when they were kept, as a hash of the row. The step's own code fills it.
  private static let thirteenth = """
    ALTER TABLE case_ ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
    ALTER TABLE inbox ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
    """

  /// Statements of other devices that say the same as the one that stands. What stood beside as an alternative is worked out
  /// anew by the step's own code.
  private static let fourteenth = "ALTER TABLE judgement_now ADD COLUMN alike BLOB NOT NULL DEFAULT x''"

  /// Windows of the cases of a context. Those of before stay where one context alone has the model; else they were over the
  /// cases of several, and are compared anew.
  private static let fifteenth = """
    ALTER TABLE window_ RENAME TO one_window;
    CREATE TABLE window_(
      id INTEGER PRIMARY KEY, context BLOB NOT NULL, model BLOB NOT NULL, version BLOB NOT NULL, detector BLOB NOT NULL,
      from_ INTEGER NOT NULL, to_ INTEGER NOT NULL, n INTEGER NOT NULL, is_drift INTEGER, drifted_share REAL,
      body BLOB NOT NULL, UNIQUE(context, model, version, detector, from_, to_, n)) STRICT;
    INSERT INTO window_
      SELECT w.id, c.context, w.model, w.version, w.detector, w.from_, w.to_, w.n, w.is_drift, w.drifted_share, w.body
      FROM one_window w JOIN (
        SELECT model, min(context) AS context FROM case_ GROUP BY model HAVING min(context) = max(context)) c
        ON c.model = w.model;
    DROP TABLE one_window;
    """
}
