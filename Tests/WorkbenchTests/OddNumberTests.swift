import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// Numbers that are none, or larger than any screen: servers answer them, files and ledgers hold them.
@Suite("Odd numbers")
struct OddNumberTests {
  @Test("a rule with a precision that is no share is drawn and said", arguments: [Double.nan, 1e300, -.infinity])
  func precision(precision: Double) throws {
    let rule = Explanation(
      explainer: ModelID("income-anchors"), method: "Anchor",
      content: .anchor(Anchor(predicates: ["age > 30"], precision: precision, coverage: precision, steps: [precision])))
    let content = try Income.content(explanations: [rule])
    let story = CaseScreenTests.opened(content)
    #expect(story.screen.contains("THEN"))
    #expect(RecordTests.queue(content).screen.contains("Case 8841"))
    #expect(App.read(story.state).text.contains("age > 30"))
  }

  @Test("shares as large as numbers go have their bars", arguments: [[80, 24], [120, 40], [200, 50], [60, 16]])
  func shares(size: [Int]) throws {
    let shares = [1.7e308, -1.7e308, .nan, .infinity, 1, 0]
    let explained = Explanation(
      explainer: ModelID("income-shap"), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .margin, isExact: true, features: shares.indices.map { .init(name: RawText("f\($0)"), value: "1") },
          classes: [.init(label: ">50K", base: -1.7e308, shares: shares, output: 1)])))
    let story = CaseScreenTests.opened(
      try Income.content(explanations: [explained]), columns: size[0], rows: size[1])
    #expect(story.screen.contains("Your call"))
  }

  @Test("shares of another record than the case's are said to be that")
  func anotherRecord() throws {
    var other = Income.attributions
    guard case .attributions(var attributions) = other.content else { return }
    let age = try #require(attributions.features.firstIndex { $0.name == "age" })
    #expect(!CaseScreenTests.opened(try Income.content()).screen.contains("✗"))
    attributions.features[age].value = "17"
    other.content = .attributions(attributions)
    let story = CaseScreenTests.opened(try Income.content(explanations: [other]))
    #expect(story.screen.contains("✗ age was 17, not 39"))
  }

  @Test("an effect that is no number has no place on the chart and breaks nothing", arguments: [Double.nan, .infinity])
  func effect(effect: Double) throws {
    var content = DriftScreenTests.content()
    for index in content.windows.indices where index % 3 == 0 {
      content.windows[index].result?.features[0].effect = effect
      content.windows[index].result?.features[1].effect = effect
    }
    var story = DriftScreenTests.opened(content)
    #expect(story.screen.contains("hours_per_week"))
    story.press("j")
    story.rest()
    story.press("20h")
    #expect(story.screen.contains("age"))
    #expect(!App.read(story.state).text.isEmpty)
  }

  @Test("a search over whole numbers of 64 bits stays within them", arguments: [Datatype.int64, .uint64])
  func wholeNumbers(datatype: Datatype) {
    let top = datatype == .int64 ? Double(Int64.max) : Double(UInt64.max)
    let input = TensorSpec(
      name: "id", datatype: datatype, shape: [-1, 1],
      parameters: [.init("ranges", .array([.array([.number(-top), .number(top)])]))])
    let signature = Signature(inputs: [input], outputs: [])
    let value: FieldValue = datatype == .int64 ? .integer(5) : .unsigned(5)
    let search = FlipSearch(signature: signature, values: [value], original: Income.prediction())
    let largest: FieldValue = datatype == .int64 ? .integer(.max) : .unsigned(.max)
    #expect(search.candidates.contains { $0.value == largest })
  }
}
