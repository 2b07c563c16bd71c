import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// `mds infer` on files that take a while, ended in the middle.
@Suite("A long file", .serialized)
struct BatchWalkTests {
  private static let rows = 4000
  /// Rows that cannot be used.
  private static func isBad(_ row: Int) -> Bool { row % 97 == 0 }

  /// A table whose rows all differ.
  private static func table(_ count: Int = rows) -> String {
    let tail = WineForm.values.split(separator: ",").dropFirst().joined(separator: ",")
    let lines = (1...count).map { row in
      isBad(row) ? "bad \(row),\(tail)" : "\(11 + Double(row) / 1000),\(tail)"
    }
    return WineForm.header + "\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Starts `mds` and kills it as soon as its output has so many bytes; false where it ended before.
  private static func runAndKill(_ home: CommandHome, _ words: [String], output: String, at limit: Int) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Paths.mds)
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(home.environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while size(output) < limit, process.isRunning { sched_yield() }
    let wasRunning = process.isRunning
    kill(process.processIdentifier, SIGKILL)
    return process.waitForEnd() == .signal(Int(SIGKILL)) && wasRunning
  }

  private static func rowNumbers(_ text: String) throws -> [Int] {
    try CommandRun.objects(of: text).compactMap { $0["row"] as? Int }
  }

  @Test("is gone on with after kill -9 at any moment: every row once, in order, and no case twice")
  func killed() throws {
    try CommandHome.onService { home, _ in
      var random = SeededRandom(state: 20_261_128)
      let input = try home.write(Self.table(), to: "i.csv")
      let output = home.scratch.path + "/o.jsonl"
      let words = ["infer", "wine", "--input", input, "--output", output, "--cases", "--batch", "16"]
      var kills = 0
      for round in 0..<12 {
        let limit = Self.size(output) + Int.random(in: 1...250_000, using: &random)
        let more = round == 0 ? [] : ["--resume"]
        if try Self.runAndKill(home, words + more, output: output, at: limit) { kills += 1 }
        // As if the machine had lost power as well, and the last bytes with it.
        if round % 3 == 2 {
          truncate(output, off_t(max(0, Self.size(output) - Int.random(in: 0...2000, using: &random))))
        }
      }
      #expect(kills >= 6)
      let last = try home.run(words + ["--resume"])
      // Rows were set aside, if not by this run.
      #expect(last.status == 5 && last.errors.contains("set aside"), "\(last)")
      let again = try home.run(words + ["--resume"])
      #expect(
        again.status == 5
          && again.errors.contains("0 set aside, \((1...Self.rows).count(where: Self.isBad)) by earlier"), "\(again)")
      #expect(try Self.rowNumbers(home.read("o.jsonl")) == (1...Self.rows).filter { !Self.isBad($0) })
      #expect(try Self.rowNumbers(home.read("o.rejects.jsonl")) == (1...Self.rows).filter(Self.isBad))
      let report = try #require(try home.run("ledger", "--json").objects().first)
      #expect(report["cases"] as? Int == (1...Self.rows).filter { !Self.isBad($0) }.count)
    }
  }

  @Test("is not gone on with when it is another file, and its output stays as it was")
  func anotherFile() throws {
    try CommandHome.onService { home, _ in
      let input = try home.write(Self.table(60), to: "i.csv")
      let output = home.scratch.path + "/o.jsonl"
      #expect(try home.run("infer", "wine", "--input", input, "--output", output).status == 0)
      let before = try home.read("o.jsonl")
      let other = try home.write(Self.table(60).replacing("11.05,", with: "12.05,"), to: "j.csv")
      let run = try home.run("infer", "wine", "--input", other, "--output", output, "--resume")
      #expect(run.status == 5 && run.errors.contains("is another one than the output has"), "\(run)")
      #expect(try home.read("o.jsonl") == before)
    }
  }

  @Test("makes cases of a file that a person can look through, of any other when asked")
  func cases() throws {
    try CommandHome.onService { home, _ in
      let words = ["infer", "wine", "--output", home.scratch.path + "/o.jsonl", "--input"]
      func count() throws -> Int? { try home.run("ledger", "--json").objects().first?["cases"] as? Int }
      #expect(try home.run(words + [home.write(Self.table(50), to: "a.csv"), "--no-cases"]).status == 0)
      #expect(try count() == 0)
      #expect(try home.run(words + [home.write(Self.table(50), to: "a.csv")]).status == 0)
      #expect(try count() == 50)
      #expect(try home.run(words + ["-", "--format", "csv"], input: Self.table(60)).status == 0)
      #expect(try count() == 50)
      #expect(try home.run(words + ["-", "--format", "csv", "--cases"], input: Self.table(60)).status == 0)
      #expect(try count() == 60)
      let large = try home.run(words + [home.write(Self.table(10_002), to: "b.csv")])
      #expect(large.status == 5 && large.errors.contains("no cases; --cases makes them"))
      #expect(try count() == 60)
    }
  }

  @Test("tells each row that is set aside and its reason where no file has them, else the first")
  func told() throws {
    try CommandHome.onService { home, _ in
      let input = try home.write(WineForm.header + "\n" + String(repeating: "bad\n", count: 20), to: "i.csv")
      func told(_ more: String...) throws -> Int {
        let run = try home.run(["infer", "wine", "--input", input] + more)
        #expect(run.status == 5, "\(run)")
        return run.errors.split(separator: "\n").count { $0.hasPrefix("row ") }
      }
      #expect(try told() == 20)
      #expect(try told("--output", home.scratch.path + "/o.jsonl") == 10)
      #expect(try told("--rejects", home.scratch.path + "/r.jsonl") == 10)
    }
  }

  @Test("takes requests as others write them")
  func requests() throws {
    try CommandHome.onService { home, _ in
      let rest = WineForm.values.split(separator: ",").dropFirst().joined(separator: ",")
      let lines = (1...20).map { row in
        #"{"id":"q-\#(row)","inputs":[{"name":"input","shape":[1,13],"datatype":"FP64","data":[1\#(row),\#(rest)]}]}"#
      }
      let run = try home.run(
        "infer", "wine", "--input", home.write(lines.joined(separator: "\n"), to: "requests.txt"))
      #expect(run.status == 0, "\(run)")
      let answers = try run.objects()
      #expect(answers.map { $0["id"] as? String } == (1...20).map { "q-\($0)" })
      #expect(answers.allSatisfy { ($0["label"] as? String)?.hasPrefix("class_") == true })
      #expect(answers.map { $0["number"] as? Int } == Array(1...20).map(Optional.init))
    }
  }

  @Test("is scored behind its model's form, into cases, or into a file beside it where it is too long for them")
  func onScreen() throws {
    try CommandHome.onService { home, _ in
      let input = try home.write(Self.table(150), to: "monday.csv")
      let large = try home.write(Self.table(10_500), to: "year.csv")
      let terminal = try Pty(Paths.mds, ["open"], environment: home.environment)
      try terminal.openForm(of: "wine")
      try terminal.openFile(input)
      try terminal.expect("149 scored, 1 set aside   r opens the cases")
      try terminal.openFile(large)
      try terminal.expect("year.answers.jsonl")
      try terminal.openFile(input)
      try terminal.expect("149 scored, 1 set aside   r opens the cases")
      try terminal.send("r")
      try terminal.expect("1/149")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
      #expect(try Self.rowNumbers(home.read("year.answers.jsonl")) == (1...10_500).filter { !Self.isBad($0) })
    }
  }
}

/// Chance that is the same in every run: SplitMix64.
private struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
