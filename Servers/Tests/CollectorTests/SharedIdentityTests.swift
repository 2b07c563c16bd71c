internal import Domain
internal import Feedback
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("Whoever uses an event's identity first") struct SharedIdentityTests {
  @Test(
    "takes nothing from an analyst whose earlier name is let in later: the words count then", arguments: Kept.allCases)
  func released(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    // Carl's ledger came under Bea's token, and then under that of Ana, who was Carl.
    var caller = Caller(client: client, token: try bench.token("bea"))
    for (number, analyst) in [(1, "bea"), (2, "ana"), (3, "ana")] {
      caller = Caller(client: client, token: try bench.token(analyst))
      let stream = StreamID.numbered(UInt8(number))
      let event = Stub.event(Stub.body(1, analyst: "carl"), after: nil, id: 1, stream: stream)
      _ = try await caller.open(stream)
      #expect(try await caller.verdicts([event], on: stream) == [number == 3 ? "alias" : "quarantined"])
    }
    // The same words once from each analyst.
    let kept = try bench.database.readNow { db in try db.integer("SELECT count(*) FROM log WHERE body IS NOT NULL") }
    #expect(kept == 2)
    _ = try TokenBook(bench.database).create(analyst: "ana", device: "d", scopes: [.write], formerNames: ["carl"])
    #expect(try await caller.entries().map(\.event.body) == [Stub.body(1, analyst: "carl")])
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("keeps no other words under it away, where researchers redact theirs", arguments: Kept.allCases)
  func redacted(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let junk = Stub.event(Stub.body(1, analyst: "someone"), after: nil, id: 1, stream: .numbered(1))
    let bea = Caller(client: client, token: try bench.token("bea"))
    _ = try await bea.open(.numbered(1))
    #expect(try await bea.verdicts([junk], on: .numbered(1)) == ["quarantined"])
    #expect(try Redaction(bench.database).run(.event(junk.eventID), reason: "junk") == 1)
    let ana = Caller(client: client, token: try bench.token("ana"))
    let good = Stub.event(Stub.body(2), after: nil, id: 1, stream: .numbered(2))
    _ = try await ana.open(.numbered(2))
    #expect(try await ana.verdicts([good], on: .numbered(2)) == ["stored"])
    #expect(try await ana.entries().map(\.event) == [good])
    #expect(try Verification(bench.database).run().faults == [])
  }
}
