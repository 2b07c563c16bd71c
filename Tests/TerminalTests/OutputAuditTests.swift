import PtyTesting
import Testing

@Suite("The audit of a program's output")
struct OutputAuditTests {
  static func faults(_ output: [UInt8], allowing shapes: Set<String> = ["CSI m", "CSI H", "CSI ?25h"]) -> [String] {
    var audit = OutputAudit(allowing: shapes)
    audit.feed(output)
    return audit.faults + (audit.isAtRest ? [] : ["unfinished"])
  }

  @Test(
    "lets text and the allowed shapes pass",
    arguments: ["plain", "日本 e\u{301} ─▌⣀", "\u{1B}[1;38;5;214mred\u{1B}[m", "\u{1B}[H\u{1B}[24;80H", "\u{1B}[?25h"])
  func passes(output: String) {
    #expect(Self.faults(Array(output.utf8)) == [])
  }

  @Test(
    "finds whatever else reaches the line",
    arguments: [
      "\u{1B}[2J", "\u{1B}[?25l", "\u{1B}]0;title\u{7}", "\u{1B}]52;c;AAAA\u{1B}\\", "\u{1B}c", "\u{7}", "\u{8}",
      "\u{9B}31m", "\u{85}", "\u{202E}evil", "a\u{200B}b", "\u{FEFF}", "\u{2028}", "a\u{200D}b", "a\u{FE0F}",
      "\u{E0041}", "\u{1B}Pq\u{1B}\\", "\u{1B}_x\u{1B}\\", "\u{1B}[99999m", "\u{1B}[m\u{1B}", "\u{1B}[31",
      "\u{1B}(0", "\u{1B}\u{1B}[m", "\u{1B}[1\u{7}m", "\u{1B}[" + String(repeating: "1;", count: 17) + "m",
    ])
  func finds(output: String) {
    #expect(!Self.faults(Array(output.utf8)).isEmpty)
  }

  @Test(
    "finds bytes that are no UTF-8",
    arguments: [[0x9B], [0xC0, 0x80], [0xC3, 0x41], [0xFF], [0xC3]] as [[UInt8]])
  func findsBytes(output: [UInt8]) {
    #expect(!Self.faults(output).isEmpty)
  }

  @Test("knows what terminfo says of a terminal")
  func entries() throws {
    let vt220 = try TerminalEntry("vt220").shapes
    #expect(vt220.isSuperset(of: ["CSI H", "CSI m", "CSI J", "ESC M", "^M"]))
    #expect(vt220.isDisjoint(with: ["OSC 2", "CSI ?1049h", "^G", "ESC O"]))
    let xterm = try TerminalEntry("xterm-256color").shapes
    #expect(xterm.isSuperset(of: ["CSI ?1049h", "CSI ?25l", "CSI X", "CSI d", "CSI r"]))
    #expect(throws: TerminalEntry.Unknown.self) { try TerminalEntry("no-such-terminal") }
  }
}
