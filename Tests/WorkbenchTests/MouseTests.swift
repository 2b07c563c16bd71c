import Domain
import Frames
import Testing

@testable import Workbench

@Suite("The mouse")
struct MouseTests {
  static func click(_ story: inout Story, row: Int, column: Int = 5, button: Int = 0) -> [Effect] {
    let position = Position(row: row, column: column)
    return story.happens(.mouse(MouseEvent(.press, button: button, position: position), milliseconds: 2000))
      + story.happens(.mouse(MouseEvent(.release, button: button, position: position), milliseconds: 2050))
  }

  static func wheel(_ story: inout Story, _ kind: MouseEvent.Kind) -> [Effect] {
    story.happens(.mouse(MouseEvent(kind, position: Position(row: 5, column: 5)), milliseconds: 2000))
  }

  static func switchedOn(_ story: Story) -> Story {
    var story = story
    story.press(.function(12))
    return story
  }

  @Test("is left to the terminal until F12, and again after it")
  func toggles() {
    var story = ModelsScreenTests.listed()
    #expect(story.frame.mouse == .off)
    let before = story.state
    #expect(Self.click(&story, row: 5).isEmpty)
    #expect(story.state == before)
    story.press(.function(12))
    #expect(story.frame.mouse == .buttons)
    #expect(story.toast == "· mouse on: a click selects, the next opens, the wheel moves   F12 off")
    story.press(.function(12))
    #expect(story.frame.mouse == .off)
    #expect(story.toast == "· mouse off: the terminal selects and copies as usual")
  }

  @Test("a click selects a row, the next one on it opens it; a first one on the selected row does not")
  func clicks() throws {
    var story = Self.switchedOn(ModelsScreenTests.listed())
    let first = story.state.models.selected?.id
    _ = Self.click(&story, row: 3)
    #expect(story.state.place == .models && story.state.models.selected?.id == first)
    _ = Self.click(&story, row: 5)
    #expect(story.state.models.rows.selection == 2)
    let model = try #require(story.state.models.selected?.id)
    story.rest()
    _ = Self.click(&story, row: 5)
    #expect(story.state.place == .infer(model))
  }

  @Test("a key between two clicks makes the second a first again")
  func keyBetween() {
    var story = Self.switchedOn(ModelsScreenTests.listed())
    _ = Self.click(&story, row: 5)
    story.press("kj")
    _ = Self.click(&story, row: 5)
    #expect(story.state.place == .models)
    _ = Self.click(&story, row: 5)
    #expect(story.state.place != .models)
  }

  @Test(
    "on every screen a click on a row of its list selects that row, wherever the list stands",
    arguments: [80, 120, 200])
  func everyScreen(columns: Int) throws {
    for screen in try AppTests.screens() {
      var story = Self.switchedOn(screen.resized(columns, columns == 80 ? 24 : 40))
      guard let rows = story.state.rows, rows.visible.count > 1 else { continue }
      let marked = try #require(
        (0..<story.state.size.rows).first { story.frame[$0, 0].scalar == "▌" && story.frame[$0, 0].style == .select },
        "\(story.state.place)")
      let step = rows.selection + 1 < rows.count ? 1 : -1
      _ = Self.click(&story, row: marked + step)
      #expect(story.state.rows?.selection == rows.selection + step, "\(story.state.place)")
      // What stands above and below the list is no row of it.
      let after = story.state.rows
      for row in [0, story.state.size.rows - 1] { _ = Self.click(&story, row: row) }
      #expect(story.state.rows == after, "\(story.state.place)")
    }
  }

  @Test("a click beside the list means nothing")
  func besideTheList() throws {
    var story = Self.switchedOn(try ReviewScreenTests.opened().resized(120, 40))
    let before = story.state.review.rows
    _ = Self.click(&story, row: 5, column: 110)
    #expect(story.state.review.rows == before)
    _ = Self.click(&story, row: 4, button: 2)
    #expect(story.state.review.rows == before)
  }

  @Test("the wheel moves three rows, and scrolls what lies over a screen")
  func wheels() {
    var story = Self.switchedOn(KeymapTests.many())
    #expect(Self.wheel(&story, .wheelDown).contains(.rest(milliseconds: 80)))
    #expect(story.state.models.rows.selection == 3)
    _ = Self.wheel(&story, .wheelUp)
    #expect(story.state.models.rows.selection == 0)
    story = story.resized(80, 14)
    story.press("?")
    _ = Self.wheel(&story, .wheelDown)
    #expect(story.state.overlay == .help(scroll: 3))
  }

  @Test("no click answers what is asked, nor goes into a text")
  func asking() throws {
    var story = Self.switchedOn(try ReviewScreenTests.opened())
    story.press("d")
    let before = story.state
    _ = Self.click(&story, row: 5)
    #expect(Self.wheel(&story, .wheelDown).isEmpty)
    #expect(story.state == before)
  }

  @Test("the list that follows the control plane rests while the terminal has not the focus")
  func focus() {
    var story = Story(AppState(context: "prod", analyst: "ana"))
    story.state.models.canFollow = true
    story.happens(.resized(ScreenSize(columns: 80, rows: 24)))
    #expect(story.happens(.started(now: Stub.now, milliseconds: 0)).suffix(1) == [.followModels])
    #expect(story.happens(.focused(false)) == [.leaveModels])
    #expect(story.happens(.focused(false)) == [])
    #expect(story.press("gogm").allSatisfy { ![.followModels, .leaveModels].contains($0) })
    #expect(story.happens(.focused(true)) == [.followModels])
  }
}
