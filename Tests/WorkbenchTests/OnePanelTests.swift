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
