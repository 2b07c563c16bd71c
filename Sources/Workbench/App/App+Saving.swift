internal import Domain
internal import Frames
internal import SafeText

extension App {
  /// Takes a key; where verdicts are saved with their own keys, one that this key completed is saved at once.
  static func takeAndSave(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    let before = state.editor
    // A verdict given again is no verdict's own key: it is looked at before it is saved.
    let isRepeated =
      !state.isAsking && state.keymap.command(for: state.pending + [key], in: state.place.scope) == .repeatVerdict
    let effects = take(&state, key, milliseconds)
    if let before, before.isAsking, let after = state.editor, after.mode == before.mode, after.draft == before.draft,
      let refusal = after.refusal(of: key)
    {
      state.toast = Message(.notice, refusal)
    }
    guard state.savesOnVerdict, !isRepeated, !state.isAsking, let before, let after = state.editor,
      after.draft.caseID == before.draft.caseID, after.given > before.given, after.draft.judgement.verdict != nil,
      // The same verdict once more says nothing new, but where it is the answer after the model's, or was not saved.
      !after.isSaved, after.asked != after.draft
    else { return effects }
    let saving = save(&state, milliseconds)
    if saving.contains(where: { if case .commit = $0 { true } else { false } }) {
      noteAsked(&state, after.draft)
    }
    return effects + saving
  }

  private static func noteAsked(_ state: inout AppState, _ draft: Draft) {
    switch state.place {
    case .case: state.case?.editor?.asked = draft
    case .review: state.review.editor?.asked = draft
    case .models, .infer, .drift, .outbox, .inbox, .feedback, .search, .log: break
    }
  }

  private static func save(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .case: route(&state, .case(.commanded(.save, count: nil, milliseconds: milliseconds)))
    case .review:
      route(
        &state,
        .review(.commanded(.save, count: nil, milliseconds: milliseconds, now: state.time(at: milliseconds))))
    case .models, .infer, .drift, .outbox, .inbox, .feedback, .search, .log: []
    }
  }
}

extension App {
  /// What was begun on the case's own screen is on the queue's table too, also where its next case took its place.
  static func takeUp(_ state: inout AppState, from place: Place?, _ before: JudgementEditor?) {
    guard case .case(let id) = place else { return }
    let open = state.case?.editor
    guard let editor = open?.draft.caseID == id ? open : before, editor.draft.caseID == id else { return }
    ReviewScreen.takeUp(&state.review, from: editor)
  }

  static func committed(
    _ state: inout AppState, _ commit: Commit, _ sequence: Int, _ what: String, _ milliseconds: Int
  ) -> [Effect] {
    if commit.judgement.verdict != nil { state.blindCases.remove(commit.caseID) }
    let ofBatch = state.review.batch?.saved(commit.caseID, as: sequence)
    if state.review.batch?.waiting.isEmpty == true { state.review.batch = nil }
    if sequence > 0 {
      state.undoing = "#\(sequence) \(what)"
      state.toast = Message(
        .done, ofBatch ?? "saved #\(sequence) \(what)", hint: Hint(.undo, ofBatch == nil ? "undo" : "undo one"))
    } else {
      state.toast = Message(.notice, "nothing new to save: the ledger has it")
    }
    let now = state.time(at: milliseconds)
    let inQueue = Action.review(.committed(commit, sequence: sequence, milliseconds: milliseconds, now: now))
    guard case .case(commit.caseID) = state.place else {
      if state.case?.id == commit.caseID { state.case?.isJudgedElsewhere = true }
      let effects = route(&state, inQueue)
      if sequence > 0, state.place == .review, state.review.batch == nil { sayEnd(&state, commit) }
      return effects
    }
    guard state.case?.editor?.draft.caseID == commit.caseID else {
      // It was saved in the queue and opened since: what is being read of it may be from before.
      return route(&state, inQueue) + route(&state, .case(.appeared))
    }
    var effects = route(&state, .case(.committed(commit, sequence: sequence)))
    _ = route(&state, .review(.judged(commit, sequence: sequence, now: now)))
    takeUp(&state, from: state.place, nil)
    // Who flags a case, marks it or says more of it meanwhile is not done with it.
    let isDone = !commit.isFlag && commit.judgement.verdict != nil && state.case?.editor?.isDone == true
    if isDone, let current = state.case, let next = sibling(of: current, by: 1) {
      effects += openCase(&state, next, among: current.siblings, stamps: current.stamps)
    }
    return effects
  }
}

extension App {
  /// A queue of which nothing waits any more says so: what is typed now would be said of its last case anew.
  private static func sayEnd(_ state: inout AppState, _ commit: Commit) {
    guard commit.judgement.verdict != nil, commit.stage == .final, state.review.waiting == 0 else { return }
    let next = state.hints(.reload, "brings the next").text
    state.toast?.text += ", the queue is done" + (next.isEmpty ? "" : ": \(next)")
  }
}

extension AppState {
  /// The judgement in the making on the screen on top.
  var editor: JudgementEditor? {
    switch place {
    case .case: self.case?.editor
    case .review: review.editor
    case .models, .infer, .drift, .outbox, .inbox, .feedback, .search, .log: nil
    }
  }
}
