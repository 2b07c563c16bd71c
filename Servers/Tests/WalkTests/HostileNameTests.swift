import Foundation
import Frames
import PtyTesting
import Testing
import WireFixtures

/// A service whose every word is made to steer the terminal, or to deceive who reads it.
private struct HostileWords {
  /// As JSON says them.
  static let words = [
    #"m\u001b[2J\u001b[H"#, #"\u001b]0;owned\u0007"#, #"\u001b]52;c;cm0gLXJm\u0007"#, #"\u009b31m\u009d0;x\u009c"#,
    #"\u202edesrever\u2066"#, #"in\u200bvis\u200dib\ufeffle"#, #"\r\n\b\b\u007f\u0000\u000e"#, #"\u001bP+q\u001b\\"#,
    #"日本語e\u0301\u0301\u0301\u0301\u0301\u0301"#, #"\u001b[6n\u001b[c\u001b]11;?\u001b\\"#, #"\u001b[?1049l\u001bc"#,
  ]

  let server: ScriptedServer

  init() throws {
    // As they are: escapes, C1, overrides, bytes that are no UTF-8, and a megabyte of it.
    let raw =
      Array("refused \u{1B}[2J\u{1B}[H\u{1B}]52;c;cm0gLXJm\u{7}\u{9B}31m\u{202E}desrever\u{200B}\u{8}\u{E}\0".utf8)
      + [0x9B, 0x41, 0xC0, 0x80, 0xFF, 0xED, 0xA0, 0x80]
    let long = (0..<(1 << 14)).flatMap { _ in raw }
    server = try ScriptedServer { request in
      func json(_ text: String, status: Int = 200) -> [UInt8] {
        ScriptedServer.response(Array(text.utf8), status: status, headers: ["content-type": "application/json"])
      }
      if request.line.contains("/repository/index") {
        let rows = Self.words.enumerated().map { number, word in
          #"{"name":"\#(number)\#(word)","version":"\#(word)","state":"\#(number % 2 == 0 ? "READY" : "UNAVAILABLE")","reason":"\#(word)"}"#
        }
        return json("[" + rows.joined(separator: ",") + "]")
      }
      if request.line.contains("/infer") {
        return ScriptedServer.response(long, status: 400, headers: ["content-type": "text/plain"])
      }
      let tensors = Self.words.enumerated().map { number, word in
        #"{"name":"t\#(number)\#(word)","datatype":"BYTES","shape":[-1,1]}"#
      }
      return json(
        #"{"name":"\#(Self.words[0])","platform":"\#(Self.words[1])","versions":["\#(Self.words[2])"],"#
          + #""inputs":[\#(tensors.joined(separator: ","))],"outputs":[\#(tensors[0])]}"#)
    }
  }
}

@Suite("A service whose names and errors steer terminals", .serialized)
struct HostileNameTests {
  @Test(
    "moves no cursor, sets no title and no clipboard: only text and allowed sequences reach the line",
    arguments: ["C.UTF-8", "C"])
  func steersNothing(locale: String) throws {
    let hostile = try HostileWords()
    let scratch = try Scratch()
    defer {
      hostile.server.close()
      scratch.remove()
    }
    let target = ["--service", hostile.server.base, "--context", "lab", "--ledger", scratch.path + "/l.sqlite"]
    let terminal = try Pty(Paths.mds, ["open"] + target, environment: ["LANG": locale])
    try terminal.expect("Models 11")
    // Every key that shows names another way; after each the frame around them stands.
    for (keys, sign) in [("jjj", "Models 11"), ("t", "copy all"), ("\u{1B}", "? help"), ("gg", "1/11")] {
      try terminal.send(keys)
      try terminal.expect(sign)
      Self.checkFrame(terminal)
    }
    try terminal.send("i")
    try terminal.expect("POST v2/models/")
    Self.checkFrame(terminal)
    try terminal.send("x")
    try terminal.expect("400, not retried")
    Self.checkFrame(terminal)
    try terminal.send("gl\r")
    try terminal.expect("copy all")
    try terminal.expect("refused")
    for key in ["\u{1B}", ":", "\u{1B}"] {
      try terminal.send(key)
      terminal.settle()
    }
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    var audit = OutputAudit(
      allowing: try TerminalEntry("xterm-256color").shapes.union(OutputAudit.own), isASCII: locale == "C")
    audit.feed(terminal.output)
    #expect(audit.faults == [])
    #expect(terminal.screen.title.hasPrefix("mds"))
    #expect(terminal.screen.clipboard.isEmpty && terminal.screen.bells == 0)
    #expect(terminal.screen.questions == ["OSC 11", "DA1"])
    #expect(terminal.screen.modes == [7, 25])
  }

  /// The header is in the first row and the footer in the last, whatever stands between.
  static func checkFrame(_ terminal: Pty) {
    terminal.settle()
    let lines = terminal.screen.lines
    #expect(lines[0].prefix(10).contains("mds  lab"), "\(terminal.screen.text)")
    #expect(lines[23].contains("help") || lines[23].contains("close"), "\(terminal.screen.text)")
    #expect(terminal.screen.modes == [7, 1004, 1049, 2004])
  }

  @Test("is printed by commands with no sequence at all")
  func printed() throws {
    let hostile = try HostileWords()
    let scratch = try Scratch()
    defer {
      hostile.server.close()
      scratch.remove()
    }
    let target = ["--service", hostile.server.base, "--context", "lab", "--ledger", scratch.path + "/l.sqlite"]
    for words in [["models"], ["models", "0m\u{1B}[2J\u{1B}[H"], ["signature", "0m\u{1B}[2J\u{1B}[H"]] {
      let terminal = try Pty(Paths.mds, words + target)
      _ = try terminal.waitForExit()
      var audit = OutputAudit(allowing: ["^M", "^J"])
      audit.feed(terminal.output)
      #expect(audit.faults == [], "\(words)")
      #expect(audit.counts["text", default: 0] > 20)
    }
  }
}
