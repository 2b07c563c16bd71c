import Dispatch
import Domain
import Feedback
import Foundation
import Glibc
import Ledger
import Testing
import Workbench

@testable import Operations

@Suite("A workspace")
struct WorkspaceTests {
  static let now = Timestamp(microseconds: 1_795_435_445_000_000)

  /// A case with two explanations, of which only the second names `y`.
  private static func aCase() -> Case {
    let record = Record(tensors: [Tensor(name: "x", datatype: .fp64, shape: [1], elements: .double([1]))])
    let recordID = RecordIdentity.of(record, sourceID: "")
    let model = ModelID("wine", version: "1")
    let explanations = [(RawText("shap"), RawText("x")), ("kernel", "y")].map { explainer, feature in
      Explanation(
        explainer: ModelID(explainer), method: explainer,
        content: .attributions(
          Attributions(
            link: .margin, isExact: true, features: [.init(name: feature, value: "1")],
            classes: [.init(label: "a", base: 0, shares: [0.5])])))
    }
    return Case(
      id: CaseIdentity.of(record: recordID, service: "desk", model: model), recordID: recordID, number: 1, at: now,
      sourceID: "", model: model, record: record,
      prediction: Prediction(
        model: model, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []),
      explanations: explanations)
  }

  /// A workspace whose service is gone, with one case in its ledger.
  func withWorkspace(
    keeping retention: SeenRecord.Retention = .full, _ body: (Workspace, Case, String) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-workspace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ledger.sqlite").path
    var context = Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path)
    context.retention = retention
    let workspace = try Workspace(context)
    let stored = try await workspace.onLedger { ledger throws(LedgerError) in
      try ledger.store([Self.aCase()], service: "desk", context: "desk")
    }
    try await body(workspace, try #require(stored.first), path)
    workspace.close()
  }

  func commit(_ verdict: Verdict, on item: Case, marks: [Mark] = [], seen: [Int] = [0, 1]) -> Commit {
    Commit(
      caseID: item.id, judgement: Judgement(verdict: verdict), marks: marks,
      timing: JudgementBody.Timing(shownAt: Self.now), seenExplanations: seen)
  }

  @Test("quitting waits for the last save while another program has the ledger, and says that it waits")
  func lastSave() async throws {
    try await withWorkspace { workspace, item, path in
      let lock = open(path + ".lock", O_RDWR)
      #expect(flock(lock, LOCK_EX) == 0)
      defer { close(lock) }
      let (actions, posted) = AsyncStream<Action>.makeStream()
      let performer = Performer(workspace) { 0 }
      performer.perform(.commit(commit(.agree, on: item))) { posted.yield($0) }
      var told = actions.makeAsyncIterator()
      #expect(await told.next() == .notified(Message(.notice, "saving: the ledger is not free yet")))
      let unsaved = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: performer.finish { flock(lock, LOCK_UN) }) }
      }
      #expect(unsaved == [])
      guard case .committed(let saved, _, "agree", _) = await told.next(), saved.caseID == item.id else {
        Issue.record("the save was not told")
        return
      }
      let kinds = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.newestEvents(limit: 1).map(\.kind)
      }
      #expect(kinds == [.judgement])
    }
  }

  @Test("a session is dated by its beginning, before what was saved in it")
  func sessionStart() async throws {
    try await withWorkspace { workspace, item, _ in
      workspace.noteSession()
      _ = try await workspace.commit(commit(.agree, on: item))
      let events = try await workspace.onLedger { ledger throws(LedgerError) in try ledger.newestEvents(limit: 3) }
      #expect(events.map(\.kind) == [.judgement, .seen, .sessionStart])
      #expect(events[2].at < events[1].at)
    }
  }

  @Test("a long reading and what is saved do not wait for each other", .timeLimit(.minutes(1)))
  func longReading() async throws {
    try await withWorkspace { workspace, item, _ in
      let isFree = DispatchSemaphore(value: 0)
      workspace.ledgerWork({ _ in }) { _ in isFree.wait() }
      // Where it stood in the line of what is saved, this would not end.
      let found = try await workspace.windowCases(
        of: item.model, from: Self.now, to: Self.now.advanced(bySeconds: 1), feature: nil)
      #expect(found == [item.id])
      isFree.signal()
    }
  }

  @Test("what could not be saved when quitting is told")
  func unsaved() async throws {
    try await withWorkspace { workspace, item, path in
      let lock = open(path + ".lock", O_RDWR)
      #expect(flock(lock, LOCK_EX) == 0)
      defer { close(lock) }
      let performer = Performer(workspace) { 0 }
      var absent = commit(.agree, on: item)
      absent.caseID = .of([9])
      workspace.ledgerWork({ _ in }) { ledger throws(LedgerError) in try ledger.discardDraft(of: item.id) }
      performer.perform(.commit(absent)) { _ in }
      let unsaved = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: performer.finish { flock(lock, LOCK_UN) }) }
      }
      #expect(unsaved.map(\.summary) == ["The case is not in this ledger"])
    }
  }

  @Test("decides between judges who differ, by an event that names each judgement, and the case shows it")
  func decides() async throws {
    try await withWorkspace { workspace, item, path in
      _ = try await workspace.commit(commit(.agree, on: item))
      let order = DecisionOrder(caseID: item.id, decision: DecisionBody(label: "b", note: "asked the lab"))
      await #expect(throws: Problem.self) { try await workspace.decide(order) }
      let elsewhere = path + ".brent"
      let theirs = try Ledger(path: elsewhere)
      let stamp = Stamp(at: Self.now, analyst: "brent")
      let stream = try theirs.stream(for: "desk", stamp: stamp)
      let said = try theirs.append(
        [
          EventBody(
            stamp: stamp, caseID: item.id,
            payload: .judgement(JudgementBody(Judgement(verdict: .disagree, label: "b"))))
        ], to: stream.id)
      try theirs.close()
      try await workspace.onLedger { ledger throws(LedgerError) in _ = try ledger.importEvents(said, context: "desk") }
      let open = try await workspace.content(of: item.id)
      #expect(open.judges.map(\.analyst) == ["ana", "brent"] && open.decision == nil)

      let sequence = try await workspace.decide(order)
      let id = workspace.stream.id
      let event = try #require(
        try await workspace.onLedger { ledger throws(LedgerError) in try ledger.event(of: id, seq: sequence) })
      let body = try event.decoded()
      #expect(event.kind == .adjudicate && body.payload == .adjudicate(order.decision))
      #expect(body.references == open.judges.map(\.reference))
      let decided = try await workspace.content(of: item.id).decision
      #expect(decided == Adjudication(caseID: item.id, label: "b", by: "ana", note: "asked the lab"))
      #expect(Self.undone(try await workspace.undo())?.contains("decided → b") == true)
      #expect(try await workspace.content(of: item.id).decision == nil)
      await #expect(throws: Problem.self) {
        try await workspace.decide(caseNamed: "1", label: "z", value: nil, note: "")
      }
    }
  }

  @Test("a decision is a label of a model that answers with one, and a number of one that answers with a number")
  func fittingDecisions() {
    let (label, number) = (DecisionBody(label: "a"), DecisionBody(value: 1))
    let model = ModelID("wine")
    let classes = Prediction(model: model, answer: .classes([ClassScore(label: "a")], chosen: 0), outputs: [])
    let value = Prediction(model: model, answer: .value(2), outputs: [])
    let opaque = Prediction(model: model, answer: .opaque, outputs: [])
    #expect(Workspace.mismatch(of: label, with: classes) == nil && Workspace.mismatch(of: number, with: value) == nil)
    #expect(Workspace.mismatch(of: number, with: classes)?.summary == "wine answers with a label, not with a number.")
    #expect(Workspace.mismatch(of: label, with: value)?.summary == "wine answers with a number, not with a label.")
    for decision in [label, number] { #expect(Workspace.mismatch(of: decision, with: opaque) == nil) }
  }

  private static func look(_ item: Case, _ pane: RawText, _ milliseconds: Int) -> Look {
    Look(caseID: item.id, panes: [PaneTime(pane: pane, milliseconds: milliseconds)])
  }

  @Test("writes what was looked at without a judgement behind what is saved next, one event a part")
  func looks() async throws {
    try await withWorkspace { workspace, item, _ in
      workspace.noteSession()
      let other = try await workspace.onLedger { ledger throws(LedgerError) in
        var other = Self.aCase()
        other.recordID = RecordIdentity.of(other.record, sourceID: "other")
        other.id = CaseIdentity.of(record: other.recordID, service: "desk", model: other.model)
        return try ledger.store([other], service: "desk", context: "desk")[0]
      }
      workspace.note(Self.look(item, "case", 9000))
      workspace.note(Look(caseID: other.id, panes: ["record", "case"].map { PaneTime(pane: $0, milliseconds: 6000) }))
      _ = try await workspace.commit(commit(.agree, on: item))
      let events = try await workspace.onLedger { [id = workspace.stream.id] ledger throws(LedgerError) in
        try ledger.events(of: id, limit: 100)
      }
      #expect(events.map(\.kind) == [.streamStart, .sessionStart, .seen, .judgement, .view, .view])
      #expect(events.suffix(2).map(\.caseID) == [other.id, other.id])
      #expect(try events.last?.decoded().payload == .view(PaneTime(pane: "case", milliseconds: 6000)))
      // Written once, and a session that begins nothing else begins with it.
      try await workspace.endSession()
      let kinds = try await workspace.onLedger { [id = workspace.stream.id] ledger throws(LedgerError) in
        try ledger.events(of: id, limit: 100).map(\.kind)
      }
      #expect(kinds.suffix(2) == [.view, .sessionEnd])
    }
  }

  @Test("that saved nothing but looked at a case says so when it is left, and one that did not leaves no event")
  func looksAlone() async throws {
    for isLooked in [true, false] {
      try await withWorkspace { workspace, item, _ in
        workspace.noteSession()
        if isLooked { workspace.note(Self.look(item, "case", 9000)) }
        try await workspace.endSession()
        let events = try await workspace.onLedger { [id = workspace.stream.id] ledger throws(LedgerError) in
          try ledger.events(of: id, limit: 100)
        }
        #expect(
          events.map(\.kind)
            == [.streamStart] + (isLooked ? [EventKind.sessionStart, .view, .sessionEnd] : []))
      }
    }
  }

  @Test("that is open when its stream is ended goes on in a new one with the next thing that it saves, and not before")
  func ended() async throws {
    try await withWorkspace { workspace, item, path in
      workspace.noteSession()
      _ = try await workspace.commit(commit(.agree, on: item))
      let old = workspace.stream.id
      let other = try Workspace(workspace.context)
      await #expect(throws: Problem.self) { try await other.endStream(reason: "given back", isConfirmed: false) }
      let end = try await other.endStream(reason: "given back", isConfirmed: true)
      #expect(end.waiting == end.sequence)
      await #expect(throws: Problem.self) { try await other.endStream(reason: "again", isConfirmed: true) }
      #expect(try await workspace.outbox().former.map(\.isListed) == [true])
      other.close()
      // Whoever only opens the ledger begins nothing.
      let third = try Workspace(workspace.context)
      #expect(third.stream.id == old)
      third.close()

      _ = try await workspace.commit(commit(.disagree, on: item))
      let new = workspace.stream.id
      try await workspace.endSession()
      let (before, after) = try await workspace.onLedger { ledger throws(LedgerError) in
        (try ledger.events(of: old, limit: 100), try ledger.events(of: new, limit: 100))
      }
      #expect(before.map(\.kind) == [.streamStart, .sessionStart, .seen, .judgement, .streamEnd])
      #expect(after.map(\.kind) == [.streamStart, .sessionStart, .seen, .amend, .sessionEnd])
      #expect(try await workspace.waitingCount() == 10)
      let outbox = try await workspace.outbox()
      #expect(outbox.former.map(\.waiting) == [5] && outbox.former.first?.reason == "given back")
    }
  }

  @Test("whose stream was ended while it was open leaves no new one behind when it is closed") func endedAndLeft()
    async throws
  {
    try await withWorkspace { workspace, item, path in
      workspace.noteSession()
      _ = try await workspace.commit(commit(.agree, on: item))
      _ = try await workspace.endStream(reason: "given back", isConfirmed: true)
      try await workspace.endSession()
      let streams = try await workspace.onLedger { ledger throws(LedgerError) in try ledger.streams() }
      #expect(streams.count == 1)
    }
  }

  @Test("goes on in the stream that another program on its ledger gave a new identity, and can still undo")
  func fork() async throws {
    try await withWorkspace { workspace, item, path in
      let first = try await workspace.commit(commit(.agree, on: item))
      let old = workspace.stream.id
      let other = try Ledger(path: path)
      let new = try other.fork(old, sharedSeq: 0, reason: "copied", stamp: workspace.stamp())
      try other.close()
      let second = try await workspace.commit(commit(.disagree, on: item))
      #expect(second > first && workspace.stream.id == new.id)
      let events = try await workspace.onLedger { ledger throws(LedgerError) in
        (try ledger.events(of: new.id, limit: 100), try ledger.events(of: old, limit: 100))
      }
      #expect(events.0.map(\.kind).filter(\.isStatement).count == 2)
      #expect(events.1.allSatisfy { $0.seq <= first })
      #expect(Self.undone(try await workspace.undo()) == "undone #\(second) disagree, case \(item.number)")
    }
  }

  @Test("no value of a record is in an event where inputs are not to be kept", arguments: SeenRecord.Retention.allCases)
  func retention(kept: SeenRecord.Retention) async throws {
    try await withWorkspace(keeping: kept) { workspace, item, _ in
      _ = try await workspace.commit(commit(.agree, on: item))
      let events = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .seen)
      }
      guard case .seen(let seen) = try #require(events.first).decoded().payload else {
        Issue.record("nothing was seen")
        return
      }
      #expect(seen.record == (try SeenRecord(item.record, keeping: kept)))
      #expect((seen.record.record != nil) == (kept == .full))
      #expect(seen.explanations.map(\.top.count) == (kept == .full ? [1, 1] : [0, 0]))
      #expect(seen.explanations.allSatisfy { $0.hash != nil })
      #expect(seen.recordID == item.recordID)
    }
  }

  /// A case on a text: its tokens are an explanation's features, and stand in an anchor's predicate.
  static func aText(_ words: [RawText] = ["Quillfeather", "owes", "4711.25"]) -> Case {
    let record = Record(tensors: [
      Tensor(
        name: "text", datatype: .bytes, shape: [1],
        elements: .bytes([RawText(words.map(\.string).joined(separator: " "))]))
    ])
    let recordID = RecordIdentity.of(record, sourceID: "")
    let model = ModelID("letters", version: "1")
    return Case(
      id: CaseIdentity.of(record: recordID, service: "desk", model: model), recordID: recordID, number: 2, at: now,
      sourceID: "", model: model, record: record,
      prediction: Prediction(
        model: model, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []),
      explanations: [
        Explanation(
          explainer: ModelID("shap"), method: "shap",
          content: .attributions(
            Attributions(
              link: .margin, isExact: true, features: words.map { .init(name: $0, value: $0) },
              classes: [.init(label: "a", base: 0, shares: words.indices.map { 0.5 - 0.1 * Double($0) })]))),
        Explanation(
          explainer: ModelID("anchor"), method: "anchor",
          content: .anchor(Anchor(predicates: ["text has Quillfeather"], precision: 0.9, coverage: 0.1))),
      ])
  }

  @Test(
    "no word of a record is in any event where inputs are not to be kept",
    arguments: SeenRecord.Retention.allCases)
  func words(kept: SeenRecord.Retention) async throws {
    try await withWorkspace(keeping: kept) { workspace, _, _ in
      let item = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.store([Self.aText()], service: "desk", context: "desk")[0]
      }
      let marks = [
        Mark(kind: .spurious, target: "Quillfeather"), Mark(kind: .agrees, target: "4711.25"),
        Mark(kind: .missing, target: "text has Quillfeather"), Mark(kind: .missing, target: "Quillfeathers"),
        Mark(kind: nil, target: nil, rating: 4),
      ]
      _ = try await workspace.commit(commit(.agree, on: item, marks: marks))
      _ = try await workspace.reveal(
        Reveal(caseID: item.id, seenExplanations: [0, 1], timing: JudgementBody.Timing()))
      let id = workspace.stream.id
      let events = try await workspace.onLedger { ledger throws(LedgerError) in try ledger.events(of: id, limit: 100) }
      #expect(events.count(where: { $0.kind == .mark }) == 5)
      let told = events.compactMap(\.body).filter { body in
        ["Quillfeather", "4711.25"].contains { Data(body).range(of: Data($0.utf8)) != nil }
      }
      #expect(kept == .full ? told.count > 2 : told.isEmpty)
      // On this machine they are where the analyst set them.
      let shown = try await workspace.content(of: item.id).ownMarks
      #expect(Set(shown.map(\.target)).isSuperset(of: ["Quillfeather", "4711.25", "text has Quillfeather", nil]))
      // Set again, they are the same marks: nothing new is said.
      _ = try await workspace.commit(commit(.agree, on: item, marks: marks))
      let again = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .mark)
      }
      #expect(again.count == 5)
    }
  }

  @Test(
    "a save takes back the marks that its editor knew and has no more, and none that another session made meanwhile")
  func marksOfTwoSessions() async throws {
    try await withWorkspace { workspace, item, path in
      let x = Mark(kind: .spurious, target: "x", explainer: item.explanations[0].explainer)
      let y = Mark(kind: .missing, target: "y", explainer: item.explanations[1].explainer)
      func save(_ marks: [Mark], knowing known: [Mark], in workspace: Workspace) async throws -> Set<Mark> {
        var order = commit(.agree, on: item, marks: marks)
        order.knownMarks = known
        _ = try await workspace.commit(order)
        return Set(try await workspace.content(of: item.id).ownMarks)
      }
      #expect(try await save([x], knowing: [], in: workspace) == [x])
      let other = try Workspace(
        Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path))
      defer { other.close() }
      #expect(try await save([x, y], knowing: [x], in: other) == [x, y])
      // The first session's screen has the case as it was before.
      #expect(try await save([x], knowing: [x], in: workspace) == [x, y])
      #expect(try await save([y], knowing: [x, y], in: workspace) == [y])
    }
  }

  @Test("a mark names the explanation that has its feature, or else the one that was in focus")
  func marks() async throws {
    try await withWorkspace { workspace, item, _ in
      let marks = [
        Mark(kind: .spurious, target: "x"), Mark(kind: .missing, target: "y"), Mark(kind: nil, target: nil, rating: 4),
      ]
      _ = try await workspace.commit(commit(.agree, on: item, marks: marks, seen: [1, 0]))
      let events = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .mark)
      }
      var explainers: [RawText: RawText] = [:]
      for event in events {
        guard case .mark(let body) = try event.decoded().payload else { continue }
        explainers[body.mark.target ?? "whole"] = body.explainer.name
      }
      #expect(explainers == ["x": "shap", "y": "kernel", "whole": "kernel"])

      // Said again with another explanation in focus, a mark is still on its own.
      let again = try await workspace.content(of: item).ownMarks
      #expect(Set(again.compactMap(\.explainer?.name)) == ["shap", "kernel"])
      _ = try await workspace.commit(commit(.agree, on: item, marks: again, seen: [0, 1]))
      let after = try await workspace.content(of: item).ownMarks
      #expect(Set(after) == Set(again))
    }
  }

  @Test("a mark is kept with the class that it was said of, and found again there")
  func classOfAMark() async throws {
    try await withWorkspace { workspace, item, _ in
      var explained = item
      if case .attributions(var attributions) = explained.explanations[0].content {
        attributions.classes.append(.init(label: "b", base: 0, shares: [-0.5]))
        explained.explanations[0].content = .attributions(attributions)
      }
      let stored = [explained]
      _ = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.store(stored, service: "desk", context: "desk")
      }
      let explainer = explained.explanations[0].explainer
      let marks = (["a", "b"] as [RawText]).map { label in
        Mark(kind: .wrongSign, target: "x", explainer: explainer, label: label)
      }
      _ = try await workspace.commit(commit(.agree, on: item, marks: marks))
      let events = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .mark)
      }
      let labels = try events.map { event -> RawText? in
        guard case .mark(let body) = try event.decoded().payload else { return nil }
        return body.label
      }
      #expect(Set(labels) == ["a", "b"])
      #expect(Set(try await workspace.content(of: item.id).ownMarks) == Set(marks))
      var fewer = commit(.agree, on: item, marks: [marks[1]])
      fewer.knownMarks = marks
      _ = try await workspace.commit(fewer)
      #expect(try await workspace.content(of: item.id).ownMarks == [marks[1]])
    }
  }

  @Test("an empty draft that an earlier version left is neither offered nor shown")
  func emptyDraft() async throws {
    try await withWorkspace { workspace, item, _ in
      try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.put(JudgementDraft(caseID: item.id, judgement: Judgement(), savedAt: Self.now))
      }
      #expect(try await workspace.draftedCases().isEmpty)
      #expect(try await workspace.content(of: item.id).draft == nil)
    }
  }

  @Test("a blind queue leaves out a case whose answer was looked at in an earlier session")
  func lookedAtBefore() async throws {
    try await withWorkspace { workspace, item, _ in
      #expect(try await workspace.queue(QueueOrder(isBlind: true)).items.map(\.id) == [item.id])
      workspace.note(Look(caseID: item.id, panes: [PaneTime(pane: "shap", milliseconds: 24_000)]))
      try await workspace.keepLooks()
      #expect(try await workspace.queue(QueueOrder(isBlind: true)).items.isEmpty)
      #expect(try await workspace.queue(QueueOrder()).items.map(\.id) == [item.id])
    }
  }

  @Test("a blind queue leaves out a case whose answer was on screen when the workbench was left, and no other one")
  func shownBefore() async throws {
    try await StubService.withBench { _, send in
      send(StubService.answer)
    } _: { bench, _ in
      bench.type("x")
      await bench.wait { $0.state.infer?.answer.value != nil }
      let shown = try #require(bench.state.infer?.answer.value?.caseID)
      let signature = try #require(bench.state.infer?.signature.value)
      let record = try signature.record(of: [.text("three")])
      let made = try await bench.workspace.score(
        [record], model: ModelID("words"), at: [Machine.now], sourceIDs: [""])
      #expect(try await Set(bench.workspace.queue(QueueOrder(isBlind: true)).items.map(\.id)) == [shown, made[0].id])
      await bench.finish()
      #expect(try await bench.workspace.queue(QueueOrder(isBlind: true)).items.map(\.id) == [made[0].id])
      #expect(try await bench.workspace.queue(QueueOrder()).items.count == 2)
    }
  }
}
