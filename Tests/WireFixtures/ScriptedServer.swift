internal import Foundation
internal import Glibc
internal import Synchronization

/// A request that the server got.
public struct ReceivedRequest: Sendable {
  public var line: String
  /// Names in lower case.
  public var headers: [String: String]
  public var body: [UInt8]
  /// The number of the connection that it came by, from 1 on.
  public var connection = 0
}

/// A tiny HTTP/1.1 server on loopback that answers each request with the bytes that a closure gives, or does to it what
/// a script says.
///
/// It ends with `close()`, which waits for its threads.
public final class ScriptedServer: Sendable {
  public typealias Answer = @Sendable (ReceivedRequest) -> [UInt8]?
  /// Sends as it likes, as long as `send` says that somebody is there; false hangs up.
  public typealias Script = @Sendable (ReceivedRequest, _ send: ([UInt8]) -> Bool) -> Bool

  private struct State {
    var connections: [Int32] = []
    /// The numbers of those that are open, by their descriptors.
    var numbers: [Int32: Int] = [:]
    var count = 0
    var requests: [ReceivedRequest] = []
    var isClosed = false
  }

  public let port: Int
  private let listener: Int32
  private let talk: @Sendable (ScriptedServer, Int32) -> Void
  private let state = Mutex(State())
  private let threads = DispatchGroup()

  /// The answer is a whole response with its head; nil hangs up.
  public convenience init(_ answer: @escaping Answer) throws {
    try self.init(script: { request, send in
      guard let bytes = answer(request), send(bytes) else { return false }
      // Recordings of servers that were asked to close say so; the client holds them to it.
      return !String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased().contains("connection: close")
    })
  }

  /// Does to each request what a script says.
  public convenience init(script: @escaping Script) throws { try self.init(talking: { $0.serve($1, script) }) }

  /// Talks on each connection as a closure does, until that returns.
  public init(talking talk: @escaping @Sendable (ScriptedServer, Int32) -> Void) throws {
    self.talk = talk
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(descriptor, plain, length) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, plain, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    thread { server in
      while true {
        let connection = accept(server.listener, nil, nil)
        guard connection >= 0 else { return }
        let isKept = server.state.withLock { state in
          if !state.isClosed {
            state.connections.append(connection)
            state.count += 1
            state.numbers[connection] = state.count
          }
          return !state.isClosed
        }
        guard isKept else {
          Glibc.close(connection)
          return
        }
        server.thread { server in
          server.talk(server, connection)
          server.state.withLock { state in
            state.connections.removeAll { $0 == connection }
            state.numbers[connection] = nil
            _ = Glibc.close(connection)
          }
        }
      }
    }
  }

  /// Descriptors of this process that are connected to the server, or come from it.
  public var openConnections: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { Int32($0) }.count { descriptor in
      [getpeername, getsockname].contains { name in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
        }
        return code == 0 && address.sin_family == sa_family_t(AF_INET)
          && Int(UInt16(bigEndian: address.sin_port)) == port
      }
    }
  }

  /// Whether a client still has the connection of a number open.
  public func isOpen(_ number: Int) -> Bool { state.withLock { $0.numbers.values.contains(number) } }

  /// Writes more on the connection of a number; nothing where the client has gone.
  public func push(_ bytes: [UInt8], to number: Int) {
    guard let connection = state.withLock({ $0.numbers.first { $0.value == number }?.key }) else { return }
    write(bytes, to: connection)
  }

  /// Ends every connection as a line that goes does.
  public func cutConnections() {
    state.withLock { state in
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  /// The number of the connection of a descriptor.
  func number(of connection: Int32) -> Int { state.withLock { $0.numbers[connection] ?? 0 } }

  /// Connections that a client has open.
  public var connectionsInUse: Int { state.withLock { $0.connections.count } }

  public var base: String { "http://127.0.0.1:\(port)" }

  /// What was asked so far.
  public var requests: [ReceivedRequest] { state.withLock { $0.requests } }

  private func thread(_ body: @escaping @Sendable (ScriptedServer) -> Void) {
    threads.enter()
    let thread = Thread {
      body(self)
      self.threads.leave()
    }
    thread.start()
  }

  private func serve(_ connection: Int32, _ script: Script) {
    var buffer: [UInt8] = []
    while var request = read(connection, &buffer) {
      request.connection = number(of: connection)
      state.withLock { $0.requests.append(request) }
      guard script(request, { self.write($0, to: connection) }) else { break }
    }
  }

  private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> ReceivedRequest? {
    let blank = Array("\r\n\r\n".utf8)
    while true {
      if let end = buffer.indices.first(where: { buffer[$0...].starts(with: blank) }) {
        let lines = String(decoding: buffer[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = headers["content-length"].flatMap(Int.init) ?? 0
        if buffer.count >= end + 4 + length {
          let body = Array(buffer[(end + 4)..<(end + 4 + length)])
          buffer.removeFirst(end + 4 + length)
          return ReceivedRequest(line: lines[0], headers: headers, body: body)
        }
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = Glibc.read(connection, &chunk, chunk.count)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }

  @discardableResult
  public func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Hangs up on everyone and waits for the threads.
  public func close() {
    state.withLock { state in
      state.isClosed = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    threads.wait()
    Glibc.close(listener)
  }

  /// A response with a body.
  public static func response(
    _ body: String, status: Int = 200, headers: [String: String] = ["content-type": "application/json"]
  ) -> [UInt8] {
    response(Array(body.utf8), status: status, headers: headers)
  }

  public static func response(_ body: [UInt8], status: Int = 200, headers: [String: String]) -> [UInt8] {
    let fields = headers.map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
    return Array("HTTP/1.1 \(status) X\r\ncontent-length: \(body.count)\r\n\(fields)\r\n".utf8) + body
  }
}
