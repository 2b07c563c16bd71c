import Foundation
import Frames
import PtyTesting
import Testing

/// A ledger that lacks what it sent itself.
@Suite("A ledger that was put back", .serialized)
struct RestoredLedgerTests {
  /// The verdicts of the cases that count as judged, by case.
  private func verdicts(_ desk: Desk) throws -> [String: String] {
    let cases = try CommandRun.objects(of: desk.mds(["cases", "list", "is:judged", "model:wine", "--json"]).text)
    return Dictionary(
      cases.compactMap { item in
        (item["case"] as? String).map { ($0, item["verdict"] as? String ?? "") }
      }
    ) { first, _ in first }
  }

  @Test(
    "has its later judgements again after a sync, and a case that was judged anew meanwhile is offered to choose",
    arguments: [[], ["--scope", "write"]])
  func ownWords(_ scopes: [String]) throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana")
    let token = try ana.token(of: lab.database, scopes)
    #expect(try ana.mds(["connect", collector.url, "--token-file", token]).status == 0)
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    let published = try lab.mdsCollector([
      "publish", "queue", records, "--model", "wine", "--count", "1", "--name", "one",
    ])
    #expect(published.status == 0, "\(published)")
    #expect(try ana.mds(["pull", "--queue", "one"]).status == 0)
    let backup = lab.path + "/backup.sqlite"
    #expect(try ana.mds(["ledger", "backup", backup]).status == 0)
    try ana.decide("a")
    try ana.judge(1, done: 1)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let before = try verdicts(ana)
    #expect(before.count == 2)

    #expect(try ana.mds(["ledger", "restore", backup]).status == 0)
    #expect(try verdicts(ana).isEmpty)
    // Before anybody syncs, one of them is judged again, and otherwise.
    collector.stop()
    try ana.decide("u")
    _ = try lab.collector(after: collector)
    let synced = try ana.mds(["sync"])
    #expect(synced.text.contains(" 4 fetched; nothing waits"), "\(synced)")
    #expect(try verdicts(ana).keys.sorted() == before.keys.sorted())
    #expect(try ana.mds(["sync"]).text.contains(" 0 fetched; nothing waits"))

    let choosing = try Pty(Paths.mds, ["open"] + ana.target)
    try choosing.expect("Models 4")
    try choosing.send("go")
    try choosing.expect("made on 2 devices:")
    try choosing.send("c")
    try choosing.expect("Which of your words stands?")
    try choosing.press(.control("C"))
    #expect(try choosing.waitForExit() == .code(0))
    #expect(try ana.mds(["feedback", "verify"]).status == 0)
  }

  @Test("lacks again, after a sync, what was taken out of it since the backup")
  func redactions() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana", at: try lab.collector())
    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.send("anTrillian secret")
    try terminal.press(.enter)
    try terminal.send("s")
    try terminal.expect("done today 1")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let backup = lab.path + "/backup.sqlite"
    #expect(try ana.mds(["ledger", "backup", backup]).status == 0)
    let events = try ana.mds(["feedback", "list"]).text.split(separator: "\n")
    let number = try #require(events.first { $0.contains("judgement") }?.split(separator: " ").first)
    #expect(try ana.mds(["feedback", "redact", String(number), "--reason", "a name"]).status == 0)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let ledger = try Data(contentsOf: URL(fileURLWithPath: lab.path + "/ana.sqlite"))
    #expect(ledger.range(of: Data("rillian".utf8)) == nil)

    #expect(try ana.mds(["ledger", "restore", backup]).status == 0)
    #expect(try CommandRun.objects(of: ana.mds(["cases", "search", "trillian", "--json"]).text).count == 1)
    #expect(try ana.mds(["sync"]).text.contains(" 1 fetched; nothing waits"))
    #expect(try CommandRun.objects(of: ana.mds(["cases", "search", "trillian", "--json"]).text).isEmpty)
    #expect(try !ana.mds(["feedback", "export"]).text.contains("Trillian"))
    #expect(try ana.mds(["feedback", "verify"]).status == 0)
  }

  @Test("and two devices with one token have each other's judgements")
  func oneToken() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let desk = try lab.desk("ana", at: collector)
    let laptop = try lab.desk("laptop")
    #expect(try laptop.mds(["connect", collector.url, "--token-file", lab.path + "/ana.token"]).status == 0)
    try desk.judge(2)
    #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    #expect(try laptop.mds(["sync"]).text.contains(" 4 fetched; nothing waits"))
    #expect(try verdicts(laptop) == verdicts(desk))
  }
}
