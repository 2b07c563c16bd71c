import Domain
import Feedback
import Testing

@Suite("Undo and redo")
struct UndoHistoryTests {
  private let agree = Statement.judgement(JudgementBody(Judgement(verdict: .agree)))
  private let disagree = Statement.judgement(JudgementBody(Judgement(verdict: .disagree)))

  /// Saves, with marks that were known and are taken off where they are not said again.
  private func save(_ statements: [Statement], known: Set<Mark> = [], to log: inout Log) throws -> [Event] {
    var number = 1000 + log.events.count * 10
    let known = known.map { mark in
      var mark = mark
      mark.explainer = mark.explainer ?? ModelID("s")
      return mark
    }
    let submission = Submission(
      caseID: Sample.caseID, seen: Sample.seen, statements: statements, knownMarks: Set(known))
    return try log.add(
      submission.drafts(stamp: Sample.stamp(Double(log.events.count)), own: Fold.standing(log.events), log) {
        number += 1
        return Sample.eventID(number)
      })
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
    let mark = Mark(kind: .spurious, target: "the", occurrence: .init(2, of: 3))
    _ = try save([.mark(MarkBody(mark, explainer: ModelID("s")))], to: &log)
    #expect(UndoHistory(log.events).nextUndo?.text == "#4 mark spurious on the (2nd of 3)")
  }

  @Test("a submission names what was seen, and repeats neither the view nor an unchanged mark")
  func submission() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    let first = try save([agree, mark], to: &log)
    #expect(first.map(\.kind) == [.seen, .judgement, .mark])
    #expect(try first[1].decoded().targets(.seen) == [first[0].eventID])
    let drafts = Submission(caseID: Sample.caseID, seen: Sample.seen, statements: [disagree, mark]).drafts(
      stamp: Sample.stamp(9), own: Fold.standing(log.events), view: EventReference(.seen, first[0]), log
    ) { Sample.eventID(77) }
    #expect(drafts.map(\.body.kind) == [.amend])
  }

  @Test("where nothing is said anew nothing is appended, not even what was seen")
  func nothingNew() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    _ = try save([mark], to: &log)
    #expect(try save([mark], known: [Mark(kind: .spurious, target: "age")], to: &log).isEmpty)
    #expect(try save([], to: &log).isEmpty)
  }

  @Test("a mark of another explainer on the same part stays: it was not the one that was known")
  func otherExplainer() throws {
    var log = Log()
    let mark = { (explainer: RawText) in
      Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID(explainer)))
    }
    _ = try save([mark("s")], to: &log)
    _ = try save([mark("other")], to: &log)
    _ = try save([agree], known: [Mark(kind: .spurious, target: "age", explainer: ModelID("s"))], to: &log)
    #expect(Set(Fold.standing(log.events).map(\.statement)) == [agree, mark("other")])
  }

  @Test("a decision that comes back names the judgements again that it decided between")
  func decision() throws {
    var log = Log()
    let first = try log.add(agree.payload)
    let submission = Submission(
      caseID: Sample.caseID, statements: [.decision(DecisionBody(label: "1"))],
      judgements: [EventReference(.adjudicates, first)])
    let drafts = submission.drafts(stamp: Sample.stamp(5), own: [], log) { Sample.eventID(700) }
    _ = try log.add(drafts)
    try undo(&log)
    try redo(&log)
    #expect(try #require(log.events.last).decoded().targets(.adjudicates) == [first.eventID])
  }

  @Test("what nothing stands of any more is not offered: to bring it back would put it over what stands")
  func superseded() throws {
    var log = Log()
    _ = try save([agree], to: &log)
    let history = UndoHistory(log.events)
    #expect(history.nextUndo != nil)
    #expect(history.withoutSuperseded { _ in false }.nextUndo == nil)
    #expect(history.withoutSuperseded { _ in true }.nextUndo == history.nextUndo)
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
      knownMarks: Set(["age", "job"].map { Mark(kind: .spurious, target: $0, explainer: ModelID("s")) }))
    var number = 300
    let drafts = submission.drafts(stamp: Sample.stamp(9), own: Fold.standing(log.events), log) {
      number += 1
      return Sample.eventID(number)
    }
    #expect(drafts.map(\.body.kind) == [.amend, .retract])
    _ = try log.add(drafts)
    #expect(Fold.standing(log.events).map(\.statement) == [disagree, mark("job"), mark("pay")])
    submission.knownMarks = []
    #expect(
      submission.drafts(stamp: Sample.stamp(9), own: [], log) { Sample.eventID(400) }.map(\.body.kind)
        == [.judgement, .mark])
  }

  @Test("an undo brings back the marks that the same key had taken off, a redo takes them off again")
  func droppedAndBack() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    _ = try save([agree, mark], to: &log)
    var number = 300
    let submission = Submission(
      caseID: Sample.caseID, statements: [disagree],
      knownMarks: [Mark(kind: .spurious, target: "age", explainer: ModelID("s"))])
    _ = try log.add(
      submission.drafts(stamp: Sample.stamp(9), own: Fold.standing(log.events), log) {
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

  @Test("a mark that was changed and then taken off is off: the one before does not come back, but by undo")
  func changedAndTakenOff() throws {
    let on = { (kind: MarkKind) in Mark(kind: kind, target: "age") }
    let mark = { (kind: MarkKind) in Statement.mark(MarkBody(on(kind), explainer: ModelID("s"))) }
    // With a verdict beside it, and alone.
    for verdict in [[agree], []] {
      var log = Log()
      _ = try save(verdict + [mark(.spurious)], to: &log)
      _ = try save(verdict + [mark(.wrongSign)], known: [on(.spurious)], to: &log)
      _ = try save(verdict, known: [on(.wrongSign)], to: &log)
      let marks = { (log: Log) in Fold.standing(log.events).map(\.statement).filter { $0.kind == .mark } }
      for _ in 0..<3 {
        #expect(marks(log) == [])
        try undo(&log)
        #expect(marks(log) == [mark(.wrongSign)])
        try undo(&log)
        #expect(marks(log) == [mark(.spurious)])
        try undo(&log)
        #expect(Fold.standing(log.events).isEmpty)
        #expect(UndoHistory(log.events).nextUndo == nil)
        try redo(&log)
        #expect(marks(log) == [mark(.spurious)])
        try redo(&log)
        #expect(marks(log) == [mark(.wrongSign)])
        try redo(&log)
      }
      #expect(marks(log) == [])
      #expect(UndoHistory(log.events).nextRedo == nil)
      #expect(Chain.verify(log.events, stream: log.stream) == nil)
    }
  }

  @Test("taking a mark off is a step of its own: what was said of other things meanwhile stays where it was")
  func takingOffInOrder() throws {
    var log = Log()
    let mark = Statement.mark(MarkBody(Mark(kind: .spurious, target: "age"), explainer: ModelID("s")))
    _ = try save([mark], to: &log)
    _ = try save([disagree], to: &log)
    _ = try save([], known: [Mark(kind: .spurious, target: "age")], to: &log)
    #expect(UndoHistory(log.events).nextUndo?.text == "#6 marks taken off")
    try undo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [disagree, mark])
    try undo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [mark])
    try redo(&log)
    try redo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [disagree])
  }

  @Test("a mark that was undone and said anew, changed and taken off, is off")
  func undoneBetween() throws {
    var log = Log()
    let on = { (kind: MarkKind) in Mark(kind: kind, target: "age") }
    let mark = { (kind: MarkKind) in Statement.mark(MarkBody(on(kind), explainer: ModelID("s"))) }
    _ = try save([mark(.spurious)], to: &log)
    _ = try save([mark(.wrongSign)], known: [on(.spurious)], to: &log)
    try undo(&log)
    _ = try save([mark(.missing)], known: [on(.spurious)], to: &log)
    try undo(&log)
    try redo(&log)
    _ = try save([], known: [on(.missing)], to: &log)
    #expect(Fold.standing(log.events).isEmpty)
    try undo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [mark(.missing)])
    try undo(&log)
    #expect(Fold.standing(log.events).map(\.statement) == [mark(.spurious)])
  }
}

extension Submission {
  /// The events, where a log is all that was said; as a ledger does it, they name the hashes of what they speak of.
  fileprivate func drafts(
    stamp: Stamp, own standing: [Standing], view: EventReference? = nil, _ log: Log, nextID: () -> EventID
  ) -> [EventDraft] {
    var drafts = drafts(
      stamp: stamp, own: standing, view: view, beneath: { Fold.beneath($0, among: log.events) }, nextID: nextID)
    let hashes = Dictionary(log.events.map { ($0.eventID, $0.hash) }) { first, _ in first }
    for draft in drafts.indices {
      for index in drafts[draft].body.references.indices where drafts[draft].body.references[index].hash == nil {
        drafts[draft].body.references[index].hash = hashes[drafts[draft].body.references[index].eventID]
      }
    }
    return drafts
  }
}
