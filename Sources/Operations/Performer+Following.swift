internal import Deployment
internal import Domain
internal import Synchronization
internal import Workbench

/// The lists that a control plane refuses to tell changes of; they are not asked for again in a session.
struct RefusedLists: Sendable {
  private(set) var numbers: Set<Int> = []
  private var wasSaid = false

  /// Notes one; true where it is to be said: the first one that the screen lists.
  mutating func note(_ number: Int, _ list: FollowedList) -> Bool {
    numbers.insert(number)
    guard !wasSaid, [.models, .pipelines, .experiments].contains(list.list) else { return false }
    wasSaid = true
    return true
  }
}

extension Performer {
  /// A burst of changes is over after so long.
  private static let settling = Duration.milliseconds(200)
  /// From the end of a listing to the next.
  private static let rest = Duration.seconds(2)

  /// Lists the models anew whenever the control plane tells that something changed, until nobody looks at them.
  func followModels(_ post: @escaping Post) async {
    // Connections of its own, so that no listing ever waits for one that stays open.
    let plane = ControlPlane(workspace.context)
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let wish = Mutex(false)
    let following = following(of: plane, post) {
      wish.withLock { $0 = true }
      wake.yield()
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await following.run()
        wake.finish()
      }
      for await _ in wakes where wish.withLock({ $0 }) {
        guard (try? await pacing.sleep(Self.settling)) != nil else { break }
        wish.withLock { $0 = false }
        await runNext("models", post) { await self.refreshModels(post) }
        guard (try? await pacing.sleep(Self.rest)) != nil else { break }
      }
    }
    await plane.close()
    if !Task.isCancelled { post(.models(.followed(false))) }
  }

  private func following(
    of plane: ControlPlane, _ post: @escaping Post, changed: @escaping @Sendable () -> Void
  ) -> ModelFollowing {
    let refused = refusedLists.withLock { $0.numbers }
    let lists = plane.lists.enumerated().filter { !refused.contains($0.offset) }
    return ModelFollowing(Dictionary(uniqueKeysWithValues: lists.map { ($0.offset, $0.element) }), pacing) { news in
      switch news {
      case .changed: changed()
      case .isLive(let isLive): post(.models(.followed(isLive)))
      case .refused(let number, let list, let problem):
        if self.refusedLists.withLock({ $0.note(number, list) }) { post(.models(.unfollowed(problem))) }
      }
    }
  }
}
