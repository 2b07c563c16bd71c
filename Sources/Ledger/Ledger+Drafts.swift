public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Keeps what an analyst has in the making on a case, in place of what was kept before.
  public func put(_ draft: JudgementDraft) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO draft(case_id, saved_at, body) VALUES (?, ?, ?)").execute(
        arguments: [draft.caseID.bytes.blob, draft.savedAt.microseconds, try draft.canonicalBytes().blob])
    }
  }

  /// The draft on a case; nil where there is none, or none that can be read.
  public func draft(of caseID: ShortHash) throws(LedgerError) -> JudgementDraft? {
    try read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT body FROM draft WHERE case_id = ?"), arguments: [caseID.bytes.blob]
      )
      .flatMap { try? JudgementDraft(bytes: $0.bytes("body")) }
    }
  }

  /// Every draft that can be read, the newest first: what is offered again after a lost line.
  public func drafts() throws(LedgerError) -> [JudgementDraft] {
    try read { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT body FROM draft ORDER BY saved_at DESC, case_id"))
        .compactMap { try? JudgementDraft(bytes: $0.bytes("body")) }
    }
  }

  /// The cases on which something was begun that cannot be read any more, by name, the newest first. What is begun on one
  /// anew takes its place.
  public func damagedDrafts() throws(LedgerError) -> [String] {
    try read { db in try Ledger.damagedDrafts(db) }
  }

  static func damagedDrafts(_ db: Database) throws -> [String] {
    try Row.fetchAll(
      db, sql: "SELECT d.*, c.number FROM draft d LEFT JOIN case_ c ON c.id = d.case_id ORDER BY saved_at DESC, case_id"
    ).compactMap { row in
      if (try? JudgementDraft(bytes: row.bytes("body"))) != nil { return nil }
      let name = ShortHash(bytes: row.bytes("case_id"))?.short ?? ""
      return row.optionalInt("number").map { "\($0) \(name)" } ?? name
    }
  }

  /// Forgets the draft on a case.
  public func discardDraft(of caseID: ShortHash) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "DELETE FROM draft WHERE case_id = ?").execute(arguments: [caseID.bytes.blob])
    }
  }
}
