import Foundation
import Frames
import PtyTesting
import Testing

/// One run of `mds` to its end, with an environment of its own.
struct CommandRun {
  var text: String
  var errors: String
  var status: Int32

  /// Objects of the output, one a line.
  func objects() throws -> [[String: Any]] { try CommandRun.objects(of: text) }

  static func objects(of text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      guard let object = object as? [String: Any] else { throw NotAnObject(line: String(line)) }
      return object
    }
  }

  struct NotAnObject: Error {
    var line: String
  }
}

/// A user's home for the time of a test: configuration, data, and commands that see nothing else.
struct CommandHome {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: configuration, withIntermediateDirectories: true)
  }

  func remove() { scratch.remove() }

  /// A home for the time of a test.
  static func alone(_ body: (CommandHome) throws -> Void) throws {
    let home = try CommandHome()
    defer { home.remove() }
    try body(home)
  }

  /// A home configured for a running service, for the time of a test.
  static func onService(_ body: (CommandHome, RunningServer) throws -> Void) throws {
    let service = try RunningServer.service()
    defer { service.stop() }
    try alone { home in
      try home.configure(service.url)
      try body(home, service)
    }
  }

  var configuration: String { scratch.path + "/config/mds" }
  var environment: [String: String] {
    [
      "XDG_CONFIG_HOME": scratch.path + "/config", "XDG_DATA_HOME": scratch.path + "/data", "HOME": scratch.path,
      "LANG": "C.UTF-8", "TERM": "xterm-256color",
    ]
  }

  /// Writes a file of the home, and gives its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

  @discardableResult
  func write(_ bytes: Data, to name: String) throws -> String {
    let path = scratch.path + "/" + name
    try bytes.write(to: URL(fileURLWithPath: path))
    return path
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + name)), as: UTF8.self)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: scratch.path + "/" + name) }

  /// Makes a configuration with one context on a service.
  func configure(_ service: String, name: String = "lab") throws {
    try write("[contexts.\(name)]\nservice = \"\(service)\"\n", to: "config/mds/config.toml")
  }

  /// Agrees with the first case of the queue at the screen, and quits.
  func judgeOne(greeted words: String = "Models 4") throws {
    let terminal = try Pty(Paths.mds, ["open"], environment: environment)
    try terminal.expect(words)
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.send("as")
    try terminal.expect("done today 1")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  /// Runs `mds` with these words; what it reads is `input`.
  func run(_ words: String..., environment more: [String: String] = [:], input: String = "") throws -> CommandRun {
    try run(words, environment: more, input: input)
  }

  func run(_ words: [String], environment more: [String: String] = [:], input: String = "") throws -> CommandRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Paths.mds)
    process.arguments = words
    process.environment = variables(environment.merging(more) { $1 })
    // Files, not pipes: what a command writes on one never waits for the other to be read.
    let folder = scratch.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let places = ["in", "out", "err"].map { folder + "/" + $0 }
    try Data(input.utf8).write(to: URL(fileURLWithPath: places[0]))
    for place in places.dropFirst() { try Data().write(to: URL(fileURLWithPath: place)) }
    let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: places[0]))
    let outputs = try places.dropFirst().map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
    // A process that has ended keeps its files open for as long as Foundation keeps it.
    defer { for file in outputs + [input] { try? file.close() } }
    (process.standardInput, process.standardOutput, process.standardError) = (input, outputs[0], outputs[1])
    try process.run()
    let status = process.waitForEnd().status
    let texts = try places.dropFirst().map {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
    }
    return CommandRun(text: texts[0], errors: texts[1], status: status)
  }

  /// These variables, and those that a built program needs to start.
  private func variables(_ given: [String: String]) -> [String: String] {
    var variables = given
    for name in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    return variables
  }

  /// Runs a line of the shell, and gives its exit status.
  func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = variables(environment)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process.waitForEnd().status
  }

  /// Runs `mds` with a standard output that nobody reads.
  func runUnread(_ words: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Paths.mds)
    process.arguments = words
    process.environment = variables(environment)
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try pipe.fileHandleForReading.close()
    try process.run()
    return process.waitForEnd().status
  }
}
