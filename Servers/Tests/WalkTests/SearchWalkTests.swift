import Foundation
import Frames
import PtyTesting
import Testing

/// Finding again what was said, and the files that the screens write, on the real programs.
@Suite("What was said", .serialized)
struct SearchWalkTests {
  @Test("is found by a word of its note while one types, opened, left again, and in the log, an export and a report")
  func found() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    // The screens write into the folder that mds was started in; the device's key is made in the data folder.
    let terminal = try Pty(
      "/usr/bin/env",
      ["-C", lab.path, "XDG_DATA_HOME=\(lab.path)/data", Paths.mds, "open"] + ana.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.send("an")
    try terminal.expect("^K ^U")
    try terminal.send("sealbroken at the gate")
    try terminal.press(.enter)
    try terminal.expect("sealbroken at the gate")
    try terminal.send("s")
    try terminal.expect("saved #")

    try terminal.send("gs")
    try terminal.expect("cases ━")
    try terminal.send("sealbr")
    try terminal.expect("1 of ")
    try terminal.expect("note  sealbroken at the gate")
    try terminal.press(.enter)
    try terminal.expect("Prediction")
    try terminal.send("q")
    try terminal.expect("1 of ")

    try terminal.send("go")
    try terminal.expect("Not archived")
    try terminal.press(.enter)
    try terminal.expect("previous  ")
    try terminal.press(.escape)
    try terminal.wait(for: "the event to close", within: 10) { !$0.contains("previous  ") }
    try terminal.send("e")
    try terminal.expect("to carry")

    try terminal.send("gm")
    try terminal.expect("Models 4")
    try terminal.send("Gd")
    try terminal.expect("p × 13")
    try terminal.send("s")
    try terminal.expect("wrote mds-drift-wine-")
    try terminal.send("gl")
    try terminal.expect("saved #")
    try terminal.expect("drift of wine v")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))

    let files = try FileManager.default.contentsOfDirectory(atPath: lab.path)
    #expect(files.contains { $0.hasSuffix(".mdsb") } && files.contains { $0.hasSuffix(".mdsb.sig") })
    let name = try #require(files.first { $0.hasPrefix("mds-drift-wine-") })
    let report = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: lab.path + "/" + name)))
    let windows = try #require((report as? [String: Any])?["windows"] as? [[String: Any]])
    #expect(windows.contains { (($0["window"] as? [String: Any])?["result"] as? [String: Any]) != nil })

    let hits = try CommandRun.objects(of: try ana.mds(["cases", "search", "sealbr", "by:me", "--json"]).text)
    #expect(hits.map { $0["where"] as? String } == ["note"])
    #expect(hits.first?["verdict"] as? String == "agree")
    let wrong = try ana.mds(["cases", "search", "verdict:maybe"])
    #expect(wrong.status == 5 && wrong.errors.contains("verdict: takes agree, disagree, unsure, skip, not maybe"))
  }
}
