import Foundation
import Glibc
import Transport

/// A server on loopback that does to each connection what a script says, on a thread of its own.
final class ScriptedServer: Sendable {
  let port: Int
  private let listener: Int32
  private let state = Shared(State())
  private let tls: TLSServer?
  private let script: @Sendable (Conversation) -> Void
  private let finished = DispatchGroup()

  private struct State: Sendable {
    var connections: [Int32] = []
    var count = 0
    var requests: [ReceivedRequest] = []
    var isStopped = false
  }

  init(tls: TLSServer? = nil, _ script: @escaping @Sendable (Conversation) -> Void) throws {
    self.tls = tls
    self.script = script
    (listener, port) = try Self.listen(backlog: 128)
    finished.enter()
    Thread { [self] in accept() }.start()
  }

  static func listen(backlog: Int32) throws -> (Int32, Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int? in
        guard bind(listener, address, size) == 0, Glibc.listen(listener, backlog) == 0,
          getsockname(listener, address, &size) == 0
        else { return nil }
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
      }
    }
    guard let port else { throw POSIXError(.EADDRNOTAVAIL) }
    return (listener, port)
  }

  var url: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)/" }
  /// How many connections there were.
  var connectionCount: Int { state.withLock { $0.count } }
  /// Every request that was read whole.
  var requests: [ReceivedRequest] { state.withLock { $0.requests } }

  /// Waits until so many requests were read whole.
  func received(_ count: Int) async { await state.wait { $0.requests.count >= count } }

  func note(_ request: ReceivedRequest) { state.withLock { $0.requests.append(request) } }

  /// Ends every conversation and waits for its thread.
  func stop() {
    // Under the lock: a number that was closed may soon be another test's connection.
    state.withLock { state in
      state.isStopped = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    finished.wait()
    close(listener)
  }

  private func accept() {
    defer { finished.leave() }
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { return }
      // What a script sends leaves at once, also where the client has not yet acknowledged what came before.
      var yes: Int32 = 1
      setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      let isWelcome = state.withLock { state in
        if state.isStopped { return false }
        state.connections.append(connection)
        state.count += 1
        return true
      }
      guard isWelcome else {
        close(connection)
        return
      }
      finished.enter()
      Thread { [self] in
        converse(on: connection)
        state.withLock { state in
          state.connections.removeAll { $0 == connection }
          close(connection)
        }
        finished.leave()
      }.start()
    }
  }
}

extension ScriptedServer {
  private func converse(on connection: Int32) {
    guard let tls else { return script(Conversation(connection, server: self)) }
    // OpenSSL writes to a client that has gone: that is an error here, and no signal.
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, nil)
    if let session = tls.accept(connection) { script(Conversation(connection, session: session, server: self)) }
  }
}

struct ReceivedRequest: Sendable {
  var line: String
  var headers: [String]
  var body: [UInt8]

  func header(_ name: String) -> String? {
    headers.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }
}

/// One connection, seen from the server.
final class Conversation {
  let descriptor: Int32
  let server: ScriptedServer
  private let session: TLSServer.Session?
  private var unread: [UInt8] = []

  init(_ descriptor: Int32, session: TLSServer.Session? = nil, server: ScriptedServer) {
    self.descriptor = descriptor
    self.session = session
    self.server = server
  }

  /// The next bytes as they come; nil once the client has gone.
  func readSome() -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: 65536)
    let count = session?.read(&piece) ?? recv(descriptor, &piece, piece.count, 0)
    return count > 0 ? Array(piece[..<count]) : nil
  }

  /// Exactly so many bytes.
  func read(_ count: Int) -> [UInt8]? {
    while unread.count < count {
      guard let more = readSome() else { return nil }
      unread += more
    }
    defer { unread.removeFirst(count) }
    return Array(unread[..<count])
  }

  private func readLine() -> String? {
    var line: [UInt8] = []
    while let byte = read(1)?.first {
      if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
      if byte != 0x0D { line.append(byte) }
    }
    return nil
  }

  /// The next request with its whole body.
  func receive() -> ReceivedRequest? {
    guard let line = readLine() else { return nil }
    var request = ReceivedRequest(line: line, headers: [], body: [])
    while let header = readLine(), !header.isEmpty { request.headers.append(header) }
    if let length = request.header("Content-Length").flatMap({ Int($0) }) {
      guard let body = read(length) else { return nil }
      request.body = body
    } else if request.header("Transfer-Encoding") == "chunked" {
      while let size = readLine().flatMap({ Int($0, radix: 16) }) {
        request.body += read(size) ?? []
        _ = readLine()
        if size == 0 { break }
      }
    }
    server.note(request)
    return request
  }

  /// Whether all of it went out.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        return session?.write(rest) ?? Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// An ordinary answer.
  func answer(_ status: String = "200 OK", headers: [String] = [], body: [UInt8] = []) {
    let head = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)"]
    send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
  }

  /// Says nothing until the client has gone or the server stops.
  func hold() { while readSome() != nil {} }
}

/// Runs `body` with a server that follows the script and a transport, and leaves neither behind.
func withServer(
  configuration: TransportConfiguration = TransportConfiguration(),
  tls: TLSServer? = nil,
  script: @escaping @Sendable (Conversation) -> Void,
  body: (ScriptedServer, Transport) async throws -> Void
) async throws {
  let server = try ScriptedServer(tls: tls, script)
  let transport = Transport(configuration: configuration)
  do {
    try await body(server, transport)
  } catch {
    await transport.close()
    server.stop()
    throw error
  }
  await transport.close()
  server.stop()
}

/// A folder that is gone afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
  let folder = NSTemporaryDirectory() + "transport-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

/// Writes a file that only its owner can read, by another name first, so that it changes at once.
func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
  try text.write(toFile: path + ".new", atomically: false, encoding: .utf8)
  chmod(path + ".new", mode)
  rename(path + ".new", path)
}

/// So many bytes in which every stretch is unlike its neighbours: a prime length, over and over.
func varied(_ size: Int) -> [UInt8] {
  let stretch = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size + stretch.count)
  while bytes.count < size { bytes.append(contentsOf: stretch) }
  bytes.removeLast(bytes.count - size)
  return bytes
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// The status of the answer to a request.
func status(_ transport: Transport, _ request: HTTPRequest) async throws -> Int {
  try await transport.send(request).status
}

/// What `send` fails with; nil where it does not.
func failure(_ transport: Transport, _ request: HTTPRequest) async -> TransportError? {
  do throws(TransportError) {
    _ = try await transport.send(request)
    return nil
  } catch {
    return error
  }
}
