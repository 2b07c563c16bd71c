internal import Deployment
internal import Domain
internal import SyncProtocol
internal import Synchronization

/// Follows the lists of a control plane: says when something changed, and whether changes are told at all. A line that is
/// lost is made anew, each time after a longer while; what is refused is not asked for again.
final class ModelFollowing: Sendable {
  /// What comes of it.
  enum News: Sendable {
    /// Something changed, or may have changed unseen: the lists are to be read anew.
    case changed
    /// Whether changes of models are told as they happen.
    case isLive(Bool)
    /// The list of this number is not told.
    case refused(Int, FollowedList, Problem)
  }

  /// The lists of models that could be followed, and those that are just now, by their numbers.
  private struct Openness {
    var wanted: Set<Int>
    var open: Set<Int> = []
    var wasLive = false

    var isLive: Bool { !wanted.isEmpty && wanted == open }
  }

  private let lists: [Int: FollowedList]
  private let pacing: Pacing
  private let tell: @Sendable (News) -> Void
  private let openness: Mutex<Openness>

  /// A watch that stood so many seconds went well: the next wait is a short one.
  private static let longEnough = 30.0
  /// The most milliseconds between two attempts.
  private static let longestWait = 60_000

  init(_ lists: [Int: FollowedList], _ pacing: Pacing, _ tell: @escaping @Sendable (News) -> Void) {
    self.lists = lists
    self.pacing = pacing
    self.tell = tell
    openness = Mutex(Openness(wanted: Set(lists.filter { $0.value.list == .models }.keys)))
  }

  /// Follows until nobody waits any more or all is refused.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      for (number, list) in lists { group.addTask { await self.keep(number, list) } }
    }
  }

  private func keep(_ number: Int, _ list: FollowedList) async {
    var backoff = Backoff(longest: Self.longestWait)
    var place: RawText?
    var wasFollowed = false
    while !Task.isCancelled {
      let began = pacing.seconds()
      do throws(DeploymentError) {
        let isContinued = place != nil
        try await list.follow(from: &place) { news in
          if news == .began {
            wasFollowed = true
            note(number, list) { $0.open.insert(number) }
          }
          // What happened before a beginning is not told.
          if news != .began || !isContinued { tell(.changed) }
        }
      } catch {
        guard !Task.isCancelled, !error.isCancellation else { return }
        if error.isFinalForFollowing {
          tell(.refused(number, list, error.problemOfFollowing))
          return note(number, list) { $0.wanted.remove(number) }
        }
      }
      if place == nil {
        note(number, list) { $0.open.remove(number) }
        // What went with the line is looked for now, and again when there is one.
        if wasFollowed { tell(.changed) }
        wasFollowed = false
      }
      if pacing.seconds() - began >= Self.longEnough { backoff.reset() }
      let wait = backoff.next(random: pacing.random())
      guard (try? await pacing.sleep(.milliseconds(wait))) != nil else { return }
    }
  }

  /// Tells where models become live, or are no more.
  private func note(_ number: Int, _ list: FollowedList, _ change: (inout Openness) -> Void) {
    guard list.list == .models else { return }
    let news = openness.withLock { openness -> Bool? in
      change(&openness)
      guard openness.isLive != openness.wasLive else { return nil }
      openness.wasLive = openness.isLive
      return openness.isLive
    }
    if let news { tell(.isLive(news)) }
  }
}
