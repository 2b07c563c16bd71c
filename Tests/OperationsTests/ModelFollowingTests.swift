import Deployment
import Domain
import Synchronization
import Testing
import WireFixtures

@testable import Operations

@Suite("Following one list", .serialized, .timeLimit(.minutes(1)))
struct ModelFollowingTests {
  /// What is told, in order.
  private final class Told: Sendable {
    private let news = Mutex<[String]>([])

    var all: [String] { news.withLock { $0 } }

    func tell(_ news: ModelFollowing.News) {
      let word =
        switch news {
        case .changed: "changed"
        case .isLive(let isLive): isLive ? "live" : "not live"
        case .refused(_, let list, _): "\(list.list) refused"
        }
      self.news.withLock { $0.append(word) }
    }
  }

  /// Follows the models of a cluster while a test looks on.
  private static func following(
    _ cluster: Cluster, _ body: (Told, ControlDesk) async throws -> Void
  ) async throws {
    try await ControlDesk.with(cluster: cluster) { desk in
      let plane = ControlPlane(desk.workspace.context)
      let lists = plane.lists.filter { $0.list == .models }
      let told = Told()
      let following = ModelFollowing([0: lists[0]], desk.pauses.pacing) { told.tell($0) }
      let task = Task { await following.run() }
      try await body(told, desk)
      task.cancel()
      await task.value
      await plane.close()
      await wait { cluster.followers == 0 }
    }
  }

  private static func wait(until condition: () -> Bool) async { while !condition() { await Task.yield() } }

  @Test("a watch that the API ends goes on from its version, and nothing is listed for it")
  func ended() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.following(cluster) { told, desk in
      await Self.wait { cluster.openWatches == 1 }
      cluster.put("models", "wine", Cluster.model())
      await Self.wait { told.all == ["live", "changed", "changed"] }
      cluster.endWatches()
      // What happens between two watches is told by the second.
      cluster.put("models", "wine", Cluster.model("no room"))
      await Self.wait { told.all.count == 4 }
      #expect(told.all == ["live", "changed", "changed", "changed"])
      let watches = cluster.watches(of: "models")
      #expect(watches.count == 2 && watches[1].contains("resourceVersion=102 "))
      #expect(desk.pauses.taken == [.milliseconds(1500)])
    }
  }

  @Test("a version that is too old is told as a change, and again when there is a newer one")
  func expired() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.following(cluster) { told, _ in
      await Self.wait { cluster.openWatches == 1 && told.all.count == 2 }
      cluster.put("models", "wine", Cluster.model())
      cluster.expire()
      cluster.endWatches()
      await Self.wait { cluster.openWatches == 1 && told.all.count == 7 }
      #expect(told.all == ["live", "changed", "changed", "not live", "changed", "live", "changed"])
    }
  }

  @Test("a line that is lost is made anew after longer and longer, up to a minute, and soon after one that stood long")
  func waits() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.following(cluster) { told, desk in
      await Self.wait { cluster.openWatches == 1 && told.all.count == 2 }
      cluster.setDown(true)
      await Self.wait { desk.pauses.taken.count > 40 }
      #expect(told.all == ["live", "changed", "not live", "changed"])
      let waits = desk.pauses.taken.prefix(40)
      #expect(waits.first == .milliseconds(1500) && zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(waits.allSatisfy { $0 <= .seconds(60) })
      cluster.setDown(false)
      await Self.wait { told.all.count == 6 }
      #expect(told.all.suffix(2) == ["live", "changed"])
      desk.pauses.pass(seconds: 30)
      let count = desk.pauses.taken.count
      cluster.setDown(true)
      await Self.wait { desk.pauses.taken.count > count }
      #expect(desk.pauses.taken[count] == .milliseconds(1500))
    }
  }

  @Test("what is refused is not asked for again", arguments: [403, 404, 405])
  func refused(status: Int) async throws {
    let cluster = try Cluster(models: ["wine"])
    cluster.refuseWatches(status)
    try await Self.following(cluster) { told, desk in
      await Self.wait { !told.all.isEmpty }
      #expect(told.all == ["models refused"] && cluster.watches(of: "models").count == 1 && desk.pauses.taken == [])
    }
  }
}
