import Domain
import Frames
import Testing

@testable import Workbench

/// Rules that hold an answer: IF … AND … THEN, of a table, a text or a picture.
@Suite("The rule of an anchor")
struct RuleTests {
  private static let explainer = ModelID("income-anchors")

  /// A picture of which an anchor keeps two of four quarters.
  static func pictureContent(kept: [Int] = [1, 2]) throws -> CaseContent {
    var content = try Kinds.pictureContent()
    let ids = (0..<64).map { ($0 / 8 < 4 ? 0 : 2) + ($0 % 8 < 4 ? 0 : 1) }
    content.case.explanations = [
      Explanation(
        explainer: ModelID("digits-anchor"), method: "Anchor",
        content: .anchor(
          Anchor(
            predicates: [], precision: 0.97, coverage: 0.25, steps: kept.indices.map { 0.8 + 0.17 * Double($0) },
            segments: .init(rows: 8, columns: 8, ids: ids, kept: kept))))
    ]
    return content
  }

  @Test("j and k go through its predicates, and a mark goes on the one under the cursor, on its row")
  func marks() throws {
    var story = CaseScreenTests.opened(try Income.content(explanations: [Income.anchor]))
    #expect(story.state.case?.target == Explanation.Part("capital_gain > 4 000"))
    story.press("j!")
    let mark = Mark(kind: .spurious, target: "education_num > 12", explainer: Self.explainer)
    #expect(story.state.case?.editor?.draft.marks == [mark])
    #expect(story.screen.contains("AND ! education_num > 12") && story.screen.contains("▌ AND"))
    story.press("k=")
    #expect(story.screen.contains("IF  = capital_gain > 4 000"))
    #expect(App.read(story.state).text.contains("education_num > 12: spurious"))
    // Beside shares the rule's own panel shows them too.
    var both = try Income.content()
    both.ownMarks = [mark]
    #expect(CaseScreenTests.opened(both).screen.contains("AND ! education_num > 12"))
  }

  @Test("in the queue a mark goes on a predicate where a rule is all that explains the case")
  func queue() throws {
    var story = try ReviewScreenTests.opened()
    let content = try Income.content(explanations: [Income.anchor])
    let item = ReviewScreen.Item(content: content, stamp: ReviewScreenTests.stamp(0.5), why: "sample")
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(), items: [item]), ReviewScreenTests.pace, milliseconds: 2000))
    story.press("l~")
    #expect(
      story.state.review.editor?.draft.marks == [
        Mark(kind: .wrongSign, target: "education_num > 12", explainer: Self.explainer)
      ])
    #expect(story.screen.contains("capital_gain > 4 000 AND education_num > 12 ~"))
    story.press("l")
    #expect(story.state.toast?.text == "there is no other predicate in the rule")
    #expect(App.read(story.state).text.contains("education_num > 12    .94"))
  }

  @Test("has the record under it, as where nothing is explained")
  func record() throws {
    let story = CaseScreenTests.opened(try Income.content(explanations: [Income.anchor]))
    #expect(story.screen.contains("capital_gain 4787") && story.screen.contains("hours_per_week 40"))
    #expect(story.screen.contains("precision .94  coverage .008  estimates"))
    var text = try Kinds.textContent()
    text.case.explanations = [
      Explanation(
        explainer: ModelID("intent-anchor"), method: "Anchor",
        content: .anchor(Anchor(predicates: ["refund"], precision: 0.9, coverage: 0.2)))
    ]
    #expect(CaseScreenTests.opened(text).screen.contains("my parcel did not arrive"))
    text.case.explanations[0].content = .anchor(Anchor(predicates: [], precision: 1, coverage: 1))
    let none = CaseScreenTests.opened(text)
    #expect(none.screen.contains("needs nothing") && none.screen.contains("my parcel did not arrive"))
  }

  @Test("that names a word twice tells the two apart")
  func wordTwice() throws {
    var content = try Kinds.textContent("the fee of the card")
    content.case.explanations = [
      Explanation(
        explainer: ModelID("intent-anchor"), method: "Anchor",
        content: .anchor(Anchor(predicates: ["the", "fee", "the"], precision: 0.9, coverage: 0.2)))
    ]
    var story = CaseScreenTests.opened(content)
    story.press("2j+")
    #expect(story.state.case?.editor?.draft.marks.map(\.occurrence) == [.init(2, of: 2)])
    #expect(story.screen.contains("AND + the (2nd of 2)") && story.screen.contains("IF    the (1st of 2)"))
  }

  @Test("of a picture says and shows which regions it keeps, and marks go on them")
  func regions() throws {
    var gallery = Gallery()
    var story = CaseScreenTests.opened(try Self.pictureContent())
    #expect(!story.screen.contains("needs nothing"))
    #expect(story.screen.contains("IF    region 1  16 pixels"))
    #expect(story.screen.contains("in 97 of 100"))
    gallery.add("the first region", story)
    story.press("j!")
    #expect(
      story.state.case?.editor?.draft.marks == [
        Mark(kind: .spurious, target: "region 2", explainer: ModelID("digits-anchor"))
      ])
    gallery.add("the second, marked", story)
    gallery.add("60x16", story.resized(60, 16))
    gallery.add("120x40", story.resized(120, 40))
    let none = CaseScreenTests.opened(try Self.pictureContent(kept: []))
    #expect(none.screen.contains("needs nothing"))
    gallery.add("needs nothing", none)
    gallery.expect(named: "case-regions")
  }

  @Test("an explanation without parts says that nothing of it can be marked")
  func noParts() throws {
    var story = CaseScreenTests.opened(try Self.pictureContent(kept: []))
    story.press("!")
    #expect(story.state.toast?.text == "this explanation has no parts that a mark can be on")
  }

  @Test("plain mode says the parts of an explanation in the order in which j goes through them")
  func order() throws {
    var story = CaseScreenTests.opened(try Kinds.wineContent())
    func section() -> Outline.Section? {
      App.read(story.state).sections.first { $0.title.hasPrefix("Why: ") }
    }
    for row in 0..<3 {
      let part = try #require(story.state.case?.target)
      let said = try #require(section())
      #expect(said.selected == row && said.rows[row].first == part.name.string)
      story.press("j")
    }
    story.press("kkk")
    var spoken = SpokenStory(story.state)
    _ = spoken.opens()
    #expect(spoken.types("l").contains { $0.contains("the rows are in another order") })
  }
}
