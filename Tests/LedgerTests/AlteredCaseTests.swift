import Domain
import Feedback
import GRDB
import Ledger
import Testing

/// Somebody writes into the file what no event covers.
@Suite("A case that was altered in the file")
struct AlteredCaseTests {
  let scratch: Scratch
  let stream: LedgerStream
  let cases: [Case]

  init() throws {
    scratch = try Scratch()
    let ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    cases = try ledger.store(
      (1...4).map { Sample.newCase($0, text: "paid 440.6") }, service: "s", context: "prod")
    try ledger.putInbox(
      [
        InboxItem(
          id: "q1", kind: InboxKind.question.text, body: try Question(text: "Why?").canonicalBytes(),
          publishedAt: Sample.start, receivedAt: Sample.start)
      ], context: "prod")
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
  }

  private func alter(_ sql: String) throws {
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { try $0.execute(sql: sql) }
    try raw.close()
  }

  @Test(
    "is found by verify, which names it",
    arguments: [
      "body = cast(replace(cast(body AS text), '0.75', '0.25') AS BLOB)", "label = cast('white' AS BLOB)",
      "probability = 0.25", "uncertainty = 1", "outlyingness = 0.5", "is_outlier = 1", "at = at + 1",
      "source_id = cast('row-9' AS BLOB)", "version = NULL", "route = x'00'", "digest = zeroblob(32)",
    ])
  func found(change: String) throws {
    try alter("UPDATE case_ SET \(change) WHERE number = 4")
    #expect(
      try scratch.open().verify().fault
        == "case 4 \(cases[3].id.short) was altered: it is not what was kept of it")
  }

  @Test("is found where one took the identity of another")
  func swapped() throws {
    try alter(
      """
      CREATE TABLE other AS SELECT number, id FROM case_; UPDATE case_ SET id = x'00' WHERE number = 3;
      UPDATE case_ SET id = (SELECT id FROM other WHERE number = 3) WHERE number = 4; DROP TABLE other;
      """)
    #expect(try scratch.open().verify().fault?.hasPrefix("case 3 was altered") == true)
  }

  @Test("is not judged, until its record was answered anew")
  func refused() throws {
    try alter("UPDATE case_ SET body = cast(replace(cast(body AS text), '0.75', '0.25') AS BLOB) WHERE number = 4")
    let ledger = try scratch.open()
    let submission = Submission(caseID: cases[3].id, statements: [Sample.judgement(.agree)])
    #expect(throws: LedgerError.altered(case: 4)) {
      try ledger.save(submission, to: stream.id, stamp: Sample.stamp(1))
    }
    #expect(try ledger.verify().fault != nil)
    try ledger.store([Sample.newCase(4, text: "paid 440.6")], service: "s", context: "prod")
    #expect(try ledger.save(submission, to: stream.id, stamp: Sample.stamp(2)).seq == 2)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("is not taken for what was kept when its service is called otherwise")
  func renamed() throws {
    var item = Sample.newCase(5)
    item.id = CaseIdentity.of(record: item.recordID, service: "prod", model: item.model)
    var other = Sample.newCase(6)
    other.id = CaseIdentity.of(record: other.recordID, service: "prod", model: other.model)
    let ledger = try scratch.open()
    try ledger.store([item, other], service: "prod", context: "prod")
    try ledger.close()
    #expect(try Ledger.nameCases(at: scratch.path, of: "prod", for: "lab") == 2)
    #expect(try scratch.open().verify().fault == nil)
    try alter("UPDATE case_ SET probability = 0.1 WHERE number = 5")
    #expect(try Ledger.nameCases(at: scratch.path, of: "prod", for: "plant") == 1)
    #expect(try scratch.open().verify().fault?.hasPrefix("case 5 ") == true)
  }

  @Test("and a question that was: each is told")
  func question() throws {
    try alter("UPDATE inbox SET body = cast(replace(cast(body AS text), 'Why', 'Who') AS BLOB)")
    #expect(try scratch.open().verify().fault == "question q1 of the inbox was altered: it is not what came")
  }
}
