internal import Domain
internal import Foundation
internal import Glibc
internal import SyncProtocol
internal import Testing

@testable import Collector

/// What a server bears from clients that mean no good, or are badly made: the real program on a socket.
@Suite("The collector's door") struct DoorTests {
  private static let hello = "GET /v1/hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

  private func serve(_ options: [String], _ body: (RunningCollector) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-collector-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try RunningCollector(folder, options)
    try #require(server.port != 0, "\(server.complaints)")
    defer { server.kill() }
    try body(server)
  }

  private func isServed(_ server: RunningCollector) throws -> Bool {
    let line = try Line(port: server.port)
    line.send(Self.hello)
    return Exchange.Answer(line.readToEnd())?.status == 200
  }

  private func figure(_ name: String, _ server: RunningCollector) throws -> String {
    // A server that has just turned somebody away may not be done with that yet.
    var found = try Exchange(port: server.port, "GET", "/metrics", token: nil).answer()
    while found == nil { found = try Exchange(port: server.port, "GET", "/metrics", token: nil).answer() }
    let answer = try #require(found)
    let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
    return try #require(lines.first { $0.hasPrefix("mds_collector_\(name) ") }).split(separator: " ").last.map(
      String.init) ?? ""
  }

  @Test("ends a connection on which the head of a request never comes to its end") func endlessHead() throws {
    try serve(["--idle-timeout", "1"]) { server in
      let line = try Line(port: server.port)
      line.send("GET /v1/hello HTTP/1.1\r\nHost: local")
      // A byte now and then does not keep it open.
      while !line.hears(within: 100), line.send("x") {}
      #expect(line.readToEnd().isEmpty)
      #expect(try isServed(server))
    }
  }

  @Test("ends a connection whose body drips, and one whose body stands still, and nothing of them is stored")
  func drippingBody() throws {
    try serve(["--request-timeout", "1", "--demo-analyst", "ana"]) { server in
      let token = try #require(server.ready["tokens"]?["ana"]?.string)
      let head = """
        POST /v1/streams HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(token)\r
        Content-Length: 100000\r
        \r

        """
      let (dripping, still) = (try Line(port: server.port), try Line(port: server.port))
      dripping.send(head)
      still.send(head + "{")
      while !dripping.hears(within: 50), dripping.send(" ") {}
      #expect(dripping.readToEnd().isEmpty)
      #expect(still.readToEnd().isEmpty)
      #expect(try figure("requests_expired_total", server) == "2")
      #expect(try figure("streams", server) == "0")
      #expect(server.complaints.isEmpty)
    }
  }

  @Test("takes no head of more than 16 KiB, nor one of more than a hundred fields") func giantHead() throws {
    try serve([]) { server in
      let fields = (0..<101).map { "a\($0): b\r\n" }.joined()
      for extra in ["x: \(String(repeating: "x", count: 17_000))\r\n", fields] {
        let line = try Line(port: server.port)
        line.send("GET /v1/hello HTTP/1.1\r\nHost: localhost\r\n\(extra)\r\n")
        #expect(line.hears(within: 10_000))
        line.finish()
        let answer = String(decoding: line.readToEnd(), as: UTF8.self)
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
      }
      #expect(try isServed(server))
    }
  }

  @Test("turns away the connections of one address that are too many, and none that stand") func ofOneAddress() throws {
    try serve(["--max-connections-per-address", "3"]) { server in
      do {
        let lines = try (0..<3).map { _ in try Line(port: server.port) }
        for line in lines {
          line.send("GET /v1/hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
          #expect(line.hears(within: 10_000))
        }
        let more = try Line(port: server.port)
        more.send(Self.hello)
        #expect(more.readToEnd().isEmpty)
        for line in lines {
          line.send(Self.hello)
          let said = String(decoding: line.readToEnd(), as: UTF8.self)
          #expect(said.components(separatedBy: "HTTP/1.1 200 OK").count == 3, "\(said)")
        }
      }
      // Lines that stand in this process would count until the collector gives up waiting for their end.
      while try !isServed(server) {}
      #expect(try figure("connections_refused_total", server) != "0")
    }
  }

  @Test("lets connections beyond its number wait until some end") func ofAll() throws {
    try serve(["--max-connections", "2"]) { server in
      let first = try Line(port: server.port)
      do {
        let others = try (0..<20).map { _ in try Line(port: server.port) }
        defer { withExtendedLifetime(others) {} }
        first.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let text = String(decoding: try #require(Exchange.Answer(first.readToEnd())).body, as: UTF8.self)
        let standing = try #require(text.split(separator: "\n").first { $0.hasPrefix("mds_collector_connections ") })
        // The kernel hands out up to four at a time.
        #expect(try #require(standing.split(separator: " ").last.flatMap { Int($0) }) <= 5)
      }
      #expect(try isServed(server))
    }
  }

  @Test("a stop answers what is under way, takes nothing new, and ends") func gracefulStop() throws {
    try serve(["--demo-analyst", "ana"]) { server in
      let token = try #require(server.ready["tokens"]?["ana"]?.string)
      let opening = StreamOpening(stream: .numbered(1), workstation: "desk", tool: "test").bytes
      let line = try Line(port: server.port)
      line.send(
        "POST /v1/streams HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
          + "Content-Length: \(opening.count)\r\n\r\n")
      line.send(Array(opening.prefix(10)))
      while try figure("requests_under_way", server) != "2" {}
      server.signal(SIGTERM)
      while (try? Line(port: server.port)) != nil {}
      line.send(Array(opening.dropFirst(10)))
      #expect(Exchange.Answer(line.readToEnd())?.status == 201)
      #expect(server.end() == 0)
    }
  }

  @Test("a stop does not wait for ever for a client that owes the rest of its request") func boundedStop() throws {
    try serve(["--stop-timeout", "1", "--demo-analyst", "ana"]) { server in
      let token = try #require(server.ready["tokens"]?["ana"]?.string)
      let line = try Line(port: server.port)
      line.send(
        "POST /v1/streams HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\nContent-Length: 100\r\n\r\n{"
      )
      while try figure("requests_under_way", server) != "2" {}
      server.signal(SIGTERM)
      #expect(server.end() == 0)
      #expect(server.complaints.contains("took longer than 1 s"))
    }
  }

  @Test(
    "listens in plain HTTP on this machine alone, unless a proxy ends TLS",
    arguments: [
      (["--host", "0.0.0.0"], "--tls-certificate"), (["--tls-key", "k"], "go together"),
      (["--tls-client-ca", "k"], "needs --tls-certificate"), (["--rate-burst", "0"], "--rate-burst is from 5"),
    ])
  func refused(options: [String], words: String) throws {
    let run = try Program.run(["serve", "--database", "/nonexistent/c.db"] + options)
    #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
  }
}
