import Domain
import Feedback
import GRDB
import Ledger
import Testing

@Suite("Searching the ledger")
struct SearchTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream
  let items: [Case]

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    items = try ledger.store(
      [
        Sample.newCase(1, text: "Käse aus Zürich"), Sample.newCase(2, model: "cargo", text: "steel coils, two seals"),
        Sample.newCase(3, model: "cargo-next", text: "seal paid once"),
      ], service: "s", context: "prod")
    try ledger.store([Sample.newCase(9, text: "steel elsewhere")], service: "s", context: "lab")
  }

  private func search(_ text: String, limit: Int = 500) throws -> SearchResults {
    let query = SearchQuery(text, now: Sample.start.advanced(bySeconds: 3600))
    #expect(query.faults.isEmpty)
    return try ledger.withEvents { try $0.search(query, context: "prod", limit: limit) }
  }

  private func numbers(_ text: String) throws -> [Int] { try search(text).hits.map(\.number) }

  private func say(_ statement: Feedback.Statement, of number: Int) throws {
    _ = try ledger.save(
      Submission(caseID: items[number - 1].id, statements: [statement]), to: stream.id, stamp: Sample.stamp(60))
  }

  /// What a colleague said, as a collector brings it.
  private func colleague(_ payload: EventPayload, of number: Int, seq: Int, analyst: RawText = "brent") throws -> Event
  {
    let id = try #require(StreamID(bytes: [UInt8](repeating: 7, count: 16)))
    let body = EventBody(
      stamp: Sample.stamp(Double(seq), analyst: analyst), caseID: items[number - 1].id, payload: payload)
    let draft = EventDraft(eventID: EventID(at: Sample.start, random: UInt64(seq)), body: body)
    return try Chain.seal([draft], stream: id, after: Chain.Head.empty)[0]
  }

  @Test("nothing typed means every case of the context, the newest first")
  func all() throws {
    let found = try search("")
    #expect(found.hits.map(\.number) == [3, 2, 1])
    #expect(found.cases == 3 && !found.isCut)
    #expect(found.hits.allSatisfy { $0.match == nil })
  }

  @Test("a hit says in which field, name or id the word stands, with the text around it")
  func places() throws {
    let field = try search("zur").hits
    #expect(field.map(\.number) == [1])
    #expect(field[0].match == SearchMatch(.field, of: "t", before: "Käse aus ", found: "Zürich"))
    #expect(try search("cargo").hits.map { $0.match?.place } == [.model, .model])
    #expect(try search("row-2").hits.map { $0.match?.place } == [.source])
    #expect(try search("red").hits.map { $0.match?.place } == [.answer, .answer, .answer])
    let coils = try search("COILS two").hits[0].match
    #expect(coils == SearchMatch(.field, of: "t", before: "steel ", found: "coils", after: ", two seals"))
  }

  @Test("a phrase is found as it stands, its last word whole once the quotation mark is closed")
  func phrases() throws {
    #expect(try numbers(#""paid once""#) == [3])
    #expect(try numbers(#""once paid""#).isEmpty)
    #expect(try numbers("once paid") == [3])
    #expect(try numbers(#""seal""#) == [3])
    #expect(try numbers("seal") == [3, 2])
  }

  @Test("the number and the first six digits of a case find it")
  func named() throws {
    #expect(try numbers("2") == [2])
    #expect(try search("2").hits[0].match?.place == .number)
    #expect(try numbers(String(items[0].id.hex.prefix(6))) == [1])
    // About one id in sixteen begins with six decimal digits.
    let digits = { (item: Case) in item.id.hex.prefix(6).allSatisfy(\.isNumber) }
    let more = try ledger.store((10..<300).map { Sample.newCase($0, text: "x") }, service: "s", context: "prod")
    let decimal = try #require(more.first(where: digits))
    #expect(try numbers(String(decimal.id.hex.prefix(6))).contains(decimal.number))
  }

  @Test("notes and judgements are found with who said them; said anew since, they are past")
  func said() throws {
    try say(Sample.judgement(.disagree, note: "Gewicht falsch"), of: 2)
    let hit = try search("gewicht").hits[0]
    #expect(hit.number == 2 && hit.verdict == .disagree)
    #expect(hit.match == SearchMatch(.note, of: "ana", found: "Gewicht", after: " falsch"))
    try say(Sample.judgement(.agree, note: "Gewicht stimmt"), of: 2)
    #expect(try search("gewicht").hits[0].match?.after == " stimmt")
    #expect(try search("falsch").hits[0].match?.isPast == true)
  }

  @Test("a colleague's words are found as soon as they are here, and not after they were taken out")
  func colleagues() throws {
    let note = try colleague(.note("payslip p.2 confirms"), of: 1, seq: 1)
    try ledger.importEvents([note], context: "prod")
    let hit = try search("payslip").hits[0]
    #expect(hit.number == 1)
    #expect(hit.match == SearchMatch(.note, of: "brent", found: "payslip", after: " p.2 confirms"))
    #expect(try numbers("by:brent") == [1])
    #expect(try numbers("by:bre payslip") == [1])
    #expect(try numbers("by:me").isEmpty)
    var body = EventBody(stamp: Sample.stamp(9, analyst: "brent"), payload: .redact(reason: "a name"))
    body.references = [EventReference(.redacts, note)]
    let draft = EventDraft(eventID: EventID(at: Sample.start, random: 9), body: body)
    let redaction = try Chain.seal([draft], stream: note.stream, after: Chain.Head(seq: 1, hash: note.hash))[0]
    try ledger.importEvents([redaction], context: "prod")
    #expect(try numbers("payslip").isEmpty)
  }

  @Test("verdict, label and analyst are asked of one statement in force")
  func statements() throws {
    try say(.judgement(JudgementBody(Judgement(verdict: .disagree, label: "white"))), of: 2)
    try say(Sample.judgement(.agree), of: 3)
    try ledger.importEvents(
      [try colleague(.judgement(JudgementBody(Judgement(verdict: .unsure))), of: 2, seq: 1)], context: "prod")
    #expect(try numbers("verdict:disagree") == [2])
    #expect(try numbers("verdict:unsure by:brent") == [2])
    #expect(try numbers("verdict:disagree by:brent").isEmpty)
    #expect(try numbers("verdict:agree by:me") == [3])
    // Who agrees gives the model's own label.
    #expect(try numbers("label:red") == [3])
    #expect(try numbers("label:white") == [2])
    #expect(
      try search("verdict:disagree").hits[0].match
        == SearchMatch(.verdict, of: "ana", found: "disagree", after: " → white"))
    #expect(try numbers("is:open") == [1])
    #expect(try numbers("is:judged") == [3, 2])
  }

  @Test("a model's whole name stands before those that begin with it")
  func models() throws {
    #expect(try numbers("model:cargo") == [2])
    #expect(try numbers("model:carg") == [3, 2])
    #expect(try numbers("model:cargo seal") == [2])
    #expect(try numbers("version:3 since:59m") == [3, 2, 1])
    #expect(try numbers("before:2020-01-01").isEmpty)
  }

  @Test("more than are wanted are cut to the newest, and the results say so")
  func cut() throws {
    try ledger.store((10..<60).map { Sample.newCase($0, text: "common") }, service: "s", context: "prod")
    let all = try search("", limit: 20)
    #expect(all.hits.count == 20 && all.isCut && all.cases == 53)
    #expect(all.hits[0].number > all.hits[19].number)
    let found = try search("common", limit: 20)
    #expect(found.hits.count == 20 && found.isCut)
    #expect(try !search("common", limit: 50).isCut)
  }

  @Test("a ledger of before gets colleagues' words into the index when it is opened")
  func migrated() throws {
    try ledger.importEvents([try colleague(.note("payslip p.2"), of: 1, seq: 1)], context: "prod")
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      try db.execute(
        sql: """
          DROP TABLE foreign_fts; DROP INDEX case_context; DROP TABLE remains; DROP INDEX case_record;
          \(Scratch.contextAttachments)
          PRAGMA user_version = 3
          """)
    }
    try raw.close()
    let now = try scratch.open()
    let query = SearchQuery("payslip", now: Sample.start)
    #expect(try now.withEvents { try $0.search(query, context: "prod") }.hits.map(\.number) == [1])
    try now.close()
  }

  @Test("a search whose task is cancelled ends without an answer")
  func cancelled() async throws {
    let worker = LedgerWorker(ledger)
    let task = Task { try await worker.search(SearchQuery("steel", now: Sample.start), context: "prod") }
    task.cancel()
    let outcome = await task.result
    if case .success(let found) = outcome { #expect(found.hits.map(\.number) == [2]) }
    #expect(try await worker.search(SearchQuery("steel", now: Sample.start), context: "prod").hits.count == 1)
    worker.close()
  }
}
