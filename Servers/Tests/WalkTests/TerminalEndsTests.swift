import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// How a session ends, stops and goes on, and what the terminal is like then.
@Suite("The terminal", .serialized)
struct TerminalEndsTests {
  /// A terminal as a shell left it: its own screen, a cursor, no modes.
  static func isRestored(_ screen: VirtualScreen) -> Bool { screen.modes == [7, 25] }

  static func withWorkbench(_ environment: [String: String] = [:], _ body: (Pty, Scratch) throws -> Void) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(Paths.mds, ["open"] + Offline.target(scratch), environment: environment)
    try terminal.expect(Offline.sign)
    try body(terminal, scratch)
  }

  @Test(
    "is given back at the end that a signal makes, with the status that shells expect", arguments: [SIGTERM, SIGHUP])
  func signals(number: Int32) throws {
    try Self.withWorkbench { terminal, _ in
      terminal.signal(number)
      let exit = try terminal.waitForExit()
      #expect(exit == .code(128 + Int(number)))
      #expect(Self.isRestored(terminal.screen))
    }
  }

  @Test(
    "is given back by a crash, which stays one, and by a signal that ends what does not know it",
    arguments: [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGXCPU, SIGUSR1])
  func crashes(number: Int32) throws {
    try Self.withWorkbench(["SWIFT_BACKTRACE": "enable=no"]) { terminal, _ in
      terminal.signal(number)
      let exit = try terminal.waitForExit()
      #expect(exit == .signal(Int(number)))
      #expect(Self.isRestored(terminal.screen))
    }
  }

  /// Time of the processors that a process has used, in hundredths of a second; nil once it has gone.
  static func ticks(of process: Int32) -> Int? {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
    // The name may hold anything; the state follows its parenthesis, user and system time are the 12th and 13th then.
    let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    return user + system
  }

  @Test("costs no time of the processor while nothing happens, nor while the line takes nothing")
  func waitsQuietly() throws {
    try Self.withWorkbench { terminal, _ in
      terminal.settle()
      let before = try #require(Self.ticks(of: terminal.process))
      terminal.listen(milliseconds: 1500)
      let idle = try #require(Self.ticks(of: terminal.process))
      #expect(idle - before <= 5)
      // More than a terminal's buffer: the program stands in the middle of a write.
      for _ in 0..<200 { try terminal.send("\u{C}") }
      _ = poll(nil, 0, 500)
      let blocked = try #require(Self.ticks(of: terminal.process))
      _ = poll(nil, 0, 1500)
      let waited = try #require(Self.ticks(of: terminal.process))
      #expect(waited - blocked <= 5)
      try terminal.send("?")
      try terminal.expect("Keys: Models")
    }
  }

  @Test("that is gone ends the program at once, without a spin")
  func hangsUp() throws {
    try Self.withWorkbench { terminal, _ in
      terminal.settle()
      let before = try #require(Self.ticks(of: terminal.process))
      var last = before
      terminal.hangUp()
      while let ticks = Self.ticks(of: terminal.process) { last = ticks }
      #expect(last - before <= 50)
      #expect(try terminal.waitForExit() == .code(129))
    }
  }

  @Test("may take any size, a single cell too, and is as it was when it has its own again")
  func storm() throws {
    try Self.withWorkbench { terminal, _ in
      terminal.settle()
      let before = Self.withoutTime(terminal.screen)
      let sizes = [(1, 1), (2, 1), (1, 2), (3, 3), (79, 23), (200, 60), (10, 1), (1, 30), (40, 10), (80, 24), (81, 2)]
      for round in 0..<15 {
        for (columns, rows) in sizes.shuffled() {
          terminal.resize(columns: columns, rows: rows)
          // A reader now and then: some frames are drawn for a size that is no more.
          if round % 3 == 0 { terminal.listen(milliseconds: 5) }
        }
        try terminal.send(["?", "\u{1B}", "t", "\u{1B}", ":", "\u{1B}"][round % 6])
      }
      terminal.resize(columns: 1, rows: 1)
      terminal.settle()
      terminal.resize(columns: 80, rows: 24)
      try terminal.press(.escape)
      try terminal.wait(for: "the screen as it was") { Self.withoutTime($0) == before }
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
    }
  }

  static func withoutTime(_ screen: VirtualScreen) -> String { screen.text.replacing(/\d\d:\d\dZ/, with: "time") }

  @Test("may answer a second late: its answer is no key, and it is heard")
  func lateAnswer() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(Paths.mds, ["open"] + Offline.target(scratch))
    terminal.answersQuestions = false
    try terminal.expect(Offline.sign)
    try terminal.wait(for: "the questions") { $0.questions == ["OSC 11", "DA1"] }
    terminal.listen(milliseconds: 1000)
    let (text, looks) = (Self.withoutTime(terminal.screen), terminal.screen.cells)
    // In pieces, as a slow line brings them; the last is of a question that was never put.
    for piece in ["\u{1B}]11;rgb:ffff/ff", "ff/ffff\u{1B}", "\\", "\u{1B}[?62", ";22c", "\u{1B}[?2026;2$y"] {
      try terminal.send(piece)
      terminal.listen(milliseconds: 100)
    }
    try terminal.wait(for: "the light theme") { $0.cells != looks }
    #expect(Self.withoutTime(terminal.screen) == text)
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("may answer after the end: the shell does not get it", arguments: [true, false])
  func answerAfterTheEnd(answers: Bool) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let script = #""$0" "$@"; printf 'back '; IFS= read -r line; printf '<%s>' "$line""#
    let terminal = try Pty("/bin/sh", ["-c", script, Paths.mds, "open"] + Offline.target(scratch))
    terminal.answersQuestions = false
    try terminal.expect(Offline.sign)
    try terminal.wait(for: "the questions") { $0.questions == ["OSC 11", "DA1"] }
    try terminal.press(.control("C"))
    terminal.listen(milliseconds: 300)
    if answers {
      #expect(!terminal.screen.contains("back"))
      try terminal.send("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\\u{1B}[?62;22c")
    }
    try terminal.expect("back")
    try terminal.send("done\r")
    try terminal.expect("<done>")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("keeps its mouse: a whole session takes no click away from it")
  func mouse() throws {
    try Self.withWorkbench { terminal, _ in
      for keys in ["gr", "gd", "go", "gf", "gm", "?", "\u{1B}", ":", "\u{1B}", "t", "\u{1B}"] {
        try terminal.send(keys)
        terminal.settle()
        #expect(terminal.screen.modes.subtracting([25]) == [7, 1004, 1049, 2004], "after \(keys)")
      }
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
      let written = OutputAudit.shapes(in: terminal.output)
      #expect(written.isDisjoint(with: ["CSI ?1000h", "CSI ?1002h", "CSI ?1003h", "CSI ?1006h"]))
    }
  }

  @Test("is not asked where somebody has chosen a theme, or COLORFGBG says what the background is")
  func unasked() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (words, environment) in [(["--theme", "dark"], [:]), ([], ["COLORFGBG": "15;0"]), ([], ["NO_COLOR": "1"])] {
      let terminal = try Pty(Paths.mds, ["open"] + words + Offline.target(scratch), environment: environment)
      try terminal.expect(Offline.sign)
      terminal.settle()
      #expect(terminal.screen.questions == [])
    }
  }
}
