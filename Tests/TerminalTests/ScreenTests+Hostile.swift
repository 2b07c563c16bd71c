import Frames
import Glibc
import PtyTesting
import SafeText
import Terminal
import Testing

/// Text that somebody else has written, on the line.
extension ScreenTests {
  /// What names, tensors and errors have been made of to steer a terminal, or to deceive who reads it.
  static let fragments: [[UInt8]] =
    [
      "\u{1B}[2J", "\u{1B}[H", "\u{1B}[31m", "\u{1B}]0;owned\u{7}", "\u{1B}]52;c;cm0gLXJm\u{7}",
      "\u{1B}]8;;http://x\u{1B}\\",
      "\u{1B}P+q544e\u{1B}\\", "\u{1B}_Ga=T\u{1B}\\", "\u{1B}[?1049l", "\u{1B}[6n", "\u{1B}[c", "\u{1B}c",
      "\u{1B}[200~",
      "\u{9B}2J", "\u{9D}0;x\u{9C}", "\u{90}q", "\u{202E}drow", "\u{2066}a\u{2069}", "\u{200F}", "a\u{200B}b",
      "\u{FEFF}", "\u{2028}", "\u{2029}", "\r", "\n", "\r\n", "\u{8}\u{8}", "\t", "\0", "\u{7F}", "\u{7}", "\u{E}",
      "\u{F}",
      "\u{E0001}\u{E0041}", "\u{FE0F}\u{FE0F}", "👩\u{200D}🔬", "e" + String(repeating: "\u{301}", count: 40), "日本語",
      "\u{1160}", "\u{3164}", "\u{FFFE}", "\u{10FFFF}", "\u{F8FF}", "wine", "0.93", " ",
    ].map { Array($0.utf8) }
    + [
      [0x9B, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xFF, 0xFE], [0xC3],
    ]

  static func hostileText(_ dice: inout some RandomNumberGenerator, fragments count: Int) -> SafeText {
    SafeText(bytes: (0..<count).flatMap { _ in fragments.randomElement(using: &dice) ?? [] })
  }

  /// A box of our own with a row of foreign text on each of its rows.
  static func boxed(_ rows: [SafeText]) -> Frame {
    var frame = Frame(columns: 60, rows: rows.count + 2)
    for row in 0..<frame.rows {
      let isEdge = row == 0 || row == frame.rows - 1
      for column in 0..<60 where isEdge || column == 0 || column == 59 {
        frame.draw(isEdge ? "─" : "│", row: row, column: column)
      }
      if !isEdge { frame.write(rows[row - 1], row: row, column: 1, limit: 58) }
    }
    return frame
  }

  @Test(
    "whatever is in foreign text, only text and allowed sequences reach the line, and the box around it stands",
    arguments: ["xterm-256color", "screen", "linux", "vt220"], ["C.UTF-8", "C"])
  func hostileBox(terminal: String, locale: String) throws {
    var dice = SystemRandomNumberGenerator()
    var shapes = try TerminalEntry(terminal).shapes
    if terminal == "xterm-256color" || terminal == "screen" { shapes.formUnion(OutputAudit.own) }
    try Self.withScreen(columns: 60, rows: 12, terminal: terminal, allowing: shapes, locale: locale) { screen, pair in
      for _ in 0..<60 {
        var frame = Self.boxed(
          (0..<10).map { _ in Self.hostileText(&dice, fragments: Int.random(in: 0...12, using: &dice)) })
        frame.title = Self.hostileText(&dice, fragments: 4).prefix(cells: 80)
        screen.show(frame)
        let shown = pair.screen
        let wanted = screen.isASCII ? frame.asciiText : frame.text
        #expect(shown.text == wanted)
        #expect(shown.lines.dropFirst().dropLast().allSatisfy { $0.first == wanted.dropFirst(61).first })
        #expect(shown.bells == 0 && shown.clipboard.isEmpty && shown.questions.isEmpty)
      }
      let audit = pair.audit
      #expect(audit.faults == [])
      #expect(audit.counts["text", default: 0] > 1000)
    }
  }

  @Test("a foreign text of a megabyte costs one row")
  func hostileMegabyte() throws {
    var dice = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    while bytes.count < 1 << 20 { bytes += Self.fragments.randomElement(using: &dice) ?? [] }
    let shapes = try TerminalEntry("xterm-256color").shapes.union(OutputAudit.own)
    try Self.withScreen(columns: 60, rows: 3, allowing: shapes) { screen, pair in
      let before = pair.received
      let frame = Self.boxed([SafeText(bytes: bytes)])
      screen.show(frame)
      #expect(pair.screen.text == frame.text)
      #expect(pair.received - before < 2000)
      #expect(pair.audit.faults == [])
    }
  }

  @Test("copies at most what terminals copy, and says where there is no clipboard")
  func copies() throws {
    let most = String(repeating: "x", count: Screen.longestCopy)
    try Self.withScreen { screen, pair in
      #expect(screen.copy(most) == .sent)
      #expect(pair.screen.clipboard.utf8.count == 2 + 99_992)
      #expect(screen.copy(most + "y") == .tooLong)
      #expect(pair.screen.clipboard.utf8.count == 2 + 99_992)
    }
    for terminal in ["linux", "vt220"] {
      try Self.withScreen(terminal: terminal) { screen, pair in
        #expect(screen.copy("hello") == .impossible)
        #expect(pair.screen.clipboard.isEmpty)
      }
    }
  }

  @Test("waits for an answer before another program has the terminal too")
  func awaitsAnswersWhenLent() throws {
    try Self.withScreen { screen, pair in
      screen.askBackground()
      #expect(pair.screen.questions == ["OSC 11", "DA1"])
      pair.send("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[?62c")
      screen.lend {
        var waiting: Int32 = -1
        #expect(ioctl(pair.terminal, UInt(FIONREAD), &waiting) == 0)
        #expect(waiting == 0)
      }
    }
  }

  @Test("undoes what another program left: modes, margins, line drawing, a terminal that does not wait")
  func tidies() throws {
    let shapes = try TerminalEntry("xterm-256color").shapes.union(OutputAudit.own)
    try Self.withScreen(allowing: shapes) { screen, pair in
      let frame = try Self.look("models")
      screen.show(frame)
      #expect(pair.audit.faults == [])
      screen.lend {
        let odd = Array("\u{1B}[?1000h\u{1B}[?1006h\u{1B}[?7l\u{1B}[4h\u{1B}(0\u{1B}[5;9r\u{1B}[?25h\u{1B}[7m".utf8)
        _ = write(pair.terminal, odd, odd.count)
        _ = fcntl(pair.terminal, F_SETFL, fcntl(pair.terminal, F_GETFL) | O_NONBLOCK)
        var modes = termios()
        tcgetattr(pair.terminal, &modes)
        modes.c_lflag |= tcflag_t(ECHO)
        tcsetattr(pair.terminal, TCSANOW, &modes)
      }
      screen.show(frame)
      #expect(pair.screen.text == frame.text)
      #expect(pair.screen.modes == [7, 1004, 1049, 2004])
      #expect(pair.screen.cells[2][70].look == .init())
      #expect(fcntl(pair.terminal, F_GETFL) & O_NONBLOCK == 0)
      var modes = termios()
      tcgetattr(pair.terminal, &modes)
      #expect(modes.c_lflag & tcflag_t(ECHO | ICANON) == 0)
    }
  }
}
