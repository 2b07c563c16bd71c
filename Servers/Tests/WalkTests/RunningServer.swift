import Foundation
import Glibc
import PtyTesting

/// A built server on a free port, for as long as a test holds it.
final class RunningServer {
  /// The line of JSON that it printed when it was ready.
  struct Ready: Decodable {
    var url: String
    var tokens: [String: String]?
  }

  let ready: Ready
  private let process = Process()
  private let input = Pipe()

  var url: String { ready.url }

  /// What it says beside its answers goes into the file `errors`; the environment is over the tests' own.
  init(
    _ program: String, _ arguments: [String], errors: String? = nil, environment: [String: String] = [:]
  ) throws {
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Paths.servers + "/" + program)
    process.arguments = arguments + ["--stdin-closes"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    if let errors {
      _ = FileManager.default.createFile(atPath: errors, contents: nil)
      process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    }
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    ready = try JSONDecoder().decode(Ready.self, from: line)
  }

  /// The shipped models.
  static func service() throws -> RunningServer {
    try RunningServer("mds-service", ["--port", "0", "--models", Paths.repository + "/fixtures/models"])
  }

  /// A collector on this database.
  static func collector(
    _ database: String, port: String = "0", _ options: [String] = [], errors: String? = nil,
    environment: [String: String] = [:]
  ) throws -> RunningServer {
    try RunningServer(
      "mds-collector", ["serve", "--port", port, "--database", database] + options, errors: errors,
      environment: environment)
  }

  /// Sends it a signal.
  func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

  /// Closes its standard input, which ends it.
  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitForEnd()
  }

  /// Ends it without a warning.
  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitForEnd()
  }
}

/// Where the built programs and the fixtures are.
enum Paths {
  static let repository: String = {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(4)
    return "/" + parts.joined(separator: "/")
  }()

  static let servers = repository + "/Servers/.build/debug"
  static let mds = repository + "/.build/debug/mds"
  static let collector = servers + "/mds-collector"
}

/// A folder that goes with the test.
struct Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "mds-walk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs a command to its end; the environment is what is given over the tests' own.
func output(
  of words: [String], environment: [String: String] = [:]
) throws -> (text: String, errors: String, status: Int32) {
  let process = Process()
  if !environment.isEmpty { process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 } }
  let pipe = Pipe()
  let errors = NSTemporaryDirectory() + "mds-errors-" + UUID().uuidString
  _ = FileManager.default.createFile(atPath: errors, contents: nil)
  defer { try? FileManager.default.removeItem(atPath: errors) }
  process.executableURL = URL(fileURLWithPath: words[0])
  process.arguments = Array(words.dropFirst())
  process.standardOutput = pipe
  let said = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
  defer {
    try? said.close()
    try? pipe.fileHandleForReading.close()
  }
  process.standardError = said
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  let status = process.waitForEnd().status
  let words = (try? Data(contentsOf: URL(fileURLWithPath: errors))) ?? Data()
  return (String(decoding: data, as: UTF8.self), String(decoding: words, as: UTF8.self), status)
}
