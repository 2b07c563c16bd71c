import Glibc
import Testing

@testable import Transport

@Suite("A stream")
struct StreamTests {
  @Test("gives the head before the body, and the body as it comes")
  func asItComes() async throws {
    let read = Shared(0)
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for index in 0..<5 {
        // The next piece leaves only after the reader has had the last.
        read.block { $0 >= index }
        conversation.send("1\r\n\(index)\r\n")
      }
      conversation.send("0\r\nX-End: yes\r\n\r\n")
      conversation.hold()
    } body: { server, transport in
      let stream = try await transport.stream(HTTPRequest("GET", server.url))
      #expect(stream.head.status == 200)
      var pieces: [String] = []
      for try await piece in stream.body {
        pieces.append(text(piece))
        read.withLock { $0 += 1 }
      }
      #expect(pieces == ["0", "1", "2", "3", "4"])
      #expect(stream.trailers["x-end"] == "yes")
    }
  }

  @Test("makes the server wait while nobody reads", arguments: [false, true])
  func backPressure(packed: Bool) async throws {
    let size = 4 << 20
    let body = varied(size)
    let sent = packed ? Gzip.compress(body, level: 1) ?? [] : body
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.answer(headers: packed ? ["Content-Encoding: gzip"] : [], body: sent)
    } body: { server, transport in
      let stream = try await transport.stream(HTTPRequest("GET", server.url))
      while !stream.isPaused { await Task.yield() }
      var count = 0
      var largest = 0
      var isEqual = true
      for try await piece in stream.body {
        isEqual = isEqual && piece == Array(body[count..<min(size, count + piece.count)])
        count += piece.count
        largest = max(largest, piece.count)
      }
      #expect(count == size)
      #expect(isEqual)
      #expect(largest <= TransferDoor.backlogLimit)
    }
  }

  @Test("that nobody holds any more is ended")
  func dropped() async throws {
    let gone = Shared(false)
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
      while conversation.send([UInt8](repeating: 0, count: 65536)) {}
      gone.withLock { $0 = true }
    } body: { server, transport in
      do {
        let stream = try await transport.stream(HTTPRequest("GET", server.url))
        #expect(stream.head.status == 200)
      }
      await gone.wait { $0 }
    }
  }

  @Test("is cancelled between two pieces, and reads as cancelled after that")
  func cancelled() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
      conversation.hold()
    } body: { server, transport in
      let hasRead = Shared(false)
      let url = server.url
      let task = Task {
        let stream = try await transport.stream(HTTPRequest("GET", url))
        for try await _ in stream.body { hasRead.withLock { $0 = true } }
      }
      await hasRead.wait { $0 }
      task.cancel()
      await #expect(throws: TransportError.cancelled) { try await task.value }
    }
  }

  @Test("that breaks gives what came, then the failure")
  func broken() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    } body: { server, transport in
      let stream = try await transport.stream(HTTPRequest("GET", server.url))
      var iterator = stream.body.makeAsyncIterator()
      var failure: TransportError?
      var collected: [UInt8] = []
      do throws(TransportError) {
        while let piece = try await iterator.next() { collected += piece }
      } catch {
        failure = error
      }
      guard case .connectionLost = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(text(collected) == "half")
    }
  }

  @Test("stalls by its reader's leave only")
  func stall() async throws {
    try await withServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
      conversation.hold()
    } body: { server, transport in
      var request = HTTPRequest("GET", server.url)
      request.stallTimeout = .milliseconds(50)
      request.deadline = .seconds(600)
      let stream = try await transport.stream(request)
      await #expect(throws: TransportError.self) { for try await _ in stream.body {} }
    }
  }

  @Test("of a request is sent as it is made, with a length or in chunks", arguments: [true, false])
  func upload(hasLength: Bool) async throws {
    try await withServer(script: ExchangeTests.echo) { server, transport in
      let made = Shared(0)
      let source = HTTPBodySource(length: hasLength ? 1_000_000 : nil) {
        await Task.yield()
        return made.withLock { made in
          guard made < 100 else { return nil }
          made += 1
          return [UInt8](repeating: UInt8(made), count: 10_000)
        }
      }
      var sent = HTTPRequest("PUT", server.url, body: .stream(source))
      // The source runs beside all other tests, which may keep it waiting.
      sent.deadline = .seconds(600)
      let response = try await transport.send(sent)
      #expect(text(response.body) == "PUT / HTTP/1.1")
      let request = try #require(server.requests.first)
      #expect(request.body == (1...100).flatMap { [UInt8](repeating: $0, count: 10_000) })
      #expect(request.header("Content-Length") == (hasLength ? "1000000" : nil))
    }
  }

  @Test("of a request that fails at its source, or lies about its length, fails the request", arguments: [0, 1, 2])
  func brokenUpload(kind: Int) async throws {
    struct Torn: Error {}
    try await withServer(script: ExchangeTests.echo) { server, transport in
      let made = Shared(0)
      let source = HTTPBodySource(length: 10) {
        let turn = made.withLock { made in
          made += 1
          return made
        }
        if turn == 1 { return [UInt8](repeating: 0, count: kind == 2 ? 11 : 5) }
        if kind == 0 { throw Torn() }
        return nil
      }
      var sent = HTTPRequest("POST", server.url, body: .stream(source))
      sent.deadline = .seconds(600)
      let error = await failure(transport, sent)
      guard case .bodyUnavailable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
