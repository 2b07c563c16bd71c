import Domain
import Feedback
import Ledger
import Testing

@Suite("Saving judgements")
struct SavingTests {
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

  @discardableResult
  private func save(_ statements: Statement..., at seconds: Double = 1) throws -> SavedEvents {
    try ledger.save(
      Submission(caseID: item.id, seen: Sample.seen(item), statements: statements), to: stream.id,
      stamp: Sample.stamp(seconds))
  }

  private func verdict() throws -> Verdict? { try ledger.case(item.id)?.judgements.first?.judgement.verdict }

  @Test("what is said again amends, the same view is kept once, and the case shows the last word")
  func again() throws {
    #expect(try save(Sample.judgement(.agree)).events.map(\.kind) == [.seen, .judgement])
    #expect(try save(Sample.judgement(.disagree), at: 2).events.map(\.kind) == [.amend])
    let judgements = try #require(try ledger.case(item.id)).judgements
    #expect(judgements.map(\.judgement.verdict) == [.disagree])
    #expect(judgements[0].sequence == 4)
    #expect(judgements[0].analyst == "ana")
  }

  @Test("the draft goes with the judgement in one step, and survives until then")
  func drafts() throws {
    let draft = JudgementDraft(
      caseID: item.id, judgement: Judgement(verdict: .unsure, note: "half a sent"),
      marks: [Mark(kind: .missing, target: "x")], savedAt: Sample.start)
    try ledger.put(draft)
    let again = try scratch.open()
    #expect(try again.draft(of: item.id) == draft)
    #expect(try again.drafts() == [draft])
    try save(Sample.judgement(.unsure))
    #expect(try again.draft(of: item.id) == nil)
    try ledger.put(draft)
    try ledger.discardDraft(of: item.id)
    #expect(try again.drafts().isEmpty)
  }

  @Test("a flag leaves the draft, and so do marks without a judgement that words are waiting for")
  func flagLeavesDraft() throws {
    let draft = JudgementDraft(caseID: item.id, judgement: Judgement(note: "half a sent"), savedAt: Sample.start)
    try ledger.put(draft)
    _ = try ledger.save(
      Submission(caseID: item.id, statements: [.flag(FlagBody(isRaised: true))], isOfDraft: false), to: stream.id,
      stamp: Sample.stamp(1))
    #expect(try ledger.draft(of: item.id) == draft)
  }

  @Test("what was done is what is in force: undone it is gone, changed it counts as it is now, a case counts once")
  func done() throws {
    func done() throws -> [Verdict?] {
      try ledger.ownOpinions(context: "prod", newest: 10).map(\.body.judgement.verdict)
    }
    try save(Sample.judgement(.agree, stage: .initial))
    #expect(try done() == [.agree])
    try save(Sample.judgement(.disagree), at: 2)
    #expect(try done() == [.disagree])
    try save(Sample.judgement(.unsure), at: 3)
    #expect(try done() == [.unsure])
    try ledger.undo(in: stream.id, stamp: Sample.stamp(4))
    try ledger.undo(in: stream.id, stamp: Sample.stamp(5))
    #expect(try done() == [.agree])
    try ledger.undo(in: stream.id, stamp: Sample.stamp(6))
    #expect(try done() == [])
    #expect(try ledger.ownOpinions(context: "other", newest: 10).isEmpty)
  }

  @Test("undo and redo go on after a restart")
  func undo() throws {
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "x"), explainer: ModelID("shap")))
    try save(Sample.judgement(.agree), mark)
    try save(Sample.judgement(.disagree), at: 2)
    try ledger.close()
    let second = try scratch.open()
    #expect(try second.undoHistory(of: stream.id).nextUndo?.text == "#5 judgement disagree")
    #expect(try second.undo(in: stream.id, stamp: Sample.stamp(3)).step.caseID == item.id)
    #expect(try second.case(item.id)?.judgements.map(\.judgement.verdict) == [.agree])
    try second.undo(in: stream.id, stamp: Sample.stamp(4))
    #expect(try second.standing(of: item.id).isEmpty)
    #expect(throws: LedgerError.nothingToUndo) { try second.undo(in: stream.id, stamp: Sample.stamp(5)) }
    try second.close()
    let third = try scratch.open()
    try third.redo(in: stream.id, stamp: Sample.stamp(6))
    #expect(try third.standing(of: item.id).count == 2)
    try third.redo(in: stream.id, stamp: Sample.stamp(7))
    #expect(try third.case(item.id)?.judgements.map(\.judgement.verdict) == [.disagree])
    #expect(throws: LedgerError.nothingToRedo) { try third.redo(in: stream.id, stamp: Sample.stamp(8)) }
    #expect(try third.verify().fault == nil)
  }

  @Test("a mark that two devices changed is off where it is taken off, on both; undo brings the last one back")
  func marksOfTwoDevices() throws {
    func mark(_ kind: MarkKind) -> Statement {
      .mark(MarkBody(Mark(kind: kind, target: "x"), explainer: ModelID("shap")))
    }
    func standing(_ ledger: Ledger) throws -> [Statement] { try ledger.standing(of: item.id).map(\.statement) }
    let phone = try Ledger(path: scratch.path + ".phone")
    let other = try phone.stream(for: "prod", stamp: Sample.stamp())
    func bring(_ from: Ledger, _ stream: LedgerStream, to ledger: Ledger) throws {
      try ledger.importEvents(from.events(of: stream.id, limit: 99), context: "prod")
    }
    try save(mark(.spurious))
    try bring(ledger, stream, to: phone)
    for (seconds, kind) in [(2.0, MarkKind.wrongSign), (3, .missing)] {
      let submission = Submission(caseID: item.id, statements: [mark(kind)])
      _ = try phone.save(submission, to: other.id, stamp: Sample.stamp(seconds))
    }
    try bring(phone, other, to: ledger)
    #expect(try standing(ledger) == [mark(.missing)])
    let takingOff = Submission(
      caseID: item.id, seen: Sample.seen(item), statements: [],
      knownMarks: [Mark(kind: .missing, target: "x", explainer: ModelID("shap"))])
    _ = try ledger.save(takingOff, to: stream.id, stamp: Sample.stamp(4))
    try bring(ledger, stream, to: phone)
    #expect(try standing(ledger).isEmpty && standing(phone).isEmpty)
    try ledger.undo(in: stream.id, stamp: Sample.stamp(5))
    try bring(ledger, stream, to: phone)
    #expect(try standing(ledger) == [mark(.missing)])
    #expect(try standing(phone) == [mark(.missing)])
    try ledger.redo(in: stream.id, stamp: Sample.stamp(6))
    #expect(try standing(ledger).isEmpty)
    #expect(try ledger.verify().fault == nil)
    try phone.close()
  }

  @Test("a blind first answer and the final one both stand")
  func stages() throws {
    try save(Sample.judgement(.disagree, stage: .initial))
    try save(Sample.judgement(.agree), at: 2)
    #expect(try ledger.case(item.id)?.judgements.map(\.stage) == [.initial, .final])
  }

  @Test("the projection worked out anew is the one that was kept")
  func rebuild() throws {
    try save(Sample.judgement(.agree), .flag(FlagBody(isRaised: true)), .note("n"))
    try save(Sample.judgement(.disagree), at: 2)
    try ledger.undo(in: stream.id, stamp: Sample.stamp(3))
    let kept = try ledger.standing(of: item.id)
    #expect(kept.count == 3)
    try ledger.rebuildProjection()
    #expect(try ledger.standing(of: item.id) == kept)
  }

  @Test("colleagues' judgements stand beside one's own, and come in once")
  func colleagues() throws {
    try save(Sample.judgement(.agree))
    var generator = SystemRandomNumberGenerator()
    let foreign = StreamID(using: &generator)
    let body = EventBody(
      stamp: Sample.stamp(5, analyst: "ben"), caseID: item.id, payload: Sample.judgement(.disagree).payload)
    let draft = EventDraft(eventID: EventID(at: Sample.start, random: 9), body: body)
    let events = try Chain.seal([draft], stream: foreign, after: .empty)
    #expect(try ledger.importEvents(events, context: "prod") == 1)
    #expect(try ledger.importEvents(events, context: "prod") == 0)
    #expect(try ledger.importEvents(ledger.events(of: stream.id, limit: 9), context: "prod") == 0)
    let judgements = try #require(try ledger.case(item.id)).judgements
    #expect(judgements.map(\.analyst) == ["ana", "ben"])
    #expect(judgements.map(\.sequence) == [3, nil])
    #expect(try ledger.tallies().first?.verdicts == [.agree: 1])
  }

  @Test("undo offers nothing that another device's words have taken the place of, nor what a removal has")
  func supersededUndo() throws {
    try save(Sample.judgement(.agree))
    let own = try #require(try ledger.undoHistory(of: stream.id).nextUndo)
    let phoneScratch = try Scratch()
    let phone = try phoneScratch.open()
    let other = try phone.stream(for: "prod", stamp: Sample.stamp())
    try phone.importEvents(ledger.events(of: stream.id, limit: 9), context: "prod")
    try phone.store([item], service: "prod", context: "prod")
    _ = try phone.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.unsure)]), to: other.id, stamp: Sample.stamp(5))
    #expect(own.head != nil)
    try ledger.importEvents(phone.events(of: other.id, limit: 9), context: "prod")
    #expect(try ledger.standing(of: item.id).map(\.judgement?.judgement.verdict) == [.unsure])
    #expect(try ledger.undoHistory(of: stream.id).nextUndo == nil)
    #expect(throws: LedgerError.nothingToUndo) { try ledger.undo(in: stream.id, stamp: Sample.stamp(6)) }
    try phone.close()
  }

  @Test("the analyst whose stream it is stands in every event")
  func analyst() throws {
    let event = try ledger.append(
      [EventBody(stamp: Sample.stamp(1, analyst: "eve"), payload: .sessionEnd)], to: stream.id)[0]
    #expect(event.analyst == "ana")
  }

  @Test("how often the model was right is counted at about one confidence")
  func trackRecord() throws {
    try save(Sample.judgement(.agree))
    #expect(try ledger.verdicts(on: item.model, context: "prod", confidence: 0.7...0.8) == [.agree: 1])
    #expect(try ledger.verdicts(on: item.model, context: "prod", confidence: 0.8...0.9).isEmpty)
    #expect(try ledger.verdicts(on: item.model, context: "lab", confidence: 0.7...0.8).isEmpty)
    #expect(try ledger.ownJudgements(since: Sample.start).count == 1)
  }
}
