import Frames
import PtyTesting
import Testing

/// The workbench in the terminals that analysts have, and in those that it can have no screen in.
@Suite("In every terminal", .serialized)
struct TerminalMatrixTests {
  /// What TERM says; the entry that this machine has for it, or for its kin; whether it takes xterm's modes.
  static let terminals = [
    ("xterm-256color", "xterm-256color", true), ("tmux-256color", "tmux-256color", true), ("screen", "screen", true),
    ("screen-256color", "screen-256color", true), ("linux", "linux", false), ("vt220", "vt220", false),
    ("putty", "xterm-256color", true), ("xterm-ghostty", "xterm-256color", true),
  ]
  /// Keys, and what only the screen behind them shows.
  static let screens = [
    ("go", "Not archived"), ("?", "Keys: Outbox"), ("q", "Not archived"), ("gm", "Models 4"),
  ]

  /// Whole words: numbers and signs change with the clock and with the characters that there are.
  static func words(_ screen: VirtualScreen) -> Set<Substring> {
    Set(screen.text.split { !$0.isASCII || !$0.isLetter }.filter { $0.count > 2 })
  }

  @Test("a command writes ASCII to a terminal without UTF-8, and to others what there is")
  func commands() throws {
    for (locale, isASCII) in [("C", true), ("C.UTF-8", false)] {
      let terminal = try Pty(Paths.mds, ["keys"], environment: ["LANG": locale], columns: 120)
      #expect(try terminal.waitForExit() == .code(0))
      #expect(terminal.output.allSatisfy { $0 < 0x80 } == isASCII)
      #expect(String(decoding: terminal.output, as: UTF8.self).contains(isASCII ? "RET" : "⏎"))
    }
  }

  @Test("shows the same words, in UTF-8 and in ASCII, and writes only what that terminal has")
  func sameWords() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    var wanted: [Set<Substring>] = []
    for (name, entry, isKin) in Self.terminals {
      let shapes = try TerminalEntry(entry).shapes.union(isKin ? OutputAudit.own : [])
      for locale in ["C.UTF-8", "C"] {
        let terminal = try Pty(Paths.mds, ["open"] + ana.target, environment: ["TERM": name, "LANG": locale])
        try terminal.expect("Models 4")
        for (number, (keys, sign)) in Self.screens.enumerated() {
          try terminal.send(keys)
          try terminal.expect(sign)
          if wanted.count == number {
            terminal.settle()
            wanted.append(Self.words(terminal.screen))
          }
          try terminal.wait(for: "\(name), \(locale): the words of \(sign)") {
            Self.words($0).isSuperset(of: wanted[number])
          }
        }
        try terminal.press(.control("C"))
        #expect(try terminal.waitForExit() == .code(0), "\(name), \(locale)")
        var audit = OutputAudit(allowing: shapes, isASCII: locale == "C")
        audit.feed(terminal.output)
        #expect(audit.faults == [], "\(name), \(locale)")
        #expect(audit.isAtRest)
        #expect(terminal.screen.modes == [7, 25], "\(name), \(locale)")
      }
    }
    #expect(wanted.allSatisfy { $0.count > 10 }, "\(wanted)")
  }

  @Test(
    "mds doctor names the characters and the terminal, and what helps where they are poor",
    arguments: [
      ("C.UTF-8", "xterm-256color", ["UTF-8 (C.UTF-8)", "xterm-256color, 80x24"]),
      ("C", "vt220", ["C is not UTF-8", "LANG=C.UTF-8", "vt220, 80x24"]),
      ("C.UTF-8", "dumb", ["TERM is dumb", "TERM=xterm-256color mds"]),
    ])
  func doctor(locale: String, name: String, words: [String]) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(
      Paths.mds, ["doctor"] + Offline.target(scratch), environment: ["LANG": locale, "TERM": name])
    _ = try terminal.waitForExit()
    let said = String(decoding: terminal.output, as: UTF8.self)
    for word in words { #expect(said.contains(word), "\(said)") }
  }

  @Test(
    "says in words what helps where it can have no screen, with no sequence at all",
    arguments: [
      ("TERM=dumb", "The terminal “dumb” writes lines only."), ("TERM=", "TERM is not set"),
      ("-uTERM", "TERM is not set"), ("TERM=unheard-of", "This machine knows no terminal “unheard-of” (TERM)."),
    ], ["C.UTF-8", "C"])
  func noScreen(terminal: (setting: String, words: String), locale: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let pty = try Pty(
      "/usr/bin/env", [terminal.setting, Paths.mds, "open"] + Offline.target(scratch), environment: ["LANG": locale],
      columns: 100)
    try pty.expect(terminal.words)
    #expect(try pty.waitForExit() == .code(1))
    #expect(pty.screen.contains("TERM=xterm-256color mds"))
    #expect(pty.screen.contains("mds --plain"))
    var audit = OutputAudit(allowing: ["^M", "^J"])
    audit.feed(pty.output)
    #expect(audit.faults == [])
  }
}

/// A workbench that needs no service.
enum Offline {
  /// A context whose service nobody runs.
  static func target(_ scratch: Scratch) -> [String] {
    ["--service", "http://127.0.0.1:9", "--context", "lab", "--ledger", scratch.path + "/ledger.sqlite"]
  }

  /// The first screen of such a workbench, once it rests.
  static let sign = "nothing listens there"
}
