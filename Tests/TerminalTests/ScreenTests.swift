import Foundation
import Frames
import PtyTesting
import SafeText
import Terminal
import Testing

/// ncurses has one screen a process: one test at a time.
@Suite("Screen", .serialized)
struct ScreenTests {
  static func look(_ name: String) throws -> Frame {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "FramesTests/Look/\(name).txt"))
    let rows = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    var frame = Frame(columns: rows.first?.count ?? 0, rows: rows.count)
    for (index, row) in rows.enumerated() {
      // Styles as the screens have them: rules dim or, where the focus is, plain with a bold title; signs in colour.
      let text = SafeText(String(row))
      if row.contains("━") || row.contains("─") {
        var column = 0
        for scalar in row.unicodeScalars {
          let isLight = "─│┯┬┴┤├┼┌┐└┘╌╵".unicodeScalars.contains(scalar)
          frame.draw(scalar, row: index, column: column, style: isLight ? .dim : .plain)
          column += 1
        }
      } else if index == rows.count - 1 {
        frame.write(text, row: index, column: 0, style: .dim)
      } else {
        var column = 0
        for scalar in row.unicodeScalars {
          let style: Style =
            scalar == "▌" ? .select : scalar == "│" || scalar == "╌" ? .dim : StyledText.style(ofSign: scalar) ?? .plain
          frame.draw(scalar, row: index, column: column, style: style)
          column += 1
        }
      }
    }
    return frame
  }

  /// A screen on a terminal in memory, until `body` is done.
  static func withScreen<Result>(
    columns: Int = 80, rows: Int = 24, terminal: String = "xterm-256color", options: Screen.Options = .init(),
    allowing shapes: Set<String> = [], locale: String = "C.UTF-8", _ body: (Screen, PtyPair) throws -> Result
  ) throws -> Result {
    // The environment of the tests may be any: nothing is taken from it.
    var options = options
    options.colours = options.colours ?? 256
    let pair = try #require(PtyPair(columns: columns, rows: rows, allowing: shapes))
    let screen = try Screen(
      options, input: pair.terminal, output: pair.terminal, terminal: terminal, locale: locale)
    defer { screen.close() }
    return try body(screen, pair)
  }

  static let screens = [
    "models", "models-120", "infer", "case", "case-120", "case-wine", "case-text", "case-digit", "drift", "drift-120",
    "review", "review-blind", "outbox", "feedback", "feedback-cases", "trace", "palette", "help", "problem",
    "first-run", "unreachable", "banner",
  ]

  @Test("shows each designed screen as it is, within its bytes", arguments: screens)
  func showsScreens(name: String) throws {
    let frame = try Self.look(name)
    try Self.withScreen(columns: frame.columns, rows: frame.rows) { screen, pair in
      let before = pair.received
      screen.show(frame)
      let painted = pair.received - before
      #expect(pair.screen.text == frame.text)
      #expect(pair.screen.strangers.isEmpty)
      #expect(painted <= (frame.columns == 80 ? 3300 : 6000), "\(name): \(painted) bytes")
    }
  }

  @Test(
    "goes from any screen to any other",
    arguments: [
      "xterm-256color", "tmux-256color", "screen-256color", "xterm", "linux", "vt220", "vt100",
    ])
  func goesAnywhere(terminal: String) throws {
    let frames = try ["models", "case-digit", "drift", "help", "models", "trace", "banner"].map(Self.look)
    try Self.withScreen(terminal: terminal) { screen, pair in
      for frame in frames {
        screen.show(frame)
        // The console's fonts have no braille.
        #expect(pair.screen.text == (terminal == "linux" ? frame.blocks() : frame).text)
      }
      #expect(pair.screen.strangers.isEmpty)
    }
  }

  @Test("moves the selection for a few bytes and draws nothing for nothing")
  func movesCheaply() throws {
    try Self.withScreen { screen, pair in
      var frame = try Self.look("models")
      screen.show(frame)
      let before = pair.received
      screen.show(frame)
      #expect(pair.received == before)
      frame.draw(" ", row: 3, column: 0)
      frame.draw("▌", row: 4, column: 0, style: .select)
      screen.show(frame)
      let moved = pair.received - before
      #expect(moved <= 70, "\(moved) bytes")
      #expect(pair.screen.text == frame.text)
    }
  }

  @Test("spends nothing on the blanks between words of one style, and is right again when they go")
  func joinsGaps() throws {
    try Self.withScreen { screen, pair in
      screen.show(Frame(columns: 80, rows: 24))
      let before = pair.received
      var frame = Frame(columns: 80, rows: 24)
      for column in stride(from: 2, to: 42, by: 4) { frame.draw("·", row: 5, column: column, style: .dim) }
      screen.show(frame)
      let dots = pair.received - before
      // Ten dots of two bytes, nine gaps of three, and the way there; a change of style at each gap would be 126 more.
      #expect(dots <= 90, "\(dots) bytes")
      #expect(pair.screen.text == frame.text)
      screen.show(Frame(columns: 80, rows: 24))
      #expect(pair.received - before - dots <= 20)
      #expect(pair.screen.cells == Array(repeating: Array(repeating: .init(), count: 80), count: 24))
    }
  }

  @Test("shows any frame after any other", arguments: 0..<6)
  func anyFrames(seed: Int) throws {
    var dice = SystemRandomNumberGenerator()
    let texts: [SafeText] = ["日本語", "abc def", "e\u{301}x", "👍", "───", "▁▂▃", " ", "⣀⡀", "한글"]
    try Self.withScreen(columns: 20, rows: 6) { screen, pair in
      var frame = Frame(columns: 20, rows: 6)
      for _ in 0..<60 {
        if Int.random(in: 0..<8, using: &dice) == 0 { frame = Frame(columns: 20, rows: 6) }
        for _ in 0..<Int.random(in: 0..<5, using: &dice) {
          let style = Style(
            role: Role.allCases[Int.random(in: 0..<Role.allCases.count, using: &dice)], bold: Bool.random(using: &dice),
            underline: Bool.random(using: &dice), reverse: Bool.random(using: &dice))
          frame.write(
            texts[Int.random(in: 0..<texts.count, using: &dice)], row: Int.random(in: 0..<6, using: &dice),
            column: Int.random(in: -2..<20, using: &dice), style: style)
        }
        frame.cursor = Bool.random(using: &dice) ? Position(row: 3, column: 7) : nil
        screen.show(frame)
        let shown = pair.screen
        #expect(shown.text == frame.text)
        #expect(shown.modes.contains(25) == (frame.cursor != nil))
        if frame.cursor != nil { #expect(shown.cursor == (3, 7)) }
        for row in 0..<6 {
          for column in 0..<20 where frame[row, column].span != .continuation {
            #expect(shown.cells[row][column].look.reverse == frame[row, column].style.reverse)
            #expect(shown.cells[row][column].look.underline == frame[row, column].style.underline)
          }
        }
      }
    }
  }

  @Test("hostile text draws its cells and nothing else", arguments: 0..<4)
  func hostileText(seed: Int) throws {
    var dice = SystemRandomNumberGenerator()
    try Self.withScreen(columns: 40, rows: 6) { screen, pair in
      for _ in 0..<40 {
        var frame = Frame(columns: 40, rows: 6)
        for row in 0..<6 {
          let scalars = (0..<30).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0..<(Bool.random(using: &dice) ? 0x3000 : 0x11_0000), using: &dice))
          }
          var text = String.UnicodeScalarView()
          text.append(contentsOf: scalars)
          let bytes = (0..<10).map { _ in UInt8.random(in: 0...255, using: &dice) }
          frame.write(SafeText(String(text)) + SafeText(bytes: bytes), row: row, column: 0)
        }
        frame.title = SafeText("a\u{7}b\u{1B}]52;c;x\u{7}")
        screen.show(frame)
        let shown = pair.screen
        for (drawn, wanted) in zip(shown.lines, frame.text.split(separator: "\n", omittingEmptySubsequences: false)) {
          #expect(drawn.unicodeScalars.elementsEqual(wanted.unicodeScalars))
        }
        #expect(shown.strangers.isEmpty)
        #expect(shown.bells == 0 && shown.clipboard.isEmpty && shown.title == "a␇b␛]52;c;x␇")
      }
    }
  }

  @Test(
    "answers roles with colours of the palette, fewer or none",
    arguments: [
      ("xterm-256color", nil, 214, 256), ("xterm", nil, 3, 8), ("xterm-256color", 16, 3, 16),
      ("xterm-256color", 0, nil, 0),
      ("vt220", nil, nil, 0),
    ] as [(String, Int?, Int?, Int)])
  func colours(terminal: String, limit: Int?, colour: Int?, available: Int) throws {
    var options = Screen.Options()
    options.colours = limit
    try Self.withScreen(columns: 10, rows: 2, terminal: terminal, options: options) { screen, pair in
      #expect(screen.colours == available)
      var frame = Frame(columns: 10, rows: 2)
      frame.write("█", row: 0, column: 0, style: .positive)
      frame.write("x", row: 0, column: 1, style: .accent)
      frame.write("d", row: 0, column: 2, style: .dim)
      screen.show(frame)
      let look = pair.screen.cells[0]
      #expect(look[0].look.foreground == colour)
      #expect(look[0].look.background == nil)
      #expect(look[1].look.bold)
      #expect(look[2].look.dim == (available > 0))
    }
  }

  @Test("shows ASCII twins when asked")
  func ascii() throws {
    var options = Screen.Options()
    options.isASCII = true
    let frame = try Self.look("models")
    try Self.withScreen(terminal: "vt220", options: options) { screen, pair in
      screen.show(frame)
      #expect(pair.screen.text == frame.asciiText)
      #expect(screen.isASCII)
    }
  }

  @Test("is ASCII where the locale is")
  func asciiLocale() throws {
    let pair = try #require(PtyPair())
    let screen = try Screen(input: pair.terminal, output: pair.terminal, terminal: "xterm-256color", locale: "C")
    defer { screen.close() }
    #expect(screen.isASCII)
    screen.show(try Self.look("trace"))
    #expect(pair.screen.text == (try Self.look("trace").asciiText))
  }

  @Test("takes a new size")
  func resizes() throws {
    try Self.withScreen(columns: 120, rows: 40) { screen, pair in
      screen.show(try Self.look("models-120"))
      pair.resize(columns: 80, rows: 24)
      screen.resize()
      #expect(screen.size == (80, 24))
      let frame = try Self.look("models")
      screen.show(frame)
      #expect(pair.screen.text == frame.text)
      screen.repaint()
      screen.show(frame)
      #expect(pair.screen.text == frame.text)
    }
  }

  @Test("gives the terminal back as it was")
  func closes() throws {
    let pair = try #require(PtyPair())
    var before = termios()
    tcgetattr(pair.terminal, &before)
    let screen = try Screen(input: pair.terminal, output: pair.terminal, terminal: "xterm-256color", locale: "C.UTF-8")
    var frame = try Self.look("models")
    frame.mouse = .buttons
    frame.title = "mds models"
    screen.show(frame)
    #expect(pair.screen.modes.isSuperset(of: [1000, 1004, 1006, 1049, 2004]))
    #expect(pair.screen.title == "mds models")
    #expect(screen.copy("hello") == .sent)
    #expect(pair.screen.clipboard == "c;aGVsbG8=")
    screen.lend { #expect(pair.screen.modes == [7, 25]) }
    screen.show(frame)
    #expect(pair.screen.text == frame.text)
    screen.close()
    screen.close()
    #expect(pair.screen.modes == [7, 25])
    var after = termios()
    tcgetattr(pair.terminal, &after)
    #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag && after.c_oflag == before.c_oflag)
  }

  @Test("waits for the answer it asked for, so that the shell does not get it")
  func awaitsAnswers() throws {
    try Self.withScreen { screen, pair in
      screen.askBackground()
      #expect(pair.screen.questions == ["OSC 11", "DA1"])
      pair.send("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[?62c")
      screen.close()
      var waiting: Int32 = -1
      #expect(ioctl(pair.terminal, UInt(FIONREAD), &waiting) == 0)
      #expect(waiting == 0)
    }
  }

  @Test(
    "says why it cannot start",
    arguments: [
      ("", .dumbTerminal(name: "")), ("dumb", .dumbTerminal(name: "dumb")),
      ("no-such-terminal", .unknownTerminal(name: "no-such-terminal")),
    ] as [(String, TerminalError)])
  func cannotStart(terminal: String, error: TerminalError) throws {
    let pair = try #require(PtyPair())
    #expect(throws: error) { try Screen(input: pair.terminal, output: pair.terminal, terminal: terminal) }
    #expect(!error.summary.isEmpty && !error.advice.isEmpty)
  }

  @Test(
    "takes a terminal that it does not know for the kin it is of", arguments: ["xterm-ghostty", "xterm-kitty", "foot"])
  func kin(terminal: String) throws {
    try Self.withScreen(terminal: terminal) { screen, pair in
      #expect(screen.colours == 256)
      let frame = try Self.look("first-run")
      screen.show(frame)
      #expect(pair.screen.text == frame.text)
    }
  }

  @Test("wants a terminal")
  func wantsATerminal() throws {
    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    #expect(throws: TerminalError.notATerminal) { try Screen(input: null, output: null, terminal: "xterm") }
  }
}
