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
      try Program.path(), "serve", "--port", "0", "--rate-limit", "0", "--stdin-closes", "--database",
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

  /// Sends a signal, and waits for nothing.
  func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

  /// Its status, once it has ended by itself.
  func end() -> Int32 { code(of: process.waitForEnd()) }

  /// Closes its standard input; its status.
  func closeInput() throws -> Int32 {
    try input.fileHandleForWriting.close()
    return code(of: process.waitForEnd())
  }

  /// −1 for a signal.
  private func code(of exit: Pty.Exit) -> Int32 { if case .code = exit { exit.status } else { -1 } }

  var complaints: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }
}
