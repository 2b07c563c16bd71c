internal import Domain
internal import Foundation
internal import FoundationNetworking
internal import Testing

/// Runs the real program.
struct ProcessTests {
  /// The program beside the test bundle; nil where the tests run from elsewhere.
  private static let program: URL? = {
    let arguments = CommandLine.arguments
    let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
    let program = URL(filePath: bundle).deletingLastPathComponent().appending(path: "mds-service")
    return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
  }()

  private final class Running {
    let process = Process()
    let input = Pipe()
    let output = Pipe()

    init(_ arguments: [String]) throws {
      let program: URL = try #require(ProcessTests.program)
      process.executableURL = program
      process.arguments = arguments
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    /// The line that says where the service is; it ends with a line feed and comes in one write.
    func line() -> JSON { (try? JSON(parsing: output.fileHandleForReading.availableData)) ?? .null }

    deinit { if process.isRunning { process.terminate() } }
  }

  @Test("says where it is, answers there, and goes when its standard input closes") func stdin() async throws {
    let running = try Running(["--port", "0", "--stdin-closes"])
    let url = try #require(running.line()["url"]?.string)
    #expect(url.hasPrefix("http://127.0.0.1:"))
    let (answer, _) = try await URLSession.shared.data(from: try #require(URL(string: url + "/v2")))
    #expect(try JSON(parsing: answer)["name"] == "mds-service")
    try running.input.fileHandleForWriting.close()
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 0)
  }

  @Test("stops in good order when it is asked to") func terminated() throws {
    let running = try Running(["--port", "0", "--models", Fixtures.root.appending(path: "models").path])
    #expect(running.line()["url"] != nil)
    running.process.terminate()
    running.process.waitUntilExit()
    #expect(running.process.terminationReason == .exit)
    #expect(running.process.terminationStatus == 0)
  }

  @Test("a wrong argument ends with 2", arguments: [["--port", "x"], ["--port"], ["--nonsense"], ["--models"]])
  func wrong(arguments: [String]) throws {
    let running = try Running(arguments)
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 2)
  }
}
