internal import Domain
internal import Feedback

extension ReviewScreen {
  /// The judgement of the selected case, to be saved.
  static func commit(_ state: State, _ milliseconds: Int, isFlag: Bool = false) -> [Effect] {
    guard let item = state.selected, let editor = state.editor, editor.canSave || isFlag else { return [] }
    return [
      .commit(
        commit(
          item, state, judgement: isFlag ? Judgement() : editor.draft.judgement,
          marks: isFlag ? [] : editor.draft.marks,
          timing: editor.attention.timing(at: milliseconds), isFlag: isFlag))
    ]
  }

  /// The verdict of the selected case, given to every marked one: each its own event.
  static func applyToMarked(_ state: State, _ milliseconds: Int) -> [Effect] {
    guard let editor = state.editor, let verdict = editor.draft.judgement.verdict else { return [] }
    return state.items.filter { state.marked.contains($0.id) && !state.isHidden($0) }.map { item in
      let judgement = Judgement(verdict: verdict, confidence: editor.draft.judgement.confidence)
      return .commit(
        commit(item, state, judgement: judgement, marks: [], timing: editor.attention.timing(at: milliseconds)))
    }
  }

  private static func commit(
    _ item: Item, _ state: State, judgement: Judgement, marks: [Mark], timing: JudgementBody.Timing,
    isFlag: Bool = false
  ) -> Commit {
    let isHidden = state.isHidden(item)
    let explanations = isHidden ? [] : Array(item.content.case.explanations.indices)
    return Commit(
      caseID: item.id, judgement: isHidden ? resolved(judgement, item) : judgement, marks: marks,
      stage: isHidden ? .initial : .final,
      assistance: isHidden ? .blind : explanations.isEmpty ? .prediction : .explanation, timing: timing,
      seenExplanations: explanations, queue: item.stamp, window: isHidden ? nil : item.content.window,
      guideline: item.content.guideline?.version ?? "", isFlag: isFlag)
  }

  /// Blind, the analyst names a label; whether that agrees follows from it.
  private static func resolved(_ judgement: Judgement, _ item: Item) -> Judgement {
    guard let label = judgement.label else { return judgement }
    var judgement = judgement
    judgement.verdict = label == item.content.case.prediction.label ? .agree : .disagree
    return judgement
  }

  /// A first answer given blind reveals the model's; any other goes on to the next case that waits.
  static func committed(
    _ state: inout State, _ id: ShortHash, _ sequence: Int, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    guard let item = state.items.first(where: { $0.id == id }) else { return [] }
    let isCurrent = state.editor?.draft.caseID == id
    if state.isHidden(item) {
      guard isCurrent, let given = state.editor?.draft.judgement else { return [] }
      let first = resolved(given, item)
      state.progress[id] = .revealed(FirstAnswer(judgement: first, sequence: sequence, at: now))
      state.editor?.goOn(from: first)
      state.editor?.committed(as: sequence)
      return []
    }
    state.progress[id] = .done(sequence: sequence)
    state.marked.remove(id)
    guard isCurrent else { return [] }
    state.editor?.committed(as: sequence)
    // Whoever has moved on meanwhile is not moved again.
    guard state.followed == state.rows.selected else { return [] }
    let after = (state.rows.selection + 1)..<max(state.rows.count, state.rows.selection + 1)
    let next = after.first { row in
      guard let index = state.rows.item(inRow: row) else { return false }
      if case .done = state.progress[state.items[index].id] { return false }
      return true
    }
    if let next { state.rows.select(next) }
    return showSelected(&state, milliseconds, now)
  }
}
