internal import Domain
internal import Foundation
internal import FoundationNetworking
internal import PtyTesting
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
    let errors = Pipe()

    init(_ arguments: [String]) throws {
      let program: URL = try #require(ProcessTests.program)
      process.executableURL = program
      process.arguments = arguments
      process.standardInput = input
      process.standardOutput = output
      process.standardError = errors
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
    #expect(running.process.waitForEnd() == .code(0))
  }

  @Test("stops in good order when it is asked to") func terminated() throws {
    let running = try Running(["--port", "0", "--models", Fixtures.root.appending(path: "models").path])
    #expect(running.line()["url"] != nil)
    running.process.terminate()
    #expect(running.process.waitForEnd() == .code(0))
  }

  @Test("stops also where a client owes the rest of its request") func halfSent() async throws {
    let running = try Running(["--port", "0", "--models", Fixtures.root.appending(path: "models").path])
    let url = try #require(running.line()["url"]?.string)
    let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
    let client = try LoopbackClient(port: port)
    try client.send("GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n")
    // An answer: the connection is the service's own by now.
    #expect(client.receive().hasPrefix("HTTP/1.1 200"))
    try client.send("POST /v2/models/wine/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    running.process.terminate()
    #expect(running.process.waitForEnd() == .code(0))
  }

  @Test("says which port is taken") func taken() throws {
    let first = try Running(["--port", "0", "--models", Fixtures.root.appending(path: "models").path])
    let url = try #require(first.line()["url"]?.string)
    let port = try #require(url.split(separator: ":").last.map(String.init))
    let second = try Running(["--port", port, "--models", Fixtures.root.appending(path: "models").path])
    #expect(second.process.waitForEnd() == .code(1))
    let complaint = String(decoding: second.errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(complaint == "mds-service: port \(port) of 127.0.0.1 is taken; --port 0 takes a free one\n")
  }

  @Test("a wrong argument ends with 2", arguments: [["--port", "x"], ["--port"], ["--nonsense"], ["--models"]])
  func wrong(arguments: [String]) throws {
    let running = try Running(arguments)
    #expect(running.process.waitForEnd() == .code(2))
  }
}
