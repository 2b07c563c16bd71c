import Foundation
import Frames
import PtyTesting
import Testing

/// What researchers publish on its way to the analyst, and the analyst's word on its way back: the real programs.
@Suite("What researchers publish", .serialized)
struct PublishingTests {
  private let lab: Lab

  init() throws { lab = try Lab() }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = "\(lab.path)/\(name)"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  /// The JSON object of each line.
  private func objects(_ lines: String) throws -> [[String: Any]] {
    try lines.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  @Test("a queue is taken with answers and reasons, reviewed without any network, and comes back with its chances")
  func queue() throws {
    defer { lab.close() }
    let server = try lab.collector()
    let ana = try lab.desk("ana", scoring: [], at: server)
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    let published = try lab.mdsCollector([
      "publish", "queue", records, "--model", "wine", "--count", "5", "--seed", "48", "--name", "week48", "--title",
      "Week 48", "--sampler", "even",
    ])
    #expect(published.text.hasPrefix("published week48: 5 of 450 records"), "\(published)")
    let text = try file("g7.md", "Judge by the cultivar.\n\nAsk where you cannot tell.\n")
    #expect(
      try lab.mdsCollector([
        "publish", "guideline", text, "--version", "g7", "--model", "wine", "--question", "Which cultivar is it?",
        "--reason", "label torn",
      ]).status == 0)

    #expect(try ana.mds(["pull"]).text.contains("week48"))
    let pulled = try ana.mds(["pull", "--queue", "week48"])
    #expect(pulled.text == "5 cases to review, 0 records set aside\n", "\(pulled)")
    #expect(try ana.mds(["pull", "--queue", "week48"]).text == pulled.text)
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path).filter { $0.contains(".part-") }.isEmpty)
    lab.service.stop()
    server.stop()

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models")
    try terminal.send("gi")
    try terminal.expect("0/5 done")
    try terminal.press(.enter)
    try terminal.expect("guideline g7, p reads")
    try terminal.expect("Queue 5")
    try terminal.send("p")
    try terminal.expect("Ask where you cannot tell.")
    try terminal.send("q")
    try terminal.send("ar1")
    try terminal.press(.enter)
    try terminal.send("s")
    try terminal.expect("done today 1")
    try terminal.send("as")
    try terminal.expect("done today 2")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))

    _ = try lab.collector(after: server)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    #expect(try ana.mds(["inbox"]).text.contains("2/5 done"))
    let exported = try lab.mdsCollector(["export", "--format", "csv"])
    let lines = exported.text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    let header = try #require(lines.first).split(separator: ",", omittingEmptySubsequences: false)
    #expect(lines.count == 3, "\(exported)")
    for name in ["guideline", "queue_name", "queue_version", "sampler", "propensity"] {
      #expect(header.contains(Substring(name)), "\(header)")
    }
    #expect(
      lines[1].contains(",g7,") && lines[1].contains(",week48,1,even,") && lines[1].contains(",0.011"), "\(lines[1])")
  }

  @Test("a question about a case is answered in the workbench or by a command, and the answer is in the export")
  func question() throws {
    defer { lab.close() }
    let server = try lab.collector()
    let ana = try lab.desk("ana", at: server)
    try ana.judge(1)
    _ = try ana.mds(["sync"])
    let events = try objects(lab.mdsCollector(["export", "--format", "jsonl"]).text)
    let event = try #require(events.first { $0["kind"] as? String == "judgement" }, "\(events)")
    let digits = try #require(event["case_id"] as? String)
    let asked = try lab.mdsCollector(["publish", "question", "Why so sure?", "--case", String(digits.prefix(8))])
    #expect(asked.text.hasPrefix("asked all: "), "\(asked)")
    #expect(try lab.mdsCollector(["publish", "question", "And in general?", "--to", "ana@lab"]).status == 0)
    #expect(try lab.mdsCollector(["publish", "question", "x", "--case", "00000000"]).errors.contains("no case"))
    #expect(
      try lab.mdsCollector(["publish", "adjudication", digits, "--label", "class_1", "--by", "panel", "--note", "seen"])
        .status
        == 0)

    #expect(try ana.mds(["sync"]).text.contains("the researchers sent 2 questions, 1 decision; mds inbox shows them"))
    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models")
    try terminal.send("gi")
    try terminal.expect("Inbox   2 for you")
    try terminal.expect("→ class_1")
    try terminal.send("nof course")
    try terminal.press(.enter)
    try terminal.expect("Inbox   1 for you")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    let show = try ana.mds(["case", "show", String(digits.prefix(6))])
    #expect(show.status == 0)

    let waiting = try objects(ana.mds(["inbox", "list", "--json"]).text).filter { $0["waits"] as? Bool == true }
    let id = try #require(waiting.first?["id"] as? String)
    #expect(waiting.count == 1)
    #expect(try ana.mds(["inbox", "answer", String(id.prefix(8)), "It depends."]).text.hasPrefix("saved #"))
    #expect(try ana.mds(["inbox", "answer", "ffffffff", "x"]).status == 5)
    _ = try ana.mds(["sync"])
    let answers = try objects(lab.mdsCollector(["answers"]).text)
    #expect(answers.map { $0["answer"] as? String } == ["of course", "It depends."])
    #expect(answers.map { $0["question"] as? String } == ["And in general?", "Why so sure?"])
    #expect(answers.map { $0["analyst"] as? String } == ["ana@lab", "ana@lab"])
    #expect(answers[1]["case"] as? String == digits)
    let name = try #require(answers[1]["name"] as? String)
    #expect(try objects(lab.mdsCollector(["answers", "--name", name]).text).count == 1)
  }

  @Test("what is published arrives also where colleagues' judgements cannot be fetched, which is said")
  func besideDamage() throws {
    defer { lab.close() }
    let server = try lab.collector()
    let brent = try lab.desk("brent", at: server)
    try brent.judge(1)
    #expect(try brent.mds(["sync"]).text.contains("nothing waits"))
    let ana = try lab.desk("ana", at: server)
    #expect(try lab.mdsCollector(["publish", "question", "Is it late?"]).status == 0)
    server.stop()
    // When Brent's events came in is no time any more.
    let file = URL(fileURLWithPath: lab.database)
    var bytes = try Data(contentsOf: file)
    let mark = Data("brent@lab20".utf8)
    var place = bytes.startIndex
    while let found = bytes.range(of: mark, in: place..<bytes.endIndex) {
      bytes.replaceSubrange(found, with: Data("brent@labxx".utf8))
      place = found.upperBound
    }
    #expect(place > bytes.startIndex)
    try bytes.write(to: file)
    _ = try lab.collector(after: server)
    let synced = try ana.mds(["sync"])
    #expect(synced.errors.contains("503") && synced.text.contains("the researchers sent 1 question"), "\(synced)")
    #expect(try ana.mds(["inbox"]).text.contains("Is it late?"))
  }

  @Test("a queue that is withdrawn is told as that, and its cases are hidden no more")
  func withdrawn() throws {
    defer { lab.close() }
    let server = try lab.collector()
    let ana = try lab.desk("ana", at: server)
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    for name in ["one", "two"] {
      #expect(
        try lab.mdsCollector([
          "publish", "queue", records, "--model", "wine", "--count", "1", "--name", name, "--blind",
        ]).status == 0)
    }
    #expect(try lab.mdsCollector(["publish", "withdraw", "two"]).status == 0)
    #expect(try ana.mds(["sync"]).text.hasSuffix("the researchers sent 1 queue; mds inbox shows them\n"))
    #expect(try ana.mds(["pull", "--queue", "one"]).status == 0)
    func hidden() throws -> Int {
      try objects(ana.mds(["cases", "list", "--json", "--limit", "500"]).text).count {
        $0["label"] as? String == "hidden"
      }
    }
    #expect(try hidden() == 1)
    #expect(try lab.mdsCollector(["publish", "withdraw", "one"]).status == 0)
    let synced = try ana.mds(["sync"])
    #expect(synced.text.hasSuffix("the researchers withdrew 1 queue\n"), "\(synced)")
    #expect(try hidden() == 0)
    #expect(try !ana.mds(["sync"]).text.contains("the researchers"))
  }

  @Test("a queue that was cut short by a kill goes on where it was left, and one whose records are wrong says which")
  func interrupted() throws {
    defer { lab.close() }
    let server = try lab.collector()
    let ana = try lab.desk("ana", scoring: [], at: server)
    let shipped = try String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8)
    let records = shipped.split(separator: "\n").prefix(40).map { $0 + "\n" }.joined()
    let wrong = "{\"inputs\":{\"alcohol\":1}}\n"
    let path = try file("some.jsonl", wrong + records)
    #expect(try lab.mdsCollector(["publish", "queue", path, "--model", "wine"]).status == 0)
    // Killed as soon as anything of it is there.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Paths.mds)
    process.arguments = ["pull", "--queue", "some"] + ana.target
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while try ana.mds(["cases", "list", "--json"]).text.isEmpty, process.isRunning {}
    kill(process.processIdentifier, SIGKILL)
    _ = process.waitForEnd()
    let rest = try ana.mds(["pull", "--queue", "some"])
    #expect(rest.text == "40 cases to review, 1 record set aside\n", "\(rest)")
    #expect(rest.errors.contains("line 1: it has no"), "\(rest)")
    #expect(try ana.mds(["pull", "--queue", "none"]).status == 5)
    #expect(try lab.mdsCollector(["publish", "queue", path, "--model", "wine", "--count", "0"]).status != 0)
    let broken = try file("broken.jsonl", records + "{\"inputs\":1}\n")
    #expect(
      try lab.mdsCollector(["publish", "queue", broken, "--model", "wine"]).errors.contains("line 41: it has no inputs")
    )
  }
}
