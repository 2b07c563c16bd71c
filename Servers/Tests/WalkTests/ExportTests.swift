import Foundation
import Frames
import PtyTesting
import Testing

/// From what is judged on the screen to the file that a researcher loads: the real programs.
@Suite("What was judged, as a file", .serialized)
struct ExportTests {
  /// The lines of JSON of an export.
  private func rows(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test("that goes on from an earlier one tells of a judgement that was taken back since")
  func undone() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana", at: lab.collector())
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let first = try lab.mdsCollector(["export", "--format", "jsonl"])
    let cursor = try #require(first.errors.split(whereSeparator: \.isWhitespace).last.map(String.init))
    #expect(try rows(first.text).map { $0["state"] as? String } == ["in_force"])
    #expect(try lab.mdsCollector(["export", "--format", "jsonl", "--after", cursor]).text.isEmpty)

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    try terminal.send("z")
    try terminal.expect("of an earlier session: #")
    try terminal.send("z")
    try terminal.expect("undone #")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let second = try rows(lab.mdsCollector(["export", "--format", "jsonl", "--after", cursor]).text)
    #expect(second.map { $0["state"] as? String } == ["retracted"])
    #expect(try second.first?["event_id"] as? String == rows(first.text).first?["event_id"] as? String)
  }

  @Test("has the analyst's own judgements with input, prediction, explanation and timing, and what each column means")
  func own() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    try ana.judge(2)

    let lines = try ana.mds(["feedback", "export", "--format", "jsonl"])
    #expect(lines.status == 0 && lines.errors == "2 rows\n")
    let rows = try rows(lines.text)
    #expect(rows.count == 2)
    for row in rows {
      #expect(row["model"] as? String == "wine" && row["verdict"] as? String == "agree")
      #expect(row["predicted"] as? String == row["answer"] as? String)
      #expect(row["input.alcohol"] is NSNumber && row["probability"] is NSNumber && row["wall_ms"] is NSNumber)
      #expect((row["probabilities"] as? [Any])?.count == 3)
      #expect(row["state"] as? String == "in_force" && row["queue"] is String && row["propensity"] is NSNumber)
    }

    let (csv, book) = (lab.path + "/out.csv", lab.path + "/codebook.json")
    let written = try ana.mds(["feedback", "export", "--format", "csv", "--output", csv, "--codebook", book])
    #expect(written.status == 0 && written.text.isEmpty)
    let table = try String(contentsOfFile: csv, encoding: .utf8).components(separatedBy: "\r\n")
    let names = table[0].components(separatedBy: ",")
    let codebook = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: book)))
    let columns = (codebook as? [String: Any])?["columns"] as? [[String: Any]]
    #expect(columns?.map { $0["name"] as? String } == names)
    #expect(table.count == 4 && Set(rows[0].keys) == Set(names))
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path).filter { $0.hasSuffix(".partial") } == [])

    let number = try #require(rows[0]["seq"] as? Int)
    let shown = try ana.mds(["feedback", "show", "\(number)"])
    #expect(shown.text.contains(/verdict +agree/) && shown.text.contains(/state +in_force/))
    #expect(shown.text.contains(/screen.mode +screen/) && shown.text.contains(/screen.columns +80/))
    #expect(shown.text.contains(/screen.rows +24/))
    let id = try #require(rows[0]["event_id"] as? String)
    let whole = try ana.mds(["feedback", "show", id, "--json"])
    #expect(try self.rows(whole.text).first?["hash"] as? String == rows[0]["hash"] as? String)
    #expect(try ana.mds(["feedback", "show", "999"]).status == 1)

    let events = try ana.mds(["feedback", "export", "--format", "events"])
    let listed = try ana.mds(["feedback", "list"])
    #expect(try self.rows(events.text).count == listed.text.split(separator: "\n").count)
    let none = try ana.mds(["feedback", "export", "--model", "cargo"])
    #expect(none.errors == "0 rows; none of this model: what is here is of `wine`\n")
    #expect(try ana.mds(["feedback", "export", "--format", "events", "--model", "wine"]).status == 2)
    // The reader closes its end before the program starts.
    let script =
      #"mkfifo "$1"; { read -r _ < "$1"; shift; exec "$@"; } | { exec 0<&-; echo > "$1"; }; "#
      + #"echo "${PIPESTATUS[0]}""#
    let cut = try output(
      of: ["/bin/bash", "-c", script, "bash", lab.path + "/gate", Paths.mds, "feedback", "export"] + ana.target)
    #expect(cut.text == "141\n" && cut.errors.isEmpty)
    let full = try output(
      of: ["/bin/bash", "-c", "\"$0\" \"$@\" > /dev/full", Paths.mds, "feedback", "export"] + ana.target)
    #expect(full.status == 1 && full.errors.contains("No space left"))
  }

  @Test("stands in the forms of other programs, with a configuration and a card beside it") func forms() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    try ana.judge(2)
    let file = { (name: String) in lab.path + "/" + name }
    func export(_ form: String, _ more: String...) throws -> String {
      let run = try ana.mds(["feedback", "export", "--format", form, "--output", file(form)] + more)
      #expect(run.status == 0)
      return run.errors
    }
    #expect(try export("parquet") == "2 rows\n")
    let parquet = try Data(contentsOf: URL(fileURLWithPath: file("parquet")))
    #expect(parquet.starts(with: Data("PAR1".utf8)) && parquet.suffix(4) == Data("PAR1".utf8))
    #expect(try export("prodigy") == "2 lines\n")
    #expect(try export("seldon-feedback") == "2 lines\n")
    #expect(try export("argilla") == "2 records\n")
    let beside = ["--codebook", file("config.xml"), "--card", file("card.md")]
    #expect(try export("label-studio", beside[0], beside[1], beside[2], beside[3]) == "2 tasks\n")
    #expect(try String(contentsOfFile: file("config.xml"), encoding: .utf8).hasPrefix("<View>\n"))
    #expect(try String(contentsOfFile: file("card.md"), encoding: .utf8).contains("| last words | 2: agree 2 |"))
    for form in ["argilla", "label-studio"] {
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file(form))))
      #expect((json as? [[String: Any]])?.count == 2)
    }
    #expect(try ana.mds(["feedback", "export", "--codebook", file("config.xml")]).status == 2)
    // As the collector's export has it: by the same key an analyst is the same.
    try Data("a key of more than sixteen bytes\n".utf8).write(to: URL(fileURLWithPath: file("key")))
    chmod(file("key"), 0o640)
    let open = try ana.mds(["feedback", "export", "--pseudonym-key", file("key"), "--output", file("none")])
    #expect(open.status == 5 && open.errors.contains("Others can read the key \(file("key"))"), "\(open)")
    chmod(file("key"), 0o600)
    let masked = try CommandRun.objects(of: ana.mds(["feedback", "export", "--pseudonym-key", file("key")]).text)
    #expect(masked.allSatisfy { ($0["analyst"] as? String)?.hasPrefix("analyst-") == true }, "\(masked)")
    #expect(masked.allSatisfy { $0["recorded_analyst"] as? String == $0["analyst"] as? String })
    try Data("short".utf8).write(to: URL(fileURLWithPath: file("key")))
    let short = try ana.mds(["feedback", "export", "--pseudonym-key", file("key"), "--output", file("none")])
    #expect(short.status == 5 && short.errors.contains("holds fewer than 16 bytes"), "\(short)")
    #expect(!FileManager.default.fileExists(atPath: file("none")))
    #expect(try ana.mds(["feedback", "export", "--format", "events", "--card", file("card.md")]).status == 2)
  }

  @Test("has from the collector what the demonstration's colleagues say, of the same cases that the analyst sees")
  func demonstration() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(Paths.mds, ["demo"], environment: ["TMPDIR": scratch.path, "USER": "ana"])
    try terminal.expect("colleagues judge", within: 120)
    try terminal.wait(for: "the colleagues to be done", within: 60) { !$0.contains("colleagues judge") }
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: scratch.path).first)
    let folder = scratch.path + "/" + name
    let exported = try output(of: [Paths.collector, "export", "--database", folder + "/collector.sqlite"])
    let rows = try rows(exported.text).filter { ($0["analyst"] as? String)?.hasPrefix("demo-") == true }
    let shipped = try String(contentsOfFile: Paths.repository + "/fixtures/records/judgements.jsonl", encoding: .utf8)
    #expect(rows.count == shipped.split(separator: "\n").count)
    for row in rows {
      #expect(row["predicted"] is String && row["is_explanation_seen"] as? Bool == true, "\(row)")
    }
    #expect(Set(rows.compactMap { $0["model"] as? String }) == ["cargo", "digits", "message-triage", "wine"])

    let target = ["--service", "http://127.0.0.1:9", "--context", "demo", "--ledger", folder + "/ledger.sqlite"]
    let row = try #require(rows.first { $0["verdict"] as? String == "disagree" })
    let shown = try output(of: [Paths.mds, "case", "show", try #require(row["case_id"] as? String)] + target)
    #expect(shown.text.contains(try #require(row["analyst"] as? String)), "\(shown)")
    let here = try output(of: [Paths.mds, "feedback", "export", "--colleagues"] + target)
    #expect(try self.rows(here.text).count == rows.count)
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
