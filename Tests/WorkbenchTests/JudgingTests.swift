import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("Judging a case")
struct JudgingTests {
  static func opened() throws -> (AppState, ShortHash) {
    var state = Stub.listed()
    let content = try Stub.caseContent()
    _ = App.openCase(&state, content.case.id, among: [])
    _ = App.update(&state, .caseArrived(content, milliseconds: 1000))
    return (state, content.case.id)
  }

  static func press(_ state: inout AppState, _ keys: String, from milliseconds: Int = 2000) -> [Effect] {
    var effects: [Effect] = []
    for (index, scalar) in keys.unicodeScalars.enumerated() {
      effects += App.update(&state, .key(.text(scalar), milliseconds: milliseconds + 100 * index))
    }
    return effects
  }

  @Test("d, a digit, c, a digit and s save one judgement with its label, its confidence and how long it took")
  func disagree() throws {
    var (state, id) = try Self.opened()
    let effects = Self.press(&state, "d1c4s")
    guard case .commit(let commit) = effects.last else {
      Issue.record("nothing was saved: \(effects)")
      return
    }
    #expect(commit.caseID == id)
    #expect(commit.judgement == Judgement(verdict: .disagree, label: "class_0", confidence: 4))
    #expect(commit.assistance == .explanation)
    #expect(commit.timing == Stub.timing(first: 1000, active: 1400, on: "Tree SHAP"))
  }

  @Test("each key of a verdict keeps the draft, so that a lost line loses nothing")
  func drafts() throws {
    var (state, id) = try Self.opened()
    let effects = Self.press(&state, "ac3")
    let drafts = effects.compactMap { effect in if case .saveDraft(let draft) = effect { draft } else { nil } }
    #expect(drafts.map(\.caseID) == [id, id])
    #expect(drafts.last?.judgement == Judgement(verdict: .agree, confidence: 3))
  }

  @Test("s without a verdict saves nothing")
  func nothing() throws {
    var (state, _) = try Self.opened()
    #expect(Self.press(&state, "s").isEmpty)
  }

  @Test(
    "a verdict is saved with its own key where that is asked for, a disagreement with its label's, none with Esc",
    arguments: [("a", 1), ("u", 1), ("d", 0), ("d1", 1), ("d\u{1B}", 0), ("x", 0), ("x2", 1), ("aa", 1), ("c4", 0)])
  func savedAtOnce(keys: String, commits: Int) throws {
    var (state, id) = try Self.opened()
    state.savesOnVerdict = true
    var saved: [Commit] = []
    for scalar in keys.unicodeScalars {
      let key = scalar == "\u{1B}" ? Key.escape : .text(scalar)
      for case .commit(let commit) in App.update(&state, .key(key, milliseconds: 2000)) { saved.append(commit) }
    }
    #expect(saved.count == commits)
    #expect(saved.allSatisfy { $0.caseID == id && $0.judgement.verdict != nil })
  }

  @Test("Esc leaves the question what is right as if it had not been asked")
  func unasked() throws {
    var (state, id) = try Self.opened()
    _ = Self.press(&state, "ac3d")
    #expect(state.case?.editor?.draft.judgement.verdict == .disagree)
    _ = App.update(&state, .key(.escape, milliseconds: 3000))
    #expect(state.case?.editor?.draft.judgement == Judgement(verdict: .agree, confidence: 3))
    #expect(state.places.count == 2)

    var (other, _) = try Self.opened()
    _ = Self.press(&other, "d")
    #expect(App.update(&other, .key(.escape, milliseconds: 3000)) == [.discardDraft(id)])
    #expect(other.case?.editor?.draft.judgement.isEmpty == true)
  }

  @Test("Esc keeps the label by which the model's answer was named, for the marked cases that it goes to")
  func unaskedName() throws {
    var (state, _) = try Self.opened()
    let own = try #require(state.case?.case?.prediction.label)
    let digit = try #require(state.case?.editor?.labels.firstIndex(of: own)) + 1
    _ = Self.press(&state, "d\(digit)")
    #expect(state.case?.editor?.named == own && state.case?.editor?.draft.judgement.verdict == .agree)
    _ = Self.press(&state, "d")
    _ = App.update(&state, .key(.escape, milliseconds: 3000))
    #expect(state.case?.editor?.named == own && state.case?.editor?.draft.judgement.verdict == .agree)
  }

  @Test("Backspace takes off a verdict that is not saved; the note and the marks stay, and what is saved stands")
  func takenOff() throws {
    var (state, id) = try Self.opened()
    _ = Self.press(&state, "j!ac4nodd")
    _ = App.update(&state, .key(.enter, milliseconds: 3000))
    _ = App.update(&state, .key(.backspace, milliseconds: 3100))
    #expect(state.case?.editor?.draft.judgement == Judgement(note: "odd"))
    #expect(state.case?.editor?.draft.marks.count == 1)
    #expect(App.update(&state, .key(.backspace, milliseconds: 3200)).isEmpty)
    #expect(state.toast?.text.contains("no verdict here that is not saved") == true)

    guard case .commit(let commit) = Self.press(&state, "us", from: 4000).last else {
      Issue.record("nothing was saved")
      return
    }
    _ = App.update(&state, .committed(commit, sequence: 7, what: "unsure", milliseconds: 4500))
    _ = Self.press(&state, "a", from: 5000)
    #expect(state.case?.editor?.isSaved == false)
    #expect(App.update(&state, .key(.backspace, milliseconds: 5200)) == [.discardDraft(id)])
    #expect(state.case?.editor?.draft.judgement == Judgement(verdict: .unsure, note: "odd"))
    #expect(state.case?.editor?.isSaved == true)
  }

  @Test("letters of a note are text, not commands")
  func note() throws {
    var (state, _) = try Self.opened()
    _ = Self.press(&state, "nzap q")
    #expect(state.case?.editor?.draft.judgement.note == "zap q")
    #expect(state.places.count == 2)
  }

  @Test("a mark goes on the selected feature, and the same key takes it off")
  func marks() throws {
    var (state, _) = try Self.opened()
    _ = Self.press(&state, "j!")
    let explainer = try #require(state.case?.shownExplanation?.explainer)
    #expect(
      state.case?.editor?.draft.marks == [
        Mark(kind: .spurious, target: "ash", explainer: explainer, label: "class_1")
      ])
    _ = Self.press(&state, "!")
    #expect(state.case?.editor?.draft.marks == [])
  }

  @Test("the time on each explanation goes with the judgement, and the one in focus stands first")
  func views() throws {
    var (state, _) = try Self.opened()
    var explained = try #require(state.case?.case)
    explained.explanations.append(
      Explanation(explainer: ModelID("wine-kernel"), method: "Kernel SHAP", content: explained.explanations[0].content))
    _ = App.update(&state, .explained(explained))
    _ = Self.press(&state, "e", from: 3000)
    guard case .commit(let commit) = Self.press(&state, "as", from: 8000).last else {
      Issue.record("nothing was saved")
      return
    }
    #expect(commit.seenExplanations == [1, 0])
    #expect(
      commit.timing.views == [
        PaneTime(pane: "Tree SHAP", milliseconds: 2000), PaneTime(pane: "Kernel SHAP", milliseconds: 5100),
      ])
  }

  @Test("a mark stays with the explanation that it was put on, and one that nobody turned to was not seen")
  func ofWhom() throws {
    var (state, _) = try Self.opened()
    var explained = try #require(state.case?.case)
    let first = explained.explanations[0]
    for name in ["kernel", "gradients"] as [RawText] {
      explained.explanations.append(Explanation(explainer: ModelID(name), method: name, content: first.content))
    }
    _ = App.update(&state, .explained(explained))
    _ = Self.press(&state, "e!", from: 3000)
    _ = Self.press(&state, "ee", from: 20_000)
    #expect(state.case?.shownExplanation?.explainer == first.explainer)
    #expect(state.case?.editor?.draft.marks.map(\.explainer) == [ModelID("kernel")])
    // The same feature of another explanation has a mark of its own.
    _ = Self.press(&state, "!", from: 21_000)
    #expect(state.case?.editor?.draft.marks.map(\.explainer) == [ModelID("kernel"), first.explainer])
    guard case .commit(let commit) = Self.press(&state, "as", from: 30_000).last else {
      Issue.record("nothing was saved")
      return
    }
    #expect(commit.seenExplanations == [0, 1, 2])
    var (fresh, _) = try Self.opened()
    _ = App.update(&fresh, .explained(explained))
    guard case .commit(let alone) = Self.press(&fresh, "as", from: 8000).last else { return }
    #expect(alone.seenExplanations == [0])
  }

  @Test("a kept draft is offered again when the case opens")
  func restored() throws {
    var state = Stub.listed()
    var content = try Stub.caseContent()
    content.draft = Draft(caseID: content.case.id, judgement: Judgement(verdict: .unsure))
    _ = App.openCase(&state, content.case.id, among: [])
    _ = App.update(&state, .caseArrived(content, milliseconds: 0))
    #expect(state.case?.editor?.draft.judgement.verdict == .unsure)
  }

  @Test("s with a note, a confidence or reasons and no verdict says that they go with one, also beside saved marks")
  func wordsWithoutVerdict() throws {
    var (state, id) = try Self.opened()
    _ = Self.press(&state, "j!s")
    let saved = Commit(
      caseID: id, judgement: Judgement(), marks: try #require(state.case?.editor?.draft.marks),
      timing: JudgementBody.Timing())
    _ = App.update(&state, .committed(saved, sequence: 4, what: "marks", milliseconds: 2500))
    #expect(Self.press(&state, "s").isEmpty)
    #expect(state.toast?.text == "nothing to save yet")
    _ = Self.press(&state, "nodd")
    _ = App.update(&state, .key(.enter, milliseconds: 3000))
    #expect(Self.press(&state, "s").isEmpty)
    #expect(state.toast?.text == "nothing to save yet: a note goes with a verdict")
    #expect(Self.press(&state, "c5s").count == 1)
    #expect(state.toast?.text == "nothing to save yet: a note and a confidence go with a verdict")
    #expect(state.case?.editor?.draft.judgement == Judgement(confidence: 5, note: "odd"))
  }

  @Test("marks that were saved without a verdict stand when the case opens again, and their keys take them off")
  func savedMarks() throws {
    var state = Stub.listed()
    var content = try Stub.caseContent()
    let (opened, _) = try Self.opened()
    let explainer = try #require(opened.case?.shownExplanation?.explainer)
    content.ownMarks = [Mark(kind: .spurious, target: "ash", explainer: explainer, label: "class_1")]
    _ = App.openCase(&state, content.case.id, among: [])
    _ = App.update(&state, .caseArrived(content, milliseconds: 0))
    #expect(state.case?.editor?.draft.marks == content.ownMarks)
    #expect(Self.press(&state, "s").isEmpty)
    guard case .commit(let commit) = Self.press(&state, "j!s").last else {
      Issue.record("nothing was saved")
      return
    }
    #expect(commit.marks.isEmpty && commit.knownMarks == content.ownMarks && commit.judgement.isEmpty)
    _ = App.update(&state, .committed(commit, sequence: 9, what: "marks taken off", milliseconds: 4000))
    #expect(state.toast?.text == "saved #9 marks taken off")
    #expect(state.case?.editor?.draft.isEmpty == true && state.case?.editor?.isSaved == true)
  }

  @Test("a draft lies over the marks that stand now: one that was undone is gone, what was begun since is there")
  func draftOverMarks() throws {
    var content = try Stub.caseContent()
    let mark = { (target: RawText, kind: MarkKind) in Mark(kind: kind, target: target, explainer: ModelID("shap")) }
    let undone = mark("ash", .spurious)
    content.draft = Draft(
      caseID: content.case.id, judgement: Judgement(note: "odd"), marks: [undone, mark("hue", .missing)],
      knownMarks: [undone, mark("proline", .agrees)])
    content.ownMarks = [mark("proline", .agrees), mark("hue", .spurious), mark("alcohol", .agrees)]
    // The queue names no class where there is one answer.
    content.ownMarks[0].label = "class_1"
    let editor = JudgementEditor(content, attention: ActiveTime(shownAt: Stub.now, milliseconds: 0))
    #expect(editor.draft.marks == [mark("alcohol", .agrees), mark("hue", .missing)])
    #expect(editor.draft.knownMarks == content.ownMarks)
    #expect(editor.draft.judgement.note == "odd")
  }

  @Test("a save of what the ledger has already says so, and names no event")
  func nothingNew() throws {
    var (state, _) = try Self.opened()
    guard case .commit(let commit) = Self.press(&state, "j!s").last else {
      Issue.record("nothing was saved")
      return
    }
    _ = App.update(&state, .committed(commit, sequence: 0, what: "marks", milliseconds: 4000))
    #expect(state.toast?.text == "nothing new to save: the ledger has it")
    #expect(state.undoing == nil)
    #expect(state.case?.editor?.saved == nil && state.ahead.saving == nil)
  }
}
