import Frames
import SafeText
import Testing

@Suite("Text inputs")
struct TextInputTests {
  static func typed(_ keys: [Key], in text: String = "") -> TextInput {
    var input = TextInput(text)
    for key in keys { _ = input.apply(key) }
    return input
  }

  @Test(
    "edits with the keys of emacs",
    arguments: [
      ([.text("a"), .text("b"), .left, .text("x")], "", "axb", 2),
      ([.control("A"), .text("x")], "abc", "xabc", 1), ([.control("W")], "one two  ", "one ", 4),
      ([.control("U")], "abc", "", 0), ([.control("A"), .control("K"), .control("Y"), .control("Y")], "ab", "abab", 4),
      ([.backspace], "e\u{301}", "", 0), ([.left, .delete], "日本", "日", 1),
      ([.alt("b"), .alt("d")], "one two", "one ", 4),
      ([.home, .alt("f")], "one two", "one two", 3), ([.control("B"), .control("F"), .control("E")], "ab", "ab", 2),
      ([.backspace, .left, .delete, .right], "", "", 0),
    ] as [([Key], String, String, Int)])
  func edits(keys: [Key], before: String, after: String, cursor: Int) {
    let input = Self.typed(keys, in: before)
    #expect(input.text == after)
    #expect(input.cursor == cursor)
  }

  @Test("takes a paste as one line without controls")
  func pastes() {
    var input = TextInput("ac")
    input.move(by: -1)
    input.insert("x\r\ny\u{1B}[31mz")
    #expect(input.text == "ax y[31mzc")
    #expect(input.cursor == 9)
    input.insert("\t")
    #expect(input.text == "ax y[31mz c")
  }

  @Test("keeps line breaks and tabs where they are part of the text, and draws each in one cell")
  func lines() {
    var input = TextInput("a", keepsLines: true)
    input.insert("\r\nb\tc\u{7}\n\nd")
    #expect(input.text == "a\nb\tc\n\nd")
    #expect(input.cursor == 8)
    input.deleteBackward()
    input.deleteBackward()
    #expect(input.text == "a\nb\tc\n")
    var frame = Frame(columns: 10, rows: 1)
    input.draw(on: &frame, row: 0, column: 0, columns: 10)
    #expect(frame.cursor == Position(row: 0, column: 6))
    input.move(by: -2)
    _ = input.apply(.control("K"))
    _ = input.apply(.control("Y"))
    #expect(input.text == "a\nb\tc\n")
  }

  @Test(
    "leaves the screen's keys to the screen", arguments: [Key.enter, .tab, .escape, .up, .function(1), .control("C")])
  func leavesKeys(key: Key) {
    var input = TextInput("a")
    let isUsed = input.apply(key)
    #expect(!isUsed)
    #expect(input == TextInput("a"))
  }

  @Test("keeps the cursor in view")
  func scrolls() {
    var frame = Frame(columns: 10, rows: 1)
    TextInput("drift income").draw(on: &frame, row: 0, column: 1, columns: 8)
    #expect(frame.text == "  income▏ ".prefix(10) || frame.line(0).contains("income▏"))
    #expect(frame.cursor == Position(row: 0, column: 8))
    var input = TextInput("日本語です")
    input.move(by: -2)
    frame = Frame(columns: 10, rows: 1)
    input.draw(on: &frame, row: 0, column: 0, columns: 5)
    #expect((frame.cursor?.column ?? 99) < 5)
  }

  @Test("stands any keys", arguments: 0..<10)
  func anyKeys(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    let keys: [Key] = [
      .text("a"), .text("\u{301}"), .text("日"), .text(" "), .backspace, .delete, .control("W"), .control("K"),
      .control("U"), .control("Y"), .left, .right, .home, .end, .alt("b"), .alt("f"), .alt("d"), .text("\u{1F468}"),
      .text("\u{200D}"), .enter, .up, .down, .control("D"),
    ]
    var input = TextInput()
    var area = TextArea("one\ntwo three four five\n")
    for _ in 0..<600 {
      let key = keys[Int.random(in: 0..<keys.count, using: &dice)]
      _ = input.apply(key)
      _ = area.apply(key)
      #expect((0...input.text.count).contains(input.cursor))
      area.follow(columns: 7, rows: 3)
      var frame = Frame(columns: 9, rows: 4)
      input.draw(on: &frame, row: 0, column: 0, columns: 5)
      #expect((frame.cursor?.column ?? 99) < 5)
      area.draw(on: &frame, in: Rect(row: 1, column: 1, rows: 3, columns: 7))
      #expect(frame.cursor.map { (1..<4).contains($0.row) && (1..<9).contains($0.column) } ?? false)
    }
  }

  @Test("a note has lines, wrapped where it is drawn")
  func notes() {
    var area = TextArea("bonus paid once in 2019")
    _ = area.apply(.enter)
    area.insert("see\nfile")
    #expect(area.text == "bonus paid once in 2019\nsee\nfile")
    var frame = Frame(columns: 12, rows: 5)
    area.follow(columns: 12, rows: 5)
    area.draw(on: &frame, in: frame.bounds)
    #expect(frame.text == "bonus paid  \nonce in 2019\nsee         \nfile        \n            ")
    #expect(frame.cursor == Position(row: 3, column: 4))
    _ = area.apply(.home)
    _ = area.apply(.backspace)
    #expect(area.text == "bonus paid once in 2019\nseefile")
    _ = area.apply(.control("K"))
    #expect(area.text == "bonus paid once in 2019\nsee")
    _ = area.apply(.up)
    _ = area.apply(.end)
    _ = area.apply(.delete)
    #expect(area.text == "bonus paid once in 2019see")
  }
}

@Suite("Keys and colours by name")
struct NameTests {
  @Test("a key's name reads back as the key")
  func keys() {
    let keys: [Key] =
      [
        .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .enter, .tab, .backTab,
        .backspace,
        .escape, .text(" "), .alt(" "), .alt("x"), .alt("-"), .control("@"), .control("_"),
      ] + (1...24).map { .function($0) } + (0x21..<0x7F).compactMap { Unicode.Scalar($0).map { .text($0) } }
      + "ABCDEFGJKLNOPQRSTUVWXYZ".unicodeScalars.map { .control($0) }
    for key in keys { #expect(Key(key.description) == key, "\(key)") }
  }

  @Test(
    "keys have more than one name",
    arguments: [
      ("Enter", .enter), ("Ctrl-d", .control("D")), ("C-d", .control("D")), ("^d", .control("D")), ("^M", .enter),
      ("^I", .tab), ("^[", .escape), ("Alt-x", .alt("x")), ("Space", .text(" ")), ("f12", .function(12)),
      ("PageDown", .pageDown), ("^", .text("^")), ("é", .text("é")), ("F", .text("F")), ("ctrl-space", nil),
      ("F25", nil),
      ("", nil), ("jj", nil), ("\u{1B}", nil), ("^é", nil),
    ] as [(String, Key?)])
  func keyNames(name: String, key: Key?) {
    #expect(Key(name) == key)
  }

  @Test(
    "inks read back", arguments: ["default", "bold red", "214/yellow", "dim", "reverse underline", "bright-blue", "25"])
  func inks(name: String) throws {
    let ink = try #require(Ink(name))
    #expect(Ink(ink.description) == ink)
  }

  @Test("an ink that is none", arguments: ["purple", "256", "red blue", "1/2/3", "214/74"])
  func noInk(name: String) {
    #expect(Ink(name) == nil)
  }

  @Test("an ink answers a terminal with fewer colours")
  func fewerColours() {
    let ink = Ink(colour: 214, basicColour: 3)
    #expect(ink.colour(of: 256) == 214)
    #expect(ink.colour(of: 16) == 3)
    #expect(ink.colour(of: 8) == 3)
    #expect(ink.colour(of: 0) == nil)
    #expect(Ink(colour: 12).colour(of: 8) == 4)
  }

  @Test("letters in order match, starts of words best")
  func fuzzy() {
    let pattern = FuzzyPattern("drinc")
    #expect(pattern.score("drift income-classifier") != nil)
    #expect(pattern.score("income drift") == nil)
    #expect(FuzzyPattern("").score("anything") == 0)
    let order = ["income-classifier", "intent", "wine", "rain", "digits", "main"]
      .compactMap { name in FuzzyPattern("in").score(name).map { (name, $0) } }.sorted { $0.1 > $1.1 }.map(\.0)
    #expect(order.first == "intent")
    #expect(order.contains("digits") == false)
    #expect(FuzzyPattern("ic").score("income-classifier") ?? 0 > FuzzyPattern("ic").score("music") ?? 0)
    #expect(FuzzyPattern("日").score("日本") != nil)
  }

  @Test("a name passes a filter exactly where it scores", arguments: ["", "in", "nic", "c i", "wine  e", "日", "zz"])
  func filters(letters: String) {
    let pattern = FuzzyPattern(letters)
    for name in ["income-classifier", "intent", "wine", "Music", "", "日本", "no-ink"] {
      #expect(pattern.matches(Array(name.utf8)) == (pattern.score(name) != nil), "\(letters) in \(name)")
    }
  }

  @Test("over several rows it is broken where a row ends, and the cursor's row is in view")
  func rows() {
    var frame = Frame(columns: 8, rows: 3)
    var input = TextInput("one two three")
    input.draw(on: &frame, in: Rect(row: 0, column: 1, rows: 2, columns: 6))
    #expect(frame.text == " o thre \n e▏     \n        ")
    #expect(frame.cursor == Position(row: 1, column: 2))
    input.moveToStart()
    frame = Frame(columns: 8, rows: 3)
    input.draw(on: &frame, in: Rect(row: 0, column: 1, rows: 3, columns: 6))
    #expect(frame.text == " one tw \n o thre \n e      ")
    #expect(frame.cursor == Position(row: 0, column: 1))
    // A character of two cells is never parted.
    frame = Frame(columns: 8, rows: 3)
    TextInput("a模型").draw(on: &frame, in: Rect(row: 0, column: 0, rows: 3, columns: 4))
    #expect(frame.line(0).hasPrefix("a模") && frame.line(1).hasPrefix("型"))
  }
}
