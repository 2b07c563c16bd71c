import Domain
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("A listing", .timeLimit(.minutes(1)))
struct ListingTests {
  @Test("joins what Kubernetes and the scheduler tell with what the service says of each model")
  func joined() async throws {
    let cluster = try Cluster(models: ["wine"])
    cluster.put("pipelines", "flow", #""spec":{"steps":[{"name":"wine"}],"output":{"steps":["wine"]}},"status":{}"#)
    try await ControlDesk.with(cluster: cluster, scheduler: try StubScheduler(models: ["iris", "wine"])) { desk in
      let listing = try await desk.workspace.listing()
      #expect(Set(listing.groups.map(\.model.name)) == ["wine", "iris", "flow"])
      #expect(listing.notices == [] && listing.serviceProblem == nil)
      let wine = listing.groups.first { $0.model.name == "wine" }?.model
      #expect(wine?.state == .ready && wine?.signature?.inputs.map(\.name) == ["x"])
      #expect(wine?.deployed?.usedBy == ["flow.pipeline"])
      #expect(Set(desk.described) == ["wine", "iris"])
    }
  }

  @Test("a source that fails does not take the others with it, and is named")
  func partial() async throws {
    let scheduler = try StubScheduler(models: [])
    scheduler.refuse()
    try await ControlDesk.with(cluster: try Cluster(models: ["wine"]), scheduler: scheduler) { desk in
      let listing = try await desk.workspace.listing()
      #expect(listing.groups.map(\.model.name) == ["wine"])
      #expect(listing.notices.map(\.summary) == ["The scheduler does not let you list the models (PERMISSION_DENIED)."])
    }
  }

  @Test("a list that does not come this time is shown as it was last, its states as not known")
  func remembered() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await ControlDesk.with(cluster: cluster) { desk in
      _ = try await desk.workspace.listing()
      cluster.close("models")
      let listing = try await desk.workspace.listing()
      #expect(listing.groups.map(\.model.name) == ["wine"] && listing.groups.map(\.model.state) == [.unknown])
      #expect(listing.groups[0].model.reason == "as it was listed last; the list did not come this time")
      #expect(listing.missing.map(\.summary) == ["You may not list models in namespace lab: 403."])
    }
  }

  @Test("where nothing answers it fails with the control plane's reason, and what was known stays")
  func nothing() async throws {
    let cluster = try Cluster(models: ["wine"])
    try await ControlDesk.with(cluster: cluster) { desk in
      _ = try await desk.workspace.listing()
      cluster.setDown(true)
      await #expect(throws: Problem.self) { try await desk.workspace.listing() }
      #expect(desk.known == ["wine": .ready])
      #expect(desk.workspace.rememberedModels()?.groups.map(\.model.name) == ["wine"])
    }
  }

  @Test("a service without a list and without a control plane says what would list")
  func none() async throws {
    try await ControlDesk.with { desk in
      do throws(Problem) {
        _ = try await desk.workspace.listing()
        Issue.record("nothing was listed, and nothing was said")
      } catch {
        #expect(error.summary == "The service does not list its models." && error.advice.contains("`scheduler`"))
      }
    }
  }

  @Test("a refresh asks for metadata only where a model is not as it was, or a catalogue was published")
  func refresh() async throws {
    let cluster = try Cluster(models: ["wine", "iris", "cargo"])
    try await ControlDesk.with(cluster: cluster) { desk in
      _ = try await desk.workspace.listing()
      #expect(desk.described.count == 3)
      cluster.put("models", "iris", Cluster.model(available: 2, of: 2))
      cluster.put("models", "new", Cluster.model())
      let listing = try await desk.workspace.listing(isRefresh: true)
      #expect(Set(desk.described.dropFirst(3)) == ["iris", "new"])
      #expect(listing.groups.count == 4 && listing.groups.allSatisfy { $0.model.signature != nil })
      _ = try await desk.workspace.listing()
      #expect(desk.described.count == 9)
      try await desk.workspace.takePublishedCatalogue()
      _ = try await desk.workspace.listing(isRefresh: true)
      #expect(desk.described.count == 13)
    }
  }
}
