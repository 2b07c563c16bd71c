internal import Domain
internal import Feedback

extension ReviewScreen {
  /// The judgement of the selected case, to be saved.
  static func commit(_ state: State, _ milliseconds: Int, flag: Bool? = nil) -> [Effect] {
    let isFlag = flag != nil
    guard let item = state.selected, let editor = state.editor, editor.canSave || isFlag else { return [] }
    return [
      .commit(
        commit(
          item, state, judgement: isFlag ? Judgement() : editor.draft.judgement,
          marks: isFlag ? [] : editor.draft.marks, known: isFlag ? [] : editor.draft.knownMarks,
          timing: editor.attention.timing(at: milliseconds), flag: flag))
    ]
  }

  /// The verdict of the case on the table, given to every marked one: each its own event. The one on the table is saved as
  /// it stands there; what was begun or said of the others stays with them, and how long they took nobody knows. Those whose
  /// model has no such label, and hidden ones, stay marked.
  static func applyToMarked(_ state: State, _ milliseconds: Int) -> [Effect] {
    guard let editor = state.editor, let verdict = editor.draft.judgement.verdict else { return [] }
    let given = editor.draft.judgement
    // The model's own label was named: it goes along as one, for the others' answers may be other ones.
    let right = editor.named.map { .label($0) } ?? given.right
    return state.items.filter { state.marked.contains($0.id) && !state.isHidden($0) }.compactMap { item in
      if item.id == editor.draft.caseID {
        return .commit(
          commit(
            item, state, judgement: given, marks: editor.draft.marks, known: editor.draft.knownMarks,
            timing: editor.attention.timing(at: milliseconds)))
      }
      guard item.content.knows(right) else { return nil }
      let own = item.content.own?.judgement
      var judgement = item.content.draft?.judgement ?? own ?? Judgement()
      judgement.verdict = verdict
      judgement.right = right
      judgement.skipsForOthers = given.skipsForOthers
      if let right {
        let agrees = item.content.answers(right)
        judgement.verdict = agrees ? .agree : .disagree
        if agrees { judgement.right = nil }
      }
      // Why something else was held for true, and how surely, says nothing of this.
      if item.content.draft == nil, let own, own.verdict != judgement.verdict || own.right != judgement.right {
        judgement.reasons = []
        judgement.confidence = nil
      }
      judgement.confidence = given.confidence ?? judgement.confidence
      let marks = item.content.draft?.marks ?? item.content.ownMarks
      let known = item.content.draft?.knownMarks ?? item.content.ownMarks
      return .commit(
        commit(item, state, judgement: judgement, marks: marks, known: known, timing: JudgementBody.Timing()))
    }
  }

  private static func commit(
    _ item: Item, _ state: State, judgement: Judgement, marks: [Mark], known: [Mark], timing: JudgementBody.Timing,
    flag: Bool? = nil
  ) -> Commit {
    let isHidden = state.isHidden(item)
    // Of a marked case what its lines showed while it was on the table, as far as that is what explains it still.
    let shown =
      item.id == state.selected?.id
      ? ReviewCase.explanations(state)
      : item.content.case.explanations.indices.filter { index in
        state.seenOfMarked[item.id]?.contains(item.content.case.explanations[index]) == true
      }
    let explanations = isHidden ? [] : shown
    // A queue that was drawn may be made blind, and be shown, while it is worked on.
    var stamp = item.stamp
    stamp.isBlind = state.order.isBlind
    // A mark is said of an explanation, which is not on screen before the first answer: it waits for the second.
    return Commit(
      caseID: item.id, shown: item.content.case, signature: item.content.signature,
      judgement: isHidden ? resolved(judgement, item) : judgement,
      marks: isHidden ? [] : marks,
      knownMarks: isHidden ? [] : known, stage: isHidden ? .initial : .final,
      assistance: isHidden ? .blind : explanations.isEmpty ? .prediction : .explanation, timing: timing,
      seenExplanations: explanations, queue: stamp, window: isHidden ? nil : item.content.window,
      guideline: item.content.guideline?.version ?? "", flag: flag)
  }

  /// Blind, the analyst names a label or a number; whether that agrees follows from it.
  private static func resolved(_ judgement: Judgement, _ item: Item) -> Judgement {
    guard let right = judgement.right else { return judgement }
    var judgement = judgement
    judgement.verdict = item.content.answers(right) ? .agree : .disagree
    return judgement
  }

  /// A case was judged on its own screen: the queue knows. Neither its table nor its cursor moves by that.
  static func judged(_ state: inout State, _ commit: Commit, _ sequence: Int, _ now: Timestamp) {
    if let flag = commit.flag { return flagged(&state, commit.caseID, flag) }
    keep(&state, commit, sequence, now, draft: nil)
    guard commit.judgement.verdict != nil else { return }
    state.progress[commit.caseID] = .done(sequence: sequence)
    state.marked.remove(commit.caseID)
  }

  /// A first answer given blind reveals the model's; any other goes on to the next case that waits. A flag, and marks
  /// alone, leave the case as far as it was.
  static func committed(
    _ state: inout State, _ commit: Commit, _ sequence: Int, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    let id = commit.caseID
    if let flag = commit.flag {
      flagged(&state, id, flag)
      return []
    }
    guard let item = state.items.first(where: { $0.id == id }) else { return [] }
    let isCurrent = state.editor?.draft.caseID == id
    let later = isCurrent ? nil : laterDraft(of: item, than: commit)
    keep(&state, commit, sequence, now, draft: later)
    let kept = later.map { [Effect.saveDraft($0)] } ?? []
    if commit.stage == .initial {
      state.progress[id] = .revealed(FirstAnswer(judgement: commit.judgement, sequence: sequence, at: now))
      guard isCurrent, let editor = state.editor else { return kept }
      if resolved(editor.draft.judgement, item) == commit.judgement { state.editor?.goOn(from: commit.judgement) }
      return state.editor?.committed(commit, as: sequence) ?? []
    }
    let isJudged = commit.judgement.verdict != nil
    if isJudged {
      state.progress[id] = .done(sequence: sequence)
      state.marked.remove(id)
    }
    guard isCurrent else { return kept }
    let effects = state.editor?.committed(commit, as: sequence) ?? []
    // Whoever has moved on meanwhile, or says more of it, is not moved.
    guard isJudged, state.editor?.isDone == true, state.followed == state.rows.selected else { return effects }
    // Those that were passed over come after the last.
    let (selection, count) = (state.rows.selection, state.rows.count)
    let next = (1..<max(count, 1)).map { (selection + $0) % count }.first { row in
      state.rows.item(inRow: row).map { state.waits(state.items[$0]) } ?? false
    }
    if let next { state.rows.select(next) }
    return effects + showSelected(&state, milliseconds, now)
  }

  private static func flagged(_ state: inout State, _ id: ShortHash, _ isRaised: Bool) {
    replace(&state, id) { $0.isFlagged = isRaised }
  }

  /// What was said of a case that is off the table while its save was on its way; the save took the kept draft with it.
  private static func laterDraft(of item: Item, than commit: Commit) -> Draft? {
    guard let draft = item.content.draft else { return nil }
    let said = commit.stage == .initial ? resolved(draft.judgement, item) : draft.judgement
    // With a first answer no mark is saved.
    let marks = commit.stage == .initial ? draft.knownMarks : commit.marks
    return said == commit.judgement && draft.marks == marks ? nil : draft
  }

  /// What was saved is the analyst's word on the case from now on, as if the queue had been read anew.
  private static func keep(
    _ state: inout State, _ commit: Commit, _ sequence: Int, _ now: Timestamp, draft: Draft?
  ) {
    replace(&state, commit.caseID) { content in
      if commit.judgement.verdict != nil {
        content.own = GivenJudgement(
          analyst: content.own?.analyst ?? "", at: now, judgement: commit.judgement, stage: commit.stage,
          assistance: commit.assistance, sequence: sequence)
        content.draft = draft
      }
      if commit.stage == .final { content.ownMarks = commit.marks }
    }
  }
}

extension CaseContent {
  /// Whether what is right on another case can be said of this one: a label of its model, or a number where it answers
  /// with one.
  fileprivate func knows(_ right: Judgement.Right?) -> Bool {
    switch right {
    case .label(let label): labels.contains(label)
    case .value: isOfNumber
    case nil: true
    }
  }

  /// Whether the model's answer is this label or number.
  fileprivate func answers(_ right: Judgement.Right) -> Bool {
    switch right {
    case .label(let label): label == `case`.prediction.label
    case .value(let value): `case`.prediction.answer == .value(value)
    }
  }
}
