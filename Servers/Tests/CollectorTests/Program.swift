internal import Collector
internal import Domain
internal import Foundation
internal import Glibc
internal import PtyTesting
internal import SyncProtocol
internal import Testing

/// The real `mds-collector`, beside the test bundle.
enum Program {
  static func path() throws -> String {
    let arguments = CommandLine.arguments
    let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
    let program = URL(filePath: bundle).deletingLastPathComponent().appending(path: "mds-collector").path
    try #require(FileManager.default.isExecutableFile(atPath: program), "\(program) is not built")
    return program
  }

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Runs a command of it to its end.
  static func run(_ arguments: [String]) throws -> Outcome { try run(try path(), arguments) }

  static func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let words = try errors.fileHandleForReading.readToEnd() ?? Data()
    let status = process.waitForEnd().status
    return Outcome(
      status: status, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: words, as: UTF8.self))
  }
}

/// A server that runs for as long as the test holds it.
final class RunningCollector {
  private let process = Process()
  private let input = Pipe()
  private let errors: URL
  let ready: JSON
  let port: UInt16

  /// `kilobytes` limits how large any of its files may become.
  init(_ folder: URL, _ options: [String] = [], at location: DatabaseLocation? = nil, kilobytes: Int? = nil) throws {
    let output = Pipe()
    let words = [
      try Program.path(), "serve", "--port", "0", "--stdin-closes", "--database",
      location?.description ?? folder.appending(path: "c.db").path,
    ]
    process.executableURL = URL(filePath: "/bin/bash")
    // The shell becomes the program: its process is the server's.
    process.arguments =
      ["-c", (kilobytes.map { "ulimit -f \($0); " } ?? "") + "exec \"$@\"", "bash"] + words + options
    errors = folder.appending(path: "errors.txt")
    if !FileManager.default.fileExists(atPath: errors.path) { try Data().write(to: errors) }
    let log = try FileHandle(forWritingTo: errors)
    try log.seekToEnd()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = log
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    ready = (try? JSON(parsing: line)) ?? .null
    port = (ready["url"]?.string?.split(separator: ":").last).flatMap { UInt16($0) } ?? 0
  }

  deinit { if process.isRunning { kill() } }

  /// As the power would: nothing is finished.
  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitForEnd()
  }

  /// Asks it to stop; its status.
  func stop() -> Int32 {
    process.terminate()
    return code(of: process.waitForEnd())
  }

  /// Closes its standard input; its status.
  func closeInput() throws -> Int32 {
    try input.fileHandleForWriting.close()
    return code(of: process.waitForEnd())
  }

  /// −1 for a signal.
  private func code(of exit: Pty.Exit) -> Int32 { if case .code = exit { exit.status } else { -1 } }

  var complaints: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }
}

/// One HTTP exchange over a socket, in steps, so that a test can end the server between them.
final class Exchange {
  private let descriptor: Int32

  struct Answer {
    var status: Int
    var head: String
    var body: [UInt8]

    func message<Value: Message>(_: Value.Type = Value.self) throws -> Value { try Value(bytes: body) }
  }

  init(port: UInt16, _ method: String, _ path: String, token: String?, _ body: [UInt8] = []) throws {
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
    try #require(connected == 0)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    let bytes = Array("\(head)\r\n".utf8) + body
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      try #require(count > 0)
      sent += count
    }
  }

  deinit { close(descriptor) }

  /// Whether the answer has begun to come.
  var isAnswered: Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waited, 1, 0) > 0
  }

  /// Reads to the end; nil where the connection ended before the answer did.
  func answer() -> Answer? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let words = head.split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else { return nil }
    let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    guard let length, bytes.count - end.upperBound == length else { return nil }
    return Answer(status: status, head: head, body: Array(bytes[end.upperBound...]))
  }
}
