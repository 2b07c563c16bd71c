import Frames
import Testing

@testable import Workbench

/// Where a screen names a key, it is the key in force.
@Suite("A key that a screen names")
struct HintTests {
  /// One column and two; what else a size changes names no other keys.
  private static let sizes = [(80, 24), (120, 40)]

  /// Every character that is a key, moved to one that no screen shows and that is as wide; Enter is one of them.
  private static func moved(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar == "⏎" { return "\u{2C60}" }
    return (0x21..<0x7F).contains(scalar.value) ? Unicode.Scalar(0x180 + scalar.value - 0x21) : nil
  }

  private static func moved(_ key: Key) -> Key {
    switch key {
    case .text(let scalar): moved(scalar).map(Key.text) ?? key
    case .enter: .text("\u{2C60}")
    default: key
    }
  }

  /// The shipped keymap with every printable key moved.
  static let moved = Keymap(
    Keymap.standard.bindings.map { binding in
      var binding = binding
      binding.keys = binding.keys.map { $0.map { moved($0) } }
      return binding
    })

  /// The shipped keymap, its keys taken away.
  static let none = Keymap(
    Keymap.standard.bindings.map { binding in
      var binding = binding
      binding.keys = []
      return binding
    })

  /// The rows in which a key is a command's: what is asked, and what lies over a screen, is answered by keys of its own.
  private static func rows(_ story: Story) -> Range<Int> {
    if case .palette = story.state.overlay { return 0..<0 }
    let isAsked = story.state.isAsking || story.state.filter != nil || story.state.overlay != nil
    return 0..<story.state.size.rows - (isAsked ? 1 : 0)
  }

  /// Words that say what a key does.
  private static let doings: Set<Substring> = [
    "tries", "asks", "opens", "shows", "reads", "saves", "goes", "sends", "looks", "turns", "turn", "takes", "composes",
    "reviews", "fetches", "syncs", "searches", "charts", "makes", "chooses", "retry", "agree", "disagree", "unsure",
    "skip",
    "hides", "edits", "writes", "spurious", "missing", "agrees", "detail", "reveal", "infer", "drift", "review", "undo",
    "redo", "marks", "compares", "class", "other", "another", "and", "help", "filter",
  ]
  private static let keys = Set(
    Keymap.standard.bindings.flatMap(\.keys).map(Binding.notation(of:)).filter { key in
      key.count <= 2 && key.unicodeScalars.allSatisfy { moved($0) != nil }
    })

  /// The keys that a row names, with the word that says what each does.
  private static func named(in row: String) -> [String] {
    let words = row.split { " │;:,.()".contains($0) }
    return zip(words, words.dropFirst()).filter { keys.contains(String($0)) && doings.contains($1) }
      .map { "\($0) \($1)" }
  }

  @Test("is the one that a configuration has given to the command, and nothing else of the screen changes")
  func given() throws {
    var seen: Set<String> = []
    for scene in Scene.all where !["help", "help-scrolled", "many"].contains(scene.state) {
      let story = try scene.story()
      for (columns, rows) in Self.sizes {
        let shipped = story.resized(columns, rows)
        var changed = shipped
        changed.state.keymap = Self.moved
        let (before, after) = (shipped.frame, changed.frame)
        let what = "\(scene.testDescription) at \(columns)x\(rows)"
        for (cell, now) in zip(before.cells, after.cells) where cell.scalar != now.scalar {
          guard Self.moved(cell.scalar) != now.scalar else { continue }
          Issue.record("\(what)\n\(after.text)")
          break
        }
        for row in Self.rows(shipped) {
          seen.formUnion(Self.named(in: before.line(row)))
          #expect(Self.named(in: after.line(row)) == [], "\(what)")
        }
      }
    }
    #expect(seen.count > 45, "\(seen.sorted())")
  }

  @Test("is not named where the command has none")
  func none() throws {
    for scene in Scene.all where scene.state != "many" {
      let story = try scene.story()
      for (columns, rows) in Self.sizes {
        var story = story.resized(columns, rows)
        story.state.keymap = Self.none
        let frame = story.frame
        for row in Self.rows(story) {
          let named = Self.named(in: frame.line(row))
          #expect(named == [], "\(scene.testDescription) at \(columns)x\(rows)")
        }
        guard Self.rows(story) == 0..<rows else { continue }
        let footer = frame.line(rows - 1).prefix { !$0.isNumber && $0 != "✗" }
        #expect(footer.allSatisfy { $0 == " " }, "\(scene.testDescription): \(story.footer)")
      }
    }
  }

  @Test("is a screen's own, and none that means something else there")
  func taken() {
    var keymap = Keymap.standard
    keymap.give([[.text("R")]], to: .infer, in: .models)
    #expect(keymap.key(of: .infer, in: .models) == "R")
    #expect(keymap.key(of: .reload, in: .models) == "")
    #expect(keymap.key(of: .reload, in: .drift) == "R")
    keymap.give([[.text("g")]], to: .infer, in: .models)
    #expect(keymap.key(of: .goReview, in: .models) == "")
    #expect(keymap.key(of: .top, in: .models) == "Home")
    keymap.give([], to: .open, in: .outbox)
    #expect(keymap.key(of: .open, in: .outbox) == "⏎")
  }

  @Test("does what the screen says of it: over a text the copy key copies, whichever it is")
  func copies() {
    var story = ModelsScreenTests.listed()
    story.state.keymap.give([[.text("c")]], to: .copy, in: .everywhere)
    story.press("t")
    #expect(story.footer.hasPrefix(" c copy all"))
    #expect(story.press("c").contains { if case .copy = $0 { true } else { false } })
  }
}
