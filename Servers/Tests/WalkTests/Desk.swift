import Foundation
import Frames
import PtyTesting
import Testing

/// One analyst's desk: a ledger, a token, and the service that all share.
struct Desk {
  let scratch: Scratch
  let name: String
  let target: [String]
  /// What its programs see over the tests' own environment.
  var environment: [String: String] = [:]

  /// Its ledger holds the shipped records of these models.
  init(
    _ name: String, _ scratch: Scratch, _ service: RunningServer, context: String = "lab",
    scoring models: [String] = ["wine"]
  ) throws {
    self.scratch = scratch
    self.name = name
    target = ["--service", service.url, "--context", context, "--ledger", "\(scratch.path)/\(name).sqlite"]
    for model in models {
      let scored = try mds(["infer", model, "--input", Paths.repository + "/fixtures/records/\(model).jsonl"])
      #expect(scored.status == 0, "\(scored.errors)")
    }
  }

  /// A desk on what is there already.
  init(_ name: String, _ scratch: Scratch, target: [String], environment: [String: String]) {
    self.scratch = scratch
    self.name = name
    self.target = target
    self.environment = environment
  }

  /// A desk with a copy of this one's ledger, which nobody has open.
  func copy(to other: String) throws -> Desk {
    let ledger = "\(scratch.path)/\(other).sqlite"
    try FileManager.default.copyItem(atPath: "\(scratch.path)/\(name).sqlite", toPath: ledger)
    return Desk(other, scratch, target: target.dropLast() + [ledger], environment: environment)
  }

  /// Takes the ledger away, with all that lies beside it.
  func remove() throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: scratch.path) where file.hasPrefix(name + ".") {
      try FileManager.default.removeItem(atPath: "\(scratch.path)/\(file)")
    }
  }

  /// Runs a command of mds on this desk's ledger.
  func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
    try output(of: [Paths.mds] + words + target, environment: environment)
  }

  /// Gets a token into a file that only the owner can read: for the analyst of this desk's name, unless another is named.
  func token(
    of database: String, analyst: String? = nil, device: String = "desk", _ options: [String] = []
  ) throws -> String {
    let path = "\(scratch.path)/\(name).token"
    let made = try output(
      of: [
        Paths.collector, "token", "create", "--analyst", analyst ?? name + "@lab", "--device", device, "--database",
        database,
      ] + options)
    #expect(
      FileManager.default.createFile(
        atPath: path, contents: Data(made.text.utf8), attributes: [.posixPermissions: 0o600]))
    return path
  }

  func connect(to collector: RunningServer, database: String, _ options: [String] = []) throws {
    let connected = try mds(["connect", collector.url, "--token-file", token(of: database)] + options)
    #expect(connected.status == 0, "\(connected.errors)")
    #expect(connected.text.hasPrefix("enrolled at \(collector.url) as \(name)@lab\n"), "\(connected.errors)")
  }

  /// Agrees with the first cases of the queue, and quits on the heels of the last key.
  func judge(_ count: Int, done: Int = 0) throws {
    let terminal = try Pty(Paths.mds, ["open"] + target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    for number in 1...count {
      try terminal.send("as")
      if number < count { try terminal.expect("done today \(done + number)") }
    }
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  /// Agrees with the only case that there is, and quits when that is saved.
  func judgeOnlyCase() throws {
    let terminal = try Pty(Paths.mds, ["open"] + target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 1")
    try terminal.send("as")
    try terminal.expect("saved #")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  /// Opens the one queue that was taken, which has one case.
  func openTakenQueue() throws -> Pty {
    let terminal = try Pty(Paths.mds, ["open"] + target)
    try terminal.expect("Models 4")
    try terminal.send("gi")
    try terminal.expect("0/1 done")
    try terminal.press(.enter)
    try terminal.expect("Queue 1")
    return terminal
  }

  /// Opens the one queue that was taken, gives a verdict on its first case, and quits.
  func decide(_ key: String) throws {
    let terminal = try openTakenQueue()
    try terminal.send(key + "s")
    try terminal.expect("saved #")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
