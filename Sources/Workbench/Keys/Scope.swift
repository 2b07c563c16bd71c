/// Where a key has its meaning: the screen, or everywhere outside text.
public enum Scope: String, Hashable, Sendable, CaseIterable {
  case everywhere, models, infer, `case`, review, drift, outbox, inbox, feedback, search, log

  /// The scope as help and manual title it.
  public var title: String {
    switch self {
    case .everywhere: "Everywhere"
    case .models: "Models"
    case .infer: "Infer"
    case .case: "Case"
    case .review: "Review"
    case .drift: "Drift"
    case .outbox: "Outbox"
    case .inbox: "Inbox"
    case .feedback: "Feedback"
    case .search: "Search"
    case .log: "Log"
    }
  }
}
