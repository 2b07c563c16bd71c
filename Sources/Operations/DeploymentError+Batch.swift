internal import Deployment
internal import Domain
internal import Transport

/// What an error means for the rows of a batch.
extension DeploymentError {
  /// Whether rows, not the service, are at fault.
  var isRefusal: Bool {
    switch reason {
    case .status(400, _), .status(413, _), .status(422, _), .status(500, _), .invalid, .unsendable, .mixedRecords: true
    default: false
    }
  }

  /// Whether it is sure that the service did nothing with the rows; after a 500 it is not.
  var isCertain: Bool {
    if case .status(500, _) = reason { false } else { true }
  }

  /// Whether the service did not take the request because it has too much to do, so that it can be sent again. A 503
  /// says so as well when a proxy lost the server in the middle of the work: that is never sent again.
  var isBusy: Bool {
    switch reason {
    case .status(429, _): return true
    case .status(503, let message):
      let words = message.string
      guard words.contains("disconnect/reset before headers") else { return true }
      return ["overflow", "connection failure", "connection timeout"].contains { words.contains($0) }
    default: return false
    }
  }

  /// Whether no answer came in time; the service may have done the work.
  var isLate: Bool {
    switch reason {
    case .status(408, _), .status(504, _): true
    case .transport(.timedOut(let phase, _, _)): phase == .sending || phase == .answering || phase == .receiving
    default: false
    }
  }

  /// Whether the service did the work, and answered what nobody can read.
  var isUnreadable: Bool {
    switch reason {
    case .unreadable, .rowCount: true
    default: false
    }
  }

  /// When the request left that came to nothing by now, in seconds.
  func sent(until now: Double) -> Double {
    if let milliseconds = exchange?.milliseconds { return now - milliseconds / 1000 }
    guard case .transport(.timedOut(_, let limit, _)) = reason else { return now }
    return now - Double(limit.components.seconds)
  }

  /// The reason, with the service's own words.
  var reasonWithWords: String {
    guard case .status(_, let message) = reason, !message.isEmpty else { return problem.summary }
    return problem.summary + ": " + message.string
  }
}
