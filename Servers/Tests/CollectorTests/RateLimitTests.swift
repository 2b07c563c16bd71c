internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Synchronization
internal import Testing

@testable import Collector

@Suite("A collector that limits rates") struct RateLimitTests {
  /// A clock that a test turns.
  private final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    var now: Duration { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
  }

  private func serve(
    _ bench: Bench, behindProxy: Bool = false, _ body: (InProcessClient, Clock, Collector) async throws -> Void
  ) async throws {
    let clock = Clock()
    var settings = ServerSettings()
    settings.isBehindProxy = behindProxy
    let limit = RateLimit(TokenBucket.Rate(perMinute: 60, burst: 3)) { clock.now }
    let collector = try Collector(bench.database, settings: settings, rateLimit: limit, limits: Hello.Limits())
    try await body(InProcessClient(collector.router().buildResponder()), clock, collector)
  }

  @Test("answers what is too much with 429, the time to wait in the header and the body, and then takes it")
  func limited() async throws {
    let bench = try Bench()
    let token = try bench.token("ana")
    try await serve(bench) { client, clock, collector in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      let events = Stub.chain(3, in: .numbered(1))
      #expect(try await caller.verdicts(Array(events[..<1])) == ["stored"])
      #expect(try await caller.verdicts(events) == ["duplicate", "stored", "stored"])
      clock.advance(.milliseconds(400))
      let refused = try await caller.push(events)
      #expect(refused.status == 429 && refused.refusal == "rate" && refused.headers[.retryAfter] == "3")
      #expect(try refused.message(Refusal.self).retryAfter == 2600)
      clock.advance(.milliseconds(2600))
      #expect(try await caller.verdicts(events, base: events[0].position) == ["duplicate", "duplicate", "duplicate"])
      #expect(collector.telemetry.figures.limitedByToken == 1)
    }
  }

  @Test("counts each token for itself, and whoever has none by the address: neither holds up the other")
  func apart() async throws {
    let bench = try Bench()
    let (ana, brent) = (try bench.token("ana"), try bench.token("brent"))
    try await serve(bench) { client, _, collector in
      func statuses(_ token: String?, _ count: Int) async throws -> [Int] {
        var statuses: [Int] = []
        for _ in 0..<count {
          statuses.append(try await Caller(client: client, token: token).get("/v1/hello").status)
        }
        return statuses
      }
      let first = try await statuses(ana, 4)
      // Names that are tried are one address, whatever they are.
      let nobody = try await statuses(nil, 2) + statuses("mdsc_01", 1) + statuses("mdsc_02", 1)
      let second = try await statuses(brent, 4)
      #expect([first, nobody, second].allSatisfy { $0 == [200, 200, 200, 429] })
      let seen = collector.telemetry.figures
      #expect(seen.limitedByToken == 2 && seen.limitedByAddress == 1 && seen.unknownTokens == 2)
    }
  }

  @Test("behind a proxy takes the address that the proxy saw, not what a client says that it was") func proxied()
    async throws
  {
    let bench = try Bench()
    try await serve(bench, behindProxy: true) { client, _, _ in
      func ask(_ forwarded: String) async throws -> Int {
        let name = try #require(HTTPField.Name("x-forwarded-for"))
        return try await client.call(.get, "/v1/hello", headers: [name: forwarded]).status
      }
      var statuses: [Int] = []
      for number in 0..<4 { statuses.append(try await ask("10.0.0.\(number), 192.0.2.7")) }
      statuses.append(try await ask("10.0.0.9, 192.0.2.8"))
      #expect(statuses == [200, 200, 200, 429, 200])
      // Of IPv6 a household has half: it is one caller, however the proxy writes it.
      statuses = []
      for seen in ["2001:db8:1:2::1", "2001:DB8:1:2::2", "[2001:db8:1:2:ffff::3]:4711", "2001:db8:1:2::4"] {
        statuses.append(try await ask(seen))
      }
      #expect(try await statuses + [ask("2001:db8:1:3::1")] == [200, 200, 200, 429, 200])
      #expect(try await [ask("::ffff:192.0.2.7"), ask("192.0.2.7:4711")] == [429, 429])
    }
  }

  @Test("forgets callers who have been quiet, and never holds more than ten thousand") func forgetting() {
    let clock = Clock()
    let limit = RateLimit(TokenBucket.Rate(perMinute: 60, burst: 1)) { clock.now }
    for number in 0..<10_000 { #expect(limit.take(.address("\(number)")) == nil) }
    #expect(limit.take(.address("1")) != nil)
    clock.advance(.seconds(2))
    #expect(limit.take(.address("new")) == nil)
    #expect(limit.count == 1)
  }
}
