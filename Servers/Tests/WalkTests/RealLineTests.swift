import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// The workbench where analysts have it: at the other end of ssh, in tmux, over mosh; Debian's own.
@Suite("Over a real line", .serialized)
struct RealLineTests {
  static func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: " ") }

  @Test("ssh: judges a case, follows the size, answers no key to a shell, and ends when the line is cut")
  func secureShell() throws {
    let lab = try Lab()
    defer { lab.close() }
    let server = try SecureShell(lab.scratch)
    defer { server.stop() }
    let ana = try lab.desk("ana")
    // A login has a home of its own: what is left there stays in the test's folder.
    let setting = "LANG=C.UTF-8 XDG_STATE_HOME='\(lab.path)/state'"
    let command = "\(setting) \(Self.quoted([Paths.mds, "open", "--fresh"] + ana.target))"

    let terminal = try server.terminal(command + "; echo status $?; IFS= read -r line; echo \"<$line>\"")
    try terminal.expect("Models 4")
    try terminal.wait(for: "the questions") { $0.questions == ["OSC 11", "DA1"] }
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    terminal.resize(columns: 120, rows: 40)
    try terminal.wait(for: "the wider screen") {
      ($0.lines.last?.contains("? help") ?? false) && $0.contains("Queue 40")
    }
    try terminal.send("as")
    try terminal.expect("saved #4")
    try terminal.press(.control("C"))
    try terminal.expect("status 0")
    #expect(TerminalEndsTests.isRestored(terminal.screen))
    try terminal.send("done\r")
    try terminal.expect("<done>")
    #expect(try terminal.waitForExit() == .code(0))
    let shapes = try TerminalEntry("xterm-256color").shapes.union(OutputAudit.own)
    var audit = OutputAudit(allowing: shapes)
    audit.feed(terminal.output)
    #expect(audit.faults == [])

    let pidFile = lab.path + "/pid"
    let cut = try server.terminal(
      "echo $$ > '\(pidFile)'; \(setting) exec \(Self.quoted([Paths.mds, "open", "--fresh"] + ana.target))")
    try cut.expect("Models 4")
    let text = try String(contentsOfFile: pidFile, encoding: .utf8)
    let process = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(process, 0) == 0)
    cut.signal(SIGKILL)
    _ = try cut.waitForExit()
    #expect(Self.isGone(process, withinSeconds: 20))
    #expect(try ana.mds(["feedback", "verify"]).status == 0)
  }

  /// Waits until there is no such process.
  static func isGone(_ process: Int32, withinSeconds seconds: Int) -> Bool {
    let deadline = ContinuousClock().now + .seconds(seconds)
    while kill(process, 0) == 0 {
      if ContinuousClock().now > deadline { return false }
      _ = poll(nil, 0, 20)
    }
    return true
  }

  @Test("tmux: copies to its buffer and to the terminal around it, lives on when detached, and is there at any size")
  func multiplexer() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let socket = scratch.path + "/tmux"
    func tmux(_ words: [String], columns: Int = 80) throws -> Pty {
      try Pty(
        "/usr/bin/tmux", ["-S", socket, "-f", "/dev/null"] + words, environment: ["HOME": scratch.path],
        columns: columns)
    }
    defer { _ = try? output(of: ["/usr/bin/tmux", "-S", socket, "kill-server"]) }
    // tmux's last row is its own.
    let command = Self.quoted([Paths.mds, "open"] + Offline.target(scratch))
    let terminal = try tmux(["new-session", command])
    try terminal.expect(Offline.sign)
    try terminal.send("y")
    try terminal.expect("copied by tmux")
    let buffer = try output(of: ["/usr/bin/tmux", "-S", socket, "show-buffer"])
    #expect(buffer.text.contains(Offline.sign))
    try terminal.wait(for: "the clipboard around tmux") { !$0.clipboard.isEmpty }
    let copied =
      terminal.screen.clipboard.split(separator: ";").last.flatMap { Data(base64Encoded: String($0)) } ?? Data()
    #expect(String(decoding: copied, as: UTF8.self) == buffer.text)

    try terminal.send("\u{2}d")
    #expect(try terminal.waitForExit() == .code(0))
    let again = try tmux(["attach-session"], columns: 120)
    try again.expect(Offline.sign)
    try again.wait(for: "the wider screen") {
      ($0.lines.first { $0.contains("mds") }?.split(separator: "Z").first?.count ?? 0) > 100
    }
    try again.send("?")
    try again.expect("Keys: Models")
    try again.press(.escape)
    try again.wait(for: "the list") { !$0.contains("Keys: Models") }
    try again.press(.control("C"))
    #expect(try again.waitForExit() == .code(0))
  }

  @Test("tmux around ssh: OSC 52 passes where tmux is told that programs may copy")
  func multiplexerAround() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let socket = scratch.path + "/tmux"
    defer { _ = try? output(of: ["/usr/bin/tmux", "-S", socket, "kill-server"]) }
    // As on the other machine, where nobody knows of this tmux.
    let command = "env -u TMUX " + Self.quoted([Paths.mds, "open"] + Offline.target(scratch))
    let configuration = scratch.path + "/tmux.conf"
    try "set -g set-clipboard on\nset -g default-terminal tmux-256color\n"
      .write(toFile: configuration, atomically: true, encoding: .utf8)
    let terminal = try Pty(
      "/usr/bin/tmux", ["-S", socket, "-f", configuration, "new-session", command], environment: ["HOME": scratch.path])
    try terminal.expect(Offline.sign)
    try terminal.send("y")
    try terminal.expect("copied by the terminal")
    try terminal.wait(for: "the clipboard around tmux") { !$0.clipboard.isEmpty }
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("mosh: shows the same screen, lets a copy through, and goes on after the line was away")
  func mosh() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // It needs UTF-8 at both ends, and gives up where no client comes.
    let started = try output(
      of: [
        "/usr/bin/env", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TERM=xterm-256color", "MOSH_SERVER_NETWORK_TMOUT=60",
        "HOME=\(scratch.path)", "/usr/bin/mosh-server", "new", "-i", "127.0.0.1", "--", Paths.mds, "open",
      ] + Offline.target(scratch))
    let found = try #require(
      started.text.firstMatch(of: /MOSH CONNECT (\d+) (\S+)/), "\(started.text)\(started.errors)")
    let client = try Pty(
      "/usr/bin/mosh-client", ["127.0.0.1", String(found.1)],
      environment: ["MOSH_KEY": String(found.2), "LC_ALL": "C.UTF-8", "HOME": scratch.path])
    try client.expect(Offline.sign)
    try client.send("y")
    try client.wait(for: "the clipboard") { !$0.clipboard.isEmpty }
    client.resize(columns: 100, rows: 30)
    try client.wait(for: "the larger screen") { $0.lines.last?.contains("? help") ?? false }
    // Nothing comes and goes for a while, as where a laptop sleeps.
    client.signal(SIGSTOP)
    try client.waitForStop()
    client.signal(SIGCONT)
    try client.send("?")
    try client.expect("Keys: Models")
    try client.press(.escape)
    try client.wait(for: "the list") { !$0.contains("Keys: Models") }
    try client.press(.control("C"))
    #expect(try client.waitForExit() == .code(0))
  }
}
