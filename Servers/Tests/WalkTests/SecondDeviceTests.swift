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

  @Test(
    "goes on with its own enrolment when the first one's ledger is put in its place, and says with whose it goes on")
  func restored() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let desk = try lab.desk("ana", at: collector)
    try desk.judge(1)
    let backup = lab.path + "/backup.sqlite"
    #expect(try desk.mds(["ledger", "backup", backup]).status == 0)
    let laptop = try lab.desk("laptop", scoring: [])
    let token = try laptop.token(of: lab.database, analyst: "ana@lab", device: "laptop")
    #expect(try laptop.mds(["connect", collector.url, "--token-file", token]).status == 0)
    let restored = try laptop.mds(["ledger", "restore", backup])
    #expect(restored.errors.contains("as ana@lab, by this machine's own enrolment\n"), "\(restored)")
    let other = try lab.desk("tablet", scoring: []).mds(["ledger", "restore", backup])
    #expect(other.errors.contains("by the enrolment that was in the backup\n"), "\(other)")
    #expect(other.errors.contains("mds connect \(collector.url) --token-file FILE gives"), "\(other)")
    // The first one was given back, and its token is no more.
    try FileManager.default.removeItem(atPath: lab.path + "/ana.token")
    #expect(try laptop.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    #expect(try CommandRun.objects(of: laptop.mds(["cases", "list", "is:judged", "--json"]).text).count == 1)
  }

  @Test("says in every event how far its clock was from UTC") func timeZone() throws {
    try CommandHome.onService { home, _ in
      _ = try home.run("cases", "list", environment: ["TZ": "NST3:30"])
      #expect(try home.run("feedback", "show", "1", "--json").text.contains("\"tz_min\":-210"))
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
