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

  /// The draft on a case; nil where there is none.
  public func draft(of caseID: ShortHash) throws(LedgerError) -> JudgementDraft? {
    try read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT body FROM draft WHERE case_id = ?"), arguments: [caseID.bytes.blob]
      )
      .map { try JudgementDraft(bytes: $0.bytes("body")) }
    }
  }

  /// Every draft, the newest first: what is offered again after a lost line.
  public func drafts() throws(LedgerError) -> [JudgementDraft] {
    try read { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT body FROM draft ORDER BY saved_at DESC, case_id"))
        .map { try JudgementDraft(bytes: $0.bytes("body")) }
    }
  }

  /// Forgets the draft on a case.
  public func discardDraft(of caseID: ShortHash) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "DELETE FROM draft WHERE case_id = ?").execute(arguments: [caseID.bytes.blob])
    }
  }
}
