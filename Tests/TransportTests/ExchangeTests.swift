import Testing
import Transport

@Suite("An exchange")
struct ExchangeTests {
  /// Answers every request of a connection with its own request line.
  static let echo: @Sendable (Conversation) -> Void = { conversation in
    while let request = conversation.receive() { conversation.answer(body: Array(request.line.utf8)) }
  }

  @Test("brings status, headers, body and how it came")
  func whole() async throws {
    try await withServer { conversation in
      while conversation.receive() != nil {
        conversation.answer(headers: ["Content-Type: text/plain", "X-Two: a", "x-two: b"], body: Array("hello".utf8))
      }
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url + "v2?x=1"))
      #expect(response.status == 200)
      #expect(response.isSuccess)
      #expect(text(response.body) == "hello")
      #expect(response.headers["CONTENT-type"] == "text/plain")
      #expect(response.headers.all("X-TWO") == ["a", "b"])
      #expect(response.head.version == "1.1")
      #expect(response.head.peer == "127.0.0.1")
      #expect(!response.head.isConnectionReused)
      #expect(response.timings.total > .zero)
      #expect(server.requests.map(\.line) == ["GET /v2?x=1 HTTP/1.1"])
    }
  }

  @Test("keeps its connection for the next one")
  func keepAlive() async throws {
    try await withServer(script: Self.echo) { server, transport in
      for index in 0..<20 {
        let response = try await transport.send(HTTPRequest("GET", server.url + "\(index)"))
        #expect(text(response.body) == "GET /\(index) HTTP/1.1")
        #expect(response.head.isConnectionReused == (index > 0))
        if index > 0 { #expect(response.timings.connect == .zero) }
      }
      #expect(server.connectionCount == 1)
    }
  }

  @Test("sends headers as they were given, and none that were not meant")
  func requestHeaders() async throws {
    try await withServer(script: Self.echo) { server, transport in
      let headers = [("Seldon-Model", "wine"), ("X-a", "1"), ("x-A", "2"), ("X-Empty", ""), ("Host", "seldon.mesh")]
      _ = try await transport.send(
        HTTPRequest("POST", server.url, headers: headers, body: .bytes(Array("{}".utf8))))
      let request = try #require(server.requests.first)
      #expect(request.headers.contains("Seldon-Model: wine"))
      #expect(request.headers.filter { $0.lowercased().hasPrefix("x-a") } == ["X-a: 1", "x-A: 2"])
      #expect(request.headers.contains { $0.hasPrefix("X-Empty:") })
      #expect(request.headers.filter { $0.hasPrefix("Host") } == ["Host: seldon.mesh"])
      #expect(request.header("Content-Type") == nil)
      #expect(request.header("Expect") == nil)
      #expect(request.header("Accept-Encoding") == "gzip")
      #expect(request.header("User-Agent") == "mds")
      #expect(text(request.body) == "{}")
    }
  }

  @Test("carries a body of any size under any method", arguments: ["POST", "PUT", "PATCH"], [0, 1, 61_440, 5_000_000])
  func bodies(method: String, size: Int) async throws {
    try await withServer(script: Self.echo) { server, transport in
      let body = varied(size)
      let response = try await transport.send(HTTPRequest(method, server.url, body: .bytes(body)))
      #expect(text(response.body) == "\(method) / HTTP/1.1")
      #expect(server.requests.first?.body == body)
    }
  }

  @Test("without a body says so", arguments: ["GET", "POST", "DELETE"])
  func noBody(method: String) async throws {
    try await withServer(script: Self.echo) { server, transport in
      let response = try await transport.send(HTTPRequest(method, server.url))
      #expect(text(response.body) == "\(method) / HTTP/1.1")
      #expect(server.requests.first?.header("Content-Length") == (method == "POST" ? "0" : nil))
    }
  }

  @Test("by HEAD has headers and no body")
  func head() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
      conversation.hold()
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("HEAD", server.url))
      #expect(response.headers["content-length"] == "99999999999")
      #expect(response.body.isEmpty)
    }
  }

  @Test("reads chunks, and the fields after them")
  func chunked() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
      conversation.send("3\r\nabc\r\n")
      conversation.send("4;ext=1\r\ndefg\r\n0\r\nX-Sum: 7\r\n\r\n")
      conversation.hold()
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url))
      #expect(text(response.body) == "abcdefg")
      #expect(response.trailers["x-sum"] == "7")
      #expect(response.headers["x-sum"] == nil)
    }
  }

  @Test("unpacks gzip, and packs when asked")
  func gzip() async throws {
    try await withServer { conversation in
      while let request = conversation.receive() {
        let packed = Gzip.compress([UInt8](repeating: 7, count: 100_000)) ?? []
        conversation.answer(headers: ["Content-Encoding: gzip", "X-Got: \(request.body.count)"], body: packed)
      }
    } body: { server, transport in
      var request = HTTPRequest("POST", server.url, body: .bytes([UInt8](repeating: 9, count: 50_000)))
      request.compressesBody = true
      let response = try await transport.send(request)
      #expect(response.body == [UInt8](repeating: 7, count: 100_000))
      let received = try #require(server.requests.first)
      #expect(received.header("Content-Encoding") == "gzip")
      #expect(received.body.count < 1000)
      #expect(try Gzip.decompress(received.body, limit: 50_000) == [UInt8](repeating: 9, count: 50_000))
    }
  }

  @Test("gives a redirect back and goes nowhere", arguments: [301, 302, 307, 308])
  func redirect(status: Int) async throws {
    try await withServer { conversation in
      while conversation.receive() != nil {
        conversation.answer("\(status) Moved", headers: ["Location: http://127.0.0.1:1/elsewhere"])
      }
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url))
      #expect(response.status == status)
      #expect(response.headers["location"] == "http://127.0.0.1:1/elsewhere")
      #expect(server.requests.count == 1)
    }
  }

  @Test("passes over interim answers")
  func interim() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n")
      conversation.hold()
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url))
      #expect(response.status == 204)
      #expect(response.headers.map(\.name) == ["X-A"])
    }
  }

  @Test("keeps a header's bytes that are no UTF-8")
  func invalidText() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send(
        Array("HTTP/1.1 200 OK\r\nX-Name: a".utf8) + [0xFF, 0x80] + Array("b\r\nContent-Length: 0\r\n\r\n".utf8))
      conversation.hold()
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url))
      #expect(response.headers.bytes("x-name") == [0x61, 0xFF, 0x80, 0x62])
      #expect(response.headers["x-name"] == "a\u{FFFD}\u{FFFD}b")
    }
  }

  @Test("with a portal's page is an answer whose type tells it")
  func portal() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.answer(headers: ["Content-Type: text/html"], body: Array("<html>Log in</html>".utf8))
    } body: { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url))
      #expect(response.headers["content-type"] == "text/html")
    }
  }

  @Test("is one of a hundred at a time, on no more connections than allowed")
  func concurrent() async throws {
    var configuration = TransportConfiguration()
    configuration.maxConnectionsPerHost = 8
    try await withServer(configuration: configuration, script: Self.echo) { server, transport in
      let bodies = try await withThrowingTaskGroup(of: String.self) { group in
        for index in 0..<100 {
          group.addTask { text(try await transport.send(HTTPRequest("GET", server.url + "\(index)")).body) }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(bodies == Set((0..<100).map { "GET /\($0) HTTP/1.1" }))
      #expect(server.requests.count == 100)
      #expect(server.connectionCount <= 8)
    }
  }

  @Test("refuses what would not stay on its line", arguments: ["a\r\nX: y", "a\nb", "a\0b", "\u{7F}"])
  func injection(value: String) async throws {
    try await withServer(script: Self.echo) { server, transport in
      let request = HTTPRequest("GET", server.url, headers: [("X-Name", value)])
      await #expect(throws: TransportError.invalidRequest(reason: "the header X-Name holds control characters")) {
        try await transport.send(request)
      }
      #expect(server.connectionCount == 0)
    }
  }

  @Test("keeps dots in a path as they are")
  func path() async throws {
    try await withServer(script: Self.echo) { server, transport in
      let response = try await transport.send(HTTPRequest("GET", server.url + "v2/../models/%2E%2E"))
      #expect(text(response.body) == "GET /v2/../models/%2E%2E HTTP/1.1")
    }
  }
}
