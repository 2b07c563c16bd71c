internal import Domain
internal import Feedback

/// The case on the table, and what becomes of what was begun on it.
extension ReviewScreen {
  static func replace(_ state: inout State, _ id: ShortHash, with edit: (inout CaseContent) -> Void) {
    // A queue that waits was read before this as well.
    if var held = state.held, let index = held.items.firstIndex(where: { $0.id == id }) {
      edit(&held.items[index].content)
      state.held = held
    }
    guard case .loaded(var queue) = state.queue, let index = queue.items.firstIndex(where: { $0.id == id }) else {
      return
    }
    edit(&queue.items[index].content)
    state.queue = .loaded(queue)
  }

  /// Puts the cursor on a case, where the queue has it.
  static func pointCursor(_ state: inout State, at id: ShortHash?) {
    if let row = state.row(of: id) { state.rows.select(row) }
  }

  /// Judges by the guidelines that are in force now.
  static func take(_ state: inout State, _ guidelines: GuidelinesInForce) {
    for id in state.items.map(\.id) {
      replace(&state, id) { $0 = $0.judged(by: guidelines.guideline(for: $0.case.model.name)) }
    }
    if let content = state.selected?.content, state.editor?.draft.caseID == content.case.id {
      state.editor?.take(content.guideline)
    }
  }

  /// Windows that were compared just now: what is said of a case's window is what its own screen says.
  static func take(_ state: inout State, _ drift: DriftScreen.Content) {
    // Against other cases a window says nothing of the model's reference.
    guard drift.baseline == nil, case .loaded(var queue) = state.queue else { return }
    for index in queue.items.indices where queue.items[index].content.case.model == drift.model {
      let at = queue.items[index].content.case.at
      let holding = drift.windows.first { $0.from <= at && at < $0.to && $0.result != nil }
      guard let window = holding else { continue }
      // The narrowest one that holds the case is the one that the ledger gives too.
      if let known = queue.items[index].content.window, known.result != nil,
        known.to.seconds(since: known.from) < window.to.seconds(since: window.from)
      {
        continue
      }
      queue.items[index].content.window = window
    }
    state.queue = .loaded(queue)
  }

  /// What a case's own screen read of its window just now.
  static func takeWindow(_ state: inout State, of content: CaseContent) {
    guard let window = content.window else { return }
    replace(&state, content.case.id) { $0.window = window }
  }

  /// After an undo or a redo: what was seen once stays seen, so that no second answer passes for a blind one.
  static func stepBack(_ state: inout State, _ content: CaseContent) {
    let id = content.case.id
    // A last word that was put back is done again, whatever was undone before it.
    if let own = content.own, own.stage == .final {
      state.progress[id] = .done(sequence: own.sequence ?? 0)
      return
    }
    switch state.progress[id] {
    case nil: return
    case .revealed(var first):
      // A first answer that was taken back leaves that the model's was seen; a look stays what it is.
      if content.own == nil, first.judgement != nil { first = FirstAnswer(judgement: nil, sequence: nil, at: nil) }
      state.progress[id] = .revealed(first)
    case .done:
      guard state.order.isBlind else {
        if content.own == nil { state.progress[id] = nil }
        return
      }
      state.progress[id] = .revealed(
        FirstAnswer(judgement: content.own?.judgement, sequence: content.own?.sequence, at: content.own?.at))
    }
  }

  /// Puts the case under the list's cursor on the table: a new editor, whose clock starts now.
  static func showSelected(_ state: inout State, _ milliseconds: Int, _ now: Timestamp) -> [Effect] {
    state.followed = state.rows.selected
    guard let item = state.selected else {
      putAside(&state)
      state.editor = nil
      return []
    }
    if state.editor?.draft.caseID == item.id { return [] }
    putAside(&state)
    state.feature = 0
    var editor = JudgementEditor(item.content, attention: ActiveTime(shownAt: now, milliseconds: milliseconds))
    editor.answer = state.isHidden(item) ? nil : item.content.case.prediction.label
    state.editor = editor
    guard item.content.case.explanations.isEmpty, item.content.canExplain == true else { return [] }
    return [.explain(item.id)]
  }

  /// What was begun on a case stays with it while another one is on the table.
  private static func putAside(_ state: inout State) {
    guard let editor = state.editor else { return }
    replace(&state, editor.draft.caseID) { $0.draft = editor.hasChanged ? editor.draft : nil }
  }

  /// Takes over what was begun or changed on the case's own screen.
  static func takeUp(_ state: inout State, from editor: JudgementEditor) {
    let id = editor.draft.caseID
    replace(&state, id) { $0.draft = editor.hasChanged ? editor.draft : nil }
    if state.editor?.draft.caseID == id { state.editor?.takeUp(editor) }
  }
}
