internal import Domain
internal import Frames

extension App {
  /// Passes an action to its screen; dropped where that screen is not open.
  static func route(_ state: inout AppState, _ action: Action) -> [Effect] {
    switch action {
    case .models(let action):
      if case .failed(let problem, _) = action, problem.summary != state.lastProblem?.summary {
        state.lastProblem = problem
      }
      if case .listed(let listing) = action, let problem = listing.notices.first { state.lastProblem = problem }
      if case .refreshed(let listing) = action, !listing.saysTheSame(as: state.models.listing.value),
        let problem = listing.notices.first
      {
        state.lastProblem = problem
      }
      if case .unfollowed(let problem) = action {
        state.lastProblem = problem
        state.toast = Message(.notice, problem.summary)
      }
      let wasPreparing = state.models.preparing != nil
      let effects = ModelsScreen.update(&state.models, action)
      return wasPreparing && state.models.preparing == nil ? effects + prepared(&state) : effects
    case .infer(let action):
      if case .scored(let scoring) = action {
        announce(&state, scoring)
        if case .failed(let problem) = scoring.stage {
          isLost(&state, problem)
        } else if scoring.progress.scored > state.infer?.scoring?.progress.scored ?? 0 {
          answers(&state)
        }
      }
      guard var infer = state.infer else { return [] }
      let effects = InferScreen.update(&infer, action)
      state.infer = infer
      // Nobody waits any more for the answer to what was stopped, though it came before the stop was known.
      if case .refused(let problem, infer.order) = action {
        state.lastProblem = problem
        isLost(&state, problem)
        state.toast = Message(.failed, problem.summary)
      }
      return effects
    case .case(let action):
      guard var current = state.case else { return [] }
      let effects = CaseScreen.update(&current, action)
      state.case = current
      if case .probeFailed(let problem, _) = action {
        isLost(&state, problem)
        _ = fail(&state, problem)
      }
      switch action {
      case .probed(let probe, let order):
        answers(&state)
        // Where no panel is in view that shows it, the answer is said.
        if order.caseID == current.id, state.hasOnePanel || !current.hasPanel(.whatIf) {
          state.toast = Message(.done, probe.sentence)
        }
      case .flipsFound(let id, let flips):
        answers(&state)
        if id == current.id, !state.hasOnePanel, !current.hasPanel(.flips) {
          let what = flips.found.count == 1 ? "1 value flips" : "\(flips.found.count) values flip"
          state.toast = Message(.done, what + " the answer", hint: Hint(.onePanel, "shows one panel at a time"))
        }
      case .arrived(let content, _, _): ReviewScreen.takeWindow(&state.review, of: content)
      default: break
      }
      if case .flipsFailed(_, let problem) = action {
        state.lastProblem = problem
        isLost(&state, problem)
      }
      return effects
    case .drift(let action):
      guard var drift = state.drift else { return [] }
      let effects = DriftScreen.update(&drift, action)
      state.drift = drift
      if case .failed(let problem) = action { isLost(&state, problem) }
      if case .arrived(let content) = action { ReviewScreen.take(&state.review, content) }
      return effects
    case .review(let action): return ReviewScreen.update(&state.review, action)
    case .outbox(let action):
      if action == .syncing(false), state.toast == App.syncing, !state.asksForSync { state.toast = nil }
      return OutboxScreen.update(&state.outbox, action)
    case .inbox(let action): return InboxScreen.update(&state.inbox, action)
    case .feedback(let action):
      if case .failed(let problem) = action { state.lastProblem = problem }
      return FeedbackScreen.update(&state.feedback, action)
    case .search(let action):
      if case .failed(let problem, _) = action { state.lastProblem = problem }
      if case .arrived(let results, let order) = action {
        if state.toast == stillSearching { state.toast = nil }
        return SearchScreen.update(&state.search, .arrived(withoutHidden(results, state), order: order))
      }
      return SearchScreen.update(&state.search, action)
    case .log(let action): return LogScreen.update(&state.log, action)
    default: return []
    }
  }

  /// Whoever went elsewhere meanwhile is told that a file is scored.
  private static func announce(_ state: inout AppState, _ scoring: FileScoring) {
    if case .failed(let problem) = scoring.stage { state.lastProblem = problem }
    guard state.place != .infer(scoring.model) else { return }
    let count = scoring.progress.scored
    switch scoring.stage {
    case .done: state.toast = Message(.done, "\(scoring.name): \(count) \(count == 1 ? "row" : "rows") scored")
    case .failed(let problem): state.toast = Message(.failed, problem.summary)
    case .running, .stopped: break
    }
  }

  /// The demonstration's cases are there: a screen that was opened before them looks again.
  private static func prepared(_ state: inout AppState) -> [Effect] {
    switch state.place {
    case .review where state.review.items.isEmpty: route(&state, .review(.appeared(milliseconds: 0, now: state.now)))
    case .drift: route(&state, .drift(.appeared))
    case .feedback: route(&state, .feedback(.appeared))
    case .search: route(&state, .search(.appeared(now: state.now)))
    case .models, .infer, .case, .review, .outbox, .inbox, .log: []
    }
  }
}
