public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Notes that a queue is being taken; one that is known goes on where it was left.
  public func beginTaking(
    _ id: RawText, name: RawText, _ queue: PublishedQueue, context: RawText, at now: Timestamp
  ) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO taken_queue(id, context, name, body, taken_at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET body = excluded.body
          """
      ).execute(arguments: [id.blob, context.blob, name.blob, try queue.canonicalBytes().blob, now.microseconds])
    }
  }

  /// Keeps cases of a queue together with their places in it, in one transaction. Gives the places whose case is there
  /// already with another record that the analyst judged, or that stands before it in the queue: they are left out.
  @discardableResult
  public func take(
    _ cases: [(item: TakenQueue.Item, case: Case)], into queue: RawText, service: RawText, context: RawText
  ) throws(LedgerError) -> [Int] {
    try write { db in
      var leftOut: [Int] = []
      let names = try Ledger.serviceNames(db, of: context)
      for (item, made) in cases {
        let current = try Ledger.named(db, made, service: service, context: context, among: names)
        // One that is left out is not stored: it would take the place of the record that stands before it. One that was
        // judged with another answer is in the queue as it was judged.
        guard
          try !Ledger.isTaken(db, current, in: queue, of: context, besides: item.position),
          try Ledger.store(db, current, service: service, context: context).number > 0
            || Ledger.isOfRecord(db, current)
        else {
          leftOut.append(item.position)
          continue
        }
        try db.cachedStatement(
          sql: """
            INSERT OR REPLACE INTO taken_item(queue, context, position, case_id, score, propensity)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ).execute(arguments: [
          queue.blob, context.blob, item.position, current.id.bytes.blob, item.score, item.propensity,
        ])
      }
      return leftOut
    }
  }

  /// Whether the case that is kept is of the same record.
  private static func isOfRecord(_ db: Database, _ item: Case) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT body FROM case_ WHERE id = ?"), arguments: [item.id.bytes.blob])
    return try row.map { try !item.record.contradicts(CaseContents(bytes: $0.bytes("body")).record) } ?? false
  }

  /// Whether a queue has another record under the same case at another place.
  private static func isTaken(
    _ db: Database, _ item: Case, in queue: RawText, of context: RawText, besides position: Int
  ) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT c.body FROM taken_item i JOIN case_ c ON c.id = i.case_id
          WHERE i.queue = ? AND i.context = ? AND i.case_id = ? AND i.position <> ?
          """), arguments: [queue.blob, context.blob, item.id.bytes.blob, position])
    return try row.map { try item.record.contradicts(CaseContents(bytes: $0.bytes("body")).record) } ?? false
  }

  /// Notes that every record of a queue is a case, or was set aside.
  public func finishTaking(_ id: RawText, context: RawText, at now: Timestamp) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE taken_queue SET finished_at = ? WHERE id = ? AND context = ?").execute(
        arguments: [now.microseconds, id.blob, context.blob])
    }
  }

  /// The places of a queue's file that are cases already.
  public func takenPositions(of queue: RawText, context: RawText) throws(LedgerError) -> Set<Int> {
    try read { db in
      Set(
        try Int.fetchAll(
          db.cachedStatement(sql: "SELECT position FROM taken_item WHERE queue = ? AND context = ?"),
          arguments: [queue.blob, context.blob]))
    }
  }

  /// The queues that were taken, the newest first; one whose file cannot be read any more is to be taken again.
  public func takenQueues(context: RawText) throws(LedgerError) -> [TakenQueue] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT q.*,
              (SELECT count(DISTINCT case_id) FROM taken_item i WHERE i.queue = q.id AND i.context = q.context) AS cases,
              (SELECT count(DISTINCT case_id) FROM taken_item i WHERE i.queue = q.id AND i.context = q.context AND i.case_id IN (
                SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement' AND stage = 'final')) AS judged
            FROM taken_queue q WHERE context = ? ORDER BY taken_at DESC, id
            """), arguments: [context.blob]
      ).compactMap { row in
        guard let queue = try? PublishedQueue(bytes: row.bytes("body")) else { return nil }
        return TakenQueue(
          id: row.raw("id"), name: row.raw("name"), queue: queue, takenAt: row.time("taken_at"),
          finishedAt: row.optionalTime("finished_at"), cases: row.int("cases"), judged: row.int("judged"))
      }
    }
  }

  /// Whether the answer to a case was on the analyst's screen: looked at, on whichever device, or shown on this one.
  public func isRevealed(_ caseID: ShortHash) throws(LedgerError) -> Bool {
    try read { db in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT \(Ledger.isRevealed("?1"))"), arguments: [caseID.bytes.blob]) ?? false
    }
  }

  private static func isRevealed(_ caseID: String) -> String {
    """
    (EXISTS (SELECT 1 FROM shown WHERE case_id = \(caseID))
      OR EXISTS (SELECT 1 FROM event WHERE case_id = \(caseID) AND \(tellsAnswer))
      OR EXISTS (SELECT 1 FROM foreign_event WHERE case_id = \(caseID) AND \(tellsAnswer)
        AND \(isOwn("foreign_event"))))
    """
  }

  /// Whether an event says that the analyst knows the model's answer: a look at more than the record, or a judgement, which
  /// shows it, whatever became of that. An amendment follows what it amends.
  static let tellsAnswer = #"""
    (kind IN ('reveal', 'judgement')
      OR (kind = 'view' AND instr(body, CAST('"pane":"record"' AS BLOB)) = 0))
    """#

  /// Notes whose answers were on screen; of cases with a judgement nothing is noted, they are not blind any more.
  public func keepShown(_ ids: Set<ShortHash>) throws(LedgerError) {
    guard !ids.isEmpty else { return }
    try write { db in
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO shown SELECT id FROM case_ WHERE id = ?
            AND id NOT IN (SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement')
          """)
      for id in ids { try statement.execute(arguments: [id.bytes.blob]) }
    }
  }

  /// The cases of queues that are to be answered blind which have no answer of the analyst's yet, and were not looked at.
  /// A queue that the researchers withdrew hides nothing any more, and one that they replaced nothing from when the new
  /// one is here.
  public func blindCases(context: RawText) throws(LedgerError) -> Set<ShortHash> {
    try read { db in
      let queues = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM taken_queue WHERE context = ?"), arguments: [context.blob])
      let over = try Ledger.queuesThatAreOver(db, among: queues, context: context)
      var ids: Set<ShortHash> = []
      for queue in queues where !over.contains(queue.raw("id")) {
        // Of one that cannot be read nobody knows: better hidden than shown.
        guard (try? PublishedQueue(bytes: queue.bytes("body")))?.isBlind ?? true else { continue }
        let rows = try Row.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT case_id FROM taken_item WHERE queue = ? AND context = ?
              AND case_id NOT IN (SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement')
              AND NOT \(Ledger.isRevealed("taken_item.case_id"))
              """), arguments: [queue.raw("id").blob, context.blob])
        for row in rows { ids.insert(try row.shortHash("case_id")) }
      }
      return ids
    }
  }

  /// Queues that were taken and that the researchers withdrew, or replaced by one of the same name that was taken whole.
  private static func queuesThatAreOver(
    _ db: Database, among taken: [Row], context: RawText
  ) throws -> Set<RawText> {
    guard !taken.isEmpty else { return [] }
    let inForce = try Ledger.inForce(db, kind: .queue, context: context)
    let whole = Set(taken.filter { $0.optionalTime("finished_at") != nil }.map { $0.raw("id") })
    var over: Set<RawText> = []
    for queue in taken {
      let id = queue.raw("id")
      let isKnown = try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM inbox WHERE id = ? AND context = ?)"),
        arguments: [id.blob, context.blob])
      guard isKnown == true else { continue }
      let next = inForce.first { $0.name == queue.raw("name") }
      if next == nil || next?.id != id && whole.contains(next?.id ?? "") { over.insert(id) }
    }
    return over
  }

  /// The records of a queue that have no judgement of the analyst's yet, in the researchers' order, each once.
  public func openItems(
    of queue: RawText, context: RawText, limit: Int
  ) throws(LedgerError) -> [TakenQueue.Item] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM taken_item i WHERE queue = ? AND context = ? AND case_id NOT IN (
              SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement' AND stage = 'final')
            AND NOT EXISTS (
              SELECT 1 FROM taken_item f
              WHERE f.case_id = i.case_id AND f.queue = i.queue AND f.context = i.context AND f.position < i.position)
            ORDER BY position LIMIT ?
            """), arguments: [queue.blob, context.blob, limit]
      ).map { row in
        TakenQueue.Item(
          position: row.int("position"), caseID: try row.shortHash("case_id"), score: row.double("score") ?? 0,
          propensity: row.double("propensity") ?? 1)
      }
    }
  }
}

extension LedgerEvents {
  /// The cases of a context whose answer the analyst looked at without saying anything of it, on whichever device, or that
  /// was on screen here.
  public func casesLookedAt(context: RawText) throws -> Set<ShortHash> {
    // By case: those without a judgement have few events, while all others would be the whole ledger.
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id AS case_id FROM case_ WHERE context = ?
            AND id NOT IN (SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement')
            AND (EXISTS (SELECT 1 FROM shown WHERE case_id = case_.id)
              OR EXISTS (SELECT 1 FROM event WHERE case_id = case_.id AND \(Ledger.tellsAnswer))
              OR EXISTS (SELECT 1 FROM foreign_event WHERE case_id = case_.id AND \(Ledger.tellsAnswer)
                AND \(Ledger.isOwn("foreign_event"))))
          """), arguments: [context.blob])
    return try Set(rows.map { try $0.shortHash("case_id") })
  }
}
