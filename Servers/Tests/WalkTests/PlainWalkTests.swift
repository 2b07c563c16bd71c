import Foundation
import Glibc
import PtyTesting
import Testing

/// The main job without a screen: pipes at both ends, `TERM=dumb`, `LANG=C`.
@Suite("An analyst who hears", .serialized)
struct PlainWalkTests {
  @Test("does the whole main job by lines, and nothing but printable ASCII is said")
  func mainJob() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)

    let run = try PlainRun(["open", "--plain"] + ana.target)
    try run.hear("Models 4")
    try run.hear("4 rows. Columns: NAME")
    try run.type("?", hears: "i, :infer: Ask the model", "?, :help: ")
    try run.type(":infer wine", hears: "Infer wine", "FIELD alcohol")
    try run.type("o", hears: "type: the path of a file")
    let record = try firstRecord(in: lab.scratch)
    try run.type(record, hears: "13 rows changed")
    try run.type("x", hears: "Last result", "class_")
    try run.type("X", hears: "Why:", "f(x)", "Your call")
    try run.type("d", hears: "choose: the right label", "1 class_0")
    try run.type("1", hears: "Your call: disagree to class_0")
    try run.type("c4", hears: "confidence 4/5")
    try run.type("r", hears: "digits set and unset reasons")
    try run.type("1", hears: "data wrong")
    try run.type("")
    try run.type("n", hears: "type: the note")
    try run.type("heard, not seen", hears: "heard, not seen")
    try run.type("s", hears: "saved: #")
    try run.type("z", hears: "done: undone #")
    try run.type("gr", hears: "Review ", "Record of ")
    try run.type("j", hears: "selected, row 2 of")
    try run.type("a", hears: "Your call: agree")
    try run.type("s", hears: "saved: #")
    try run.type("gd", hears: "Drift wine", "selected, row", within: 90)
    try run.type("go", hears: "Outbox")
    try run.type(":sync", hears: "outbox: nothing waits")
    try run.type("gf", hears: "Feedback on wine", "Calibration")
    try run.type("gi", hears: "Inbox")
    try run.type("gm", hears: "Models 4")
    try run.type(":quit")
    #expect(run.waitForEnd() == .code(0))

    let odd = run.transcript.unicodeScalars.filter { $0 != "\n" && !(0x20..<0x7F).contains($0.value) }
    #expect(odd.isEmpty, "\(odd)")
    let listed = try ana.mds(["feedback", "list"])
    #expect(listed.text.contains("disagree → class_0"))
    let shown = try ana.mds(["feedback", "show", "4"]).text.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(shown.contains { $0.dropFirst().joined(separator: " ") == "heard, not seen" }, "\(shown)")
    #expect(shown.contains(["screen.mode", "plain"]), "\(shown)")
    #expect(try ana.mds(["feedback", "verify"]).text.hasPrefix("every chain is whole: "))
    try check(run.transcript)
  }

  /// The first of the shipped records, in a file of its own.
  private func firstRecord(in scratch: Scratch) throws -> String {
    let all = try String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8)
    let path = scratch.path + "/record.jsonl"
    try (all.split(separator: "\n")[0] + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// What was typed is the same in the document, and so is the form of what was said: the word that each line begins with.
  private func check(_ transcript: String) throws {
    let document = Paths.repository + "/docs/plain.md"
    if ProcessInfo.processInfo.environment["MDS_RECORD"] != nil {
      let shown = transcript.replacing(/\/[^ ]*\/mds-walk-[0-9A-F-]+/, with: "~")
      try shown.write(toFile: Paths.repository + "/.build/plain-transcript.txt", atomically: true, encoding: .utf8)
    }
    let parts = try String(contentsOfFile: document, encoding: .utf8).components(separatedBy: "```")
    let text = try #require(parts.count == 3 ? parts[1] : nil, "the document holds one transcript")
    func typed(_ text: String) -> [String] {
      text.split(separator: "\n").filter { $0.hasPrefix("> ") }.map {
        $0.contains("/record.jsonl") ? "> a file" : String($0)
      }
    }
    #expect(typed(text) == typed(transcript))
    func titles(_ text: String) -> [String] {
      let wanted = ["Infer ", "Case ", "Drift ", "Outbox", "Feedback on ", "Inbox", "saved: #", "done: undone #"]
      return text.split(separator: "\n").compactMap { line in wanted.first { line.hasPrefix($0) } }
    }
    #expect(titles(text) == titles(transcript))
  }

  @Test(
    "ends cleanly at the end of its input, and at a signal, with what was saved in the ledger",
    arguments: [nil, SIGTERM, SIGHUP])
  func ends(signal: Int32?) throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    let run = try PlainRun(["open", "--plain"] + ana.target)
    try run.hear("Models 4")
    try run.type("gr", hears: "Review 40", "Your call")
    try run.type("a", hears: "Your call: agree")
    try run.type("s", hears: "saved: #4")
    if let signal { run.signal(signal) } else { run.closeInput() }
    #expect(run.waitForEnd() == .code(Int(signal.map { 128 + $0 } ?? 0)))
    #expect(try ana.mds(["feedback", "list"]).text.contains("agree"))
  }

  @Test("is what a configuration asks for, in its own service's demonstration too")
  func configured() throws {
    let run = try PlainRun(["demo", "--plain", "--empty"])
    try run.hear("Models 4")
    try run.type("j", hears: "selected, row 2 of 4")
    run.closeInput()
    #expect(run.waitForEnd() == .code(0))

    try CommandHome.onService { home, service in
      try home.write("plain = true\n[contexts.lab]\nservice = \"\(service.url)\"\n", to: "config/mds/config.toml")
      let heard = try home.run("open", "--context", "lab", input: ":quit\n")
      #expect(heard.status == 0)
      #expect(heard.text.hasPrefix("mds in plain mode."))
      #expect(!heard.text.contains("\u{1B}"))
    }
  }
}
