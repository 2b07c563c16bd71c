import Domain
import Feedback
import Ledger
import Testing

/// What a service is called in the identity of its cases.
@Suite("A service's name")
struct CaseNamesTests {
  let scratch: Scratch
  let ledger: Ledger

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
  }

  /// The same record under the name of a service.
  private func item(_ number: Int, _ service: RawText) -> Case {
    var item = Sample.newCase(number)
    item.id = CaseIdentity.of(record: item.recordID, service: service, model: item.model)
    return item
  }

  @Test("makes a record the same case in two contexts that are named differently")
  func shared() throws {
    let other = try Scratch()
    let here = try ledger.store([item(1, "lab")], service: "lab", context: "mine")[0]
    let there = try other.open().store([item(1, "lab")], service: "lab", context: "prod")[0]
    #expect(here.id == there.id)
  }

  @Test("does not take a case from the name that it was kept under, and makes no second one of it")
  func kept() throws {
    let first = try ledger.store([item(1, "prod")], service: "prod", context: "prod")[0]
    let again = try ledger.store([item(1, "lab"), item(2, "lab")], service: "lab", context: "prod")
    #expect(again[0].id == first.id && again[0].number == first.number)
    #expect(again[1].id == item(2, "lab").id)
    #expect(try ledger.store([item(2, "lab")], service: "lab", context: "prod")[0].number == again[1].number)
    #expect(try ledger.caseCount() == 2)
  }

  @Test("that two contexts of one ledger share does not let one write over the other's case")
  func apart() throws {
    let first = try ledger.store([item(1, "lab")], service: "lab", context: "prod")[0]
    let second = try ledger.store([item(1, "lab")], service: "lab", context: "staging")[0]
    #expect(second.id == item(1, "staging").id && second.number != first.number)
    #expect(try ledger.store([item(1, "lab")], service: "lab", context: "staging")[0].number == second.number)
  }

  @Test("is taken up by every case that nobody said anything of, with its place in a queue; the others keep theirs")
  func renamed() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let items = try ledger.store((1...4).map { item($0, "prod") }, service: "prod", context: "prod")
    let alone = try ledger.store([item(5, "staging")], service: "staging", context: "staging")[0]
    _ = try ledger.save(
      Submission(caseID: items[0].id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp())
    try ledger.put(JudgementDraft(caseID: items[1].id, judgement: Judgement(verdict: .unsure), savedAt: Sample.start))
    let queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: 1, population: 1, content: Hash.of([1]), bytes: 9)
    try ledger.beginTaking("q", name: "q", queue, context: "prod", at: Sample.start)
    try ledger.take(
      [(TakenQueue.Item(position: 1, caseID: items[2].id, score: 0, propensity: 1), items[2])], into: "q",
      service: "prod", context: "prod")

    #expect(throws: LedgerError.inUse(path: scratch.path)) {
      try Ledger.nameCases(at: scratch.path, of: "prod", for: "lab")
    }
    #expect(try ledger.case(number: items[2].number)?.id == items[2].id)
    try ledger.close()
    #expect(try Ledger.nameCases(at: scratch.path, of: "prod", for: "lab") == 2)
    #expect(try Ledger.nameCases(at: scratch.path, of: "prod", for: "lab") == 0)

    let reopened = try scratch.open()
    #expect(try reopened.serviceNames(of: "prod") == ["prod", "lab"] && reopened.serviceNames(of: "x") == ["x"])
    let now = try items.map { try reopened.case(number: $0.number)?.id }
    #expect(now == [items[0].id, items[1].id, item(3, "lab").id, item(4, "lab").id])
    #expect(try reopened.case(number: alone.number)?.id == alone.id)
    #expect(try reopened.openItems(of: "q", context: "prod", limit: 9).map(\.caseID) == [item(3, "lab").id])
  }

  @Test(
    "that changes again leaves a judged case what it was called then; it is found under that, and no second one is made"
  )
  func changed() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let first = try ledger.store([item(1, "prod")], service: "prod", context: "prod")[0]
    _ = try ledger.save(
      Submission(caseID: first.id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp())
    try ledger.close()
    for name in ["lab", "other", "prod", "last"] as [RawText] {
      try Ledger.nameCases(at: scratch.path, of: "prod", for: name)
      let next = try scratch.open()
      let kept = try next.store([item(1, name), item(2, name)], service: name, context: "prod")
      #expect(kept[0].id == first.id && kept[1].id == item(2, name).id, "\(name.string)")
      #expect(try next.caseCount() == 2)
      try next.close()
    }
  }

  @Test("is not taken up by a case that the researchers ask about")
  func asked() throws {
    let kept = try ledger.store([item(1, "prod"), item(2, "prod")], service: "prod", context: "prod")
    let question = try Question(text: "Why?", caseID: kept[0].id).canonicalBytes()
    try ledger.putInbox(
      [
        InboxItem(
          id: "q", kind: InboxKind.question.text, name: "q", body: question, publishedAt: Sample.start,
          receivedAt: Sample.start)
      ],
      context: "prod")
    try ledger.close()
    #expect(try Ledger.nameCases(at: scratch.path, of: "prod", for: "lab") == 1)
    #expect(try scratch.open().case(number: kept[0].number)?.id == kept[0].id)
  }
}
