import Domain
import Feedback
import Ledger
import Testing

@Suite("What researchers sent, in the ledger")
struct LedgerInboxTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
  }

  private func item(_ id: RawText, _ kind: InboxKind, _ name: RawText, _ body: [UInt8], at seconds: Double = 0)
    -> InboxItem
  {
    InboxItem(
      id: id, kind: kind.text, name: name, body: body, publishedAt: Sample.start.advanced(bySeconds: seconds),
      receivedAt: Sample.start)
  }

  @Test("an answer is an event that names its question, and takes it off what waits")
  func answers() throws {
    try ledger.putInbox(
      [item("q1", .question, "a", try Question(text: "Why?").canonicalBytes())], context: "prod")
    #expect(try ledger.inboxItem("q1")?.answeredAt == nil)
    let body = EventBody(stamp: Sample.stamp(5), payload: .answer(item: "q1", text: "Because"))
    let event = try #require(try ledger.answer("q1", with: body, in: stream.id))
    #expect(event.kind == .answer)
    #expect(try ledger.inboxItem("q1")?.answeredAt == Sample.start.advanced(bySeconds: 5))
    #expect(try ledger.answers(context: "prod") == ["q1": "Because"])
    let second = EventBody(stamp: Sample.stamp(6), payload: .answer(item: "q1", text: "No: because"))
    try ledger.answer("q1", with: second, in: stream.id)
    #expect(try ledger.answers(context: "prod") == ["q1": "No: because"])
    #expect(try ledger.answers(context: "lab").isEmpty)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("a queue that was taken keeps the researchers' order and chances, and tells what is judged")
  func taken() throws {
    let queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: 3, population: 30, content: Hash.of([1]), bytes: 9)
    let start = Sample.start
    try ledger.beginTaking("q", name: "week48", queue, context: "prod", at: start)
    let cases = (1...3).map { Sample.newCase($0) }
    func place(_ index: Int) -> TakenQueue.Item {
      TakenQueue.Item(position: index + 1, caseID: cases[index].id, score: 0.5, propensity: 0.1)
    }
    try ledger.take([(place(2), cases[2]), (place(0), cases[0])], into: "q", service: "prod", context: "prod")
    #expect(try ledger.takenPositions(of: "q", context: "prod") == [1, 3])
    // Taken again after it was cut short: nothing is there twice.
    try ledger.beginTaking("q", name: "week48", queue, context: "prod", at: start.advanced(bySeconds: 60))
    try ledger.take([(place(0), cases[0]), (place(1), cases[1])], into: "q", service: "prod", context: "prod")
    #expect(try ledger.openItems(of: "q", context: "prod", limit: 9).map(\.caseID) == cases.map(\.id))
    #expect(try ledger.openItems(of: "q", context: "prod", limit: 2).map(\.propensity) == [0.1, 0.1])

    _ = try ledger.save(
      Submission(caseID: cases[1].id, seen: nil, statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(9))
    #expect(try ledger.openItems(of: "q", context: "prod", limit: 9).map(\.position) == [1, 3])
    let known = try #require(try ledger.takenQueues(context: "prod").first)
    #expect(known.name == "week48" && known.queue == queue && known.takenAt == start)
    #expect(known.cases == 3 && known.judged == 1 && known.finishedAt == nil)
    try ledger.finishTaking("q", context: "prod", at: start.advanced(bySeconds: 90))
    #expect(try ledger.takenQueues(context: "prod").first?.finishedAt == start.advanced(bySeconds: 90))
    #expect(try ledger.takenQueues(context: "lab").isEmpty)
  }

  @Test("a queue that came to two contexts is taken in each") func takenTwice() throws {
    let queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: 2, population: 30, content: Hash.of([1]), bytes: 9)
    let cases = (1...2).map { Sample.newCase($0) }
    for (context, item) in [("prod", cases[0]), ("lab", cases[1])] as [(RawText, Case)] {
      try ledger.beginTaking("q", name: "week48", queue, context: context, at: Sample.start)
      let place = TakenQueue.Item(position: 1, caseID: item.id, score: 0.5, propensity: 0.1)
      try ledger.take([(place, item)], into: "q", service: context, context: context)
    }
    try ledger.finishTaking("q", context: "lab", at: Sample.start)
    for (context, item) in [("prod", cases[0]), ("lab", cases[1])] as [(RawText, Case)] {
      #expect(try ledger.openItems(of: "q", context: context, limit: 9).map(\.caseID) == [item.id])
      #expect(try ledger.takenPositions(of: "q", context: context) == [1])
      let taken = try ledger.takenQueues(context: context)
      #expect(taken.map(\.cases) == [1] && (taken.first?.finishedAt == nil) == (context == "prod"))
    }
  }

  @Test("a case whose answer was on screen is no blind one any more; of one that was judged nothing is kept")
  func shown() throws {
    let cases = (1...3).map { Sample.newCase($0) }
    _ = try ledger.store(cases, service: "prod", context: "prod")
    _ = try ledger.save(
      Submission(caseID: cases[1].id, seen: nil, statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(9))
    try ledger.keepShown([cases[0].id, cases[1].id])
    #expect(try ledger.withEvents { try $0.casesLookedAt(context: "prod") } == [cases[0].id])
    #expect(try cases.map { try ledger.isRevealed($0.id) } == [true, true, false])
  }

  @Test("cases of a queue that is to be answered blind are named until they are answered or looked at")
  func blind() throws {
    var queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: 3, population: 30, content: Hash.of([1]), bytes: 9)
    let cases = (1...3).map { Sample.newCase($0) }
    for (name, isBlind) in [("open", false), ("blind", true)] {
      queue.isBlind = isBlind
      try ledger.beginTaking(RawText(name), name: RawText(name), queue, context: "prod", at: Sample.start)
      let items = cases.indices.map { index in
        (TakenQueue.Item(position: index + 1, caseID: cases[index].id, score: 0.5, propensity: 0.1), cases[index])
      }
      try ledger.take(items, into: RawText(name), service: "prod", context: "prod")
      #expect(try ledger.blindCases(context: "prod").count == (isBlind ? 3 : 0))
    }
    _ = try ledger.save(
      Submission(caseID: cases[0].id, statements: [Sample.judgement(.agree, stage: .initial)]), to: stream.id,
      stamp: Sample.stamp(9))
    let looked = EventBody(stamp: Sample.stamp(10), caseID: cases[1].id, payload: .reveal(.explanation))
    try ledger.append([looked], to: stream.id)
    #expect(try ledger.blindCases(context: "prod") == [cases[2].id])
    #expect(try ledger.blindCases(context: "lab").isEmpty)
  }

  @Test("a blind queue that was withdrawn hides nothing, and one that was replaced nothing once the new one is here")
  func over() throws {
    let queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: 1, population: 30, isBlind: true, content: Hash.of([1]), bytes: 9)
    let cases = (1...2).map { Sample.newCase($0) }
    let place = { (index: Int) in
      (TakenQueue.Item(position: 1, caseID: cases[index].id, score: 0.5, propensity: 0.1), cases[index])
    }
    let body = try queue.canonicalBytes()
    try ledger.putInbox([item("q1", .queue, "week48", body)], context: "prod")
    try ledger.beginTaking("q1", name: "week48", queue, context: "prod", at: Sample.start)
    try ledger.take([place(0)], into: "q1", service: "prod", context: "prod")
    try ledger.finishTaking("q1", context: "prod", at: Sample.start)
    #expect(try ledger.blindCases(context: "prod") == [cases[0].id])
    // The new one may have the same records: until it is here whole, the old one hides them.
    try ledger.putInbox([item("q2", .queue, "week48", body, at: 1)], context: "prod")
    #expect(try ledger.blindCases(context: "prod") == [cases[0].id])
    try ledger.beginTaking("q2", name: "week48", queue, context: "prod", at: Sample.start)
    try ledger.take([place(1)], into: "q2", service: "prod", context: "prod")
    #expect(try ledger.blindCases(context: "prod").count == 2)
    try ledger.finishTaking("q2", context: "prod", at: Sample.start)
    #expect(try ledger.blindCases(context: "prod") == [cases[1].id])
    try ledger.putInbox([item("q3", .queue, "week48", [], at: 2)], context: "prod")
    #expect(try ledger.blindCases(context: "prod").isEmpty)
  }

  /// Takes these cases as a queue that is to be answered blind.
  private func takeBlind(_ cases: [Case]) throws {
    let queue = PublishedQueue(
      title: "week", model: ModelID("wine"), count: cases.count, population: 30, isBlind: true, content: Hash.of([1]),
      bytes: 9)
    try ledger.beginTaking("q", name: "q", queue, context: "prod", at: Sample.start)
    try ledger.take(
      cases.enumerated().map { index, item in
        (TakenQueue.Item(position: index + 1, caseID: item.id, score: 0.5, propensity: 0.1), item)
      }, into: "q", service: "prod", context: "prod")
  }

  @Test("what the analyst looked at and answered on another device counts here, whichever came first")
  func otherDevice() throws {
    let cases = (1...2).map { Sample.newCase($0) }
    try takeBlind(cases)
    func said(by analyst: RawText, at seconds: Double, of caseID: ShortHash, _ question: RawText) throws -> [Event] {
      let scratch = try Scratch()
      let device = try scratch.open()
      let stream = try device.stream(for: "prod", stamp: Sample.stamp(seconds, analyst: analyst))
      return try device.append(
        [
          EventBody(
            stamp: Sample.stamp(seconds, analyst: analyst), caseID: caseID, payload: .reveal(.explanation)),
          EventBody(
            stamp: Sample.stamp(seconds, analyst: analyst),
            payload: .answer(item: question, text: RawText("of \(question.string)"))),
        ], to: stream.id)
    }
    try ledger.putInbox([item("q1", .question, "a", try Question(text: "Why?").canonicalBytes())], context: "prod")
    // A colleague's look and answer are the colleague's.
    try ledger.importEvents(said(by: "ben", at: 1, of: cases[1].id, "q1"), context: "prod")
    #expect(try !ledger.isRevealed(cases[1].id) && ledger.inboxItem("q1")?.answeredAt == nil)
    try ledger.importEvents(said(by: "ana", at: 2, of: cases[0].id, "q1"), context: "prod")
    try ledger.importEvents(said(by: "ana", at: 3, of: cases[0].id, "q2"), context: "prod")
    #expect(try ledger.isRevealed(cases[0].id))
    #expect(try ledger.blindCases(context: "prod") == [cases[1].id])
    #expect(try ledger.inboxItem("q1")?.answeredAt == Sample.start.advanced(bySeconds: 2))
    try ledger.putInbox([item("q2", .question, "b", try Question(text: "How?").canonicalBytes())], context: "prod")
    #expect(try ledger.inboxItem("q2")?.answeredAt == Sample.start.advanced(bySeconds: 3))
    #expect(try ledger.answers(context: "prod") == ["q1": "of q1", "q2": "of q2"])
  }

  @Test("two contexts have each what came to them of one collector; what was answered in one waits in none")
  func contexts() throws {
    let question = item("q1", .question, "a", try Question(text: "Why?").canonicalBytes())
    #expect(try ledger.putInbox([question], context: "prod").count == 1)
    #expect(try ledger.putInbox([question], context: "lab").count == 1)
    #expect(try ledger.putInbox([question], context: "lab").isEmpty)
    let body = EventBody(stamp: Sample.stamp(5), payload: .answer(item: "q1", text: "Because"))
    try ledger.answer("q1", with: body, in: stream.id)
    try ledger.putInbox([question], context: "late")
    for context in ["prod", "lab", "late"] as [RawText] {
      #expect(try ledger.inForce(context: context).map(\.answeredAt) == [Sample.start.advanced(bySeconds: 5)])
    }
    let scratch = try Scratch()
    let theirs = try scratch.open()
    let other = try theirs.stream(for: "prod", stamp: Sample.stamp(1, analyst: "ben"))
    let said = try theirs.save(
      Submission(caseID: Sample.newCase(1).id, statements: [Sample.judgement(.disagree)]), to: other.id,
      stamp: Sample.stamp(2, analyst: "ben")
    ).events
    #expect(try ["prod", "lab", "lab"].map { try ledger.importEvents(said, context: $0) } == [1, 1, 0])
    for (context, count) in [("prod", 1), ("lab", 1), ("late", 0)] as [(RawText, Int)] {
      let found = try ledger.withEvents { events in
        var (judged, told) = (0, 0)
        try events.forEachJudged(context: context, analyst: "me") { _ in
          judged += 1
          return true
        }
        try events.forEach(context: context, withColleagues: true) { if $0.analyst == "ben" { told += 1 } }
        return [judged, told]
      }
      #expect(found == [count, count])
    }
  }

  @Test("a case whose answer or why was looked at is no blind one any more, one whose record was is")
  func lookedAt() throws {
    let cases = (1...2).map { Sample.newCase($0) }
    _ = try ledger.store(cases, service: "prod", context: "prod")
    for (item, pane) in zip(cases, ["Tree SHAP", "record"] as [RawText]) {
      let look = PaneTime(pane: pane, milliseconds: 24_000)
      try ledger.append([EventBody(stamp: Sample.stamp(9), caseID: item.id, payload: .view(look))], to: stream.id)
    }
    #expect(try ledger.isRevealed(cases[0].id) && !ledger.isRevealed(cases[1].id))
    #expect(try ledger.withEvents { try $0.casesLookedAt(context: "prod") } == [cases[0].id])
    // A purge takes the looks out, not that there were some.
    let head = try ledger.head(of: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: head)
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 60)) == 2)
    #expect(try ledger.withEvents { try $0.casesLookedAt(context: "prod") } == [cases[0].id])
    #expect(try ledger.isRevealed(cases[0].id) && !ledger.isRevealed(cases[1].id))
  }

  @Test("a case that was answered stays no blind one when the answer is taken back or its words are removed")
  func takenBack() throws {
    let cases = (1...3).map { Sample.newCase($0) }
    try takeBlind(cases)
    _ = try ledger.save(
      Submission(caseID: cases[0].id, statements: [Sample.judgement(.agree, stage: .initial)]), to: stream.id,
      stamp: Sample.stamp(1))
    try ledger.undo(in: stream.id, stamp: Sample.stamp(2))
    let said = try ledger.save(
      Submission(caseID: cases[1].id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(3))
    let words = try #require(said.events.last)
    try ledger.redact(words.eventID, reason: "a name", stamp: Sample.stamp(4))
    #expect(try cases.map { try ledger.isRevealed($0.id) } == [true, true, false])
    #expect(try ledger.blindCases(context: "prod") == [cases[2].id])
    #expect(try ledger.withEvents { try $0.casesLookedAt(context: "prod") } == Set(cases.prefix(2).map(\.id)))
  }
}
