public import Domain
internal import Feedback
internal import GRDB

extension Ledger {
  /// Keeps windows of a context's cases; the same comparison again takes the place of the first.
  public func put(_ windows: [Window], context: RawText) throws(LedgerError) {
    try write { db in
      for window in windows {
        try db.cachedStatement(
          sql: """
            INSERT OR REPLACE INTO window_(context, model, version, detector, from_, to_, n, is_drift, drifted_share, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).execute(arguments: [
          context.blob, window.model.name.blob, (window.model.version ?? "").blob,
          (window.result?.detector.name ?? "").blob,
          window.from.microseconds, window.to.microseconds, window.count,
          window.result.map { $0.isDrift ? 1 : 0 }, window.result?.driftedShare,
          try window.canonicalBytes().blob,
        ])
      }
    }
  }

  /// The windows of a model version of one width, over a context's cases, that begin in
  /// [from, before), the oldest first: of each the comparison with the most cases.
  public func windows(
    of model: ModelID, context: RawText, width seconds: Int64, from: Timestamp, before: Timestamp
  ) throws(LedgerError) -> [Window] {
    try read { db in
      try Ledger.windows(db, of: model, context: context, width: seconds, from: from, before: before)
    }
  }

  static func windows(
    _ db: Database, of model: ModelID, context: RawText, width seconds: Int64, from: Timestamp, before: Timestamp
  ) throws -> [Window] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT body FROM window_
          WHERE context = ? AND model = ? AND version = ? AND from_ >= ? AND from_ < ? AND to_ - from_ = ?
          ORDER BY from_, n DESC, id DESC
          """),
      arguments: [
        context.blob, model.name.blob, (model.version ?? "").blob, from.microseconds, before.microseconds,
        seconds * 1_000_000,
      ])
    var windows: [Window] = []
    for row in rows {
      // One that cannot be read any more is compared anew.
      guard let window = try? Window(bytes: row.bytes("body")) else { continue }
      if windows.last?.from != window.from { windows.append(window) }
    }
    return windows
  }

  /// The narrowest window over a context's cases that holds a moment and was compared; nil where there is none.
  public func window(of model: ModelID, context: RawText, at moment: Timestamp) throws(LedgerError) -> Window? {
    try read { db in
      try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT body FROM window_
            WHERE context = ? AND model = ? AND version = ? AND from_ <= ? AND to_ > ? AND is_drift IS NOT NULL
            ORDER BY to_ - from_, n DESC, id DESC LIMIT 1
            """),
        arguments: [
          context.blob, model.name.blob, (model.version ?? "").blob, moment.microseconds, moment.microseconds,
        ]
      ).flatMap { try? Window(bytes: $0.bytes("body")) }
    }
  }
}
