import Domain
import Frames
import SafeText
import Testing

@testable import Workbench

/// What every screen has in common: help, palette, dialogs, toasts, jumps, and a keymap that tells the truth.
@Suite("The workbench")
struct AppTests {
  @Test("help, palette and dialogs over a screen")
  func overlays() throws {
    var gallery = Gallery()
    var story = CaseScreenTests.opened(try Income.content())
    story.press("?")
    gallery.add("help", story)
    story.press("jj")
    gallery.add("help, scrolled", story)
    story.press(.escape)
    story.press(":")
    gallery.add("palette", story)
    story.press("dri")
    gallery.add("palette, typed", story)
    story.press("zzzz")
    gallery.add("palette, nothing", story)
    story.press(.escape)
    story.happens(
      .failed(
        Problem(
          "income-classifier did not answer in 30 s", advice: "Ask again; the case is kept.",
          detail: "POST /v2/models/income-classifier/infer\n\u{1B}[31mcurl: (28) Operation timed out")))
    gallery.add("a toast", story)
    story.press("gl")
    story.press(.enter)
    gallery.add("the problem", story)
    gallery.expect(named: "overlays")
    var wide = Story(columns: 120, rows: 40)
    wide.press("?")
    var others = Gallery()
    others.add("help at 120x40", wide)
    others.add(
      "palette at 60x16",
      {
        var story = Story(columns: 60, rows: 16); story.press(":"); return story
      }())
    others.expect(named: "overlays-sizes")
  }

  /// One story a screen, with something on it that every key can work on.
  static func screens() throws -> [Story] {
    [
      ModelsScreenTests.listed(), InferScreenTests.opened(), CaseScreenTests.opened(try Income.content()),
      DriftScreenTests.opened(), try ReviewScreenTests.opened(), OutboxScreenTests.opened(),
      try SearchScreenTests.listed(), LogScreenTests.opened(),
    ]
  }

  @Test("a message never moves the layout: only its own row changes")
  func toasts() throws {
    // The log has a line of it.
    for var story in try Self.screens() where story.state.place != .log {
      let before = story.screen.split(separator: "\n", omittingEmptySubsequences: false)
      story.happens(.notified(Message(.notice, "collector: 12 received")))
      let after = story.screen.split(separator: "\n", omittingEmptySubsequences: false)
      let changed = before.indices.filter { before[$0] != after[$0] }
      #expect(changed == [22], "\(story.state.place)")
      #expect(story.toast == "· collector: 12 received")
    }
  }

  @Test("no screen writes on the row of messages while there is none")
  func messageRow() throws {
    for story in try Self.screens() {
      for size in [(80, 24), (120, 40), (200, 50), (60, 16)] {
        let story = story.resized(size.0, size.1)
        #expect(story.toast.isEmpty, "\(story.state.place) at \(size)\n\(story.screen)")
      }
    }
  }

  @Test("a footer has six hints at most, each with the key that the keymap has for it")
  func footers() throws {
    for story in try Self.screens() {
      let hints = App.hints(story.state)
      #expect((3...6).contains(hints.count), "\(story.state.place)")
      for (key, _) in hints {
        for part in key.text.split(separator: " ") {
          let isKnown = story.state.keymap.bindings.contains { binding in
            (binding.scope == story.state.place.scope || binding.scope == .everywhere)
              && binding.keys.contains { Binding.notation(of: $0) == part }
          }
          #expect(isKnown, "\(part) is no key of \(story.state.place)")
        }
      }
    }
  }

  @Test("every binding of a screen does something there: it changes the state, asks for something, or says why not")
  func everyBinding() throws {
    for story in try Self.screens() {
      let scope = story.state.place.scope
      for binding in story.state.keymap.bindings(in: scope) + story.state.keymap.bindings(in: .everywhere) {
        // Back and jumps need somewhere to go, moves somewhere to move.
        var story = story
        if [.moveUp, .moveLeft, .pageUp, .halfPageUp, .top].contains(binding.command) { story.press("j") }
        if scope == .drift, binding.command == .moveRight { story.press("hh") }
        if scope == .review, binding.command == .moveLeft { story.press("l") }
        if scope == .outbox, binding.command == .retry { story.press("G") }
        if scope == .infer, [.moveLeft, .moveRight].contains(binding.command) { story.press("ggj") }
        if scope == .infer, binding.command == .previousCase || binding.command == .nextCase { continue }
        if scope == .case,
          [.nextCase, .previousCase, .moveLeft, .moveRight, .nextPanel, .previousPanel].contains(binding.command)
        {
          continue
        }
        if scope == .review, binding.command == .previousCase { story.press("j") }
        if binding.command == .goSearch, scope == .search { continue }
        if binding.command == .goLog, scope == .log { continue }
        if binding.command == .reload, scope == .log { continue }
        if binding.command == .goModels, scope == .models { continue }
        if binding.command == .goReview, scope == .review { continue }
        if binding.command == .goOutbox, scope == .outbox { continue }
        if binding.command == .goDrift, scope == .drift { continue }
        if binding.command == .back, scope == .models { continue }
        for keys in binding.keys {
          var other = story
          let before = other.state
          var effects: [Effect] = []
          for key in keys { effects += other.press(key) }
          #expect(
            before != other.state || !effects.isEmpty,
            "\(Binding.notation(of: keys)) (\(binding.meaning)) does nothing on \(scope)")
        }
      }
    }
  }

  @Test("no two bindings of a screen share a key, and no key of a screen begins a longer one of everybody's")
  func noClash() {
    for scope in Scope.allCases {
      let sequences = Keymap.standard.bindings(in: scope).flatMap(\.keys)
      #expect(Set(sequences).count == sequences.count, "\(scope)")
      for sequence in Keymap.standard.bindings(in: .everywhere).flatMap(\.keys) where sequence.count > 1 {
        #expect(!sequences.contains([sequence[0]]), "\(scope): \(sequence[0]) hides \(Binding.notation(of: sequence))")
      }
    }
  }

  @Test("help lists every binding of the screen and of everybody's")
  func help() throws {
    for story in try Self.screens() {
      var story = story.resized(120, 60)
      story.press("?")
      let (scope, screen) = (story.state.place.scope, story.screen)
      for binding in story.state.keymap.bindings(in: scope) + story.state.keymap.bindings(in: .everywhere) {
        #expect(screen.contains(binding.hint), "\(binding.hint) is not in the help of \(scope)")
      }
      story.press(.escape)
      #expect(story.state.overlay == nil)
    }
  }

  @Test("help scrolls to its end and no further, so that the first key back moves")
  func helpScrolls() {
    var story = Story(columns: 80, rows: 14)
    story.press("?")
    story.press("G")
    let end = story.screen
    story.press("jjjj")
    #expect(story.screen == end)
    story.press("k")
    #expect(story.screen != end)
    story.press("g")
    #expect(story.state.overlay == .help(scroll: 0))
    story.press("x")
    #expect(story.state.overlay == nil)
  }

  @Test("in the help the filter's key opens the palette: what is looked for may be a command of any screen")
  func findInHelp() {
    var story = ModelsScreenTests.listed()
    story.press("?")
    #expect(story.screen.contains("/ find"))
    story.press("/")
    story.press("sort")
    #expect(story.screen.contains("Sort by the next column"))
    story.press(.enter)
    #expect(story.state.overlay == nil)
    #expect(story.state.models.sort == .name)
  }

  @Test("the palette finds commands by letters, completes with Tab, runs with Enter")
  func palette() throws {
    var story = ModelsScreenTests.listed()
    story.press(":")
    story.press("infer chu")
    #expect(story.screen.contains("infer churn-gbdt"))
    story.press(.tab)
    story.press(.enter)
    #expect(story.state.place == .infer(ModelID("churn-gbdt", version: "7")))
    var review = try ReviewScreenTests.opened()
    review.press(":rate 4")
    #expect(review.press(.enter).count == 1)
    #expect(
      review.state.review.editor?.draft.marks == [
        Mark(kind: nil, target: nil, rating: 4, explainer: ModelID("income-shap"))
      ])
    review.press(":rate 2")
    review.press(.enter)
    #expect(
      review.state.review.editor?.draft.marks == [
        Mark(kind: nil, target: nil, rating: 2, explainer: ModelID("income-shap"))
      ])
    review.press(":")
    review.press(.down, .up, .escape)
    #expect(review.state.overlay == nil)
  }

  @Test("[ goes back to where one was before a jump, ] goes on again; what was replaced is read anew")
  func jumps() throws {
    var story = ModelsScreenTests.listed()
    story.press("[")
    #expect(story.toast == "· nothing to go back to")
    story.press("d")
    story.press("gr")
    story.press("go")
    #expect(story.state.place == .outbox)
    story.press("[")
    #expect(story.state.place == .review)
    story.press("[")
    #expect(story.state.place == .drift(Income.model))
    story.press("]]")
    #expect(story.state.place == .outbox)
    story.press("]")
    #expect(story.toast == "· nothing to go on to")

    var cases = CaseScreenTests.opened(try Income.content(), siblings: [Income.id(8841), Income.id(9)])
    cases.press("J")
    #expect(cases.state.place == .case(Income.id(9)))
    #expect(cases.press("[") == [.loadCase(Income.id(8841))])
    #expect(cases.state.case?.siblings.count == 2)
  }

  @Test("[ goes back from the end of a list too, and from a mark in it; ] goes on again")
  func jumpsInLists() {
    var story = ModelsScreenTests.listed()
    story.press("gg")
    let first = story.state.models.selected?.id
    story.press("ma")
    story.press("j")
    let second = story.state.models.selected?.id
    story.press("G")
    let last = story.state.models.selected?.id
    #expect(Set([first, second, last]).count == 3)
    story.press("'a")
    #expect(story.state.models.selected?.id == first)
    story.press("[")
    #expect(story.state.models.selected?.id == last)
    story.press("[")
    #expect(story.state.models.selected?.id == second)
    story.press("]")
    #expect(story.state.models.selected?.id == last)
    story.press("]")
    #expect(story.state.models.selected?.id == first)

    // A screen is gone back to with the row that one had left.
    story.press("jgr")
    story.press("gm")
    story.press("G")
    story.press("[")
    #expect(story.state.models.selected?.id == second)
    story.press("[[")
    #expect(story.state.place == .models && story.state.models.selected?.id == second)
  }

  @Test("J and K take a count, and stop at the ends of the list")
  func countedCases() throws {
    let list = [8841, 1, 2, 3, 4, 5].map { Income.id($0) }
    var story = CaseScreenTests.opened(try Income.content(), siblings: list)
    for (keys, number) in [("3J", 3), ("2K", 1), ("9J", 5), ("9K", 8841)] {
      story.press(keys)
      #expect(story.state.place == .case(Income.id(number)), "\(keys)")
    }
  }

  @Test("m and a letter give a place a name, ' and the letter go back to it")
  func bookmarks() throws {
    var story = ModelsScreenTests.listed()
    story.press("'a")
    #expect(story.toast.hasSuffix("no place has the letter a"))
    story.press("gr")
    story.press("m")
    #expect(story.toast.hasSuffix("a letter for this place"))
    story.press("a")
    story.press("gm")
    #expect(story.state.place == .models)
    story.press("'a")
    #expect(story.state.place == .review)
    story.press("m")
    story.press(.escape)
    #expect(story.state.place == .review)
    story.press("[")
    #expect(story.state.place == .models)
  }

  @Test("what leaves the screen carries the handling banner first and last: y, Y, a problem, a table")
  func banner() throws {
    let banner = "SENSITIVE · TRIAL DATA"
    for var story in try Self.screens() {
      story.state.banner = banner
      var texts: [String] = []
      for effect in story.press("y") + story.press("Y") {
        if case .copy(let text) = effect { texts.append(text) }
        if case .view(let text) = effect { texts.append(text) }
      }
      story.press("t")
      if case .copy(let text)? = story.press("y").first { texts.append(text) }
      story.press(.escape)
      story.happens(.failed(Problem("no answer", detail: "timed out")))
      story.press("gl")
      if case .copy(let text)? = story.press("y").first { texts.append(text) }
      #expect(texts.count == 4, "\(story.state.place)")
      for text in texts {
        let lines = text.split(separator: "\n")
        #expect(lines.first == banner[...] && lines.last == banner[...] && lines.count > 2, "\(text)")
      }
    }
  }

  @Test("Y shows the screen as plain text in the pager")
  func plainView() {
    var story = ModelsScreenTests.listed()
    guard case .view(let text) = story.press("Y").first else {
      Issue.record("nothing was shown")
      return
    }
    #expect(text.contains("churn-gbdt"))
  }

  @Test("two forms opened one from another: going back shows the first model's own")
  func twoForms() {
    var story = ModelsScreenTests.listed()
    story.press("i")
    story.press(":infer churn")
    story.press(.enter)
    #expect(story.state.infer?.model.name == "churn-gbdt")
    let effects = story.press("q")
    #expect(story.state.place == .infer(Income.model))
    #expect(story.state.infer?.model == Income.model)
    #expect(effects.contains(.loadHistory(Income.model)))
  }

  @Test("a letter's place has its row: the case of the queue that the cursor was on, and the model of the list")
  func bookmarkedRow() throws {
    var story = try ReviewScreenTests.opened()
    let ids = story.state.review.items.map(\.id)
    story.press("jmb")
    let marked = try #require(story.state.review.underCursor)
    #expect(ids.contains(marked))
    story.press("G")
    #expect(story.state.review.underCursor != marked)
    #expect(story.press("'b") == [.rest(milliseconds: 80)])
    #expect(story.state.review.underCursor == marked)
    story.press("'b")
    #expect(story.toast == "· b is where you are")
    story.press("Ggm'b")
    #expect(story.state.place == .review && story.state.review.underCursor == marked)
    // One that the queue has no more is not where the cursor is.
    let others = try ReviewScreenTests.items().filter { $0.id != marked }
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(), items: others), ReviewScreenTests.pace, milliseconds: 9000))
    story.press("'b")
    #expect(story.toast == "· the row of b is not in the list now")
  }

  @Test("z and Z ask for undo and redo, and what came of it is said")
  func undo() throws {
    var story = CaseScreenTests.opened(try Income.content())
    #expect(story.press("zZ") == [.undo(isWanted: false), .redo(isWanted: false)])
    story.happens(.undone(what: Message(.done, "undone #12 agree", hint: Hint(.redo, "redo")), try Income.content()))
    #expect(story.toast == "● undone #12 agree   Z redo")
    var judged = try Income.content()
    judged.own = GivenJudgement(
      analyst: "ana@las", at: Stub.now, judgement: Judgement(verdict: .disagree, label: "<=50K"), sequence: 14)
    story.happens(.undone(what: Message(.done, "redone as #14 disagree → <=50K"), judged))
    #expect(story.screen.contains("disagree → <=50K"))
    #expect(story.screen.contains("saved #14"))
  }

  @Test("what an earlier session saved is told by z, and taken back by the next z alone")
  func undoOfEarlier() throws {
    var story = CaseScreenTests.opened(try Income.content())
    #expect(story.press("z") == [.undo(isWanted: false)])
    story.happens(.undoOffered("#40 agree, case 8"))
    #expect(story.toast == "· of an earlier session: #40 agree, case 8   z takes it back")
    #expect(story.press("z") == [.undo(isWanted: true)])
    #expect(story.press("z") == [.undo(isWanted: false)])
    story.happens(.undoOffered("#40 agree, case 8"))
    story.press("j")
    #expect(story.press("z") == [.undo(isWanted: false)])
    story.press(":undo")
    #expect(story.screen.contains("Take back #40 agree, case 8"))
  }

  @Test("what was taken back in an earlier session is told by Z, and brought back by the next Z alone")
  func redoOfEarlier() throws {
    var story = CaseScreenTests.opened(try Income.content())
    #expect(story.press("Z") == [.redo(isWanted: false)])
    story.happens(.redoOffered("#40 agree, case 8"))
    #expect(story.toast == "· taken back in an earlier session: #40 agree, case 8   Z brings it back")
    #expect(story.press("Z") == [.redo(isWanted: true)])
    #expect(story.press("Z") == [.redo(isWanted: false)])
    story.happens(.redoOffered("#40 agree, case 8"))
    #expect(story.press("z") == [.undo(isWanted: false)])
    #expect(story.press("Z") == [.redo(isWanted: false)])
  }

  @Test("a minute moves the clock and nothing else")
  func clock() throws {
    for var story in try Self.screens() {
      let before = story.screen.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(story.happens(.ticked(Stub.now.advanced(bySeconds: 60), milliseconds: 60_000)).isEmpty)
      let after = story.screen.split(separator: "\n", omittingEmptySubsequences: false)
      let changed = before.indices.filter { before[$0] != after[$0] }
      #expect(changed == [0], "\(story.state.place): \(changed.map { after[$0] })")
    }
  }

  @Test("without colours everything is still told: no style of a mono screen needs one")
  func mono() throws {
    for story in try Self.screens() {
      let frame = story.frame
      for row in 0..<24 {
        for column in 0..<80 {
          let cell = frame[row, column]
          // A state's colour stands on its glyph alone, never on a word or a number.
          if [.ok, .warn, .bad, .info].contains(cell.style.role) {
            #expect(
              "●◐▲✗✓○·asking…0123456789✓".unicodeScalars.contains(cell.scalar), "\(cell.scalar) in \(story.line(row))")
          }
        }
      }
    }
  }

  @Test("each screen in monochrome: the same picture, told by bold, underline and reverse")
  func monochrome() throws {
    var gallery = Gallery()
    for story in try Self.screens() {
      var frame = story.frame
      frame.restyle(frame.bounds) { style in
        let ink = Theme.mono[style.role]
        #expect(ink.colour == nil)
        style = Style(bold: style.bold || ink.bold, underline: style.underline, reverse: style.reverse)
      }
      gallery.add("\(story.state.place.scope.title)", frame)
    }
    gallery.expect(named: "monochrome")
  }
}
