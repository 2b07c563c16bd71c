import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("Keys")
struct KeymapTests {
  /// Fifty models in a list of fourteen rows.
  static func many() -> Story {
    var story = FollowedModelsTests.scrolled()
    story.press("gg")
    story.rest()
    return story
  }

  @Test(
    "take a count before a move, and gg and G a row",
    arguments: [
      ("3j", 3), ("12G", 11), ("12gg", 11), ("G", 49), ("G5k", 44), ("40G99j", 49), ("0j", 1), ("10j", 10),
      ("3\u{1B}j", 1),
    ])
  func counts(keys: String, row: Int) {
    var story = Self.many()
    for scalar in keys.unicodeScalars { story.press(scalar == "\u{1B}" ? .escape : .text(scalar)) }
    #expect(story.state.models.rows.selection == row)
    #expect(story.state.count == nil)
  }

  @Test("move by half pages and by pages, as often as a count says")
  func pages() {
    var story = Self.many()
    let height = story.state.models.rows.height
    story.press(.control("D"))
    #expect(story.state.models.rows.selection == height / 2)
    story.press(.control("U"))
    #expect(story.state.models.rows.selection == 0)
    story.press(.text("5"), .control("D"))
    #expect(story.state.models.rows.selection == 5 * (height / 2))
    story.press("gg")
    story.press(.pageDown)
    #expect(story.state.models.rows.selection == height)
    story.press(.control("F"), .control("B"), .pageUp)
    #expect(story.state.models.rows.selection == 0)
  }

  @Test("a count shows in the corner until it is used, and Esc takes it back")
  func shownCount() {
    var story = Self.many()
    story.press("12")
    #expect(story.footer.hasSuffix("12 "))
    story.press(.escape)
    #expect(story.footer.hasSuffix("1/50 "))
  }

  @Test("the row of a count is a row of every list")
  func everyList() throws {
    for var story in try AppTests.screens() {
      // In a form a digit begins a number.
      guard let rows = story.state.rows, rows.count > 1, story.state.place.scope != .infer else { continue }
      story.press("2G")
      #expect(story.state.rows?.selection == 1, "\(story.state.place)")
      story.press("gg")
      #expect(story.state.rows?.selection == 0, "\(story.state.place)")
    }
  }

  @Test("marks and jumps lead across screens, each as it was left")
  func acrossScreens() throws {
    var story = ModelsScreenTests.listed()
    story.press("j")
    story.rest()
    story.press("ma")
    let model = try #require(story.state.models.selected?.id)
    story.press("d")
    story.press("mb")
    story.press("go")
    story.press("gi")
    story.press("'b")
    #expect(story.state.places == [.models, .drift(model)])
    story.press("'a")
    #expect(story.state.place == .models)
    #expect(story.state.models.selected?.id == model)
    story.press("[[")
    #expect(story.state.place == .inbox)
    story.press("[[[")
    #expect(story.state.place == .models)
    story.press("]")
    #expect(story.state.place == .drift(model))
  }

  @Test("every command has its row: it can be found by name, and be given other keys")
  func everyCommand() {
    for command in Command.allCases {
      #expect(Keymap.standard.bindings.contains { $0.command == command }, "\(command)")
    }
    for binding in Keymap.standard.bindings { #expect(!binding.hint.isEmpty && !binding.meaning.isEmpty) }
  }

  /// Another key for much of what a screen's footer names, and none for the filter.
  static let remapped: Keymap = {
    var keymap = Keymap.standard
    keymap.give([[.text("n")], [.down]], to: .moveDown, in: .everywhere)
    keymap.give([[.text("E")]], to: .moveUp, in: .everywhere)
    keymap.give([[.control("O")]], to: .open, in: .everywhere)
    keymap.give([[.text("g"), .text("?")]], to: .help, in: .everywhere)
    keymap.give([[.text("U")]], to: .undo, in: .everywhere)
    keymap.give([[.text("I")]], to: .infer, in: .models)
    keymap.give([], to: .filter, in: .models)
    return keymap
  }()

  @Test("a key that a screen has for itself is not shown for what it does everywhere else")
  func ownBeforeShared() {
    var keymap = Keymap.standard
    keymap.give([[.text("n")], [.down]], to: .moveDown, in: .everywhere)
    keymap.give([[.text("n")]], to: .infer, in: .models)
    var story = ModelsScreenTests.listed()
    story.state.keymap = keymap
    story.press("?")
    let down = story.screen.split(separator: "\n").first { $0.contains(" down ") }
    #expect(story.screen.contains(" n ") && down?.contains("Down") == true && down?.contains("n Down") == false)
  }

  @Test("that were changed are the same in footer, help, palette and messages")
  func agreement() {
    var story = ModelsScreenTests.listed()
    story.state.keymap = Self.remapped
    #expect(story.footer.contains("^O open  I infer"))
    #expect(story.footer.contains("g? help"))
    #expect(!story.footer.contains(" / filter"))
    let wide = story.resized(120, 60)
    var help = wide
    help.press("g?")
    #expect(help.screen.contains("6 of the keys are yours") || help.screen.contains("7 of the keys are yours"))
    for binding in Self.remapped.bindings(in: .models) + Self.remapped.bindings(in: .everywhere) {
      guard let first = binding.keys.first else { continue }
      #expect(help.screen.contains(Binding.notation(of: first) + " "), "\(binding.command)")
    }
    // What lies over a screen scrolls by the same keys.
    var low = story.resized(80, 14)
    low.press("g?")
    low.press("n")
    #expect(low.state.overlay == .help(scroll: 1))
    low.press("E")
    #expect(low.state.overlay == .help(scroll: 0))
    #expect(low.footer.contains("n E scroll"))
    for entry in App.entries(for: story.state) {
      guard case .command(let command) = entry.run else { continue }
      let binding = Self.remapped.binding(of: command, in: story.state.place.scope)
      #expect(entry.key == binding?.keys.first.map(Binding.notation(of:)) ?? "", "\(entry.name)")
    }
    story.press("I")
    #expect(story.state.place.scope == .infer)
    var review = story
    review.happens(.committed(Stub.commit(Income.id(1)), sequence: 3, what: "agree", milliseconds: 1))
    #expect(review.toast == "● saved #3 agree   U undo")
  }

  @Test("a key that is taken away is found again: which commands have none left on which screens")
  func losses() {
    #expect(Keymap.standard.lost(since: .standard) == [])
    var keymap = Keymap.standard
    keymap.give([[.text("g")]], to: .infer, in: .models)
    let lost = keymap.lost(since: .standard)
    #expect(lost.allSatisfy { $0.scope == .models })
    #expect(lost.map(\.command).contains(.goOutbox))
    #expect(!lost.map(\.command).contains(.top), "Home is left")
    #expect(keymap.reached(by: [.text("g"), .text("o")], in: .models) == nil)
    #expect(keymap.reached(by: [.text("g"), .text("o")], in: .drift) == .goOutbox)
    #expect(Self.remapped.lost(since: .standard).map(\.command) == [.filter])
  }

  @Test(". gives the verdict that was saved last to another case, and saves nothing")
  func again() throws {
    var (state, _) = try JudgingTests.opened()
    #expect(JudgingTests.press(&state, ".") == [])
    #expect(state.toast?.text.contains("no verdict was saved yet") == true)
    let effects = JudgingTests.press(&state, "d1c4n")
    #expect(!effects.isEmpty)
    _ = JudgingTests.press(&state, "odd")
    _ = App.update(&state, .key(.enter, milliseconds: 5000))
    guard case .commit(let first) = JudgingTests.press(&state, "s").last else {
      Issue.record("nothing was saved")
      return
    }
    _ = App.update(&state, .committed(first, sequence: 1, what: "disagree", milliseconds: 6000))
    let other = try Stub.caseContent(number: 9008)
    _ = App.openCase(&state, other.case.id, among: [])
    _ = App.update(&state, .caseArrived(other, milliseconds: 7000))
    state.savesOnVerdict = true
    let given = JudgingTests.press(&state, ".", from: 8000)
    guard case .saveDraft(let draft)? = given.first, given.count == 1 else {
      Issue.record("\(given)")
      return
    }
    #expect(draft.caseID == other.case.id)
    #expect(draft.judgement == Judgement(verdict: .disagree, label: "class_0", confidence: 4))
    #expect(first.judgement.note == "odd")
  }

  @Test(". on a case whose answer is the label that was given before agrees with it, and a strange label is refused")
  func againElsewhere() throws {
    var (state, _) = try JudgingTests.opened()
    state.lastGiven = Judgement(verdict: .disagree, label: "class_1")
    _ = JudgingTests.press(&state, ".")
    #expect(state.case?.editor?.draft.judgement == Judgement(verdict: .agree))
    state.lastGiven = Judgement(verdict: .disagree, label: "cat")
    #expect(JudgingTests.press(&state, ".").isEmpty)
    #expect(state.toast?.text == "does not fit this case: the last verdict, disagree → cat")
  }

  @Test("^X^E hands the note to $EDITOR, and what comes back goes on being written")
  func noteInEditor() throws {
    var (state, _) = try JudgingTests.opened()
    _ = JudgingTests.press(&state, "nab")
    #expect(App.update(&state, .key(.control("X"), milliseconds: 3000)) == [])
    #expect(App.update(&state, .key(.control("E"), milliseconds: 3100)) == [.editText("ab")])
    let effects = App.update(&state, .textEdited("one\ntwo\n"))
    guard case .saveDraft(let draft)? = effects.first else {
      Issue.record("the draft was not kept: \(effects)")
      return
    }
    #expect(draft.judgement.note == "one\ntwo")
    // ^X before anything else is nothing, and ^E alone still goes to the end.
    _ = App.update(&state, .key(.control("X"), milliseconds: 3200))
    _ = JudgingTests.press(&state, "!", from: 3300)
    #expect(state.case?.editor?.draft.judgement.note == "one\ntwo!")
    #expect(App.update(&state, .key(.control("E"), milliseconds: 3400)) == [])
  }

  @Test("the help in ASCII has the same columns, with keys that can be read", arguments: Scene.loaded)
  func asciiHelp(_ scene: Scene) throws {
    for (columns, rows) in [(80, 24), (60, 16), (120, 40)] {
      var story = try scene.story().resized(columns, rows)
      guard !story.state.isAsking, story.state.overlay == nil else { continue }
      story.press("?")
      var seen = ""
      for _ in 0..<20 {
        let frame = story.frame
        let ascii = frame.ascii()
        for row in 1..<rows - 1 {
          let (line, twin) = (Array(frame.line(row)), Array(ascii.line(row)))
          // Inside the box: words of letters stand where they stood.
          guard let left = line.firstIndex(of: "│"), let right = line.lastIndex(of: "│"), left < right else { continue }
          for column in left + 2..<right where line[column].isLetter && line[column - 1] == " " {
            #expect(twin[column] == line[column], "\(String(twin))")
          }
          if line.firstRange(of: Array("S-⇥")) != nil {
            #expect(String(twin).contains("S-TAB "), "\(String(twin))")
          }
        }
        seen += frame.text
        story.press("j")
      }
      #expect(seen.contains("S-⇥"))
    }
  }
}
