import Domain
import Frames
import SchedulerMessages
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("The models on screen follow their control plane", .serialized, .timeLimit(.minutes(1)))
struct FollowingTests {
  /// What was waited for between two attempts to follow.
  private static func waits(_ pauses: Pauses) -> [Duration] {
    pauses.taken.filter { $0 != rest && $0 != .milliseconds(200) }
  }

  private static let rest = Duration.seconds(2)

  /// The models screen over a cluster, listed and live, with whatever the beginning stirred up come to rest.
  private static func withScreen(
    _ cluster: Cluster, _ body: (inout Bench, ControlDesk) async throws -> Void
  ) async throws {
    try await ControlDesk.with(cluster: cluster) { desk in
      var bench = desk.bench()
      bench.start()
      await bench.wait { $0.screen.contains("live") && cluster.openWatches == 6 }
      await bench.wait { _ in desk.pauses.taken.contains(rest) }
      try await body(&bench, desk)
      await bench.finish()
    }
  }

  private static func row(_ name: String, _ bench: Bench) -> String {
    bench.screen.split(separator: "\n").map(String.init).first { $0.contains(" \(name) ") || $0.contains("▌\(name)") }
      ?? ""
  }

  @Test("a state, a reason, replicas, a new model and one that went are shown without a key")
  func changes() async throws {
    let cluster = try Cluster(models: ["cargo", "iris", "wine"])
    try await Self.withScreen(cluster) { bench, _ in
      bench.type("G")
      bench.rest()
      await bench.wait { $0.state.models.selected?.model.name == "wine" && Self.row("wine", $0).contains("Ready") }
      cluster.put("models", "wine", Cluster.model("no such bucket", available: 0))
      await bench.wait { Self.row("wine", $0).contains("Failed") && $0.screen.contains("no such bucket") }
      cluster.put("models", "wine", Cluster.model(available: 2, of: 2))
      await bench.wait { Self.row("wine", $0).contains("Ready") && $0.screen.contains("2/2") }

      cluster.put("models", "alpha", Cluster.model())
      await bench.wait { $0.screen.contains("Models 4") && Self.row("alpha", $0).contains("Ready") }
      cluster.remove("models", "cargo")
      await bench.wait { $0.screen.contains("Models 3") && !$0.screen.contains("cargo") }
      cluster.put("pipelines", "flow", #""spec":{"steps":[{"name":"wine"}]},"status":{}"#)
      await bench.wait { $0.screen.contains("Models 4") && $0.screen.contains("flow") }
      #expect(bench.state.models.selected?.model.name == "wine")
    }
  }

  @Test("leaving the screen ends every connection, coming back follows again, and the end ends all")
  func leaving() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.withScreen(cluster) { bench, _ in
      bench.type("Ggo")
      #expect(bench.state.place == .outbox)
      await bench.wait { _ in cluster.followers == 0 }
      cluster.put("models", "late", Cluster.model())
      bench.type("gm")
      await bench.wait { $0.screen.contains("late") && $0.screen.contains("live") && cluster.openWatches == 6 }
      #expect(bench.state.models.selected?.model.name == "wine")
      await bench.finish()
      await bench.wait { _ in cluster.followers == 0 }
    }
  }

  @Test("a burst is one listing, and between two listings is a rest of two seconds")
  func bursts() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.withScreen(cluster) { bench, desk in
      desk.pauses.hold(Self.rest)
      cluster.put("models", "first", Cluster.model())
      await bench.wait { _ in desk.pauses.lasting == 1 }
      let lists = cluster.lists(of: "models")
      for number in 0..<50 { cluster.put("models", "burst-\(number)", Cluster.model()) }
      // A watch is made anew when it has told all of them.
      cluster.endWatches()
      await bench.wait { _ in cluster.openWatches == 6 }
      bench.take()
      #expect(cluster.lists(of: "models") == lists && !bench.screen.contains("burst"))
      desk.pauses.hold(nil)
      await bench.wait { $0.state.models.groups.count == 52 }
      #expect(cluster.lists(of: "models") == lists + 1)
    }
  }

  @Test("what nobody sees changes nothing, not even the state of the screen")
  func nothingVisible() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.withScreen(cluster) { bench, desk in
      bench.type("G")
      // What waits to be sent, the stream's own beginning, is counted beside.
      await bench.wait { $0.state.models.selected?.model.signature != nil && $0.state.waiting == 1 }
      let rests = desk.pauses.taken.count { $0 == Self.rest }
      let before = bench.state
      cluster.put("models", "wine", Cluster.model())
      await bench.wait { _ in desk.pauses.taken.count { $0 == Self.rest } > rests }
      bench.take()
      #expect(bench.state == before)
    }
  }

  @Test("a version that is too old is listed anew and watched from the newer one")
  func expired() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.withScreen(cluster) { bench, _ in
      cluster.expire()
      cluster.endWatches()
      await bench.wait { _ in cluster.openWatches == 6 }
      cluster.put("models", "new", Cluster.model("no room"))
      await bench.wait { Self.row("new", $0).contains("Failed") }
      #expect(bench.screen.contains("live"))
    }
  }

  @Test("a line that goes leaves what was known, said to be old, until there is a line again")
  func lost() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await Self.withScreen(cluster) { bench, desk in
      cluster.setDown(true)
      await bench.wait { $0.screen.contains("LAST STATE") && $0.screen.contains("last known") }
      #expect(bench.screen.contains("wine") && !bench.screen.contains("live"))
      cluster.put("models", "wine", Cluster.model("no such bucket"))
      cluster.setDown(false)
      await bench.wait { Self.row("wine", $0).contains("Failed") && $0.screen.contains("live") }
      #expect(!bench.screen.contains("LAST STATE"))
      #expect(!Self.waits(desk.pauses).isEmpty)
    }
  }

  @Test("a watch that is refused is said once and not tried again, and R goes on listing")
  func refused() async throws {
    let cluster = try Cluster(models: ["wine"])
    cluster.refuseWatches(403)
    try await ControlDesk.with(cluster: cluster) { desk in
      var bench = desk.bench()
      bench.start()
      await bench.wait { $0.screen.contains("watching is refused (403)") && $0.screen.contains("wine") }
      await bench.wait { _ in cluster.followers == 0 }
      #expect(!bench.screen.contains("live") && Self.waits(desk.pauses) == [])
      bench.type("gl")
      #expect(bench.screen.contains("The models do not follow by themselves"))
      bench.press(.escape)
      bench.type("go")
      bench.type("gm")
      cluster.put("models", "new", Cluster.model())
      bench.type("R")
      await bench.wait { $0.screen.contains("new") }
      #expect(cluster.watches(of: "models").count == 1 && bench.state.toast == nil)
      await bench.finish()
    }
  }

  @Test("a scheduler is subscribed to in the same way, also to lists of which it has nothing to say")
  func scheduler() async throws {
    let scheduler = try StubScheduler(models: ["iris", "wine"])
    try await ControlDesk.with(scheduler: scheduler) { desk in
      var bench = desk.bench()
      bench.start()
      await bench.wait { $0.screen.contains("live") && Self.row("wine", $0).contains("Ready") }
      await bench.wait { _ in scheduler.subscriptions.count == 4 }
      scheduler.set("wine", .modelFailed)
      await bench.wait { Self.row("wine", $0).contains("Failed") }
      scheduler.set("wine", .modelTerminated)
      await bench.wait { !$0.screen.contains("wine") && $0.screen.contains("iris") }
      await bench.finish()
      await bench.wait { _ in scheduler.subscriptions.isEmpty }
    }
  }
}
