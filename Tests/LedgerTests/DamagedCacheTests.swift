import Domain
import Feedback
import GRDB
import Ledger
import Testing

/// A bit of the file is another one by now, in what is kept beside the events.
@Suite("What is kept beside the events and cannot be read any more")
struct DamagedCacheTests {
  let scratch: Scratch
  let stream: LedgerStream
  let cases: [Case]

  init() throws {
    scratch = try Scratch()
    let ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    cases = try ledger.store((1...3).map { Sample.newCase($0) }, service: "s", context: "prod")
    let submission = Submission(caseID: cases[0].id, statements: [Sample.judgement(.agree)])
    #expect(try ledger.save(submission, to: stream.id, stamp: Sample.stamp(1)).seq == 2)
    let model = ModelID("wine", version: "3")
    try ledger.rememberModels([Model(id: model, state: .ready)], context: "prod", at: Sample.start)
    try ledger.set(.object(["analyst": "ana"]), for: "account prod")
    try ledger.rememberInput([.number(1)], model: model, context: "prod", at: Sample.start)
    try ledger.put(
      [Window(model: model, from: Sample.start, to: Sample.start.advanced(bySeconds: 60), count: 3)], context: "prod")
    try ledger.beginTaking("q", name: "week48", queue, context: "prod", at: Sample.start)
    try ledger.take(
      [(TakenQueue.Item(position: 1, caseID: cases[2].id, score: 0, propensity: 1), cases[2])], into: "q", service: "s",
      context: "prod")
    for item in cases[1...2] {
      try ledger.put(JudgementDraft(caseID: item.id, judgement: Judgement(note: "wait"), savedAt: Sample.start))
    }
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.verify().unreadable == [])
    try ledger.close()
  }

  private var queue: PublishedQueue {
    PublishedQueue(title: "week", model: ModelID("wine"), count: 1, population: 1, content: Hash.of([1]), bytes: 9)
  }

  /// Flips the lowest bit of the first quotation mark.
  private func damage(_ table: String, _ column: String, where condition: String = "1") throws {
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      try db.execute(
        sql: """
          UPDATE \(table) SET \(column) = cast(
            substr(cast(\(column) AS text), 1, instr(cast(\(column) AS text), char(34)) - 1) || '#' ||
            substr(cast(\(column) AS text), instr(cast(\(column) AS text), char(34)) + 1) AS BLOB) WHERE \(condition)
          """)
      #expect(db.changesCount > 0)
    }
    try raw.close()
  }

  /// What was judged is read, saved and copied.
  private func expectUsable(_ ledger: Ledger) throws {
    #expect(try ledger.standing(of: cases[0].id).count == 1)
    #expect(try ledger.case(cases[0].id)?.judgements.count == 1)
    let submission = Submission(caseID: cases[1].id, statements: [Sample.judgement(.disagree)])
    #expect(try ledger.save(submission, to: stream.id, stamp: Sample.stamp(2)).seq == 3)
    #expect(try ledger.blindCases(context: "prod").count <= 1)
    #expect(try ledger.takenQueues(context: "prod").count <= 1)
    #expect(try ledger.draft(of: cases[2].id) == nil || ledger.drafts().count > 0)
    try ledger.backUp(to: scratch.folder + "/copy")
  }

  @Test(
    "counts as not there, keeps no judgement from being read, saved or copied, and is told by verify",
    arguments: [
      ("models", "body", "what the service of prod said of its models cannot be read: it is asked again"),
      ("meta", "value", "what was noted under \"account prod\" cannot be read, and counts as never noted"),
      ("window_", "body", "1 drift windows cannot be read, and are compared anew"),
      ("taken_queue", "body", "the queue week48 cannot be read, and is to be taken again"),
    ])
  func notThere(table: String, column: String, words: String) throws {
    try damage(table, column)
    let ledger = try scratch.open()
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.verify().unreadable == [words])
    #expect(try ledger.models(context: "prod")?.models.count == (table == "models" ? nil : 1))
    #expect(try ledger.value(for: "account prod") == nil || table != "meta")
    #expect(try ledger.isDamaged("account prod") == (table == "meta"))
    #expect(try ledger.window(of: ModelID("wine", version: "3"), context: "prod", at: Sample.start) == nil)
    try expectUsable(ledger)
  }

  @Test("is taken again where it is a queue, whose cases stay hidden meanwhile")
  func takenAgain() throws {
    try damage("taken_queue", "body")
    let ledger = try scratch.open()
    #expect(try ledger.takenQueues(context: "prod").isEmpty)
    #expect(try ledger.blindCases(context: "prod") == [cases[2].id])
    try ledger.beginTaking("q", name: "week48", queue, context: "prod", at: Sample.start)
    #expect(try ledger.takenQueues(context: "prod").map(\.cases) == [1])
    #expect(try ledger.blindCases(context: "prod") == [])
  }

  @Test("is told by its case where it is a draft, and the other drafts are there")
  func draft() throws {
    try damage("draft", "body", where: "case_id = x'\(cases[2].id.hex)'")
    let ledger = try scratch.open()
    let name = "\(cases[2].number) \(cases[2].id.short)"
    #expect(try ledger.damagedDrafts() == [name])
    #expect(try ledger.drafts().map(\.caseID) == [cases[1].id])
    #expect(try ledger.draft(of: cases[2].id) == nil)
    #expect(try ledger.verify().fault == "what was begun on case \(name) cannot be read")
    try expectUsable(ledger)
    try ledger.put(JudgementDraft(caseID: cases[2].id, judgement: Judgement(note: "again"), savedAt: Sample.start))
    #expect(try ledger.verify().fault == nil)
  }

  @Test("is read from the events where it is what stands on a case, and written anew with what is said next of it")
  func standing() throws {
    try damage("judgement_now", "statement")
    let ledger = try scratch.open()
    #expect(throws: LedgerError.damagedStanding) { try ledger.ownOpinions(context: "prod", newest: 9) }
    #expect(LedgerError.damagedStanding.problem.advice.contains("verify --rebuild"))
    try expectUsable(ledger)
    let submission = Submission(caseID: cases[0].id, statements: [Sample.judgement(.unsure)])
    #expect(try ledger.save(submission, to: stream.id, stamp: Sample.stamp(3)).seq == 4)
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.ownOpinions(context: "prod", newest: 9).count == 2)
  }

  @Test("is named where it is a case, which its service's next answer mends")
  func named() throws {
    try damage("case_", "body", where: "number = 1")
    let ledger = try scratch.open()
    #expect(throws: LedgerError.damaged("case 1 is not what was kept of it")) { try ledger.case(number: 1) }
    #expect(try ledger.summaries().count == 3)
    try ledger.store([Sample.newCase(1)], service: "s", context: "prod")
    #expect(try ledger.verify().fault == nil)
    try expectUsable(ledger)
  }

  @Test("is words, not a crash, where it is a name in the tables' own text", arguments: ["uncertainty", "body", "at"])
  func schema(column: String) throws {
    let other = String(column.dropLast()) + "~"
    try alterSchema("UPDATE sqlite_schema SET sql = replace(sql, '\(column) ', '\"\(other)\" ') WHERE name = 'case_'")
    #expect(throws: LedgerError.self) { try scratch.open() }
    do {
      _ = try scratch.open()
    } catch let error as LedgerError {
      #expect(error.problem.summary == "the ledger is damaged", "\(error)")
      #expect(!error.problem.detail.isEmpty)
    }
  }

  @Test("is words where a table has another name")
  func table() throws {
    try alterSchema(
      "UPDATE sqlite_schema SET name = 'draff', tbl_name = 'draff', sql = replace(sql, 'draft', 'draff') WHERE name = 'draft'"
    )
    #expect(throws: LedgerError.damaged("there is no table draft")) { try scratch.open() }
  }

  private func alterSchema(_ sql: String) throws {
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA writable_schema = ON")
      try db.execute(sql: sql)
      try db.execute(sql: "PRAGMA writable_schema = OFF")
    }
    try raw.close()
  }
}
