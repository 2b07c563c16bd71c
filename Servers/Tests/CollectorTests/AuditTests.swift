internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A collector's audit") struct AuditTests {
  private func entries(_ bench: Bench) throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    try AuditBook(bench.database).forEach { entries.append($0) }
    return entries
  }

  @Test("has each act with who did it, chained, and what happens often once in a while", arguments: Kept.allCases)
  func acts(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let collector = try bench.collector()
    let client = InProcessClient(collector.router().buildResponder())
    let caller = Caller(client: client, token: token)
    let enrolment = Enrolment(formerAnalyst: "unix:ana@desk", workstation: "desk", tool: "test").bytes
    _ = try await caller.call(.post, "/v1/enrol", enrolment)
    for _ in 0..<3 { _ = try await caller.get("/v1/events") }
    for _ in 0..<4 { _ = try await Caller(client: client, token: "mdsc_00").get("/v1/hello") }
    try PublicationBook(bench.database).publish(.catalogue, name: "lab", body: [1])
    try PublicationBook(bench.database).publish(.catalogue, name: "lab", body: [])
    let id = try #require(try TokenBook(bench.database).list().first?.id)
    try TokenBook(bench.database).revoke(id)
    try TokenBook(bench.database).revoke(id)
    try await collector.finish()
    let entries = try entries(bench)
    let me = AuditBook.operatorName
    #expect(
      entries.map(\.action) == [
        "token.create", "enrol", "events.read", "publish", "withdraw", "token.revoke", "token.refuse",
        "events.read-on",
      ])
    let who = "token \(id) ana laptop"
    #expect(entries.map(\.actor) == [me, who, who, me, me, me, "nobody", who])
    #expect(entries[6].detail == "{\"count\":4}" && entries[7].detail == "{\"pages\":3}")
    #expect(!entries.contains { $0.detail.contains(token) || $0.object.contains(token) })
    #expect(try Verification(bench.database).run().faults == [])
    #expect(try TokenBook(bench.database).list()[0].lastUsedAt != nil)
  }

  @Test("has the read of a token also where it could not be written down at first, and nothing was given away")
  func failedNote() async throws {
    let bench = try Bench()
    let caller = Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("ana"))
    try bench.sqlite { db in
      try db.execute(sql: "CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    }
    #expect(try await caller.get("/v1/events").status >= 500)
    try bench.sqlite { db in try db.execute(sql: "DROP TRIGGER stop") }
    #expect(try await caller.get("/v1/events").status == 200)
    #expect(try entries(bench).last?.action == "events.read")
  }

  @Test("is never changed or shortened", arguments: Kept.allCases) func stands(_ kept: Kept) throws {
    let bench = try Bench(kept)
    _ = try bench.token("ana")
    for sql in ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"] {
      #expect(throws: StoreError.self) { try bench.database.writeNow { db in _ = try db.run(sql) } }
    }
    #expect(try entries(bench).count == 1)
  }

  @Test("tells its head among the figures, so that it can be kept elsewhere") func head() async throws {
    let bench = try Bench()
    _ = try bench.token("ana")
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let text = String(decoding: try await Caller(client: client, token: nil).get("/metrics").body, as: UTF8.self)
    let hash = try #require(try entries(bench).last?.hash.hex)
    #expect(text.contains("mds_collector_audit_head{hash=\"\(hash)\"} 1\n"))
  }

  @Test("a token that has ended lets nobody in, and is listed as such") func expiry() async throws {
    let bench = try Bench()
    let book = TokenBook(bench.database)
    let past = try book.create(
      analyst: "ana", device: "a", scopes: [.read], expires: Timestamp.now.advanced(bySeconds: -1))
    let future = try book.create(
      analyst: "ana", device: "b", scopes: [.read], expires: Timestamp.now.advanced(bySeconds: 600))
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let statuses = [
      try await Caller(client: client, token: past).get("/v1/events").status,
      try await Caller(client: client, token: future).get("/v1/events").status,
    ]
    #expect(statuses == [401, 200])
    try bench.database.close()
    let place = ["--database", bench.path("c.db")]
    #expect(
      try Program.run(["token", "create", "--analyst", "brent", "--device", "c", "--expires", "90d"] + place).status
        == 0)
    for (when, words) in [("1970-01-01", "1970-01-01 has passed"), ("soon", "soon is no time: 90d, 12h, 4w")] {
      let refused = try Program.run(
        ["token", "create", "--analyst", "brent", "--device", "c", "--expires", when] + place)
      #expect(refused.status == 64 && refused.errors.contains(words), "\(refused)")
    }
    let lines = try Program.run(["token", "list"] + place).output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("expired ") && lines[0].hasSuffix("never used"))
    #expect(
      lines[1].contains("in force until ") && lines[1].contains("\tused ") && lines[2].contains("in force until "))
    let audit = try Program.run(["audit", "--json"] + place).output.split(separator: "\n")
    let last = try JSON(parsing: String(try #require(audit.last)))
    #expect(last["action"] == "token.create" && last["detail"]?["expires"]?.string != nil)
    #expect(try Program.run(["audit", "--since", "2100-01-01"] + place).output.isEmpty)
  }
}
