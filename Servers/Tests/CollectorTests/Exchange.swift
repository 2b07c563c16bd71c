internal import Domain
internal import Foundation
internal import Glibc
internal import SyncProtocol
internal import Testing

/// A connection to a server on this machine, on which a test sends what it likes.
final class Line {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Refused(code: errno)
    }
  }

  deinit { close(descriptor) }

  struct Refused: Error {
    var code: Int32
  }

  /// Sends it all; false where the other side has gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends nothing more.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether something came, or the end, within this time.
  func hears(within milliseconds: Int32) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waited, 1, milliseconds) > 0
  }

  /// Everything up to the end of the connection.
  func readToEnd() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// One HTTP exchange over a socket, in steps, so that a test can end the server between them.
final class Exchange {
  private let line: Line

  struct Answer {
    var status: Int
    var head: String
    var body: [UInt8]

    func message<Value: Message>(_: Value.Type = Value.self) throws -> Value { try Value(bytes: body) }

    /// Reads a whole answer; nil where it was cut.
    init?(_ bytes: [UInt8]) {
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      let words = head.split(separator: " ")
      guard words.count > 1, let status = Int(words[1]) else { return nil }
      self.status = status
      body = Array(bytes[end.upperBound...])
      guard header("content-length").flatMap({ Int($0) }) == body.count else { return nil }
    }

    /// What stands behind a name, which is in lower case; nil where it is not there.
    func header(_ name: String) -> String? {
      head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
  }

  init(port: UInt16, _ method: String, _ path: String, token: String?, _ body: [UInt8] = [], headers: [String] = [])
    throws
  {
    line = try Line(port: port)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    for header in headers { head += header + "\r\n" }
    try #require(line.send(Array("\(head)\r\n".utf8) + body))
  }

  /// Whether the answer has begun to come.
  var isAnswered: Bool { line.hears(within: 0) }

  /// Reads to the end; nil where the connection ended before the answer did.
  func answer() -> Answer? { Answer(line.readToEnd()) }
}
