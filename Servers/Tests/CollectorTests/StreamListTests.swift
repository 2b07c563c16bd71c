internal import Domain
internal import Feedback
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("The list of streams") struct StreamListTests {
  @Test(
    "says that a stream goes on under another name only while nothing comes under its own", arguments: Kept.allCases)
  func parted(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let caller = Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("ana"))
    func states() throws -> [StreamID: StreamList.State] {
      let entries = try StreamList(bench.database).entries()
      return Dictionary(entries.map { ($0.id, $0.state) }) { _, new in new }
    }
    var old = DeviceStream(1, analyst: "ana")
    try old.judge(.of([1]), .agree)
    _ = try await caller.open(old.id)
    #expect(try await caller.verdicts(old.offered, on: old.id) == ["stored", "stored"])
    // A backup was restored elsewhere, and goes on there.
    var copy = DeviceStream(2, analyst: "ana")
    try copy.add(.streamFork(StreamFork(oldStream: old.id, atSeq: 1, reason: "copy")))
    _ = try await caller.open(copy.id)
    #expect(try await caller.verdicts(copy.offered, on: copy.id) == ["stored"])
    #expect(try states() == [old.id: .goesOn(as: copy.id), copy.id: .open])
    // The old laptop is in use again.
    let base = old.offered[1].position
    try old.judge(.of([2]), .agree)
    #expect(try await caller.verdicts(Array(old.offered.dropFirst(2)), base: base, on: old.id) == ["stored", "stored"])
    #expect(try states() == [old.id: .open, copy.id: .open])
  }

  @Test("believes nobody that another analyst's stream goes on under theirs", arguments: Kept.allCases)
  func foreign(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(.of([1]), .agree)
    var eve = DeviceStream(2, analyst: "eve")
    try eve.add(.streamFork(StreamFork(oldStream: ana.id, atSeq: 1, reason: "copy")))
    for stream in [ana, eve] {
      let caller = Caller(client: client, token: try bench.token(stream.analyst.string))
      _ = try await caller.open(stream.id)
      #expect(try await caller.verdicts(stream.offered, on: stream.id).allSatisfy { $0 == "stored" })
    }
    #expect(try StreamList(bench.database).entries().map(\.state) == [.open, .open])
  }
}
