internal import Domain
internal import SafeText

extension App {
  /// The screen on top as text: the same content, charts in numbers.
  public static func read(_ state: AppState) -> Outline {
    switch state.place {
    case .models: ModelsScreen.read(state.models)
    case .infer: state.infer.map(InferScreen.read) ?? Outline("Infer", [])
    case .case: state.case.map(CaseScreen.read) ?? Outline("Case", [])
    case .drift: state.drift.map(DriftScreen.read) ?? Outline("Drift", [])
    case .review: ReviewScreen.read(state.review, now: state.now)
    case .outbox: OutboxScreen.read(state.outbox)
    case .inbox: InboxScreen.read(state.inbox)
    case .feedback: FeedbackScreen.read(state.feedback)
    }
  }
}
