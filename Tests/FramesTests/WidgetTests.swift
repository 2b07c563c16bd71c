import FrameTesting
import Frames
import SafeText
import Testing

@Suite("Widgets")
struct WidgetTests {
  @Test("a header gives up the user, crumbs in the middle, the time, and never what screen it is")
  func header() throws {
    let models = Header(
      crumbs: ["prod", "Models"], user: "ana@las", link: "○ offline since 12:08Z", outbox: 27, clock: "12:22Z")
    let lines = [80, 50, 44].map { columns in
      var frame = Frame(columns: columns, rows: 1)
      models.draw(on: &frame)
      return frame.text
    }
    #expect(lines[0] == (try look("outbox"))[0].replacing("Outbox", with: "Models"))
    #expect(lines[1] == " mds  prod ▸ Models   ○ offline since 12:08Z  ↑27 ")
    #expect(lines[2] == " mds  Models    ○ offline since 12:08Z  ↑27 ")
    var frame = Frame(columns: 66, rows: 1)
    Header(
      crumbs: ["prod", "Models", "income-classifier v3", "Infer"], user: "ana@las", link: "● online", clock: "12:05Z"
    ).draw(on: &frame)
    #expect(frame.text == " mds  prod ▸ … ▸ income-classifier v3 ▸ Infer    ● online  12:05Z ")
  }

  @Test("rules and columns join as designed")
  func rules() throws {
    var frame = Frame(columns: 80, rows: 24)
    Rule("Input  row 1 of 1", right: "adult.csv:8841", isFocused: true).draw(on: &frame, row: 1, columns: 46)
    Rule("Signature").draw(on: &frame, row: 1, column: 47)
    Rule("Last result").draw(on: &frame, row: 13, column: 47)
    Rule("Batch").draw(on: &frame, row: 19, columns: 46)
    ColumnRule(column: 46, rows: 1..<22).draw(on: &frame)
    let designed = try look("infer")
    #expect(frame.line(1) == designed[1])
    #expect(frame.line(19) == designed[19])
    #expect(frame.line(2) == designed[2])
    #expect(frame[13, 46].scalar == "├")
  }

  @Test("a footer keeps the last hint, and at most six")
  func footer() throws {
    var frame = Frame(columns: 80, rows: 1)
    let hints: [Footer.Hint] = [
      .init("⏎", "edit"), .init("x", "send"), .init("e", "JSON"), .init("o", "file"), .init("f", "send anyway"),
      .init("?", "help"),
    ]
    Footer(hints, right: "✗ 1 problem").draw(on: &frame)
    #expect(frame.text == (try look("infer"))[23])
    var narrow = Frame(columns: 30, rows: 1)
    Footer(hints, right: "1/12").draw(on: &narrow)
    #expect(narrow.text == " ⏎ edit  x send  ? help  1/12 ")
  }

  @Test("a table drops its columns by priority and follows its cursor")
  func table() {
    let table = ModelsPicture.table
    #expect(table.layout(width: 80).map(\.index) == [0, 1, 2, 3, 4, 5, 6])
    #expect(table.layout(width: 65).map(\.index) == [0, 1, 2, 3, 4, 5])
    #expect(table.layout(width: 56).map(\.index) == [0, 1, 2, 3, 4])
    var cursor = ListCursor()
    cursor.move(by: 99_999, count: 100_000, height: 5)
    var frame = Frame(columns: 20, rows: 6)
    var asked: [Int] = []
    Table([.init("NAME", width: 4, isFlexible: true), .init("N", width: 6, .right)]).draw(
      on: &frame, in: frame.bounds, count: 100_000, cursor: cursor
    ) { row in
      asked.append(row)
      return ["a", StyledText(Numeral.count(row))]
    }
    #expect(asked == [99_995, 99_996, 99_997, 99_998, 99_999])
    #expect(frame.line(0) == "  NAME             N")
    #expect(frame.line(5) == "▌ a           99 999")
  }

  @Test("a list cursor stays inside and scrolls as little as it can", arguments: 0..<10)
  func listCursor(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    var cursor = ListCursor()
    for _ in 0..<500 {
      let count = Int.random(in: 0..<30, using: &dice)
      let height = Int.random(in: 0..<12, using: &dice)
      switch Int.random(in: 0..<3, using: &dice) {
      case 0:
        cursor.move(by: [1, -1, .max, .min, 7][Int.random(in: 0..<5, using: &dice)], count: count, height: height)
      case 1: cursor.page(Bool.random(using: &dice) ? 1 : -1, count: count, height: height)
      default: cursor.select(Int.random(in: -3..<40, using: &dice), count: count, height: height)
      }
      #expect(cursor.selection == 0 || cursor.selection < count)
      if count > 0, height > 0 {
        #expect(cursor.visible(count: count, height: height).contains(cursor.selection))
        #expect(cursor.visible(count: count, height: height).count == min(count, height))
      }
    }
  }

  @Test("the palette over the list")
  func palette() throws {
    var frame = ModelsPicture.draw()
    let choice = Choice(
      "Command",
      options: [
        .init("drift income-classifier", detail: "the drift screen", key: "gd"),
        .init("drift queue income-…", detail: "cases of the window", key: "Q"),
        .init("drift baseline income-…", detail: "pick a reference", key: "b"), .init("quit"),
      ], text: "drift inc", height: 6)
    #expect(choice.shown.count == 3)
    choice.draw(on: &frame, in: Rect(row: 4, column: 10, rows: 11, columns: 60))
    let designed = try look("palette")
    for row in [4, 5, 6, 7, 14] { #expect(frame.line(row) == designed[row]) }
    #expect(frame.cursor == Position(row: 5, column: 24))
    expectGolden(frame, named: "palette")
  }

  @Test("choosing filters, moves and edits")
  func choosing() {
    var choice = Choice(
      "Models", options: ["wine", "digits", "intent", "income-classifier"].map { .init(SafeText($0)) })
    #expect(choice.selection == 0)
    for scalar in "in".unicodeScalars { _ = choice.apply(.text(scalar)) }
    #expect(choice.shown.map { choice.options[$0].title.text }.first == "intent")
    #expect(choice.shown.count == 3)
    let isUsed = choice.apply(.down)
    #expect(isUsed)
    #expect(choice.options[choice.selection ?? 0].title.text == "income-classifier")
    let isLeft = choice.apply(.enter)
    #expect(!isLeft)
    choice.type("nothing like it")
    #expect(choice.selection == nil)
  }

  @Test("a banner stands first and last")
  func banner() throws {
    var frame = Frame(columns: 80, rows: 24)
    #expect(Banner("SENSITIVE · TRIAL DATA · NOT FOR RELEASE").draw(on: &frame).rows == 22)
    let designed = try look("banner")
    #expect(frame.line(0) == designed[0])
    #expect(frame.line(23) == designed[23])
    #expect(frame.styles == "0  0..<80 reverse\n23  0..<80 reverse")
  }

  @Test("a banner frames a picture, whose rows and cursor move down by one")
  func framingBanner() {
    var inner = Frame(columns: 12, rows: 10)
    inner.write("text", row: 0, column: 0)
    inner.write("last", row: 9, column: 0)
    inner.cursor = Position(row: 9, column: 4)
    let frame = Banner("LAB").framing(inner)
    #expect(frame.rows == 12 && frame.columns == 12)
    #expect(frame.line(0).contains("LAB") && frame.line(11).contains("LAB"))
    #expect(frame.line(1).hasPrefix("text") && frame.line(10).hasPrefix("last"))
    #expect(frame.cursor == Position(row: 10, column: 4))
    #expect(Banner.rows(of: 24) == 2 && Banner.rows(of: 11) == 2 && Banner.rows(of: 2) == 0)
  }

  @Test("help in columns")
  func help() {
    let help = Help(
      "Keys: Case",
      [
        .init(
          .empty,
          [
            .init("a", "agree"), .init("d", "disagree (digit, list)"), .init("u", "unsure"), .init("x", "skip"),
            .init("c", "confidence 1–5"), .init("s", "save and next, one event", isChanged: true), .init("n", "note"),
          ]),
        .init("everywhere", [.init("j k h l  gg G  ^D ^U", "move"), .init("⏎", "open"), .init("esc q", "back")]),
      ], note: "from the keymap you have now: 1 changed, shown bold")
    var frame = Frame(columns: 80, rows: 24)
    #expect(help.draw(on: &frame) == 0)
    expectGolden(frame, named: "help")
    var small = Frame(columns: 40, rows: 8)
    #expect(help.draw(on: &small) > 0)
  }

  @Test("a dialog is closed, cleared and cut to the frame")
  func dialog() {
    var frame = Frame(columns: 24, rows: 6)
    frame.fill(frame.bounds, with: "x")
    Dialog("Problem").draw(["500, not retried.", ""], on: &frame)
    #expect(
      frame.text == """
        xxxxxxxxxxxxxxxxxxxxxxxx
        ┌─ Problem ───────────┐x
        │  500, not retried.  │x
        │                     │x
        └─────────────────────┘x
        xxxxxxxxxxxxxxxxxxxxxxxx
        """)
  }

  @Test("a line of several styles is wrapped at spaces, each part in its style; of too few rows the last is cut")
  func wrapped() {
    let line = StyledText("four ", .bold) + StyledText("five  six") + StyledText(" sevens", .dim)
    #expect(line.wrapped(to: 9).map(\.text.text) == ["four five", "six", "sevens"])
    #expect(line.wrapped(to: 40) == [line])
    #expect(line.wrapped(to: 9, rows: 2).map(\.text.text) == ["four five", "six seve…"])
    #expect(line.wrapped(to: 9).last?.spans.map(\.style) == [.dim])
    let groups = StyledText("a 1   b 2   c 3   d 4")
    #expect(groups.wrapped(to: 11).map(\.text.text) == ["a 1   b 2", "c 3   d 4"])
    #expect(groups.wrapped(to: 11, rows: 1).map(\.text.text) == ["a 1   b 2 …"])
  }
}
