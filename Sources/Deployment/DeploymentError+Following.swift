public import Domain

/// What it means to who follows a list.
extension DeploymentError {
  /// Whether the other side has said that it will not tell changes: it is not asked again.
  public var isFinalForFollowing: Bool {
    switch reason {
    case .status(let status, _): Self.finalStatuses.contains(status)
    case .refused(let status): Self.finalStatuses.contains(status.code)
    case .call(.status(let status, _)): status == .permissionDenied || status == .unimplemented
    case .call(.notGRPC(let status, _)): Self.finalStatuses.contains(status)
    default: false
    }
  }

  /// No permission, no such list, or no watches.
  private static let finalStatuses: Set<Int> = [400, 403, 404, 405, 501]

  /// Why a list does not follow by itself.
  public var problemOfFollowing: Problem {
    var problem = problem
    switch reason {
    case .status(let status, _):
      problem.summary = "The models do not follow by themselves: watching is refused (\(status))."
    case .refused(let status):
      problem.summary = "The models do not follow by themselves: watching is refused (\(status.code))."
    case .call(.status(let status, _)):
      problem.summary = "The models do not follow by themselves: subscribing is refused (\(status.name))."
    default: problem.summary = "The models do not follow by themselves."
    }
    problem.advice = "Reload lists anew. " + problem.advice
    return problem
  }
}
