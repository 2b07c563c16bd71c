import Frames
import Glibc
import PtyTesting
import Testing

@Suite("A program in a terminal")
struct ProbeTests {
  static func probe(_ environment: [String: String] = [:], columns: Int = 80, rows: Int = 24) throws -> Pty {
    try Pty(Pty.product("TerminalProbe"), environment: environment, columns: columns, rows: rows)
  }

  /// The terminal is as the shell left it: its own screen, a cursor, no modes of ours.
  static func isRestored(_ screen: VirtualScreen) -> Bool { screen.modes == [7, 25] }

  @Test("hears keys, pastes, the mouse and the focus")
  func hears() throws {
    let pty = try Self.probe()
    try pty.expect("probe 80x24 256 colours")
    try pty.press(.text("j"), .pageDown, .function(12), .escape)
    try pty.expect("key Esc")
    #expect(pty.screen.contains("key PgDn") && pty.screen.contains("key F12"))
    try pty.send("\u{1B}[200~two\nlines\u{1B}[201~\u{1B}[I\u{1B}[<0;3;4M")
    try pty.expect("mouse 3,2")
    #expect(pty.screen.contains("paste 9 two⏎lines") && pty.screen.contains("focused"))
    #expect(pty.screen.modes.isSuperset(of: [1049, 2004, 1004]))
    try pty.press(.text("q"))
    #expect(try pty.waitForExit() == .code(0))
    #expect(Self.isRestored(pty.screen))
    #expect(pty.screen.strangers.isEmpty)
  }

  @Test("takes a paste of 1 MiB")
  func longPaste() throws {
    let pty = try Self.probe()
    try pty.expect("probe")
    try pty.paste(String(repeating: "mds ", count: 1 << 18))
    try pty.expect("paste 1 048 576 mds", within: 60)
  }

  @Test("follows the size of the terminal")
  func resizes() throws {
    let pty = try Self.probe(columns: 100, rows: 30)
    try pty.expect("probe 100x30")
    for (columns, rows) in [(80, 24), (200, 50), (40, 10), (120, 40)] {
      pty.resize(columns: columns, rows: rows)
      try pty.expect("probe \(columns)x\(rows)")
      try pty.wait(for: "the last row") { $0.lines.last?.hasSuffix("end") ?? false }
    }
  }

  @Test("stops on ^Z and on SIGTSTP, gives the terminal back meanwhile, and draws anew")
  func stops() throws {
    let pty = try Self.probe()
    try pty.expect("probe 80x24")
    for isKey in [true, false] {
      if isKey { try pty.press(.control("Z")) } else { pty.signal(SIGTSTP) }
      try pty.waitForStop()
      try pty.wait(for: "the shell's screen") { Self.isRestored($0) }
      pty.resize(columns: isKey ? 90 : 70, rows: 20)
      pty.signal(SIGCONT)
      try pty.expect(isKey ? "probe 90x20" : "probe 70x20")
      try pty.press(.text("j"))
      try pty.expect("key j")
      #expect(pty.screen.modes.isSuperset(of: [1049, 2004]))
    }
  }

  @Test("ends on signals with the status that shells expect", arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func signals(number: Int32) throws {
    let pty = try Self.probe()
    try pty.expect("probe")
    pty.signal(number)
    #expect(try pty.waitForExit() == .code(128 + Int(number)))
    #expect(Self.isRestored(pty.screen))
  }

  @Test("a crash or a sudden exit gives the terminal back", arguments: ["c", "s", "a", "x"])
  func crashes(key: String) throws {
    let pty = try Self.probe(["SWIFT_BACKTRACE": "enable=no"])
    try pty.expect("probe")
    try pty.send(key)
    let exit = try pty.waitForExit()
    #expect(key == "x" ? exit == .code(3) : exit != .code(0))
    if case .code(let code) = exit { #expect(code == 3 && key == "x") }
    #expect(Self.isRestored(pty.screen))
  }

  @Test("asks for the background, and waits for a late answer at the end")
  func answers() throws {
    let pty = try Self.probe()
    try pty.expect("probe")
    try pty.press(.text("b"))
    try pty.expect("answered")
    #expect(pty.screen.contains("dark"))
    pty.answersQuestions = false
    try pty.press(.text("b"))
    try pty.wait(for: "the question") { $0.questions.count == 4 }
    try pty.press(.text("q"))
    #expect(try pty.waitForExit() == .code(0))
  }

  @Test("lends the terminal to another program")
  func lends() throws {
    let pty = try Self.probe()
    try pty.expect("probe")
    try pty.press(.text("l"), .text("j"))
    try pty.expect("key j")
    #expect(String(decoding: pty.output, as: UTF8.self).contains("lent to another program"))
  }

  @Test(
    "says what is wrong with TERM",
    arguments: [
      ("dumb", "writes lines only"), ("", "TERM is not set"), ("unheard-of", "knows no terminal “unheard-of”"),
    ])
  func badTerminals(name: String, words: String) throws {
    let pty = try Self.probe(["TERM": name])
    try pty.expect(words)
    #expect(try pty.waitForExit() == .code(1))
    #expect(pty.screen.contains("TERM=xterm-256color"))
  }

  @Test(
    "works in the terminals there are",
    arguments: [
      ("xterm-256color", 256), ("tmux-256color", 256), ("screen", 8), ("linux", 8), ("vt220", 0),
      ("xterm-ghostty", 256),
    ])
  func terminals(name: String, colours: Int) throws {
    let pty = try Self.probe(["TERM": name])
    try pty.expect("probe 80x24 \(colours) colours")
    try pty.press(.up, .text("q"))
    #expect(try pty.waitForExit() == .code(0))
    #expect(pty.screen.strangers.isEmpty)
  }

  @Test(
    "where the shell's screen is not kept its prompt has the last row for itself, whatever ends the program",
    arguments: ["linux", "vt220", "vt100"], ["q", "s", "a", "x", "signal"])
  func freshLine(name: String, key: String) throws {
    let pty = try Self.probe(["TERM": name, "SWIFT_BACKTRACE": "enable=no"])
    try pty.expect("probe 80x24")
    // What gives the terminal back knows where the last row is now.
    pty.resize(columns: 90, rows: 20)
    try pty.expect("probe 90x20")
    try pty.wait(for: "the last row") { $0.lines.last?.hasSuffix("end") ?? false }
    if key == "signal" { pty.signal(SIGTERM) } else { try pty.send(key) }
    _ = try pty.waitForExit()
    #expect(pty.screen.cursor == (row: 19, column: 0))
    #expect(pty.screen.lines.last?.allSatisfy { $0 == " " } == true, "\(pty.screen.text)")
    #expect(!pty.screen.contains("$<") && pty.screen.strangers.isEmpty)
  }

  @Test("has no colours under NO_COLOR, and no characters that the locale has not")
  func environment() throws {
    let pty = try Self.probe(["NO_COLOR": "1", "LANG": "C", "LC_ALL": "C"])
    try pty.expect("probe 80x24 0 colours")
    try pty.press(.enter)
    try pty.expect("key RET")
    #expect(pty.output.allSatisfy { $0 < 0x80 })
  }

  @Test("hears that the terminal is gone")
  func hangsUp() throws {
    let pty = try Self.probe()
    try pty.expect("probe")
    pty.hangUp()
    #expect(try pty.waitForExit() == .code(129))
  }
}
