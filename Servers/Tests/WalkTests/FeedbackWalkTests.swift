import Foundation
import Frames
import PtyTesting
import Testing

/// What analysts say of a model together: two ledgers, a real collector, and then no network.
@Suite("What the feedback says", .serialized)
struct FeedbackWalkTests {
  /// A desk with the first twenty shipped records: as many as the least n, and all of them in its queue.
  private func desk(_ name: String, in lab: Lab) throws -> Desk {
    let desk = try lab.desk(name, scoring: [])
    let shipped = try String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8)
    let path = "\(lab.path)/\(name).jsonl"
    let lines = shipped.split(separator: "\n").prefix(20).joined(separator: "\n") + "\n"
    try lines.write(toFile: path, atomically: false, encoding: .utf8)
    let scored = try desk.mds(["infer", "wine", "--input", path])
    #expect(scored.status == 0, "\(scored.errors)")
    return desk
  }

  /// Goes through the whole queue; disagrees with the first cases, without saying what is right.
  private func judge(_ desk: Desk, wrong: Int) throws {
    let terminal = try Pty(Paths.mds, ["open"] + desk.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 20")
    for number in 1...20 {
      if number <= wrong {
        try terminal.send("d")
        try terminal.expect("1–3")
        // Wrong, and which is right is not said.
        try terminal.send("s")
      } else {
        try terminal.send("as")
      }
      if number < 20 { try terminal.expect("done today \(number)") }
    }
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  private func stats(_ desk: Desk, _ words: String...) throws -> [String: Any] {
    let run = try desk.mds(["feedback", "stats", "--json"] + words)
    #expect(run.status == 0, "\(run.errors)")
    return try #require(try CommandRun.objects(of: run.text).first)
  }

  private func number(_ report: [String: Any], _ path: String...) -> Double? {
    let value = path.reduce(report as Any?) { ($0 as? [String: Any])?[$1] }
    return (value as? NSNumber)?.doubleValue
  }

  @Test("names the models that there are where none of the one that was asked for is") func unknownModel() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try desk("ana", in: lab)
    try judge(ana, wrong: 0)
    let none = try ana.mds(["feedback", "stats", "--model", "nosuch"])
    #expect(none.status == 0 && none.errors == "none of this model: what is here is of wine\n", "\(none)")
    let version = try ana.mds(["feedback", "stats", "--model", "wine", "--version", "9", "--json"])
    #expect(version.errors == "none of this version: what is here is of wine 2\n", "\(version)")
    #expect(try ana.mds(["feedback", "stats", "--model", "wine"]).errors.isEmpty)
  }

  @Test("is asked of a span of time that has some: its beginning is before its end") func emptySpan() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    for since in ["2026-02-01", "2026-01-01"] {
      let empty = try ana.mds(["feedback", "stats", "--since", since, "--until", "2026-01-01"])
      #expect(empty.status != 0 && empty.errors.contains("--since is not before --until"), "\(empty)")
    }
  }

  @Test("is the same at two desks once each has fetched what the other judged, and needs no network then")
  func twoDesks() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let desks = try ["ana", "brent"].map { try desk($0, in: lab) }
    for (index, desk) in desks.enumerated() {
      try desk.connect(to: collector, database: lab.database)
      try judge(desk, wrong: index * 4)
      #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    }
    let alone = try stats(desks[0])
    #expect(number(alone, "accuracy", "right") == 20 && number(alone, "agreement", "n") == 0)
    #expect(try desks[0].mds(["sync"]).text.contains("40 fetched"))
    lab.service.stop()
    collector.stop()

    let reports = try desks.map { try stats($0) }
    #expect(NSDictionary(dictionary: reports[0]).isEqual(to: reports[1]))
    let report = reports[0]
    #expect(number(report, "cases") == 20 && number(report, "judgements") == 40)
    // Four times one says so and the other not so: no majority.
    #expect(number(report, "not_counted", "cases_tied") == 4)
    #expect(number(report, "accuracy", "right") == 16 && number(report, "accuracy", "n") == 16)
    #expect(number(report, "accuracy", "share") == nil)
    #expect(number(report, "agreement", "n") == 20 && number(report, "agreement", "analysts") == 2)
    #expect(number(report, "agreement", "observed") == 0.8)
    #expect((number(report, "agreement", "alpha") ?? 1) < 0.8)
    #expect(number(report, "weighted_accuracy", "estimated_population") == 16)
    #expect(number(report, "seconds_per_case", "n") == 40)
    #expect(number(report, "verdicts", "disagree") == 4)
    let fewer = try stats(desks[1], "--minimum", "16", "--slice", "analyst", "--version", "2", "--model", "wine")
    #expect(number(fewer, "accuracy", "share") == 1 && number(fewer, "accuracy", "low").map { $0 > 0.8 } == true)
    let slices = try #require((fewer["slices"] as? [String: Any])?["analyst"] as? [[String: Any]])
    #expect(slices.map { $0["name"] as? String } == ["ana@lab", "brent@lab"])
    #expect(slices.compactMap { ($0["right"] as? NSNumber)?.intValue } == [20, 16])
    #expect(number(try stats(desks[0], "--model", "cargo"), "cases") == 0)
    #expect(number(try stats(desks[0], "--until", "2026-01-01"), "cases") == 0)

    let text = try desks[0].mds(["feedback", "stats", "--slice", "analyst"])
    #expect(text.text.contains("Right by analyst") && text.text.contains(/brent@lab +20 +80 %/), "\(text)")
    #expect(text.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try desks[0].mds(["feedback", "stats", "--slice", "colour"]).status != 0)
    try screen(desks[0])
  }

  /// The same on the screen, with the service gone.
  private func screen(_ desk: Desk) throws {
    let terminal = try Pty(Paths.mds, ["open"] + desk.target)
    // Those that are remembered: the service is gone.
    try terminal.expect("Models 4")
    try terminal.send("gf")
    // Nobody judged the first model of the list.
    try terminal.expect("No judgement of cargo yet")
    try terminal.expect("h l turn to what was judged: wine 20")
    try terminal.send("l")
    try terminal.expect("n ≥ ")
    try terminal.expect("shared n 20")
    try terminal.expect("Po .80")
    try terminal.send("ss")
    try terminal.expect("right by analyst")
    try terminal.expect("brent@lab")
    try terminal.press(.enter)
    try terminal.expect("▸ case ")
    try terminal.press(.escape)
    try terminal.expect("right by analyst")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
