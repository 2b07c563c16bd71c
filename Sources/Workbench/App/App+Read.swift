internal import Domain
internal import SafeText

extension App {
  /// A text that leaves the screen, for the clipboard or the pager: the handling banner is its first and last line.
  static func leaving(_ text: String, _ state: AppState) -> String {
    guard let banner = state.banner else { return text }
    let ending = text.hasSuffix("\n") ? "" : "\n"
    // As it stands on the screen: what turns or hides text is shown.
    let line = banner.safe.text
    return "\(line)\n\n\(text)\(ending)\n\(line)\n"
  }

  /// The screen on top as text: the same content, charts in numbers.
  public static func read(_ state: AppState) -> Outline {
    switch state.place {
    case .models: ModelsScreen.read(state.models)
    case .infer: state.infer.map(InferScreen.read) ?? Outline("Infer", [])
    case .case: state.case.map(CaseScreen.read) ?? Outline("Case", [])
    case .drift: state.drift.map(DriftScreen.read) ?? Outline("Drift", [])
    case .review: ReviewScreen.read(state.review, now: state.now)
    case .outbox: OutboxScreen.read(state.outbox, state.collector, stop: state.syncStop)
    case .inbox: InboxScreen.read(state.inbox)
    case .feedback: FeedbackScreen.read(state.feedback)
    case .search: SearchScreen.read(state.search, state.hints, hidden: state.hiddenCases, now: state.now)
    case .log: LogScreen.read(state.log)
    }
  }
}
