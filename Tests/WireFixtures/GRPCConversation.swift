internal import Glibc

/// What a scripted gRPC server does on a stream, step by step.
public enum GRPCStep: Sendable {
  /// The head of an answer, with its status and type.
  case head(status: String = "200", type: String = "application/grpc")
  case data([UInt8])
  /// Fields that end the stream: after a head its trailers, alone an answer of trailers only.
  case trailers([(String, String)], isAlone: Bool = false)
  /// Ends the stream with an error code of HTTP/2.
  case reset(UInt8)
  /// Says no more on this connection until the client has gone.
  case silence
  case hangUp

  /// Everything that a call gives which goes well: messages without their frames.
  public static func answers(_ messages: [[UInt8]]) -> [GRPCStep] {
    [.head(), .data(messages.flatMap(framed)), .trailers([("grpc-status", "0")])]
  }

  /// A message with its five bytes before it.
  public static func framed(_ message: [UInt8]) -> [UInt8] {
    let count = UInt32(message.count)
    return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
  }
}

/// A call that a scripted gRPC server got.
public struct GRPCCall: Sendable {
  /// `ModelStatus`; empty where the path is not in the form that libcurl writes.
  public var method: String
  /// The message in its frame.
  public var body: [UInt8]
  let stream: UInt32
  let connection: Int32
  let number: Int
}

extension ScriptedServer {
  /// A server that answers each call with steps; just enough of RFC 9113. A call without trailers stays open.
  public convenience init(calls answer: @escaping @Sendable (GRPCCall) -> [GRPCStep]) throws {
    try self.init(talking: { server, connection in
      var conversation = GRPCConversation(server: server, connection: connection)
      conversation.talk(answer)
    })
  }

  /// Whether the caller of a call is there still.
  public func isOpen(_ call: GRPCCall) -> Bool { isOpen(call.number) }

  /// Sends more on a call that stays open; nothing where its caller has gone.
  public func send(_ steps: [GRPCStep], on call: GRPCCall) {
    guard isOpen(call) else { return }
    let conversation = GRPCConversation(server: self, connection: call.connection)
    for step in steps { conversation.send(step, call.stream) }
  }
}

/// One HTTP/2 connection, seen from the server.
struct GRPCConversation {
  let server: ScriptedServer
  let connection: Int32
  private var unread: [UInt8] = []

  init(server: ScriptedServer, connection: Int32) {
    self.server = server
    self.connection = connection
  }

  mutating func talk(_ answer: (GRPCCall) -> [GRPCStep]) {
    guard let preface = read(24), preface.starts(with: Array("PRI * HTTP/2.0".utf8)) else { return }
    frame(type: 4, flags: 0, stream: 0, [])
    var calls: [UInt32: GRPCCall] = [:]
    while let head = read(9) {
      let length = head[..<3].reduce(0) { $0 << 8 | Int($1) }
      let (type, flags) = (head[3], head[4])
      let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
      guard let payload = read(length) else { return }
      if type == 4, flags & 1 == 0 { frame(type: 4, flags: 1, stream: 0, []) }
      if type == 0 { calls[stream]?.body += payload }
      if type == 1 {
        calls[stream] = GRPCCall(
          method: HPACKPath.method(in: payload), body: [], stream: stream, connection: connection,
          number: server.number(of: connection))
      }
      guard type == 0 || type == 1, flags & 1 == 1, let call = calls[stream] else { continue }
      for step in answer(call) where !take(step, stream) { return }
    }
  }

  /// Whether the connection goes on.
  private mutating func take(_ step: GRPCStep, _ stream: UInt32) -> Bool {
    switch step {
    case .silence:
      while read(1) != nil {}
      return false
    case .hangUp: return false
    case .head, .data, .trailers, .reset: send(step, stream)
    }
    return true
  }

  func send(_ step: GRPCStep, _ stream: UInt32) {
    switch step {
    case .head(let status, let type):
      frame(
        type: 1, flags: 4, stream: stream, Self.literal(":status", status) + Self.literal("content-type", type))
    case .data(let bytes):
      // Frames of HTTP/2 hold 16 KiB.
      for start in stride(from: 0, to: bytes.count, by: 16_384) {
        frame(type: 0, flags: 0, stream: stream, Array(bytes[start..<min(start + 16_384, bytes.count)]))
      }
    case .trailers(let fields, let isAlone):
      let head = isAlone ? Self.literal(":status", "200") + Self.literal("content-type", "application/grpc") : []
      frame(type: 1, flags: 5, stream: stream, head + fields.flatMap { Self.literal($0, $1) })
    case .reset(let code): frame(type: 3, flags: 0, stream: stream, [0, 0, 0, code])
    case .silence, .hangUp: return
    }
  }

  private mutating func read(_ count: Int) -> [UInt8]? {
    while unread.count < count {
      var piece = [UInt8](repeating: 0, count: 65_536)
      let size = Glibc.read(connection, &piece, piece.count)
      guard size > 0 else { return nil }
      unread += piece[..<size]
    }
    defer { unread.removeFirst(count) }
    return Array(unread[..<count])
  }

  private func frame(type: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: payload.count >> $0) }
    let id = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) }
    server.write(length + [type, flags] + id + payload, to: connection)
  }

  /// A field without an index (RFC 7541, 6.2.2), of at most 126 bytes.
  private static func literal(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
  }
}
