internal import Domain
internal import Export
internal import Feedback
internal import Foundation
internal import Hummingbird
internal import InProcess
internal import Testing

@testable import Collector

@Suite("What mds-collector publishes") struct PublishCommandTests {
  private let bench: Bench

  init() throws {
    bench = try Bench()
    _ = try bench.token("ana")
    try bench.database.close()
  }

  private func publish(_ words: String...) throws -> Program.Outcome {
    try Program.run(["publish"] + words + ["--database", bench.path("c.db")])
  }

  private func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: bench.path(name)))
    return bench.path(name)
  }

  private var list: [String] {
    get throws { try publish("list").output.split(separator: "\n").map(String.init) }
  }

  @Test("is nothing that every analyst's tool would refuse: it says what is wrong, and publishes nothing of it")
  func refused() throws {
    let id = ShortHash.of([1]).hex
    let catalogue = try file("lab.toml", "[models.wine]\nclasses = 5\n")
    let line = #"{"inputs":{"a":1},"probabilities":{"a":4}}"#
    let queue = try file("q.jsonl", #"{"inputs":{"a":1}}"# + "\n\(line)\n")
    let good = try file("good.jsonl", #"{"inputs":{"a":1}}"# + "\n")
    for (words, wrong) in [
      (["question", ""], "text is empty"), (["adjudication", id, "--value", "nan"], "value is no finite number"),
      (["adjudication", id, "--value", "inf"], "value is no finite number"),
      (["adjudication", id, "--label", ""], "label is empty"), (["catalogue", catalogue], "classes"),
      (["queue", queue, "--model", "wine"], "line 2: the probability of a is 4, not 0 to 1"),
      (["queue", good, "--model", "wine", "--name", ""], "--name is empty"),
      (["queue", good, "--model", ""], "--model is empty"), (["question", "why?", "--to", " "], "--to names nobody"),
      (["queue", good, "--model", "wine", "--title", "a\nb"], "--title is one line"),
      (["guideline", good, "--version", "g7\n"], "--version is a short word"),
      (["guideline", good, "--version", "g7", "--reason", ""], "a --reason says nothing"),
      (["adjudication", "f25dcb", "--label", "a"], "first eight hexadecimal digits or more"),
      (["question", "why?", "--case", "f25dcbxy"], "first eight hexadecimal digits or more"),
    ] {
      let run = try Program.run(["publish"] + words + ["--database", bench.path("c.db")])
      #expect(run.status != 0 && run.errors.contains(wrong), "\(words): \(run)")
    }
    #expect(try list == [])
  }

  /// A case of each kind of model in the log, and one of which only a judgement is there.
  private func cases() async throws -> [String] {
    try bench.reopen()
    defer { try? bench.database.close() }
    var ana = DeviceStream(1, analyst: "ana")
    let classes = [ClassScore(label: "red", probability: 0.75), ClassScore(label: "white", probability: 0.25)]
    let answers: [Prediction.Answer] = [.classes(classes, chosen: 0), .value(2.5), .opaque]
    for (number, answer) in answers.enumerated() {
      let id = ShortHash.of([UInt8(number)])
      try ana.add(
        .seen(
          Seen(
            record: .inline(Record(tensors: [])), model: ModelID("wine", version: "1"),
            output: SeenOutput(answer: answer))),
        case: id)
      let said = Judgement(verdict: .disagree, label: number == 0 ? "rosé" : nil)
      try ana.add(.judgement(JudgementBody(said)), case: id)
    }
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: try bench.token("ana"))
    _ = try await caller.open(ana.id)
    #expect(try await caller.verdicts(ana.offered, on: ana.id) == ana.events.map { _ in "stored" })
    return answers.indices.map { ShortHash.of([UInt8($0)]).hex }
  }

  @Test("is no decision that cannot be right of a case that the log shows") func decisions() async throws {
    let ids = try await cases()
    for (words, wrong) in [
      (
        [ids[0], "--label", "green"],
        "green is no label of the case, which are red, white, rosé; --unknown-label publishes it"
      ),
      ([ids[0], "--value", "1"], "answers with a label: --label is one of red, white, rosé"),
      ([ids[1], "--label", "red"], "answers with a number: --value says"),
    ] {
      let run = try Program.run(["publish", "adjudication"] + words + ["--database", bench.path("c.db")])
      #expect(run.status != 0 && run.errors.contains(wrong), "\(words): \(run)")
    }
    #expect(try list == [])
    for words in [
      [ids[0], "--label", "white"], [ids[0], "--label", "rosé"], [ids[0], "--label", "green", "--unknown-label"],
      [ids[1], "--value", "1"], [ids[2], "--label", "green"], [ShortHash.of([9]).hex, "--label", "green"],
    ] {
      let run = try Program.run(["publish", "adjudication"] + words + ["--database", bench.path("c.db")])
      #expect(run.status == 0, "\(words): \(run)")
    }
  }

  @Test("is for each analyst once, has each reason once, and a file that is empty is called so") func small() throws {
    let asked = try publish("question", "why?", "--to", "ana", "--to", "ana")
    #expect(asked.status == 0 && asked.output.hasPrefix("asked ana: "))
    #expect(try list.count == 1)
    let text = try file("g.md", "Look twice.")
    let twice = try publish("guideline", text, "--version", "g1", "--reason", "a", "--reason", "a")
    #expect(twice.status != 0 && twice.errors.contains("one --reason is given twice"))
    for words in [["queue", "/dev/null", "--model", "wine"], ["guideline", "/dev/null", "--version", "g1"]] {
      let run = try Program.run(["publish"] + words + ["--database", bench.path("c.db")])
      #expect(run.status != 0 && run.errors.contains("/dev/null is empty or no UTF-8 text"), "\(run)")
    }
    let gone = try publish("guideline", bench.folder.path, "--version", "g1")
    #expect(gone.errors.contains("cannot be read; is the path right?"))
    #expect(try list.count == 1)
  }

  @Test("for somebody who has no device says so; what was withdrawn is not withdrawn again") func toNobody() throws {
    let queue = try file("q.jsonl", #"{"inputs":{"a":1}}"# + "\n")
    let asked = try publish("question", "why?", "--to", "ana", "--to", "ann@lab")
    #expect(
      asked.status == 0
        && asked.errors == "ann@lab has no token in force that may write: nobody has it until there is one\n")
    #expect(try publish("queue", queue, "--model", "wine", "--to", "ana").errors == "")
    #expect(try publish("withdraw", "q", "--to", "brent").errors.contains("is not there, for brent"))
    #expect(try list.contains { $0.hasPrefix("3\tqueue\tq\tana\t") && $0.split(separator: "\t")[4].hasSuffix(" B") })
    let withdrawn = try publish("withdraw", "q")
    #expect(withdrawn.status == 0 && withdrawn.output == "withdrew q for all\n" && withdrawn.errors.isEmpty)
    #expect(try list.contains { $0.hasPrefix("3\tqueue\tq\tana\twithdrawn by 4\t") })
    for words in [["q"], ["q", "--to", "ana"]] {
      let again = try Program.run(["publish", "withdraw"] + words + ["--database", bench.path("c.db")])
      #expect(again.status != 0 && again.errors.contains("was withdrawn before"), "\(again)")
    }
    #expect(try list.count == 4)
    // As a version of before left it.
    try bench.reopen()
    let records = Array((#"{"inputs":{"a":1}}"# + "\n").utf8)
    _ = try BlobBook(bench.database).publish(try QueueDraw(records, of: ModelID("income")).bytes)
    try bench.database.close()
    let late = try publish("withdraw", "q")
    #expect(late.status == 0 && late.output == "removed the records of q, withdrawn before\n", "\(late)")
    // What all have is not the one's either who is named.
    #expect(try publish("queue", queue, "--model", "wine", "--name", "other").status == 0)
    let one = try publish("withdraw", "other", "--to", "ana")
    #expect(one.status == 0 && one.errors.hasPrefix("what all have of that name is not theirs either"), "\(one)")
    #expect(try publish("withdraw", "q").errors.contains("was withdrawn before"))
  }

  @Test("is refused for what it says with 5 and the problem alone, for how the command is written with 64")
  func statuses() throws {
    let bad = try file("bad.jsonl", "{\n")
    for words in [
      ["queue", bad, "--model", "wine"], ["queue", bench.path("none"), "--model", "wine"], ["withdraw", "nothing"],
      ["catalogue", try file("bad.toml", "models = 3\n")],
    ] {
      let run = try Program.run(["publish"] + words + ["--database", bench.path("c.db")])
      #expect(run.status == 5 && run.errors.hasPrefix("Error: ") && !run.errors.contains("Usage:"), "\(run)")
    }
    let written = try publish("queue", bad)
    #expect(written.status == 64 && written.errors.contains("Usage:"), "\(written)")
    let help = try Program.run(["publish", "guideline", "--help"]).output
    #expect(help.split(separator: "--version <version>").count == 3 && !help.contains("Show the version"), "\(help)")
    #expect(try Program.run(["--version"]).output.hasPrefix("mds-collector"))
    #expect(try Program.run([]).output.contains("SUBCOMMANDS"))
  }

  @Test("is a queue of one name and version, whatever each recipient's identity of it is") func identities() throws {
    let records = try file("q.jsonl", #"{"inputs":{"a":1}}"# + "\n" + #"{"inputs":{"a":2}}"# + "\n")
    let published = try publish("queue", records, "--model", "wine", "--to", "ana", "--to", "cleo", "--count", "100")
    #expect(published.errors.contains("q.jsonl has 2 records, not 100: the queue has all"), "\(published)")
    let lines = published.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines[1].hasSuffix(" for ana") && lines[2].hasSuffix(" for cleo"), "\(published)")
    let ids = lines.dropFirst().map { RawText(String($0.dropFirst(2).prefix(32))) }
    let size = try #require(lines[0].split(separator: ", ").first { $0.hasSuffix(" bytes") }).split(separator: " ")[0]
    let rows = try list.map { $0.split(separator: "\t") }
    #expect(rows.map { RawText(String($0[7])) } == ids)
    #expect(rows.allSatisfy { $0[4] == "\(size) B" }, "\(rows)")

    #expect(try publish("queue", records, "--model", "wine", "--title", "Again").status == 0)
    let newest = try #require(try list.last).split(separator: "\t")[7]
    try bench.reopen()
    let names = try bench.database.readNow { try PublicationBook.queueNames($0) }
    try bench.database.close()
    #expect(ids.map { names[$0]?.version } == [1, 1] && names[RawText(String(newest))]?.version == 2)
    #expect(names.values.allSatisfy { $0.name == "q" })
  }
}
