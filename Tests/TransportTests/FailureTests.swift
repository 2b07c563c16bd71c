import Glibc
import Testing
import Transport

@Suite("Failures")
struct FailureTests {
  @Test("nothing listens there")
  func refused() async throws {
    let (listener, port) = try ScriptedServer.listen(backlog: 1)
    close(listener)
    let transport = Transport()
    let failure = TransportError.refused(host: "127.0.0.1", port: port)
    await #expect(throws: failure) { try await transport.send(HTTPRequest("GET", "http://127.0.0.1:\(port)/")) }
    #expect(failure.description == "127.0.0.1 refused the connection on port \(port): nothing listens there.")
    await transport.close()
  }

  @Test("plain http stays on this machine", arguments: ["http://example.org/", "http://10.0.0.1/", "http://127.1/"])
  func insecure(url: String) async throws {
    let transport = Transport()
    await #expect(throws: TransportError.insecure(origin: String(url.dropLast()))) {
      try await transport.send(HTTPRequest("GET", url))
    }
    await transport.close()
  }

  @Test("plain http leaves this machine where that is allowed")
  func allowedInsecure() async throws {
    // The proxy stands for the way out: it sees where the request was meant to go.
    let server = try ScriptedServer(ExchangeTests.echo)
    var configuration = TransportConfiguration()
    configuration.allowsInsecureHTTP = true
    configuration.proxy = .url(server.url)
    let transport = Transport(configuration: configuration)
    let response = try await transport.send(HTTPRequest("GET", "http://mesh.lab/v2"))
    #expect(text(response.body) == "GET http://mesh.lab/v2 HTTP/1.1")
    await transport.close()
    server.stop()
  }

  @Test("an answer shorter than it said is no answer")
  func short() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    } body: { server, transport in
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(HTTPRequest("GET", server.url))
      }
      guard case .connectionLost = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("what a server sends beyond its answer is not taken for the next one", arguments: ["GET", "POST"])
  func long(method: String) async throws {
    let isOut = Shared(false)
    try await withServer { conversation in
      while let request = conversation.receive() {
        conversation.answer(body: Array("half".utf8))
        guard request.line.contains("/first") else { continue }
        conversation.send("HTTP/1.1 500 Smuggled\r\nContent-Length: 0\r\n\r\n")
        isOut.withLock { $0 = true }
      }
    } body: { server, transport in
      for turn in 0..<10 {
        isOut.withLock { $0 = false }
        let first = try await transport.send(HTTPRequest("GET", server.url + "first"))
        #expect(text(first.body) == "half")
        await isOut.wait { $0 }
        let second = try await transport.send(HTTPRequest(method, server.url + "\(turn)", body: .bytes([1])))
        #expect(second.status == 200)
      }
      #expect(server.requests.count == 20)
    }
  }

  @Test(
    "what is not HTTP is not read as such",
    arguments: ["SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "\0\0"])
  func notHTTP(reply: String) async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send(reply)
    } body: { server, transport in
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(HTTPRequest("GET", server.url))
      }
      guard case .protocolError = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("gzip that is none is not passed on", arguments: ["gzip", "br"])
  func badEncoding(encoding: String) async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.answer(headers: ["Content-Encoding: \(encoding)"], body: Array("plain".utf8))
    } body: { server, transport in
      await #expect(throws: TransportError.self) { try await transport.send(HTTPRequest("GET", server.url)) }
    }
  }

  @Test("gzip that is cut off is not passed on, though the length is right", arguments: [1, 4, 9, 100, 500])
  func cutGzip(cut: Int) async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      var packed = Gzip.compress((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }) ?? []
      packed.removeLast(cut)
      conversation.answer(headers: ["Content-Encoding: gzip"], body: packed)
    } body: { server, transport in
      await #expect(throws: TransportError.self) { try await transport.send(HTTPRequest("GET", server.url)) }
    }
  }

  @Test("a connection that closes without a word is lost, and an inference is not sent twice")
  func closedOnReuse() async throws {
    try await withServer { conversation in
      // Answers once, then takes the next request and goes.
      _ = conversation.receive()
      conversation.answer()
      _ = conversation.receive()
    } body: { server, transport in
      _ = try await transport.send(HTTPRequest("GET", server.url))
      let infer = HTTPRequest("POST", server.url + "infer", body: .bytes([1, 2, 3]))
      await #expect(throws: TransportError.self) { try await transport.send(infer) }
      #expect(server.requests.filter { $0.line.contains("/infer") }.count == 1)
    }
  }

  @Test("what may be repeated is sent once more when a kept connection is dead")
  func repeated() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.answer()
      _ = conversation.receive()
    } body: { server, transport in
      _ = try await transport.send(HTTPRequest("GET", server.url))
      #expect(try await status(transport, HTTPRequest("GET", server.url + "again")) == 200)
      #expect(server.requests.filter { $0.line.contains("/again") }.count == 2)
    }
  }

  @Test("each says in a line what happened, where, and the limit", arguments: FailureTests.lines)
  func descriptions(error: TransportError, line: String) {
    #expect(error.description == line)
  }

  static let lines: [(TransportError, String)] = [
    (.cannotResolve(host: "mesh.lab"), "No address is known for mesh.lab."),
    (
      .insecure(origin: "http://mesh.lab"),
      "http://mesh.lab is plain http to another machine; use https, or allow it with insecure = true."
    ),
    (
      .tooLarge(.body, limit: 256 << 20, origin: "https://mesh.lab"),
      "The answer of https://mesh.lab is larger than the limit of 256 MiB."
    ),
    (
      .timedOut(phase: .resolving, after: .milliseconds(1500), origin: "https://mesh.lab"),
      "https://mesh.lab did not answer within 1.5 s (looking up the name or waiting for a free connection)."
    ),
    (
      .tlsUntrusted(host: "mesh.lab", reason: "self-signed certificate"),
      "The certificate of mesh.lab is not trusted: self-signed certificate."
    ),
    (.closed, "The connection was closed on this side."),
  ]
}
