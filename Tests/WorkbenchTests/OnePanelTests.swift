import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("One panel, large") struct OnePanelTests {
  private static func titles(_ story: Story) -> [Substring] {
    (1..<story.frame.rows - 2).map { story.line($0) }.filter { $0.hasPrefix("─") || $0.hasPrefix("━") }
      .map { line in line.drop { "─━ ".contains($0) }.prefix { $0 != " " && $0 != "─" && $0 != "━" } }
  }

  @Test(
    "O shows the one with the list alone, Tab leads to every other, O and Esc bring all of them back",
    arguments: Scene.loaded)
  func turning(_ scene: Scene) throws {
    for (columns, rows) in [(80, 24), (200, 50)] {
      var story = try scene.story().resized(columns, rows)
      guard !story.state.isAsking, story.state.overlay == nil else { return }
      let before = story.frame
      // In two columns a panel stands beside another; in one they stand as on a narrower screen.
      let all = Set(Self.titles(columns < 118 ? story : story.resized(117, 60)))
      story.press("O")
      guard story.state.hasOnePanel else {
        #expect(story.toast.contains("one panel"))
        return
      }
      var shown: Set<Substring> = []
      for _ in 0..<12 {
        let titles = Self.titles(story)
        #expect(titles.count == 1, "\(story.screen)")
        shown.formUnion(titles)
        story.press(.tab)
      }
      #expect(all.isSubset(of: shown), "\(all.subtracting(shown)) at \(columns)x\(rows)")
      for keys in [[Key.text("O")], [.text("O"), .escape]] {
        var closed = story
        if keys.count == 2 { closed.press("OO") }
        closed.press(keys[keys.count - 1])
        #expect(closed.frame == before, "\(keys)\n\(closed.screen)")
      }
    }
  }

  /// All titles of the panels that Tab leads to where one stands alone.
  private static func reached(_ story: Story) -> Set<String> {
    var story = story
    var titles: Set<String> = []
    for _ in 0..<12 {
      titles.formUnion(Panels.titles(story.frame))
      story.press(.tab)
    }
    return titles
  }

  @Test("Tab says how many panels are not on screen, and one at a time they are", arguments: Scene.loaded)
  func missing(_ scene: Scene) throws {
    for (columns, rows) in [(80, 24), (60, 16), (79, 30), (120, 40)] {
      let story = try scene.story().resized(columns, rows)
      guard !story.state.isAsking, story.state.overlay == nil else { return }
      let plain = Panels.titles(story.frame)
      var tabbed = story
      tabbed.press(.tab)
      guard tabbed.toast.contains("O shows") else { continue }
      var large = story
      large.press("O")
      let isPlain = { (title: String) in
        plain.contains { $0 == title || $0.hasSuffix("…") && title.hasPrefix($0.dropLast()) }
      }
      let missing = large.state.hasOnePanel ? Self.reached(large).filter { !isPlain($0) } : []
      let words: String =
        switch missing.count {
        case 0: "every panel is on screen   O shows one large"
        case 1: "1 more panel   O shows one at a time"
        default: "\(missing.count) more panels   O shows one at a time"
        }
      #expect(tabbed.toast.contains(words), "\(missing) at \(columns)x\(rows): \(tabbed.toast)")
    }
  }

  @Test("at 60x16 every figure of the feedback is reached")
  func smallFeedback() {
    var story = FeedbackScreenTests.opened(columns: 60, rows: 16)
    story.press(.tab)
    #expect(story.toast.contains("5 more panels"))
    story.press("O")
    let titles = Self.reached(story)
    for title in ["right by week", "confusion, rows truth", "calibration", "analysts 3", "who judged"] {
      #expect(titles.contains(title), "\(titles)")
    }
  }

  @Test("a terminal that becomes too small for several keeps Esc and q as they are") func small() throws {
    var story = CaseScreenTests.opened(try Income.content())
    story.press("O")
    var small = story.resized(50, 14)
    small.press(.escape)
    #expect(small.state.place == .models)
    story = story.resized(50, 14).resized(80, 24)
    #expect(story.state.hasLargePanel)
    story.press(.escape)
    #expect(story.state.place != .models && !story.state.hasOnePanel)
  }

  @Test("it stays so from case to case, and ends with the screen") func staying() throws {
    var story = CaseScreenTests.opened(try Income.content(), siblings: [Income.id(8841), Income.id(8842)])
    story.press("O")
    story.press("J")
    #expect(story.state.place == .case(Income.id(8842)) && story.state.hasOnePanel)
    story.press("gm")
    #expect(story.state.place == .models && !story.state.hasOnePanel)
  }

  @Test("what is typed or asked is the panel that is seen, and the words are not lost") func typing() throws {
    var story = CaseScreenTests.opened(try Income.content())
    story.press("On")
    #expect(story.line(1).contains("Your call"))
    story.press("paid once")
    story.press(.enter)
    #expect(story.state.case?.editor?.draft.judgement.note.string == "paid once")
  }
}
