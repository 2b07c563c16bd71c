public import Domain

/// Where the analyst is: the screens opened one from another, the last on top.
public enum Place: Hashable, Sendable {
  case models
  case infer(ModelID)
  case `case`(ShortHash)
  case drift(ModelID)
  case review
  case outbox
  case inbox
  case feedback
  case search
  case log

  /// The keys that apply here.
  public var scope: Scope {
    switch self {
    case .models: .models
    case .infer: .infer
    case .case: .case
    case .drift: .drift
    case .review: .review
    case .outbox: .outbox
    case .inbox: .inbox
    case .feedback: .feedback
    case .search: .search
    case .log: .log
    }
  }
}
