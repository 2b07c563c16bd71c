import Foundation
import Frames
import PtyTesting
import Testing

/// Two analysts who see a case differently, and one who decides: the real programs, a real collector.
@Suite("Two who differ", .serialized)
struct DecidingWalkTests {
  @Test("are decided between by one of them, on the command line; the other's ledger, the figures and the rows have it")
  func decided() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(1)
    let line = try ana.mds(["feedback", "list"]).text.split(separator: "\n").first { $0.contains("judgement") }
    let name = String(try #require(line).split(separator: " ", omittingEmptySubsequences: true)[3])
    let early = try ana.mds(["cases", "decide", name, "--label", "class_0"])
    #expect(early.status != 0 && early.errors.contains("no two judges of this case differ"), "\(early)")
    #expect(try ana.mds(["sync"]).status == 0)

    let brent = try lab.desk("brent", at: collector)
    let found = try CommandRun.objects(of: brent.mds(["case", "show", name, "--json"]).text)
    let answer = try #require(found.first?["label"] as? String)
    let other = answer == "class_0" ? "class_1" : "class_0"
    try disagree(brent, on: name, digit: answer == "class_0" ? "2" : "1")
    #expect(try brent.mds(["sync"]).status == 0)

    #expect(try ana.mds(["sync"]).status == 0)
    let wrong = try ana.mds(["cases", "decide", name, "--label", "class_9"])
    #expect(wrong.status != 0 && wrong.errors.contains("class_9 is no label of wine"), "\(wrong)")
    let number = try ana.mds(["cases", "decide", name, "--value", "1"])
    #expect(number.status != 0 && number.errors.contains("wine answers with a label, not with a number"), "\(number)")
    let decided = try ana.mds(["cases", "decide", name, "--label", other, "--note", "asked the lab"])
    #expect(decided.text.hasPrefix("saved #") && decided.text.hasSuffix(" decision\n"), "\(decided)")
    let report = try CommandRun.objects(of: ana.mds(["feedback", "stats", "--model", "wine", "--json"]).text)
    #expect(report.first?["adjudicated_cases"] as? Int == 1)

    #expect(try ana.mds(["sync"]).status == 0)
    #expect(try brent.mds(["sync"]).status == 0)
    let shown = try brent.mds(["case", "show", name]).text
    #expect(shown.contains("decided: \(other), by ana@lab: asked the lab"), "\(shown)")
    let rows = lab.path + "/rows.jsonl"
    let exported = try output(of: [
      Paths.collector, "export", "--format", "jsonl", "--output", rows, "--database", lab.database,
    ])
    #expect(exported.status == 0, "\(exported)")
    let lines = try CommandRun.objects(of: String(contentsOfFile: rows, encoding: .utf8))
    #expect(lines.map { $0["decided"] as? String } == [other, other])
    #expect(lines.map { $0["decided_by"] as? String } == ["ana@lab", "ana@lab"])
    #expect(try lab.mdsCollector(["verify"]).status == 0)
  }

  /// Finds a case by its digits, gives the label with this digit, and quits.
  private func disagree(_ desk: Desk, on name: String, digit: String) throws {
    let terminal = try Pty(Paths.mds, ["open"] + desk.target)
    try terminal.expect("Models 4")
    try terminal.send("gs")
    try terminal.expect("cases ━")
    try terminal.send(name)
    try terminal.expect("1 of ")
    try terminal.press(.enter)
    try terminal.expect("wine v2 ▸ case")
    try terminal.send("d")
    try terminal.expect("right label?")
    try terminal.send(digit + "s")
    try terminal.expect("saved #")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
