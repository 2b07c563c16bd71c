internal import Collector
internal import Domain
internal import Feedback
internal import Foundation
internal import Glibc
internal import SyncProtocol
internal import Testing
internal import TortureReport

@Suite("The mds-collector program", .serialized) struct ProcessTests {
  @Test(
    "a device enrols, sends a real stream, and a researcher reads it back; the tokens are told to nobody",
    arguments: Kept.allCases)
  func wholeWay(_ kept: Kept) throws {
    let site = try Site(["--demo-analyst", "demo-ana"], kept)
    let demo = try #require(site.server.ready["tokens"]?["demo-ana"]?.string)
    let token = try site.token()
    let reader = try site.token("ria", ["read"])
    let enrolment = Enrolment(formerAnalyst: "unix:ana@desk", workstation: "desk", tool: "test")
    let enrolled = try site.ask("POST", "/v1/enrol", token, enrolment.bytes).message(Enrolled.self)
    #expect(
      enrolled.analyst == "ana" && RawText(site.server.ready["collector_id"]?.string ?? "") == enrolled.collectorID)

    var stream = DeviceStream(1, analyst: "unix:ana@desk")
    try stream.add(.streamStart(StreamStart(collector: enrolled.collectorID, device: "desk")))
    try stream.judge(.of([1]), .agree, note: "a \"note\",\n=1+1")
    try site.open(stream.id, token)
    let pushed = try #require(try site.begin(pushing: stream, after: .empty, token).answer())
    #expect(pushed.head.lowercased().contains("mds-collector-id: "))
    #expect(try pushed.message(BatchAnswer.self).results.map(\.verdict) == [.stored, .stored, .stored])

    let entries = try site.entries(reader)
    #expect(entries.map(\.event) == stream.offered)
    #expect(entries.allSatisfy { $0.analyst == "ana" && $0.event.isIntact(in: $0.stream) })
    #expect(try site.ask("GET", "/v1/events", nil).status == 401)
    #expect(try site.ask("GET", "/v1/events", token + "0").status == 401)
    #expect(try site.ask("GET", "/v1/health", nil).status == 200)

    #expect(try site.server.closeInput() == 0)
    for secret in [demo, token, reader] {
      #expect(!site.server.complaints.contains(secret))
      for name in try FileManager.default.contentsOfDirectory(atPath: site.folder.path) {
        let data = try Data(contentsOf: site.folder.appending(path: name))
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
      }
    }
  }

  @Test("a port that another program has is said in words, and leaves no database") func takenPort() throws {
    let site = try Site()
    let other = site.path("other.db")
    let run = try Program.run(["serve", "--port", "\(site.server.port)", "--database", other])
    #expect(
      run.status != 0
        && run.errors.contains(
          "port \(site.server.port) of 127.0.0.1 is taken by another program; --port names another"),
      "\(run)")
    #expect(!FileManager.default.fileExists(atPath: other))
    #expect(try site.server.closeInput() == 0)
  }

  /// When the server is ended in a round.
  private enum Moment: CaseIterable { case asSoonAsSent, onceWritten, afterTheAnswer }

  /// `make torture` kills it more often.
  private static let kills = ProcessInfo.processInfo.environment["MDS_COLLECTOR_KILLS"].flatMap { Int($0) } ?? 12

  @Test("killed at any moment, it has after the next start all that it acknowledged, and each event once")
  func killed() throws {
    let site = try Site()
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    try site.open(stream.id, token)
    var acknowledged = Position.empty
    for round in 0..<Self.kills {
      for number in 0..<20 { try stream.judge(.of([UInt8(round / 256), UInt8(round % 256), UInt8(number)]), .agree) }
      let before = site.logBytes
      let exchange = try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token)
      switch Moment.allCases[round % 3] {
      case .asSoonAsSent: break
      // Written, and perhaps not yet synced: the answer is still to come, or on its way.
      case .onceWritten: while site.logBytes == before, !exchange.isAnswered {}
      case .afterTheAnswer:
        let answer = try #require(exchange.answer()).message(BatchAnswer.self)
        acknowledged = answer.head
      }
      site.server.kill()
      if let answer = try exchange.answer()?.message(BatchAnswer.self) { acknowledged = answer.head }
      try site.restart()
      let head = try site.head(of: stream.id, token)
      #expect(head.seq >= acknowledged.seq)
      #expect(head == .empty || stream.events[head.seq - 1].hash == head.hash)
      let proof = try site.ask("GET", "/v1/streams/\(stream.id.hex)/hashes?at=\(acknowledged.seq)", token)
      #expect(try proof.message(StreamHashes.self).hashes == (acknowledged.seq == 0 ? [] : [acknowledged]))
    }
    let rest = try #require(try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token).answer())
    #expect(try rest.message(BatchAnswer.self).head.seq == stream.events.count)
    let stored = try site.entries(token).map(\.event)
    let held = Set(stored.map(\.eventID))
    TortureReport.add(
      "collector_kills",
      [
        "kills": Self.kills, "events": stream.events.count,
        "lost": stream.offered.count { !held.contains($0.eventID) }, "duplicated": stored.count - held.count,
      ])
    #expect(stored == stream.offered)
    #expect(try site.ask("GET", "/v1/hello", nil).message(Hello.self).epoch == 1)
  }

  @Test("when its disk fails it acknowledges nothing more, says so, and has the rest after the next start")
  func diskFails() throws {
    let site = try Site(kilobytes: 400)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    try site.open(stream.id, token)
    var acknowledged = Position.empty
    var refused: Exchange.Answer?
    for round in 0..<200 where refused == nil {
      try stream.judge(.of([UInt8(round)]), .agree, note: RawText(String(repeating: "n", count: 4000)))
      let answer = try #require(try site.begin(pushing: stream, after: acknowledged, token).answer())
      if answer.status == 200 {
        acknowledged = try answer.message(BatchAnswer.self).head
      } else {
        refused = answer
      }
    }
    #expect(refused?.status == 503 && refused?.head.lowercased().contains("retry-after: ") == true)
    #expect(acknowledged.seq > 0)
    #expect(try site.begin(pushing: stream, after: acknowledged, token).answer()?.status == 503)
    #expect(try site.ask("GET", "/v1/health", nil).status == 503)
    #expect(site.server.stop() == 0)
    try site.restart()
    let head = try site.head(of: stream.id, token)
    #expect(head.seq >= acknowledged.seq && stream.events[head.seq - 1].hash == head.hash)
    let rest = try #require(try site.begin(pushing: stream, after: head, token).answer())
    #expect(try rest.message(BatchAnswer.self).head.seq == stream.events.count)
  }

  @Test("one database has one server, and a signal ends it in good order") func oneServer() throws {
    let site = try Site()
    let second = try Program.run(["serve", "--port", "0", "--database", site.database])
    #expect(second.status != 0 && second.errors.contains("a server has"))
    #expect(site.server.stop() == 0)
  }

  @Test(
    "exports while a server runs: whole files under their names, a codebook, and where to go on",
    arguments: Kept.allCases)
  func export(_ kept: Kept) throws {
    let site = try Site([], kept)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    for number in 0..<3 { try stream.judge(.of([UInt8(number)]), .agree, note: RawText("=1+1, \"\(number)\"\n")) }
    try site.open(stream.id, token)
    _ = try #require(try site.begin(pushing: stream, after: .empty, token).answer())

    let (csv, book) = (site.path("out.csv"), site.path("book.md"))
    let run = try Program.run(
      ["export", "--database", site.database, "--format", "csv", "--output", csv, "--codebook", book])
    #expect(run.status == 0 && run.errors == "3 rows, up to 1:6\n" && run.output.isEmpty)
    let text = try String(contentsOfFile: csv, encoding: .utf8)
    #expect(text.contains("\"'=1+1, \"\"2\"\"\n\"") && text.hasSuffix("\r\n"))
    #expect(try String(contentsOfFile: book, encoding: .utf8).contains("| `input.ash` | number | float64 |"))
    #expect(!FileManager.default.fileExists(atPath: csv + ".partial"))

    let lines = try Program.run(["export", "--database", site.database, "--after", "1:4", "--no-notes"])
    #expect(lines.output.split(separator: "\n").count == 1 && !lines.output.contains("1+1"))
    try "0123456789abcdef\n".write(toFile: site.path("key"), atomically: false, encoding: .utf8)
    chmod(site.path("key"), 0o644)
    let open = try Program.run(["export", "--database", site.database, "--pseudonym-key", site.path("key")])
    #expect(open.status == 5 && open.output.isEmpty && open.errors.contains("key can be read by others: chmod 600 it"))
    chmod(site.path("key"), 0o600)
    let masked = try Program.run(["export", "--database", site.database, "--pseudonym-key", site.path("key")])
    #expect(masked.output.contains("\"analyst\":\"analyst-") && !masked.output.contains("\"ana\""))
    #expect(try Program.run(["export", "--database", site.database, "--pseudonym-key", csv + "x"]).status == 5)
    #expect(try Program.run(["export", "--database", site.path("no.db")]).status == 1)
    #expect(try Program.run(["export", "--database", site.database, "--after", "x"]).status == 64)
    let nowhere = try Program.run(["export", "--database", site.database, "--output", site.path("no/out.csv")])
    #expect(nowhere.status == 1 && nowhere.errors.contains("No such file"))
  }

  @Test("a reader that has enough ends an export without a word", arguments: Kept.allCases) func closedPipe(
    _ kept: Kept
  ) throws {
    let site = try Site([], kept)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    let note = RawText(String(repeating: "n", count: 10_000))
    for number in 0..<60 { try stream.judge(.of([UInt8(number)]), .agree, note: note) }
    try site.open(stream.id, token)
    _ = try #require(try site.begin(pushing: stream, after: .empty, token).answer())
    let run = try Program.run(
      "/bin/bash",
      [
        "-c", "\"$0\" export --database \"$1\" | head -c 1; echo \" ${PIPESTATUS[0]}\"", try Program.path(),
        site.database,
      ])
    #expect(run.output == "{ 141\n" && run.errors.isEmpty)
  }
}
