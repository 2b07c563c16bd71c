import Foundation
import PtyTesting
import Testing

/// What a ledger holds of a case that waits for its analyst's blind answer: the real programs, a real collector.
@Suite("A case that waits for a blind answer", .serialized)
struct BlindWalkTests {
  @Test("is found by its record alone, and tells nothing of what the model, colleagues or researchers said of it")
  func tellsNothing() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    let publish = ["publish", "queue", records, "--model", "wine", "--count", "1", "--name", "one", "--blind"]
    #expect(try lab.mdsCollector(publish).status == 0)
    func desk(_ name: String) throws -> Desk {
      let desk = try lab.desk(name)
      let token = try desk.token(of: lab.database, ["--scope", "write", "--scope", "read"])
      #expect(try desk.mds(["connect", collector.url, "--token-file", token]).status == 0)
      #expect(try desk.mds(["pull", "--queue", "one"]).status == 0)
      return desk
    }
    let bea = try desk("bea")
    try bea.decide("d1")
    #expect(try bea.mds(["sync"]).status == 0)
    let said = try CommandRun.objects(of: lab.mdsCollector(["export"]).text)
    let digits = try #require(said.first?["case_id"] as? String, "\(said)")
    let event = try #require(said.first?["event_id"] as? String)
    #expect(try lab.mdsCollector(["publish", "adjudication", digits, "--label", "class_1"]).status == 0)

    let rex = try desk("rex")
    #expect(try rex.mds(["sync"]).status == 0)
    func listed(_ words: String...) throws -> [String] {
      try CommandRun.objects(of: rex.mds(["cases", "list"] + words + ["--json", "--limit", "500"]).text)
        .compactMap { $0["case"] as? String }
    }
    #expect(try listed("model:wine").contains(digits))
    let source = try #require(
      try CommandRun.objects(of: rex.mds(["cases", "list", "model:wine", "--json", "--limit", "500"]).text)
        .first { $0["case"] as? String == digits }?["source_id"] as? String)
    #expect(try listed(source) == [digits])
    for words in ["class_0", "class_1", "class_2", "by:bea", "verdict:disagree", "verdict:agree", "label:class_0"] {
      let run = try rex.mds(["cases", "list", words, "--limit", "500"])
      #expect(try !listed(words).contains(digits) && run.errors.isEmpty, "\(words): \(run)")
    }
    for format in [[], ["--format", "events"]] {
      let export = try rex.mds(["feedback", "export", "--colleagues"] + format)
      #expect(export.status == 0 && !export.text.contains(digits), "\(export)")
      #expect(export.errors.hasSuffix("; without 1 case that waits for your blind answer\n"), "\(export)")
    }
    let shown = try rex.mds(["feedback", "show", event])
    #expect(shown.status == 5 && shown.text.isEmpty, "\(shown)")
    for words in [["inbox"], ["inbox", "list", "--json"]] {
      let inbox = try rex.mds(words)
      #expect(inbox.text.contains("hidden") && !inbox.text.contains("class_1"), "\(inbox)")
    }

    try rex.decide("d1")
    #expect(try rex.mds(["feedback", "export", "--colleagues"]).text.contains(digits))
    #expect(try rex.mds(["inbox"]).text.contains("class_1"))
    #expect(try listed("by:bea") == [digits])
  }
}
