internal import Domain
internal import Feedback
internal import Foundation
internal import Hummingbird
internal import InProcess
internal import Testing

@testable import Collector

@Suite("What mds-collector exports") struct ExportCommandTests {
  private let bench: Bench

  /// A collector with a judgement of one model.
  init() async throws {
    bench = try Bench()
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(.of([1]), .agree)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: try bench.token("ana"))
    _ = try await caller.open(ana.id)
    #expect(try await caller.verdicts(ana.offered, on: ana.id) == ["stored", "stored"])
    try bench.database.close()
  }

  private func export(_ words: String...) throws -> Program.Outcome {
    try Program.run(["export"] + words + ["--database", bench.path("c.db")])
  }

  private func exports() throws -> Int {
    try Program.run(["audit", "--json", "--database", bench.path("c.db")]).output
      .split(separator: "\n").count { $0.contains("\"export\"") }
  }

  @Test("goes into files that are apart, also by links and where it is still to be made; else nothing is written")
  func apart() throws {
    let (out, link) = (bench.path("out.jsonl"), bench.path("link.md"))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: out)
    for words in [
      ["--output", out, "--card", out], ["--output", out, "--codebook", out], ["--output", out, "--card", link],
      ["--codebook", out, "--card", out], ["--codebook", out, "--codebook", bench.folder.path + "/./out.jsonl"],
      ["--card", out, "--output", out + ".partial"], ["--card", out, "--pseudonym-key", out],
    ] {
      let run = try Program.run(["export"] + words + ["--database", bench.path("c.db")])
      #expect(run.status != 0 && run.errors.contains("is the same file as that of --"), "\(words): \(run)")
      #expect(!FileManager.default.fileExists(atPath: out), "\(words)")
    }
    // Standard output is a file as well, where it leads to one.
    let program = try Program.path()
    let sent = try Program.run(
      "/bin/sh", ["-c", "\(program) export --card \(out) --database \(bench.path("c.db")) > \(out)"])
    #expect(sent.status != 0 && sent.errors.contains("same file as that of --output"), "\(sent)")
    // A link that leads to nothing yet, also by another one, from wherever the paths begin.
    try FileManager.default.createSymbolicLink(atPath: bench.path("first.md"), withDestinationPath: "./out.jsonl")
    try FileManager.default.createSymbolicLink(atPath: bench.path("second.md"), withDestinationPath: "first.md")
    for (place, words) in [
      (bench.folder.path, "--output out.jsonl --card first.md"),
      ("/", "--output \(out) --card \(bench.path("second.md"))"),
      (bench.folder.path, "--output second.md --card ./out.jsonl"),
    ] {
      let run = try Program.run(
        "/bin/sh", ["-c", "cd \(place); \(program) export \(words) --database \(bench.path("c.db"))"])
      #expect(run.status != 0 && run.errors.contains("is the same file as that of --"), "\(words): \(run)")
    }
    #expect(try exports() == 0)
    // What keeps nothing may be named twice.
    #expect(try export("--output", "/dev/null", "--card", "/dev/null", "--codebook", bench.path("b.md")).status == 0)
    #expect(try export("--output", out, "--card", bench.path("card.md")).status == 0)
    #expect(try String(contentsOfFile: out, encoding: .utf8).contains("\"verdict\":\"agree\""))
  }

  @Test("is a file for its owner alone, which takes another's place when it is whole, and leaves it where it fails")
  func replaced() throws {
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    let files = ["out", "book.json", "card.md"].map { bench.path($0) }
    let words = ["--output", files[0], "--codebook", files[1], "--card", files[2]]
    let first = try Program.run(["export"] + words + ["--database", bench.path("c.db")])
    #expect(first.status == 0, "\(first)")
    for file in files { #expect(try mode(file) == 0o600, "\(file)") }
    let whole = try Data(contentsOf: URL(fileURLWithPath: files[0]))
    #expect(try export("--output", files[0], "--after", "1:9").status != 0)
    for words in [["--codebook", bench.path("none/book.json")], ["--card", bench.path("none/card.md")]] {
      let run = try Program.run(
        ["export", "--output", files[0], "--in-force", "--format", "csv"] + words + ["--database", bench.path("c.db")])
      #expect(run.status != 0, "\(run)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: files[0])) == whole)
      #expect(!FileManager.default.fileExists(atPath: files[0] + ".partial"))
    }
    // A limit of no bytes stands for a disk that is full.
    let program = try Program.path()
    let failed = try Program.run(
      "/bin/sh",
      ["-c", "trap '' XFSZ; ulimit -f 0; \(program) export --output \(files[0]) --database \(bench.path("c.db"))"])
    #expect(failed.status != 0, "\(failed)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: files[0])) == whole)
    #expect(!FileManager.default.fileExists(atPath: files[0] + ".partial"))
    // The same name again, as a daily run writes it: what others may read of it stays as it was set.
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: files[0])
    #expect(try export("--output", files[0], "--after", "1:2").status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: files[0])).isEmpty)
    #expect(try mode(files[0]) == 0o640)
  }

  @Test("stands in the audit where it began, not where it could not") func audit() throws {
    #expect(try export("--output", bench.path("none") + "/y").status != 0)
    #expect(try exports() == 0)
    #expect(try export().status == 0)
    #expect(try exports() == 1)
    // A place is written down, in whichever way it was given.
    #expect(try export("--since", "1:1").status == 0 && export("--after", "1:2").status == 0)
    let audit = try Program.run(["audit", "--json", "--database", bench.path("c.db")]).output.split(separator: "\n")
    let places = try audit.map { try JSON(parsing: String($0)) }.filter { $0["action"]?.string == "export" }
      .map { $0.serializedString }
    #expect(places.count == 3, "\(audit)")
    for (line, place) in zip(places, ["0:0", "1:1", "1:2"]) { #expect(line.contains("\(place)"), "\(line)") }
  }

  @Test("goes on from a place that the log has, and refuses one behind its end or of a later epoch") func place() throws
  {
    let end = try #require(try export().errors.split(whereSeparator: \.isWhitespace).last.map(String.init))
    #expect(end == "1:2")
    for place in [end, "1:1", "0:0"] { #expect(try export("--after", place).status == 0, "\(place)") }
    // The cursor stands where a time can stand, too; not twice.
    #expect(try export("--since", end).output == export("--after", end).output)
    #expect(try export("--since", "1:1").output == export("--after", "1:1").output)
    #expect(try export("--since", "1:1", "--after", "1:1").status == 64)
    for place in ["1:3", "1:999999999", "2:0", "2:1", "7:99"] {
      let run = try export("--after", place)
      #expect(run.status != 0 && run.errors.contains("the log has no place \(place): it ends at 1:2"), "\(run)")
    }
  }

  @Test("says where it begins from a place of an epoch before: a copy may hold what a restore has lost") func restored()
    throws
  {
    let (database, backup) = (bench.path("c.db"), bench.path("b.db"))
    #expect(try Program.run(["backup", "--output", backup, "--database", database]).status == 0)
    #expect(try Program.run(["restore", "--from", backup, "--database", database]).status == 0)
    let words = "a new epoch has begun since 1:1, so this has what follows row 1:"
    #expect(try export("--after", "1:1").errors.contains(words))
    let end = try #require(try export().errors.split(whereSeparator: \.isWhitespace).last.map(String.init))
    for place in [["--after", end], ["--after", "0:0"], []] {
      let run = try Program.run(["export", "--database", database] + place)
      #expect(run.status == 0 && !run.errors.contains("new epoch"), "\(run)")
    }
    // One that the log never had is of a log that was lost: everything is written again.
    let other = try export("--after", "1700000000:9")
    let whole = try export()
    #expect(other.errors.contains("what follows row 0:") && other.output == whole.output)
  }

  @Test("of a model that nothing is of says what there is") func otherModel() throws {
    let run = try export("--model", "nosuch")
    #expect(run.status == 0 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("0 rows; none of this model: what is here is of `wine`, up to"), "\(run.errors)")
    #expect(try export("--model", "nosuch", "--after", "1:2").errors == "0 rows, up to 1:2\n")
    #expect(try export("--model", "wine").errors == "1 row, up to 1:2\n")
    #expect(try export("--model", "nosuch", "--format", "argilla").errors.contains("what is here is of `wine`"))
  }
}
