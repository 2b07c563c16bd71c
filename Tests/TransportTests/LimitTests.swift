import Glibc
import Testing
import Transport

@Suite("Limits")
struct LimitTests {
  static func limited(_ server: ScriptedServer, body: Int? = nil, deadline: Duration = .seconds(20)) -> HTTPRequest {
    var request = HTTPRequest("GET", server.url)
    request.bodyLimit = body
    request.deadline = deadline
    return request
  }

  @Test("a body of exactly the limit passes, one byte more does not", arguments: [true, false])
  func body(chunked: Bool) async throws {
    try await withServer { conversation in
      while let request = conversation.receive() {
        let size = request.line.contains("/more") ? 1001 : 1000
        let body = [UInt8](repeating: 1, count: size)
        if chunked {
          conversation.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
          conversation.send(Array("\(String(size, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8))
        } else {
          conversation.answer(body: body)
        }
      }
    } body: { server, transport in
      var request = Self.limited(server, body: 1000)
      let response = try await transport.send(request)
      #expect(response.body.count == 1000)
      request.url += "more"
      let origin = "http://127.0.0.1:\(server.port)"
      await #expect(throws: TransportError.tooLarge(.body, limit: 1000, origin: origin)) {
        try await transport.send(request)
      }
    }
  }

  @Test("a gzip bomb stops at the limit of what it unpacks to")
  func bomb() async throws {
    let bomb = Gzip.compress([UInt8](repeating: 0, count: 16 << 20)) ?? []
    try await withServer { conversation in
      while conversation.receive() != nil { conversation.answer(headers: ["Content-Encoding: gzip"], body: bomb) }
    } body: { server, transport in
      let request = Self.limited(server, body: 1 << 20)
      let origin = "http://127.0.0.1:\(server.port)"
      await #expect(throws: TransportError.tooLarge(.body, limit: 1 << 20, origin: origin)) {
        try await transport.send(request)
      }
    }
  }

  @Test("headers are limited together, those of interim answers too", arguments: ["X-Many: 0123456789\r\n", ""])
  func headers(line: String) async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      let unit = line.isEmpty ? "HTTP/1.1 100 Continue\r\n\r\n" : line
      if !line.isEmpty { conversation.send("HTTP/1.1 200 OK\r\n") }
      while conversation.send(unit) {}
    } body: { server, transport in
      let origin = "http://127.0.0.1:\(server.port)"
      await #expect(throws: TransportError.tooLarge(.headers, limit: 64 << 10, origin: origin)) {
        try await transport.send(Self.limited(server))
      }
    }
  }

  @Test("one endless header line ends too")
  func longLine() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nX: ")
      while conversation.send([UInt8](repeating: 0x61, count: 4096)) {}
    } body: { server, transport in
      await #expect(throws: TransportError.self) { try await transport.send(Self.limited(server)) }
    }
  }

  @Test("a silent server is given up at the deadline, and it says while doing what")
  func silence() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.hold()
    } body: { server, transport in
      let origin = "http://127.0.0.1:\(server.port)"
      let failure = TransportError.timedOut(phase: .answering, after: .milliseconds(900), origin: origin)
      await #expect(throws: failure) {
        try await transport.send(Self.limited(server, deadline: .milliseconds(900)))
      }
      #expect(
        failure.description == "\(origin) did not answer within 900 ms (waiting for the first byte of the answer).")
    }
  }

  @Test("a server that drips its answer does not outlive the deadline", arguments: ["HTTP/1.1 200 OK\r\nX: ", ""])
  func drip(head: String) async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send(head.isEmpty ? "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" : head)
      // Drips as fast as the client polls its deadline: each byte is a wake-up that must not extend it.
      var pace = pollfd(fd: conversation.descriptor, events: Int16(POLLIN), revents: 0)
      while poll(&pace, 1, 5) == 0, conversation.send("a") {}
    } body: { server, transport in
      let origin = "http://127.0.0.1:\(server.port)"
      let phase = head.isEmpty ? TransportError.Phase.receiving : .answering
      await #expect(throws: TransportError.timedOut(phase: phase, after: .milliseconds(900), origin: origin)) {
        try await transport.send(Self.limited(server, deadline: .milliseconds(900)))
      }
    }
  }

  @Test("a body that stands still is given up before the deadline")
  func stall() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
      conversation.hold()
    } body: { server, transport in
      var request = Self.limited(server)
      request.stallTimeout = .milliseconds(50)
      let origin = "http://127.0.0.1:\(server.port)"
      await #expect(throws: TransportError.timedOut(phase: .receiving, after: .milliseconds(50), origin: origin)) {
        try await transport.send(request)
      }
    }
  }

  @Test("what waits for a free connection keeps its deadline")
  func queued() async throws {
    var configuration = TransportConfiguration()
    configuration.maxConnectionsPerHost = 1
    try await withServer(configuration: configuration) { conversation in
      _ = conversation.receive()
      conversation.hold()
    } body: { server, transport in
      async let first = failure(transport, Self.limited(server, deadline: .milliseconds(400)))
      await #expect(throws: TransportError.self) {
        try await transport.send(Self.limited(server, deadline: .milliseconds(40)))
      }
      #expect(await first != nil)
    }
  }

  @Test("a machine that does not answer the knock is given up by the connect timeout")
  func connecting() async throws {
    // A queue of one that nobody empties: later knocks are dropped by the kernel.
    let (listener, port) = try ScriptedServer.listen(backlog: 0)
    defer { close(listener) }
    let transport = Transport()
    var request = HTTPRequest("GET", "http://127.0.0.1:\(port)/")
    request.connectTimeout = .milliseconds(150)
    request.deadline = .milliseconds(400)
    let knocks = request
    let failures = await withTaskGroup(of: TransportError?.self) { group in
      for _ in 0..<4 {
        group.addTask { await failure(transport, knocks) }
      }
      return await group.reduce(into: Set<TransportError?>()) { $0.insert($1) }
    }
    let origin = "http://127.0.0.1:\(port)"
    #expect(failures.contains(.timedOut(phase: .connecting, after: .milliseconds(150), origin: origin)))
    #expect(
      failures.isSubset(of: [
        .timedOut(phase: .connecting, after: .milliseconds(150), origin: origin),
        .timedOut(phase: .answering, after: .milliseconds(400), origin: origin),
      ]))
    await transport.close()
  }
}
