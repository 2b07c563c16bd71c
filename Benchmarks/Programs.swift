import Foundation
import PtyTesting

/// The programs that are measured, and what they need: of the same build as this one, or installed.
enum Programs {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The folder of the working copy.
  static let repository: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/")
  }()

  /// An installation to measure in place of this build.
  private static let prefix = ProcessInfo.processInfo.environment["MDS_PREFIX"]
  private static let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path
  private static let servers = prefix.map { $0 + "/bin" } ?? own.replacing("/.build/", with: "/Servers/.build/")

  static let mds = (prefix.map { $0 + "/bin" } ?? own) + "/mds"
  static let service = servers + "/mds-service"
  static let collector = servers + "/mds-collector"

  /// Runs a command to its end and gives what it printed; what it says of its progress is left out.
  @discardableResult
  static func run(_ words: [String], environment: [String: String]? = nil) throws -> String {
    let process = Process()
    let output = Pipe()
    let said = FileManager.default.temporaryDirectory.appending(path: "mds-bench-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: said.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: said) }
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    if let environment { process.environment = environment }
    process.standardOutput = output
    // A file, not a pipe: nobody reads it while the program runs, and a full pipe would hold the program.
    process.standardError = try FileHandle(forWritingTo: said)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    let status = process.waitForEnd().status
    guard status == 0 else {
      let words = words.joined(separator: " ")
      let error = (try? String(contentsOf: said, encoding: .utf8)) ?? ""
      throw Failure(description: "\(words) ended with \(status): \(error.prefix { $0 != "\n" })")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The line that a server prints when it is ready.
  private struct Ready: Decodable {
    var url: String
  }

  /// Runs a server on a free port for as long as `body` takes.
  static func withServer<Result>(
    _ path: String, _ arguments: [String], body: (_ url: String) async throws -> Result
  ) async throws -> Result {
    try await withProcess(path, arguments + ["--port", "0", "--stdin-closes"]) { line in
      try await body(JSONDecoder().decode(Ready.self, from: line).url)
    }
  }

  /// Runs a program that prints one line when it is ready and ends when its input closes, for as long as `body` takes.
  static func withProcess<Result>(
    _ path: String, _ arguments: [String], body: (_ line: Data) async throws -> Result
  ) async throws -> Result {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitForEnd()
    }
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    return try await body(line)
  }

  static func withService<Result>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
    try await withServer(service, ["--models", repository + "/fixtures/models"], body: body)
  }

  /// A folder that is gone afterwards, on the disk of the working copy: a folder in memory would flatter the ledger.
  static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = own + "/bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }
}
