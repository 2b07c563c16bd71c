import Foundation
import Frames
import PtyTesting
import Testing

/// What one analyst did on one device and finds on another: the real programs, a real collector.
@Suite("A second device", .serialized)
struct SecondDeviceTests {
  @Test("knows what was looked at and answered on the first, with a token that reads colleagues' words and without")
  func looksAndAnswers() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let desk = try lab.desk("ana", at: collector)
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    #expect(
      try lab.mdsCollector(["publish", "queue", records, "--model", "wine", "--count", "1", "--name", "one", "--blind"])
        .status == 0)
    #expect(try lab.mdsCollector(["publish", "question", "And in general?", "--to", "ana@lab"]).status == 0)
    #expect(try desk.mds(["pull", "--queue", "one"]).status == 0)
    let waiting = try CommandRun.objects(of: desk.mds(["inbox", "list", "--json"]).text).filter {
      $0["kind"] as? String == "question"
    }
    let id = try #require(waiting.first?["id"] as? String)
    #expect(try desk.mds(["inbox", "answer", String(id.prefix(8)), "It depends."]).text.hasPrefix("saved #"))
    try checkCommands(of: desk)
    let terminal = try desk.openTakenQueue()
    try terminal.send("a")
    try terminal.expect("the answer is hidden")
    try terminal.send("v")
    try terminal.expect("saved #")
    try quit(terminal)
    #expect(try desk.mds(["sync"]).text.hasSuffix("nothing waits\n"))

    for (name, scopes) in [("laptop", ["--scope", "write"]), ("tablet", ["--scope", "write", "--scope", "read"])] {
      let device = try lab.desk(name, scoring: [])
      let token = try device.token(of: lab.database, analyst: "ana@lab", device: name, scopes)
      #expect(try device.mds(["connect", collector.url, "--token-file", token]).status == 0)
      // The answer comes before the question does.
      #expect(try device.mds(["sync"]).status == 0)
      #expect(try device.mds(["pull", "--queue", "one"]).status == 0)
      let item = try #require(
        try CommandRun.objects(of: device.mds(["inbox", "list", "--json"]).text).first { $0["id"] as? String == id })
      #expect(item["waits"] as? Bool == false && item["answer"] as? String == "It depends.", "\(item)")
      let second = try device.openTakenQueue()
      // What was looked at is not hidden again: one can agree with it.
      try second.send("as")
      try second.expect("saved #")
      try quit(second)
    }
  }

  /// No command tells the answer to a case that waits for a blind one.
  private func checkCommands(of desk: Desk) throws {
    let listed = try CommandRun.objects(of: desk.mds(["cases", "list", "--json", "--limit", "500"]).text)
    let hidden = listed.filter { $0["label"] as? String == "hidden" }
    #expect(hidden.count == 1 && hidden[0]["probability"] is NSNull, "\(hidden)")
    let number = try #require(hidden.first?["number"] as? Int)
    for words in [["case", "show"], ["case", "show", "--json"], ["explain", "--case"]] {
      let run = try desk.mds(words + ["\(number)"])
      #expect(run.status == 5 && run.text.isEmpty, "\(run)")
      #expect(run.errors.contains("is hidden until you have given yours"), "\(run)")
    }
    let found = try CommandRun.objects(of: desk.mds(["cases", "search", "class", "--json", "--limit", "500"]).text)
    #expect(found.count > 100 && !found.contains { $0["number"] as? Int == number })
  }

  private func quit(_ terminal: Pty) throws {
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
