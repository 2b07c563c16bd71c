import Foundation
import Glibc

/// The built `mds-service` on a free port, for as long as a test holds it.
final class RunningService {
  let url: String
  private let process = Process()
  private let input = Pipe()

  init() throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Paths.servers + "/mds-service")
    process.arguments = ["--port", "0", "--models", Paths.repository + "/fixtures/models", "--stdin-closes"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    struct Ready: Decodable { var url: String }
    url = try JSONDecoder().decode(Ready.self, from: line).url
  }

  /// Closes its standard input, which ends it.
  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
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

/// Runs a command to its end.
func output(of words: [String]) throws -> (text: String, status: Int32) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: words[0])
  process.arguments = Array(words.dropFirst())
  process.standardOutput = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}
