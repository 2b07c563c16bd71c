internal import Domain
internal import Feedback
internal import Frames

extension App {
  /// Why a command can do nothing on the screen on top, in words.
  static func obstacle(_ state: AppState, _ command: Command) -> Obstacle? {
    switch state.place {
    case .models: state.models.obstacle(to: command)
    case .infer: state.infer?.obstacle(to: command)
    case .case: state.case.flatMap { obstacle($0, command, in: state) }
    case .drift: state.drift?.obstacle(to: command)
    case .review: state.review.obstacle(to: command)
    case .outbox: state.outbox.obstacle(to: command)
    case .inbox: InboxScreen.obstacle(state.inbox, to: command)
    case .feedback: state.feedback.obstacle(to: command)
    case .search:
      if command == .open, state.search.selected == nil {
        state.search.results.isLoading
          ? Obstacle(stillSearching.text)
          : Obstacle("nothing is found to open", hint: Hint(.filter, "searches for something else"))
      } else {
        nil
      }
    case .log:
      switch command {
      case .open where state.log.selected == nil: "nothing has happened in this session yet"
      case .reload: "the log has everything of this session already"
      default: nil
      }
    }
  }

  /// Why no explanation can be rated: where none is on screen, what is said to a mark.
  static func obstacleToRating(_ state: AppState) -> Obstacle? {
    let explanation = state.place == .review ? state.review.markedExplanation : state.case?.shownExplanation
    return explanation == nil ? obstacle(state, .markAgrees) : nil
  }

  private static func obstacle(_ state: CaseScreen.State, _ command: Command, in app: AppState) -> Obstacle? {
    switch command {
    case .nextCase, .previousCase:
      return sibling(of: state, by: command == .nextCase ? 1 : -1) == nil ? end(of: state, command) : nil
    case _ where command.judges && state.editor == nil: return "the case is not here yet"
    case .save where state.editor?.canSave == false: return .nothingToSave(of: state.editor)
    case .takeOff where state.editor?.canTakeOff == false: return .nothingToTakeOff
    case _ where command.isMark && state.target == nil:
      return state.shownExplanation == nil
        ? "there is no explanation to mark" : "this explanation has no parts that a mark can be on"
    case .decide where state.content.value?.judges.differ != true:
      return "nothing to decide: no two judges differ, as far as this ledger knows"
    case .whatIf: return state.obstacle(toChanging: .whatIf)
    case .otherFlips:
      if let obstacle = state.obstacle(toChanging: .flips) { return obstacle }
      let shown = state.panels.contains(state.lower) ? state.lower : state.panels.first
      let isShown = shown == .flips && state.flips.value != nil
      return isShown ? "what flips the answer is on screen" : nil
    case .open: return Obstacle("nothing to open here", hint: Hint(.whatIf, "changes the selected value"))
    case .nextPanel, .previousPanel:
      return !app.hasOnePanel && state.panels.count < 2 ? otherPanels(app) : nil
    case .moveLeft, .moveRight:
      return (state.attributions?.classes.count ?? 0) < 2 ? "there is no other class that is explained" : nil
    case .nextExplanation:
      let count = state.case?.explanations.count ?? 0
      return count > 1 ? nil : count == 1 ? "this is the only explanation" : "there is no explanation"
    default: return nil
    }
  }

  /// Why there is no case beyond this one.
  private static func end(of state: CaseScreen.State, _ command: Command) -> Obstacle {
    if state.siblings.count < 2 { return "the case was opened alone: no list to go on in" }
    return command == .nextCase ? "this is the last case of the list" : "this is the first case of the list"
  }
}

extension Command {
  /// Whether it says something of a case.
  var judges: Bool {
    switch self {
    case .agree, .disagree, .unsure, .skip, .confidence, .reasons, .note, .save, .flag, .repeatVerdict, .takeOff: true
    default: isMark
    }
  }
}
