internal import Deployment
internal import Domain

/// One list of one source, whose changes are told as they happen.
enum FollowedList: Sendable {
  case scheduler(Scheduler, ControlList)
  case kubernetes(Kubernetes, ControlList)

  var list: ControlList {
    switch self {
    case .scheduler(_, let list), .kubernetes(_, let list): list
    }
  }

  /// Tells what happens until the source ends the watch. A place to go on from without a gap is kept in `place`; where
  /// that is nil at the end, what happens meanwhile is not told.
  func follow(from place: inout RawText?, _ tell: (ControlNews) -> Void) async throws(DeploymentError) {
    let start = place
    place = nil
    switch self {
    case .scheduler(let scheduler, let list): try await scheduler.follow(list, tell)
    case .kubernetes(let kubernetes, let list): place = try await kubernetes.follow(list, from: start, tell)
    }
  }
}
