internal import Domain
internal import Feedback

extension App {
  /// Opens what the selected item is about: a case, a queue, a guideline's text.
  static func openItem(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    guard let item = state.inbox.selected else { return [] }
    switch item.content {
    case .question, .adjudication:
      guard let id = item.caseID else { return route(&state, .inbox(.commanded(.note, count: nil))) }
      guard item.knowsCase else {
        state.toast = Message(.notice, "the case is not in this ledger")
        return []
      }
      return openCase(&state, id, among: [])
    case .queue(let queue, let taken):
      guard let taken, taken.cases > 0, taken.isWhole else { return runOnScreen(&state, .take, nil, milliseconds) }
      let order = QueueOrder(isBlind: queue.isBlind, taken: TakenOrder(id: item.id, name: item.name))
      return openReview(&state, order, milliseconds)
    case .guideline(let guideline):
      state.overlay = .outline(guideline.outline(width: readingWidth(state)), scroll: 0)
      return []
    case .catalogue, .unreadable:
      state.toast = Message(.notice, "there is nothing to open: what it says stands below")
      return []
    }
  }

  /// Shows the guideline that is in force for the case on screen.
  static func showGuideline(_ state: inout AppState) -> [Effect] {
    let content = state.place == .review ? state.review.selected?.content : state.case?.content.value
    guard let guideline = content?.guideline else {
      state.toast = Message(.notice, "the researchers have published no guideline for this model")
      return []
    }
    state.overlay = .outline(guideline.outline(width: readingWidth(state)), scroll: 0)
    return []
  }

  private static func readingWidth(_ state: AppState) -> Int { max(20, state.size.columns - 12) }

  /// A queue has come; the inbox shows it as taken.
  static func taken(_ state: inout AppState, _ order: TakenOrder, _ cases: Int, _ setAside: Int) -> [Effect] {
    let rest = setAside == 0 ? "" : ", \(setAside) of its records could not be used"
    state.toast = Message(.done, "\(order.name.string): \(cases) \(cases == 1 ? "case is" : "cases are") here\(rest)")
    return route(&state, .inbox(.taking(nil))) + [.loadInbox, .loadBlindCases]
  }
}

extension App {
  /// Judges by the guidelines that are in force now, on every screen: the one that an event names is the one that was read.
  static func take(_ state: inout AppState, _ guidelines: GuidelinesInForce) {
    let before = state.editor?.guideline
    ReviewScreen.take(&state.review, guidelines)
    if let content = state.case?.content.value {
      let guideline = guidelines.guideline(for: content.case.model.name)
      state.case?.content = .loaded(content.judged(by: guideline))
      state.case?.editor?.take(guideline)
    }
    guard let before, let now = state.editor?.guideline, now != before else { return }
    state.toast =
      now.isEmpty
      ? Message(.notice, "the guideline \(before.string) is withdrawn")
      : Message(.notice, "the guideline \(now.string) is in force from now on", hint: Hint(.guideline, "reads it"))
  }
}
