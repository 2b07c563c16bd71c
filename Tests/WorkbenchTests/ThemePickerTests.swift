import Domain
import Frames
import Testing

@testable import Workbench

@Suite("Choosing a theme")
struct ThemePickerTests {
  static let broken = Problem(
    "/home/ana/.config/mds/themes/mine.toml:2: there is no setting \"warm\"; did you mean warn?")
  static let choices = [
    ThemeChoice(name: "dark", origin: .builtIn, summary: "For dark backgrounds.", theme: .dark),
    ThemeChoice(name: "default", origin: .builtIn, summary: "The terminal's own.", theme: .standard),
    ThemeChoice(name: "light", origin: .builtIn, summary: "For light backgrounds.", theme: .light),
    ThemeChoice(name: "mine", origin: .own, theme: nil, problem: broken),
  ]

  /// Models, with the list of themes over it.
  static func opened() -> Story {
    var story = ModelsScreenTests.listed()
    story.press(":theme")
    story.press(.enter)
    story.happens(.themesArrived(choices))
    return story
  }

  @Test("is asked for by name, and begins on the theme in use")
  func opens() {
    var story = ModelsScreenTests.listed()
    story.press(":theme")
    #expect(story.press(.enter) == [.loadThemes])
    story = Self.opened()
    #expect(story.state.theme == .standard)
    #expect(story.screen.contains("▌ default"))
    #expect(story.screen.contains("For light backgrounds."))
    #expect(story.footer.contains("⏎ keep"))
  }

  @Test("shows each theme as one moves, and Esc puts back the one that was")
  func previews() {
    var story = Self.opened()
    story.press("j")
    #expect(story.state.theme == .light)
    story.press("kk")
    #expect(story.state.theme == .dark)
    story.press(.escape)
    #expect(story.state.theme == .standard)
    #expect(story.state.overlay == nil)
  }

  @Test("keeps with Enter what is seen, until the end, and says how to keep it for good")
  func keeps() {
    var story = Self.opened()
    story.press("gg")
    story.press(.enter)
    #expect(story.state.theme == .dark)
    #expect(story.state.overlay == nil)
    #expect(story.toast == "● theme dark, until you quit   `mds themes use dark` keeps it")
  }

  @Test("does not take a theme whose file is wrong: the screen stays, and the line is said")
  func wrong() {
    var story = Self.opened()
    story.press("G")
    #expect(story.state.theme == .standard)
    #expect(story.screen.contains("✗ line 2: there is no setting"))
    story.press(.enter)
    #expect(story.state.overlay != nil)
    #expect(story.state.lastProblem == Self.broken)
    #expect(story.toast.hasPrefix("✗ theme mine: line 2: there is no setting"))
  }

  @Test("a file that changes is drawn at once, a broken one keeps the old look and says why")
  func reloads() {
    var story = ModelsScreenTests.listed()
    story.state.theme = Theme(name: "mine")
    var changed = Theme(name: "mine")
    changed[.warn] = Ink(colour: 196)
    story.happens(.themeChanged(ThemeChoice(name: "mine", origin: .own, theme: changed)))
    #expect(story.state.theme == changed)
    #expect(story.toast == "● theme mine read again")
    story.happens(.themeChanged(Self.choices[3]))
    #expect(story.state.theme == changed)
    #expect(story.toast.contains("theme mine: line 2: there is no setting"))
    // What the line has no room for stands in the log.
    #expect(story.state.log.log.entries.last?.ending == .failed(Self.broken))
    story.happens(.notified(Message(.notice, "x")))
    story.happens(.themeChanged(ThemeChoice(name: "other", origin: .own, theme: .dark)))
    #expect(story.state.theme == changed)
    #expect(story.toast == "· x")
  }

  @Test("a file that is mended while the list is open can be chosen")
  func mended() {
    var story = Self.opened()
    story.happens(.themeChanged(ThemeChoice(name: "mine", origin: .own, summary: "Mine.", theme: Theme(name: "mine"))))
    story.press("G")
    story.press(.enter)
    #expect(story.state.theme == Theme(name: "mine"))
  }

  @Test("is drawn at every size")
  func pictures() {
    var gallery = Gallery()
    gallery.add("themes at 80x24", Self.opened())
    gallery.add("themes at 60x16", Self.opened().resized(60, 16))
    gallery.add("themes at 40x10", Self.opened().resized(40, 10))
    gallery.expect(named: "themes")
  }
}
