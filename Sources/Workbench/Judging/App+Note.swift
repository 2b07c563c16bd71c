internal import Domain
internal import Frames
internal import SafeText

extension App {
  /// Keeps what was saved, to be given again.
  static func remember(_ state: inout AppState, _ effects: [Effect]) {
    let commits = effects.compactMap { effect -> Commit? in
      guard case .commit(let commit) = effect, !commit.isFlag, commit.judgement.verdict != nil else { return nil }
      return commit
    }
    let editor = state.editor
    let own = commits.first { $0.caseID == editor?.draft.caseID }
    guard let commit = own ?? commits.last else { return }
    var judgement = commit.judgement
    // A note is about its case, and so is a number.
    judgement.note = ""
    judgement.value = nil
    // What was said blind is a label: whether it agrees is for the next case to tell. So is one that was named and is the
    // model's.
    let label = judgement.label ?? (own == nil ? nil : editor?.named)
    if judgement.verdict == .agree, let label {
      judgement.verdict = .disagree
      judgement.label = label
    }
    state.lastGiven = judgement
  }

  /// Gives the verdict that was saved last to the case on top. Nothing is saved by it.
  static func repeatVerdict(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    guard let last = state.lastGiven else {
      state.toast = Message(.notice, "no verdict was saved yet that could be given again")
      return []
    }
    let given =
      switch state.place {
      case .case:
        state.case?.editor?.give(again: last, isHidden: false)
      case .review: repeatInReview(&state, last)
      case .models, .infer, .drift, .outbox, .inbox, .feedback, .search, .log: [Effect]()
      }
    guard let given else {
      state.toast = Message(.notice, "does not fit this case: the last verdict, \(last.summary.text)")
      return []
    }
    return given
  }

  private static func repeatInReview(_ state: inout AppState, _ last: Judgement) -> [Effect]? {
    let isHidden = state.review.isBlindNow
    let answer = isHidden ? nil : state.review.selected?.content.case.prediction.label
    state.review.editor?.answer = answer
    return state.review.editor?.give(again: last, isHidden: isHidden)
  }
}
