import Domain
import Frames
import Testing

@testable import Workbench

@Suite("A service that is lost, and found")
struct LostServiceTests {
  static let gone = Problem("The service does not answer", kind: .unreachable)

  static func scoring(_ scored: Int, _ stage: FileScoring.Stage) -> FileScoring {
    var scoring = FileScoring(model: Income.model, name: "monday.csv")
    scoring.progress.scored = scored
    scoring.stage = stage
    if scored > 0 { scoring.cases = [Income.id(1)] }
    return scoring
  }

  /// A workbench that has seen the service answer.
  static func form() -> Story { InferScreenTests.opened() }

  @Test("a file that cannot be scored to its end says how much is done and what opens it; the header tells the loss")
  func file() throws {
    var story = Self.form()
    story.happens(.infer(.scored(Self.scoring(384, .running))))
    #expect(story.line(0).contains("● online"))
    story.happens(.infer(.scored(Self.scoring(384, .failed(Self.gone)))))
    #expect(story.line(0).contains("✗ service since"))
    #expect(story.screen.contains("r opens the cases ") && story.screen.contains(" 384 scored"))
    #expect(story.screen.contains("✗ The service does not answer"))
    let words = try #require(App.read(story.state).sections.first { $0.title == "Batch" })
    #expect(words.rows[0][1] == "The service does not answer: 384 scored")
    story.happens(.infer(.scored(Self.scoring(400, .running))))
    #expect(story.line(0).contains("● online"), "rows are scored again")
  }

  @Test("of a file of which nothing was scored only the reason is said")
  func nothingScored() {
    var story = Self.form()
    story.happens(.infer(.scored(Self.scoring(0, .failed(Self.gone)))))
    #expect(story.screen.contains("✗ The service does not answer") && !story.screen.contains("0 scored"))
  }

  @Test("a search for flips, and windows that cannot be compared, tell the header too; their answers as well")
  func others() throws {
    let content = try Income.content()
    var story = CaseScreenTests.opened(content)
    story.happens(.case(.flipsFailed(content.case.id, Self.gone)))
    #expect(story.line(0).contains("✗ service since"))
    story.happens(.case(.flipsFound(content.case.id, Flips(found: [], features: 12, untried: 0, rows: 40))))
    #expect(story.line(0).contains("● online"))
    var drift = DriftScreenTests.opened()
    drift.happens(.drift(.failed(Self.gone)))
    #expect(drift.line(0).contains("✗ service since"))
  }

  @Test("what is pasted while something lies on top fills nothing beneath it", arguments: ["?", "t", ":"])
  func pasted(key: String) {
    var story = InferScreenTests.opened(filled: false)
    let before = story.state.infer?.entries
    let line = Income.values.map(\.text.string).joined(separator: ",")
    story.press(key)
    story.happens(.pasted(line))
    #expect(story.state.infer?.entries == before)
    story.press(.escape)
    story.happens(.pasted(line))
    #expect(story.state.infer?.entries != before)
  }
}
