import Testing
import Transport

@Suite("HTTP/2 without TLS")
struct HTTP2Tests {
  /// Just enough of RFC 9113 to answer each request with its own body and a gRPC status after it.
  static let server: @Sendable (Conversation) -> Void = { conversation in
    guard let preface = conversation.read(24), text(preface) == "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" else { return }
    frame(conversation, type: 4, flags: 0, stream: 0, [])
    var bodies: [UInt32: [UInt8]] = [:]
    while let head = conversation.read(9) {
      let length = head[..<3].reduce(0) { $0 << 8 | Int($1) }
      let (type, flags) = (head[3], head[4])
      let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
      guard let payload = conversation.read(length) else { return }
      if type == 4, flags & 1 == 0 { frame(conversation, type: 4, flags: 1, stream: 0, []) }
      if type == 0 { bodies[stream, default: []] += payload }
      if type == 0 || type == 1, flags & 1 == 1 {
        // 0x88 is ":status: 200" of the static table; then literals without an index.
        frame(conversation, type: 1, flags: 4, stream: stream, [0x88] + literal("content-type", "application/grpc"))
        frame(conversation, type: 0, flags: 0, stream: stream, bodies[stream] ?? [])
        frame(conversation, type: 1, flags: 5, stream: stream, literal("grpc-status", "0"))
      }
    }
  }

  static func frame(_ to: Conversation, type: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) {
    let length = [UInt8(payload.count >> 16), UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
    let id = (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
    to.send(length + [type, flags] + id + payload)
  }

  static func literal(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
  }

  @Test("carries many requests at a time, each with its trailers")
  func multiplexed() async throws {
    try await withServer(script: Self.server) { server, transport in
      let replies = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
        for index in 0..<20 {
          group.addTask {
            let headers = [("content-type", "application/grpc"), ("te", "trailers")]
            var request = HTTPRequest(
              "POST", server.url + "seldon.mlops.scheduler.Scheduler/ModelStatus", headers: headers,
              body: .bytes([0, 0, 0, 0, 1, UInt8(index)]))
            request.version = .http2PriorKnowledge
            return try await transport.send(request)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(replies.map { $0.body.last }) == Set((0..<20).map { UInt8($0) }))
      #expect(replies.allSatisfy { $0.head.version == "2" && $0.trailers["grpc-status"] == "0" })
    }
  }

  @Test("carries one request after the other")
  func sequential() async throws {
    try await withServer(script: Self.server) { server, transport in
      for index in 0..<10 {
        var request = HTTPRequest("POST", server.url, body: .bytes([UInt8(index)]))
        request.version = .http2PriorKnowledge
        #expect(try await transport.send(request).body == [UInt8(index)])
        try Task.checkCancellation()
      }
    }
  }

  @Test("streams a reply and its trailers")
  func streamed() async throws {
    try await withServer(script: Self.server) { server, transport in
      let body = [UInt8](repeating: 3, count: 10_000)
      var request = HTTPRequest("POST", server.url, body: .bytes(body))
      request.version = .http2PriorKnowledge
      let stream = try await transport.stream(request)
      #expect(stream.head.headers["content-type"] == "application/grpc")
      var collected: [UInt8] = []
      for try await piece in stream.body { collected += piece }
      #expect(collected == body)
      #expect(stream.trailers["grpc-status"] == "0")
    }
  }
}
