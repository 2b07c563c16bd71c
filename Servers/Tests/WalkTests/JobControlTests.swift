import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// The workbench under a shell that has others to look after: ^Z, `fg`, a size that changes meanwhile.
@Suite("Under a shell", .serialized)
struct JobControlTests {
  /// An interactive bash, which is what makes ^Z more than a byte.
  static func withShell(_ environment: [String: String] = [:], _ body: (Pty, Scratch) throws -> Void) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let more = ["PS1": "ready> ", "HOME": scratch.path, "INPUTRC": "/dev/null", "HISTFILE": ""]
    let shell = try Pty(
      "/bin/bash", ["--norc", "--noprofile", "-i"], environment: more.merging(environment) { $1 })
    try shell.expect("ready>")
    try body(shell, scratch)
    try shell.send("exit\r")
    #expect(try shell.waitForExit() == .code(0))
  }

  static func command(_ scratch: Scratch) -> String {
    ([Paths.mds, "open", "--fresh"] + Offline.target(scratch)).joined(separator: " ")
  }

  @Test("goes on after a stop that it could not announce, with keys that are read at once and not shown")
  func stoppedUnheard() throws {
    try Self.withShell { shell, scratch in
      let pidFile = scratch.path + "/pid"
      try shell.send("sh -c 'echo $$ > \(pidFile); exec \(Self.command(scratch))'\r")
      try shell.expect(Offline.sign)
      let text = try String(contentsOfFile: pidFile, encoding: .utf8)
      let process = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      // A key that is heard: the terminal's answer was before it, and is no word for the shell.
      try shell.send("?")
      try shell.expect("Keys: Models")
      try shell.press(.escape)
      try shell.wait(for: "the end of the help") { !$0.contains("Keys: Models") }
      kill(process, SIGSTOP)
      try shell.expect("Stopped")
      try shell.send("stty sane echo\rfg\r")
      try shell.expect("? help")
      try shell.send("?")
      try shell.expect("Keys: Models")
      try shell.press(.control("C"))
      try shell.wait(for: "the prompt") { !$0.modes.contains(1049) }
    }
  }

  @Test(
    "stops on ^Z, gives the shell a sane terminal, and goes on with fg at the size that there is then",
    arguments: [false, true])
  func stops(isWrapped: Bool) throws {
    try Self.withShell { shell, scratch in
      let command = Self.command(scratch)
      // In a script of somebody's own it is the script that the shell waits for.
      try shell.send(isWrapped ? "sh -c '\(command); echo left'\r" : command + "\r")
      for (columns, rows) in [(80, 24), (100, 30), (72, 12)] {
        try shell.expect(Offline.sign)
        try shell.press(.control("Z"))
        try shell.expect("Stopped")
        #expect(TerminalEndsTests.isRestored(shell.screen) || shell.screen.modes == [7, 25, 2004])
        shell.resize(columns: columns, rows: rows)
        try shell.send("stty -a | tr ' ' '\\n' | grep -cx -e icrnl -e opost -e isig\r")
        try shell.expect("3")
        try shell.send("fg\r")
        try shell.wait(for: "the workbench at \(columns)x\(rows)") {
          $0.modes.contains(1049) && $0.contains(Offline.sign) && ($0.lines.last?.contains("? help") ?? false)
        }
      }
      try shell.press(.control("C"))
      try shell.wait(for: "the prompt") { TerminalEndsTests.isRestored($0) || $0.modes == [7, 25, 2004] }
    }
  }
}
