import Domain
import Feedback
import Testing

@Suite("Undo and redo")
struct UndoHistoryTests {
  private let agree = Statement.judgement(JudgementBody(Judgement(verdict: .agree)))
  private let disagree = Statement.judgement(JudgementBody(Judgement(verdict: .disagree)))

  private func save(_ statements: [Statement], to log: inout Log) throws -> [Event] {
    var number = 1000 + log.events.count * 10
    let drafts = Submission(caseID: Sample.caseID, seen: Sample.seen, statements: statements).drafts(
      stamp: Sample.stamp(Double(log.events.count)), own: Fold.standing(log.events), view: nil
    ) {
      number += 1
      return Sample.eventID(number)
    }
    return try log.add(drafts)
  }

  private func undo(_ log: inout Log) throws {
    let step = try #require(UndoHistory(log.events).nextUndo)
    let ids = (0..<step.undoCount).map { Sample.eventID(50_000 + log.events.count * 10 + $0) }
    _ = try log.add(step.undo(stamp: Sample.stamp(Double(log.events.count)), eventIDs: ids))
  }

  private func redo(_ log: inout Log) throws {
    let step = try #require(UndoHistory(log.events).nextRedo)
    let ids = (0..<step.redoCount).map { Sample.eventID(90_000 + log.events.count * 10 + $0) }
    _ = try log.add(step.redo(stamp: Sample.stamp(Double(log.events.count)), eventIDs: ids))
  }

  private func verdict(_ log: Log) -> Verdict? {
    Fold.standing(log.events).first { $0.judgement != nil }?.judgement?.judgement.verdict
  }

  @Test("a judgement with its marks goes and comes back as one")
  func together() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    _ = try save([agree, mark], to: &log)
    #expect(Fold.standing(log.events).count == 2)
    try undo(&log)
    #expect(Fold.standing(log.events).isEmpty)
    #expect(UndoHistory(log.events).nextUndo == nil)
    try redo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [agree, mark])
    #expect(UndoHistory(log.events).nextRedo == nil)
    try undo(&log)
    #expect(Fold.standing(log.events).isEmpty)
  }

  @Test("steps go back one by one and forward again, as often as one likes")
  func steps() throws {
    var log = Log()
    _ = try save([agree], to: &log)
    _ = try save([disagree], to: &log)
    #expect(log.events.last?.kind == .amend)
    for _ in 0..<3 {
      #expect(verdict(log) == .disagree)
      try undo(&log)
      #expect(verdict(log) == .agree)
      try undo(&log)
      #expect(verdict(log) == nil)
      #expect(UndoHistory(log.events).nextUndo == nil)
      try redo(&log)
      #expect(verdict(log) == .agree)
      try redo(&log)
    }
    #expect(verdict(log) == .disagree)
    #expect(Chain.verify(log.events, stream: log.stream) == nil)
  }

  @Test("a new word after an undo makes the undone a thing of the past")
  func past() throws {
    var log = Log()
    _ = try save([agree], to: &log)
    try undo(&log)
    _ = try save([disagree], to: &log)
    #expect(UndoHistory(log.events).nextRedo == nil)
    #expect(verdict(log) == .disagree)
  }

  @Test("says what it would undo")
  func text() throws {
    var log = Log()
    _ = try save([disagree], to: &log)
    #expect(UndoHistory(log.events).nextUndo?.text == "#2 judgement disagree")
  }

  @Test("a submission names what was seen, and repeats neither the view nor an unchanged mark")
  func submission() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    let first = try save([agree, mark], to: &log)
    #expect(first.map(\.kind) == [.seen, .judgement, .mark])
    #expect(try first[1].decoded().targets(.seen) == [first[0].eventID])
    let drafts = Submission(caseID: Sample.caseID, seen: Sample.seen, statements: [disagree, mark]).drafts(
      stamp: Sample.stamp(9), own: Fold.standing(log.events), view: EventReference(.seen, first[0])
    ) { Sample.eventID(77) }
    #expect(drafts.map(\.body.kind) == [.amend])
  }

  @Test("marks that were known and taken off are taken back; one that was made meanwhile stays")
  func dropped() throws {
    var log = Log()
    let mark = { (target: RawText) in
      Statement.mark(MarkBody(Mark(kind: .spurious, target: target), explainer: ModelID("s")))
    }
    _ = try save([agree, mark("age"), mark("job"), mark("pay")], to: &log)
    var submission = Submission(
      caseID: Sample.caseID, statements: [disagree, mark("job")],
      knownMarks: [Mark(kind: .spurious, target: "age"), Mark(kind: .spurious, target: "job")])
    var number = 300
    let drafts = submission.drafts(stamp: Sample.stamp(9), own: Fold.standing(log.events), view: nil) {
      number += 1
      return Sample.eventID(number)
    }
    #expect(drafts.map(\.body.kind) == [.amend, .retract])
    _ = try log.add(drafts)
    #expect(Fold.standing(log.events).map(\.statement) == [disagree, mark("job"), mark("pay")])
    submission.knownMarks = []
    #expect(
      submission.drafts(stamp: Sample.stamp(9), own: [], view: nil) { Sample.eventID(400) }.map(\.body.kind)
        == [.judgement, .mark])
  }

  @Test("an undo brings back the marks that the same key had taken off, a redo takes them off again")
  func droppedAndBack() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    _ = try save([agree, mark], to: &log)
    var number = 300
    let submission = Submission(
      caseID: Sample.caseID, statements: [disagree], knownMarks: [Mark(kind: .spurious, target: "age")])
    _ = try log.add(
      submission.drafts(stamp: Sample.stamp(9), own: Fold.standing(log.events), view: nil) {
        number += 1
        return Sample.eventID(number)
      })
    for _ in 0..<3 {
      #expect(Fold.standing(log.events).map(\.statement) == [disagree])
      try undo(&log)
      #expect(Fold.standing(log.events).map(\.statement) == [agree, mark])
      try undo(&log)
      #expect(Fold.standing(log.events).isEmpty)
      #expect(UndoHistory(log.events).nextUndo == nil)
      try redo(&log)
      #expect(Fold.standing(log.events).map(\.statement) == [agree, mark])
      try redo(&log)
    }
    #expect(Fold.standing(log.events).map(\.statement) == [disagree])
    #expect(UndoHistory(log.events).nextRedo == nil)
    #expect(Chain.verify(log.events, stream: log.stream) == nil)
  }
}
