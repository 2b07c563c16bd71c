internal import Domain
internal import Frames

extension App {
  /// Takes a key; where verdicts are saved with their own keys, one that this key completed is saved at once.
  static func takeAndSave(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    let before = state.givenVerdict
    // A verdict given again is no verdict's own key: it is looked at before it is saved.
    let isRepeated =
      !state.isAsking && state.keymap.command(for: state.pending + [key], in: state.place.scope) == .repeatVerdict
    let effects = take(&state, key, milliseconds)
    guard state.savesOnVerdict, !isRepeated, !state.isAsking, let after = state.givenVerdict, after.verdict != nil,
      after != before,
      after.caseID == before?.caseID
    else { return effects }
    return effects + save(&state, milliseconds)
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

extension AppState {
  /// A verdict as far as it is given.
  struct GivenVerdict: Equatable {
    var caseID: ShortHash
    var verdict: Verdict?
    var label: RawText?
    var skipsForOthers: Bool
  }

  /// The judgement in the making on the screen on top.
  var editor: JudgementEditor? {
    switch place {
    case .case: self.case?.editor
    case .review: review.editor
    case .models, .infer, .drift, .outbox, .inbox, .feedback, .search, .log: nil
    }
  }

  /// The verdict of the case on top.
  var givenVerdict: GivenVerdict? {
    guard let draft = editor?.draft else { return nil }
    return GivenVerdict(
      caseID: draft.caseID, verdict: draft.judgement.verdict, label: draft.judgement.label,
      skipsForOthers: draft.judgement.skipsForOthers)
  }
}
