import Domain
import Feedback
import Foundation
import Ledger
import Testing

@Suite("What of a ledger statistics walk through")
struct JudgedTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream
  let item: Case

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    item = try ledger.store([Sample.newCase(1)], service: "http://s", context: "prod")[0]
  }

  private func save(_ verdict: Verdict, at seconds: Double, stage: JudgementStage = .final) throws {
    _ = try ledger.save(
      Submission(
        caseID: item.id, seen: Sample.seen(item, propensity: 0.25),
        statements: [Sample.judgement(verdict, stage: stage)]),
      to: stream.id, stamp: Sample.stamp(seconds))
  }

  private func walk(
    _ context: RawText = "prod", since: Timestamp? = nil, until: Timestamp? = nil, withInputs: Bool = false
  ) throws -> [LedgerJudgedCase] {
    try ledger.withEvents { events in
      var found: [LedgerJudgedCase] = []
      try events.forEachJudged(
        context: context, analyst: "me", since: since, until: until, withInputs: withInputs
      ) { item in
        found.append(item)
        return true
      }
      return found
    }
  }

  /// A colleague's stream of these bodies, as a collector brings it.
  private func colleague(_ name: RawText, _ device: UInt8, _ bodies: [EventBody]) throws -> [Event] {
    let drafts = bodies.enumerated().map { index, body in
      EventDraft(eventID: EventID(at: body.stamp.at, random: UInt64(device) * 100 + UInt64(index)), body: body)
    }
    return try Chain.seal(
      drafts, stream: try #require(StreamID(bytes: [UInt8](repeating: device, count: 16))), after: .empty)
  }

  private func seenBody(_ name: RawText, of item: Case, at seconds: Double) throws -> EventBody {
    EventBody(
      stamp: Sample.stamp(seconds, analyst: name), caseID: item.id, payload: .seen(Sample.seen(item, propensity: 0.5)))
  }

  @Test("one's own judgement comes with what was seen, under the name that one has now")
  func own() throws {
    try save(.agree, at: 1)
    let found = try #require(try walk().first)
    #expect(found.isHere && found.judged.caseID == item.id)
    let opinion = try #require(found.judged.judgements.first)
    #expect(opinion.analyst == "me" && opinion.body.judgement.verdict == .agree)
    #expect(opinion.view?.model == ModelID("wine", version: "3") && opinion.view?.answer == "red")
    #expect(opinion.view?.queue?.propensity == 0.25 && opinion.view?.probability == 0.75)
    #expect(opinion.view?.opposite == "white")
    #expect(try walk("other").isEmpty)
    #expect(try walk(since: Sample.start.advanced(bySeconds: 2)).isEmpty)
    #expect(try walk(until: Sample.start.advanced(bySeconds: 1)).isEmpty)
    #expect(try walk(since: Sample.start, until: Sample.start.advanced(bySeconds: 2)).count == 1)
  }

  @Test(
    "a judgement whose view was taken out is on the answer that the case has: of two classes the other one is known")
  func withoutView() throws {
    try save(.disagree, at: 1)
    let stands = { try walk().flatMap { $0.judged.judgements.map(\.stand) } }
    let before = try stands()
    let seen = try #require(try ledger.events(about: item.id, kind: .seen).first)
    try ledger.redact(seen.eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try stands() == before && before == [.label("white")])
  }

  @Test("a case comes with what was decided of it last, in its context; a decision withdrawn or unreadable is none")
  func decided() throws {
    func put(_ id: RawText, _ body: [UInt8], context: RawText = "prod", at seconds: Double) throws {
      let decision = InboxItem(
        id: id, kind: InboxKind.adjudication.text, name: RawText(item.id.hex), body: body,
        publishedAt: Sample.start.advanced(bySeconds: seconds), receivedAt: Sample.start)
      try ledger.putInbox([decision], context: context)
    }
    func decision(_ label: RawText) throws -> [UInt8] {
      try Adjudication(caseID: item.id, label: label).canonicalBytes()
    }
    try save(.agree, at: 1)
    #expect(try walk().first?.judged.decision == nil)
    try put("a", try decision("red"), at: 2)
    try put("b", try decision("white"), at: 3)
    try put("c", try decision("rose"), context: "lab", at: 4)
    #expect(try walk().first?.judged.decision == .label("white"))
    try put("d", Array("{".utf8), at: 5)
    #expect(try walk().first?.judged.decision == nil)
    try put("e", try decision("white"), at: 6)
    #expect(try walk().first?.judged.decision == .label("white"))
    try put("f", [], at: 7)
    #expect(try walk().first?.judged.decision == nil)
  }

  @Test("records that versions of a model answered are compared by what was said of any of their cases")
  func versions() throws {
    // Two records, each answered by two versions; the older one's answer to the second is wrong.
    var others = (1...2).map { Sample.newCase($0, version: "4") }
    others[1].prediction.answer = .classes([ClassScore(label: "white", probability: 0.9)], chosen: 0)
    let older = Sample.newCase(2)
    try ledger.store(others + [older, Sample.newCase(3)], service: "http://s", context: "prod")
    try save(.agree, at: 1)
    _ = try ledger.save(
      Submission(caseID: others[1].id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(2))
    func compared(_ query: FeedbackQuery) throws -> [AnswerComparison] {
      try ledger.withEvents { events in
        var tally = FeedbackTally(query)
        tally.shared = try events.sharedRecords(context: "prod", model: query.model)
        try events.forEachJudged(context: "prod", analyst: "me") { item in
          tally.add(item.judged)
          return true
        }
        return tally.finished.comparisons
      }
    }
    let found = try #require(try compared(FeedbackQuery()).first)
    #expect(found.model == "wine" && found.first == "3" && found.second == "4")
    #expect(found.records == 2 && found.bothRight == 1 && found.onlyFirst == 0 && found.onlySecond == 1)
    #expect(try compared(FeedbackQuery(model: "wine", version: "4")) == [found])
    #expect(try compared(FeedbackQuery(model: "wine", version: "5")).isEmpty)
    #expect(try compared(FeedbackQuery(model: "beer")).isEmpty)
    // Where the cases of a record are judged differently, nothing is known of it.
    _ = try ledger.save(
      Submission(
        caseID: older.id, statements: [.judgement(JudgementBody(Judgement(verdict: .agree)))]),
      to: stream.id, stamp: Sample.stamp(3))
    #expect(try compared(FeedbackQuery()).first?.records == 1)
  }

  @Test("a decision of an analyst's is the truth where it is newer than the researchers', until it is taken back")
  func decidedByAnalysts() throws {
    func publish(_ id: RawText, _ label: RawText, at seconds: Double) throws {
      try ledger.putInbox(
        [
          InboxItem(
            id: id, kind: InboxKind.adjudication.text, name: RawText(item.id.hex),
            body: try Adjudication(caseID: item.id, label: label).canonicalBytes(),
            publishedAt: Sample.start.advanced(bySeconds: seconds), receivedAt: Sample.start)
        ], context: "prod")
    }
    try save(.agree, at: 1)
    try publish("a", "red", at: 2)
    let judged = try #require(try ledger.standing(of: item.id).first)
    try ledger.put(JudgementDraft(caseID: item.id, judgement: Judgement(note: "wait"), savedAt: Sample.start))
    let saved = try ledger.save(
      Submission(
        caseID: item.id, statements: [.decision(DecisionBody(label: "white"))], isOfDraft: false,
        judgements: [EventReference(.adjudicates, judged.eventID, hash: judged.hash)]), to: stream.id,
      stamp: Sample.stamp(3))
    #expect(saved.events.map(\.kind) == [.adjudicate])
    #expect(try saved.events[0].decoded().targets(.adjudicates) == [judged.eventID])
    #expect(try ledger.draft(of: item.id)?.judgement.note == "wait")
    #expect(try walk().first?.judged.decision == .label("white"))
    #expect(try walk().first?.judged.judgements.count == 1)
    // A colleague's counts in its context alone, and the researchers' last word does.
    let theirs = EventBody(
      stamp: Sample.stamp(4, analyst: "brent"), caseID: item.id, payload: .adjudicate(DecisionBody(label: "rose")))
    try ledger.importEvents(try colleague("brent", 9, [theirs]), context: "prod")
    #expect(try walk().first?.judged.decision == .label("rose"))
    try publish("b", "red", at: 5)
    #expect(try walk().first?.judged.decision == .label("red"))
    // Said again, it is an amendment; taken back, what stood before stands again.
    let again = try ledger.save(
      Submission(caseID: item.id, statements: [.decision(DecisionBody(label: "white"))]), to: stream.id,
      stamp: Sample.stamp(6))
    #expect(again.events.map(\.kind) == [.amend])
    #expect(try walk().first?.judged.decision == .label("white"))
    try ledger.undo(in: stream.id, stamp: Sample.stamp(7))
    #expect(try walk().first?.judged.decision == .label("red"))
    #expect(try ledger.verify().fault == nil)
  }

  @Test("an amendment stands for what it replaced, a retraction leaves nothing, a redo keeps what was seen")
  func changes() throws {
    try save(.agree, at: 1)
    try save(.disagree, at: 2)
    #expect(try walk().first?.judged.judgements.map(\.body.judgement.verdict) == [.disagree])
    try ledger.undo(in: stream.id, stamp: Sample.stamp(3))
    #expect(try walk().first?.judged.judgements.map(\.body.judgement.verdict) == [.agree])
    try ledger.undo(in: stream.id, stamp: Sample.stamp(4))
    #expect(try walk().isEmpty)
    try ledger.redo(in: stream.id, stamp: Sample.stamp(5))
    let again = try #require(try walk().first?.judged.judgements.first)
    #expect(again.body.judgement.verdict == .agree && again.view?.queue?.propensity == 0.25)
  }

  @Test("what the record held comes where it is asked for")
  func inputs() throws {
    var seen = Sample.seen(item)
    seen.fields = [SeenField(name: "x", tensor: 0, offset: 1), SeenField(name: "t", tensor: 1, offset: 0)]
    _ = try ledger.save(
      Submission(caseID: item.id, seen: seen, statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(1))
    #expect(try walk().first?.judged.view?.inputs == [])
    let inputs = try walk(withInputs: true).first?.judged.view?.inputs
    #expect(inputs == [.init(name: "x", number: -0.5, text: "-0.5"), .init(name: "t", text: "some text")])
  }

  @Test("both answers of a blind review come, the first before the last")
  func blind() throws {
    try save(.disagree, at: 1, stage: .initial)
    try save(.agree, at: 2)
    let judged = try #require(try walk().first?.judged)
    #expect(judged.judgements.map(\.body.stage).sorted { $0.rawValue > $1.rawValue } == [.initial, .final])
    #expect(judged.lastWords.map(\.body.judgement.verdict) == [.agree])
    #expect(judged.blindWords.map(\.body.judgement.verdict) == [.disagree])
  }

  @Test("whose last word was removed has not judged: the answer from before the model's was shown is not the last word")
  func redactedLastWord() throws {
    try save(.disagree, at: 1, stage: .initial)
    #expect(try walk().first?.judged.lastWords.map(\.body.judgement.verdict) == [.disagree])
    let final = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.agree, note: "a name")]), to: stream.id,
      stamp: Sample.stamp(2))
    try ledger.redact(#require(final.events.last).eventID, reason: "a name", stamp: Sample.stamp(3))
    #expect(try walk().isEmpty)
    // What stood before it was said is known, what it said is not.
    #expect(try walk(until: Sample.start.advanced(bySeconds: 2)).count == 1)
    // Nobody else's word goes with it.
    let theirs = EventBody(
      stamp: Sample.stamp(4, analyst: "ben"), caseID: item.id,
      payload: Sample.judgement(.unsure, stage: .initial).payload)
    try ledger.importEvents(colleague("ben", 7, [theirs]), context: "prod")
    #expect(try walk().flatMap(\.judged.judgements).map(\.analyst) == ["ben"])
    try save(.agree, at: 5)
    #expect(try walk().flatMap(\.judged.lastWords).map(\.body.judgement.verdict) == [.unsure, .agree])
  }

  @Test("as of a moment is what was the last word then, and a period has the words that came before the last one")
  func periods() throws {
    func verdicts(since: Double? = nil, until: Double? = nil) throws -> [[Verdict?]] {
      let judged = try walk(
        since: since.map { Sample.start.advanced(bySeconds: $0) },
        until: until.map { Sample.start.advanced(bySeconds: $0) }
      ).map(\.judged)
      return judged.map { $0.blindWords.map(\.body.judgement.verdict) + $0.lastWords.map(\.body.judgement.verdict) }
    }
    try save(.disagree, at: 1, stage: .initial)
    try save(.unsure, at: 10)
    try save(.agree, at: 20)
    #expect(try verdicts() == [[.disagree, .agree]])
    #expect(try verdicts(until: 15) == [[.disagree, .unsure]])
    #expect(try verdicts(until: 5) == [[.disagree, .disagree]])
    #expect(try verdicts(until: 1).isEmpty)
    #expect(try verdicts(since: 15) == [[.disagree, .agree]])
    #expect(try verdicts(since: 15, until: 18).isEmpty)
    #expect(try verdicts(since: 5, until: 15) == [[.disagree, .unsure]])
    #expect(try verdicts(since: 21).isEmpty)
    // What was taken back later stood then.
    try ledger.undo(in: stream.id, stamp: Sample.stamp(30))
    try ledger.undo(in: stream.id, stamp: Sample.stamp(31))
    try ledger.undo(in: stream.id, stamp: Sample.stamp(32))
    #expect(try verdicts().isEmpty)
    #expect(try verdicts(until: 25) == [[.disagree, .agree]])
    let then = try #require(try walk(until: Sample.start.advanced(bySeconds: 25)).first)
    #expect(then.isHere && then.judged.judgements.allSatisfy { $0.view?.queue?.propensity == 0.25 })
  }

  @Test("a colleague's judgement stands beside one's own, also of a case that is not here")
  func colleagues() throws {
    try save(.agree, at: 1)
    let other = Sample.newCase(2)
    let seen = try seenBody("ben", of: other, at: 3)
    let view = EventID(at: seen.stamp.at, random: 700)
    let judgement = EventBody(
      stamp: Sample.stamp(4, analyst: "ben"), caseID: other.id, references: [EventReference(.seen, view)],
      payload: Sample.judgement(.disagree).payload)
    let blind = EventBody(
      stamp: Sample.stamp(5, analyst: "ben"), caseID: item.id, payload: Sample.judgement(.disagree).payload)
    #expect(try ledger.importEvents(colleague("ben", 7, [seen, judgement, blind]), context: "prod") == 3)
    let found = try walk()
    #expect(found.count == 2)
    let there = try #require(found.first { $0.judged.caseID == other.id })
    #expect(!there.isHere && there.judged.judgements.first?.view?.queue?.propensity == 0.5)
    #expect(there.judged.judgements.first?.analyst == "ben")
    // Nobody kept what ben saw of the other case; the ledger has the case itself.
    let here = try #require(found.first { $0.judged.caseID == item.id })
    #expect(here.judged.judgements.map(\.analyst).sorted() == ["ben", "me"])
    #expect(here.judged.judgements.allSatisfy { $0.view?.answer == "red" })
    #expect(try walk("other").isEmpty)
  }

  @Test("one analyst's two devices are one voice, and that they differ is told")
  func devices() throws {
    for (device, verdict) in [(UInt8(8), Verdict.agree), (9, .disagree)] {
      let body = EventBody(
        stamp: Sample.stamp(Double(device), analyst: "ben"), caseID: item.id,
        payload: Sample.judgement(verdict).payload)
      try ledger.importEvents(colleague("ben", device, [body]), context: "prod")
    }
    let judgements = try #require(try walk().first?.judged.judgements)
    #expect(judgements.count == 1 && judgements[0].hasAlternatives)
    #expect(judgements[0].body.judgement.verdict == .disagree)
  }

  @Test("a redacted judgement says nothing and is counted; without its view the ledger's own case answers")
  func redacted() throws {
    try save(.agree, at: 1)
    let events = try ledger.events(of: stream.id, limit: 10)
    let seen = try #require(events.first { $0.kind == .seen })
    let judgement = try #require(events.first { $0.kind == .judgement })
    try ledger.redact(seen.eventID, reason: "marked", stamp: Sample.stamp(2))
    let view = try #require(try walk().first?.judged.judgements.first?.view)
    #expect(view.answer == "red" && view.probability == 0.75 && view.queue == nil)
    func count() throws -> Int { try ledger.withEvents { try $0.redactedJudgements(context: "prod") } }
    #expect(try count() == 0)
    try ledger.redact(judgement.eventID, reason: "marked", stamp: Sample.stamp(3))
    #expect(try walk().isEmpty)
    #expect(try count() == 1)
    #expect(try ledger.withEvents { try $0.redactedJudgements(context: "other") } == 0)
  }

  @Test("a redacted judgement is counted for the model of its case, and for none where nothing here tells that")
  func redactedOfModel() throws {
    try save(.agree, at: 1)
    let other = try ledger.store([Sample.newCase(2, model: "cargo")], service: "http://s", context: "prod")[0]
    let unknown = Sample.newCase(3, model: "gone")
    let colleagues = try colleague(
      "ben", 7,
      [seenBody("ben", of: other, at: 2)]
        + [other, unknown].map { item in
          EventBody(
            stamp: Sample.stamp(3, analyst: "ben"), caseID: item.id, payload: Sample.judgement(.agree).payload)
        })
    try ledger.importEvents(
      colleagues.map { event in
        var event = event
        if event.kind == .judgement { event.body = nil }
        return event
      }, context: "prod")
    let own = try #require(try ledger.events(of: stream.id, limit: 10).first { $0.kind == .judgement })
    try ledger.redact(own.eventID, reason: "marked", stamp: Sample.stamp(3))
    func count(_ query: FeedbackQuery) throws -> Int {
      try ledger.withEvents { try $0.redactedJudgements(context: "prod", of: query) }
    }
    let all = try count(FeedbackQuery())
    #expect(try count(FeedbackQuery(model: "wine")) == 1)
    #expect(try count(FeedbackQuery(model: "wine", version: "3")) == 1)
    #expect(try count(FeedbackQuery(model: "wine", version: "2")) == 0)
    #expect(try count(FeedbackQuery(model: "cargo")) == 1)
    #expect(try count(FeedbackQuery(model: "gone")) == 0)
    #expect(try count(FeedbackQuery(model: "nosuch")) == 0)
    #expect(all == 3)
  }

  @Test("a flag that was changed and then redacted is no redacted judgement; a judgement that was changed is one")
  func redactedChanges() throws {
    try save(.agree, at: 1)
    let changes = [
      Amendment(.flag(FlagBody(isRaised: false))),
      Amendment(.judgement(JudgementBody(Judgement(verdict: .unsure)))),
    ]
    for (number, change) in changes.enumerated() {
      let caseID = try #require(try ledger.events(of: stream.id, limit: 10).first { $0.kind == .judgement }?.caseID)
      let said = try ledger.append(
        [EventBody(stamp: Sample.stamp(Double(2 + number)), caseID: caseID, payload: .amend(change))], to: stream.id)
      try ledger.redact(try #require(said.first).eventID, reason: "a name", stamp: Sample.stamp(9))
      #expect(try ledger.withEvents { try $0.redactedJudgements(context: "prod") } == number)
    }
  }

  @Test("a walk ends where it is told to, and a cancelled study reads no further")
  func ends() async throws {
    try save(.agree, at: 1)
    let second = try ledger.store([Sample.newCase(2)], service: "http://s", context: "prod")[0]
    _ = try ledger.save(
      Submission(caseID: second.id, seen: Sample.seen(second), statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(2))
    let worker = LedgerWorker(ledger)
    let count = try await worker.study { events, isWanted in
      var count = 0
      try events.forEachJudged(context: "prod", analyst: "me") { _ in
        count += 1
        return !isWanted()
      }
      return count
    }
    #expect(count == 1)
    worker.close()
    await #expect(throws: LedgerError.closed) { try await worker.study { _, _ in 0 } }
  }

  @Test("what is saved does not wait for a study that reads")
  func beside() async throws {
    let worker = LedgerWorker(ledger)
    try await worker.study { [item, stream] events, _ in
      // In the middle of reading: on the same thread this would wait for ever.
      let done = DispatchSemaphore(value: 0)
      worker.submit { ledger throws(LedgerError) in
        _ = try ledger.save(
          Submission(caseID: item.id, seen: nil, statements: [Sample.judgement(.agree)]), to: stream.id,
          stamp: Sample.stamp(1))
        done.signal()
      } failed: { _ in
        done.signal()
      }
      done.wait()
      #expect(try worker.ledger.standing(of: item.id).count == 1)
      // The study sees the ledger as it was when it first read, whole.
      try events.forEachJudged(context: "prod", analyst: "me") { _ in true }
    }
    #expect(try walk().count == 1)
  }
}
