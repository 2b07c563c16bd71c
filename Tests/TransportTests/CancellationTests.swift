import Glibc
import Testing
import Transport

@Suite("Cancellation")
struct CancellationTests {
  static let silent: @Sendable (Conversation) -> Void = { conversation in
    _ = conversation.receive()
    conversation.hold()
  }

  @Test("before the start sends nothing")
  func before() async throws {
    try await withServer(script: Self.silent) { server, transport in
      let url = server.url
      let isCancelled = Shared(false)
      let task = Task {
        await isCancelled.wait { $0 }
        return try await transport.send(HTTPRequest("GET", url))
      }
      task.cancel()
      isCancelled.withLock { $0 = true }
      await #expect(throws: TransportError.cancelled) { try await task.value }
      #expect(server.connectionCount == 0)
    }
  }

  @Test("frees the caller and closes the connection")
  func during() async throws {
    let gone = Shared(false)
    try await withServer { conversation in
      Self.silent(conversation)
      gone.withLock { $0 = true }
    } body: { server, transport in
      let url = server.url
      let task = Task { try await transport.send(HTTPRequest("GET", url)) }
      await server.received(1)
      task.cancel()
      await #expect(throws: TransportError.cancelled) { try await task.value }
      await gone.wait { $0 }
    }
  }

  @Test("at any moment ends in an answer or in cancelled, and never hangs")
  func anyMoment() async throws {
    try await withServer(script: ExchangeTests.echo) { server, transport in
      let url = server.url
      for turn in 0..<300 {
        let task = Task { try await transport.send(HTTPRequest("GET", url)) }
        for _ in 0..<turn % 40 { await Task.yield() }
        task.cancel()
        do {
          #expect(try await task.value.status == 200)
        } catch {
          #expect(error as? TransportError == .cancelled)
        }
      }
      let last = try await status(transport, HTTPRequest("GET", url))
      #expect(last == 200)
    }
  }

  @Test("of the transport fails what is in flight and what comes later")
  func closing() async throws {
    try await withServer(script: Self.silent) { server, transport in
      let url = server.url
      let tasks = (0..<10).map { _ in Task { try await transport.send(HTTPRequest("GET", url)) } }
      await server.received(10)
      await transport.close()
      for task in tasks { await #expect(throws: TransportError.closed) { try await task.value } }
      await #expect(throws: TransportError.closed) { try await transport.send(HTTPRequest("GET", url)) }
      await transport.close()
    }
  }

  @Test("by dropping the last reference ends the transfers too")
  func dropped() async throws {
    let server = try ScriptedServer { conversation in
      _ = conversation.receive()
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
      conversation.hold()
    }
    // The stream holds its transfer, not the transport, which goes here.
    let stream = try await Transport().stream(HTTPRequest("GET", server.url))
    await #expect(throws: TransportError.closed) { for try await _ in stream.body {} }
    server.stop()
  }

  @Test("a transport that was never used closes at once")
  func unused() async {
    await Transport().close()
  }
}
