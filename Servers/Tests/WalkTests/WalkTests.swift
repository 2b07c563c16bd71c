import Foundation
import Frames
import PtyTesting
import Testing

/// The main job on the real programs: a real service, the real workbench in a terminal, the real ledger.
@Suite("An analyst", .serialized)
struct WalkTests {
  /// One of the shipped expectations: what a model must answer to a record.
  struct Expectation: Decodable {
    struct Record: Decodable {
      var inputs: [String: Value]
      var probabilities: [Double]
    }

    var classes: [String]
    var records: [Record]
  }

  enum Value: Codable {
    case number(Double)
    case text(String)
    case numbers([Double])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .numbers(try container.decode([Double].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      case .numbers(let numbers): try container.encode(numbers)
      }
    }
  }

  @Test(
    "asks a model, sees its answer and why, judges it, finds the judgement after a restart, and researchers export it",
    arguments: ["wine", "cargo", "message-triage", "digits"])
  func mainJob(model: String) throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Paths.repository)/fixtures/expected/\(model).json"))
    let expectation = try JSONDecoder().decode(Expectation.self, from: bytes)
    let record = expectation.records[0]
    let input = lab.path + "/record.json"
    try JSONEncoder().encode(record.inputs).write(to: URL(fileURLWithPath: input))
    let ana = try lab.desk("ana", scoring: [], at: collector)

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.openForm(of: model)
    try terminal.openFile(input)
    try terminal.expect("row 1 of 1")
    try terminal.send("X")
    try terminal.expect("Tree SHAP, exact")
    let screen = try terminal.expect("f(x)")
    let best = record.probabilities.indices.max { record.probabilities[$0] < record.probabilities[$1] } ?? 0
    let shown = String(format: "%.2f", record.probabilities[best]).dropFirst()
    #expect(screen.contains(expectation.classes[best]))
    #expect(screen.contains(String(shown)), "\(shown) is not on screen:\n\(screen.text)")
    #expect(!screen.contains("sum off"))

    try terminal.send("d")
    try terminal.expect("right label?")
    // A label that is not the model's own: the digit is its place, or the label itself where labels are digits.
    let other = best == 0 ? 1 : 0
    try terminal.send(Int(expectation.classes[other]) == nil ? "\(other + 1)" : expectation.classes[other])
    try terminal.expect("disagree → \(expectation.classes[other])")
    try terminal.send("c4s")
    try terminal.expect("saved #4")
    try terminal.send("go")
    try terminal.expect("● received")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))

    let listed = try ana.mds(["feedback", "list"])
    #expect(listed.text.contains("judgement"))
    #expect(listed.text.contains("disagree → \(expectation.classes[other])"))
    #expect(try ana.mds(["feedback", "verify"]).text.hasPrefix("every chain is whole: "))

    let again = try Pty(Paths.mds, ["open"] + ana.target)
    try again.expect("Models 4")
    try again.send("z")
    try again.expect("of an earlier session: #4 disagree")
    try again.send("z")
    try again.expect("undone #4 disagree")
    try again.send("Z")
    try again.expect("redone as #8")
    try again.press(.control("C"))
    #expect(try again.waitForExit() == .code(0))
    #expect(try ana.mds(["feedback", "verify"]).status == 0)

    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    try checkExport(of: lab.database, model, expectation)
  }

  /// The researcher's rows: what was judged, undone and redone, with what the analyst saw.
  private func checkExport(of database: String, _ model: String, _ expectation: Expectation) throws {
    let exported = try output(of: [Paths.collector, "export", "--format", "jsonl", "--database", database])
    #expect(exported.status == 0, "\(exported.errors)")
    let rows = try exported.text.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(rows.count == 2)
    #expect(rows.map { $0["state"] as? String } == ["retracted", "in_force"])
    let row = try #require(rows.last)
    #expect(row["model"] as? String == model)
    #expect(row["analyst"] as? String == "ana@lab")
    #expect(row["verdict"] as? String == "disagree")
    #expect(row["label"] as? String == expectation.classes[0])
    #expect(row["confidence"] as? Int == 4)
    #expect(row["is_prediction_seen"] as? Bool == true)
    #expect(row["explanation_explainer"] as? String == "\(model)-shap")
    #expect((row["explanation_top"] as? [Any])?.isEmpty == false)
    let probabilities = try #require(row["probabilities"] as? [[String: Any]])
    let shown = probabilities.compactMap { $0["p"] as? Double }
    #expect(shown.count == expectation.classes.count)
    for (shown, expected) in zip(shown, expectation.records[0].probabilities) { #expect(abs(shown - expected) < 1e-6) }
  }

  @Test("works on with the service gone: what is here stays readable and a judgement is still saved")
  func serviceGone() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana", scoring: [])
    let scored = try ana.mds(["infer", "wine", "--input", Paths.repository + "/fixtures/records/wine.jsonl"])
    #expect(scored.text.split(separator: "\n").count == 450)

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    lab.service.stop()
    try terminal.send("R")
    try terminal.expect("✗ service since")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.send("as")
    try terminal.expect("saved #4")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("opens with the service gone on what it knew: models, signature, cases")
  func openedAlone() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    lab.service.stop()

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("last known")
    try terminal.expect("✗ service since")
    try terminal.expect("~ Ready")
    try terminal.send("/wine")
    try terminal.expect("Models 1 of 4")
    try terminal.press(.enter)
    try terminal.send("i")
    try terminal.expect("alcohol")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.press(.enter)
    try terminal.expect("R asks again")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
