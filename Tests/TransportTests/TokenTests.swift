import Foundation
import Testing

@testable import Transport

@Suite("A bearer token")
struct TokenTests {
  /// Answers 401 unless the token is `good`.
  static func guarded(_ good: String) -> @Sendable (Conversation) -> Void {
    { conversation in
      while let request = conversation.receive() {
        let isGood = request.header("Authorization") == "Bearer \(good)"
        conversation.answer(isGood ? "200 OK" : "401 Unauthorized", body: Array((isGood ? "in" : "out").utf8))
      }
    }
  }

  static func tokens(_ server: ScriptedServer) -> [String] {
    server.requests.map { $0.header("Authorization") ?? "none" }
  }

  static func configuration(_ source: TokenSource) -> TransportConfiguration {
    var configuration = TransportConfiguration()
    configuration.token = source
    return configuration
  }

  @Test("from a file is its first line, read again when the file changes")
  func file() async throws {
    try await withFolder { folder in
      let path = folder + "/token"
      try write("one\nignored\n", to: path)
      try await withServer(configuration: Self.configuration(.file(path: path)), script: ExchangeTests.echo) {
        server, transport in
        _ = try await transport.send(HTTPRequest("GET", server.url))
        try write("  two  ", to: path)
        _ = try await transport.send(HTTPRequest("GET", server.url))
        #expect(Self.tokens(server) == ["Bearer one", "Bearer two"])
      }
    }
  }

  @Test("that is refused is read again, and the request sent once more")
  func rotated() async throws {
    try await withFolder { folder in
      let path = folder + "/token"
      try write("old", to: path)
      try await withServer(configuration: Self.configuration(.file(path: path))) { conversation in
        while let request = conversation.receive() {
          let isNew = request.header("Authorization") == "Bearer new"
          if !isNew { try? write("new", to: path) }
          conversation.answer(isNew ? "200 OK" : "401 Unauthorized", body: request.body)
        }
      } body: { server, transport in
        let request = HTTPRequest("POST", server.url, body: .bytes([UInt8](repeating: 5, count: 100_000)))
        let response = try await transport.send(request)
        #expect(response.status == 200)
        #expect(response.body == [UInt8](repeating: 5, count: 100_000))
        #expect(Self.tokens(server) == ["Bearer old", "Bearer new"])
        let stream = try await transport.stream(request)
        #expect(stream.head.status == 200)
      }
    }
  }

  @Test("that stays refused is an answer with its body, for a stream too")
  func refused() async throws {
    try await withFolder { folder in
      let path = folder + "/token"
      try write("bad", to: path)
      try await withServer(configuration: Self.configuration(.file(path: path)), script: Self.guarded("good")) {
        server, transport in
        let response = try await transport.send(HTTPRequest("GET", server.url))
        #expect(response.status == 401)
        #expect(text(response.body) == "out")
        let stream = try await transport.stream(HTTPRequest("GET", server.url))
        #expect(stream.head.status == 401)
        var body: [UInt8] = []
        for try await piece in stream.body { body += piece }
        #expect(text(body) == "out")
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test("from a command is asked for once, and again when it is refused")
  func command() async throws {
    try await withFolder { folder in
      let runs = folder + "/runs"
      let source = TokenSource.command(["/bin/sh", "-c", "echo run >> \"$0\"; wc -l < \"$0\"; echo second line", runs])
      try await withServer(configuration: Self.configuration(source), script: Self.guarded("2")) { server, transport in
        let first = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<5 { group.addTask { try await transport.send(HTTPRequest("GET", server.url)).status } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(first == [200, 200, 200, 200, 200])
        #expect(try await status(transport, HTTPRequest("GET", server.url)) == 200)
        #expect(try String(contentsOfFile: runs, encoding: .utf8) == "run\nrun\n")
      }
    }
  }

  @Test("from a command that gives the same again is not asked for at every refusal")
  func stubborn() async throws {
    try await withFolder { folder in
      let runs = folder + "/runs"
      var configuration = Self.configuration(.command(["/bin/sh", "-c", "echo run >> \"$0\"; echo same", runs]))
      configuration.tokenPause = .seconds(3600)
      try await withServer(configuration: configuration, script: Self.guarded("other")) {
        server, transport in
        for _ in 0..<5 {
          let answer = try await status(transport, HTTPRequest("GET", server.url))
          #expect(answer == 401)
        }
        #expect(try String(contentsOfFile: runs, encoding: .utf8) == "run\nrun\n")
        #expect(server.requests.count == 5)
      }
    }
  }

  @Test("from a command that takes too long is given up, and its children are ended")
  func slowCommand() async throws {
    try await withFolder { folder in
      // The command's child holds this pipe open for as long as it lives.
      let held = folder + "/held"
      mkfifo(held, 0o600)
      let pipe = open(held, O_RDONLY | O_NONBLOCK)
      defer { close(pipe) }
      let source = TokenSource.command(
        ["/bin/sh", "-c", "sleep 600 > \"$0\" & wait", held], timeout: .seconds(1))
      try await withServer(configuration: Self.configuration(source), script: ExchangeTests.echo) { server, transport in
        await #expect(
          throws: TransportError.tokenUnavailable(reason: "the token command /bin/sh did not end within 1 s")
        ) {
          try await transport.send(HTTPRequest("GET", server.url))
        }
        var news = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        #expect(poll(&news, 1, 20_000) == 1)
        #expect(news.revents & Int16(POLLHUP) != 0)
        #expect(server.connectionCount == 0)
      }
    }
  }

  @Test("is waited for no longer than the request's deadline, nor after it was cancelled")
  func waiting() async throws {
    let source = TokenSource.command(["/bin/sleep", "600"], timeout: .seconds(600))
    try await withServer(configuration: Self.configuration(source), script: ExchangeTests.echo) { server, transport in
      var request = HTTPRequest("GET", server.url)
      request.deadline = .milliseconds(50)
      let origin = "http://127.0.0.1:\(server.port)"
      await #expect(throws: TransportError.timedOut(phase: .token, after: .milliseconds(50), origin: origin)) {
        try await transport.send(request)
      }
      let url = server.url
      let task = Task { try await transport.send(HTTPRequest("GET", url)) }
      await Task.yield()
      task.cancel()
      await #expect(throws: TransportError.cancelled) { try await task.value }
    }
  }

  @Test("is not taken from where others can read it, or where there is none")
  func badFiles() async throws {
    try await withFolder { folder in
      let path = folder + "/token"
      let reason = { (source: TokenSource) async -> String in
        let transport = Transport(configuration: Self.configuration(source))
        let error = await #expect(throws: TransportError.self) {
          try await transport.send(HTTPRequest("GET", "http://127.0.0.1:9/"))
        }
        await transport.close()
        guard case .tokenUnavailable(let reason) = error else { return "\(String(describing: error))" }
        return reason
      }
      #expect(await reason(.file(path: path)) == "the file \(path) cannot be opened (No such file or directory)")
      #expect(await reason(.file(path: folder)) == "\(folder) is not a file")
      try write("canary", to: path, mode: 0o644)
      #expect(await reason(.file(path: path)) == "others can read the file \(path); chmod 600 it")
      try write("two words", to: path)
      #expect(await reason(.file(path: path)) == "the first line of the file \(path) is no token")
      mkfifo(folder + "/pipe", 0o600)
      #expect(await reason(.file(path: folder + "/pipe")) == "\(folder)/pipe is not a file")
      let missing = folder + "/none"
      #expect(
        await reason(.command([missing]))
          == "the token command \(missing) cannot be started (No such file or directory)")
      #expect(await reason(.command([])) == "the token command is empty")
      #expect(await reason(.command(["/bin/false"])) == "the token command /bin/false ended with code 1")
      #expect(await reason(.command(["/bin/true"])).hasSuffix("is no token"))
    }
  }

  @Test("that others may read on purpose is taken")
  func sharedFile() async throws {
    try await withFolder { folder in
      try write("mounted", to: folder + "/token", mode: 0o644)
      let source = TokenSource.file(path: folder + "/token", sharedFile: true)
      try await withServer(configuration: Self.configuration(source), script: ExchangeTests.echo) { server, transport in
        _ = try await transport.send(HTTPRequest("GET", server.url))
        #expect(Self.tokens(server) == ["Bearer mounted"])
        _ = try await transport.send(HTTPRequest("GET", server.url, headers: [("authorization", "Basic own")]))
        #expect(
          server.requests.last?.headers.filter { $0.lowercased().hasPrefix("authorization") } == [
            "authorization: Basic own"
          ])
      }
    }
  }

  @Test("is in no error and in no dump")
  func canary() async throws {
    let canary = "c4n4ry-token-0f-the-analyst"
    try await withFolder { folder in
      try write(canary, to: folder + "/token")
      let source = TokenSource.file(path: folder + "/token")
      let replies = [
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "nonsense \(canary)\r\n\r\n", "HTTP/1.1 \(canary)\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\(canary)\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Encoding: \(canary)\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: \(canary)\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: \(canary)\r\n\r\nx", "",
      ]
      let turn = Shared(0)
      try await withServer(configuration: Self.configuration(source)) { conversation in
        _ = conversation.receive()
        conversation.send(
          turn.withLock { turn in
            defer { turn += 1 }
            return replies[turn % replies.count]
          })
      } body: { server, transport in
        for _ in replies {
          do {
            _ = try await transport.send(HTTPRequest("POST", server.url))
          } catch {
            var dumped = ""
            dump(error, to: &dumped)
            #expect(!"\(error) \(String(reflecting: error)) \(dumped)".contains(canary))
          }
        }
        var dumped = ""
        dump(transport, to: &dumped)
        let token = try #require(BearerToken(firstLineOf: canary.utf8))
        dump(token, to: &dumped)
        #expect(!"\(dumped) \(token) \(String(reflecting: token))".contains(canary))
      }
    }
  }
}
