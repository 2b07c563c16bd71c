import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// Other programs in the workbench's terminal: the analyst's editor and pager, a clipboard, a paste.
@Suite("Another program", .serialized)
struct OtherProgramTests {
  /// A script in a test's folder.
  static func script(_ name: String, _ lines: String, _ scratch: Scratch) throws -> String {
    let path = scratch.path + "/" + name
    let isMade = FileManager.default.createFile(
      atPath: path, contents: Data("#!/bin/sh\n\(lines)\n".utf8), attributes: [.posixPermissions: 0o700])
    #expect(isMade)
    return path
  }

  static func withWorkbench(
    _ environment: [String: String] = [:], terminal name: String = "xterm-256color", _ body: (Pty) throws -> Void
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let environment = ["TERM": name, "HOME": scratch.path].merging(environment) { $1 }
    let terminal = try Pty(Paths.mds, ["open"] + Offline.target(scratch), environment: environment)
    try terminal.expect(Offline.sign)
    try body(terminal)
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("edits the form; one that fails, is not there or leaves the terminal odd is told of, and the screen stands")
  func editors() throws {
    let lab = try Lab()
    defer { lab.close() }
    // The editor of each turn: what `turn` names then.
    let editor = try Self.script("editor", ". \"$(dirname \"$0\")/turn\"", lab.scratch)
    let turn = lab.path + "/turn"
    let target = ["--service", lab.service.url, "--context", "lab", "--ledger", lab.path + "/ledger.sqlite"]
    let terminal = try Pty(Paths.mds, ["open"] + target, environment: ["EDITOR": editor, "HOME": lab.path])
    try terminal.openForm(of: "wine")
    func edit(_ lines: String) throws {
      try lines.write(toFile: turn, atomically: true, encoding: .utf8)
      try terminal.send("e")
    }
    try edit(
      "sed -i 's/\"alcohol\": *null/\"alcohol\": 13.5/' \"$1\"; grep -q 13.5 \"$1\" || echo '{\"alcohol\": 13.5}' > \"$1\""
    )
    try terminal.expect("13.5")
    terminal.settle()
    let before = TerminalEndsTests.withoutTime(terminal.screen)
    try edit("echo '{}' > \"$1\"; exit 3")
    try terminal.expect("the editor ended with 3")
    #expect(terminal.screen.contains("13.5"))
    try edit("kill -KILL $$")
    try terminal.expect("signal 9 ended the editor")
    try edit(
      #"printf '\033[?1000h\033[?1006h\033[?7l\033[4h\033(0\033[5;9r\033[?25h\033[7m'; stty -icanon -echo -opost; : "$1""#
    )
    try terminal.wait(for: "the form as it was") { TerminalEndsTests.withoutTime($0) == before }
    #expect(terminal.screen.modes == [7, 1004, 1049, 2004])
    try FileManager.default.removeItem(atPath: editor)
    try terminal.send("e")
    try terminal.expect("no editor could be started")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test("pages what is on screen; where PAGER is not there another does, and ^C there ends nobody but the pager")
  func pagers() throws {
    try Self.withWorkbench(["PAGER": "/no/such/pager"]) { terminal in
      try terminal.send("Y")
      try terminal.wait(for: "less") { $0.contains("(END)") || $0.contains("mds-") }
      try terminal.send("q")
      try terminal.wait(for: "the workbench") { $0.contains("? help") }
    }
    let scratch = try Scratch()
    defer { scratch.remove() }
    let pager = try Self.script("pager", "trap 'exit 0' INT; echo \"paging\"; while :; do read -r line; done", scratch)
    try Self.withWorkbench(["PAGER": pager]) { terminal in
      try terminal.send("Y")
      try terminal.expect("paging")
      #expect(TerminalEndsTests.isRestored(terminal.screen))
      try terminal.press(.control("C"))
      try terminal.wait(for: "the workbench") { $0.contains("? help") }
      try terminal.send("?")
      try terminal.expect("Keys: Models")
    }
  }

  @Test("a pager that only writes is read before the screen comes back")
  func writingPager() throws {
    try Self.withWorkbench(["PAGER": "/bin/cat"]) { terminal in
      try terminal.send("Y")
      try terminal.expect("Enter goes back to mds")
      #expect(terminal.screen.contains(Offline.sign))
      try terminal.press(.enter)
      try terminal.wait(for: "the workbench") { $0.contains("? help") && !$0.contains("Enter goes back") }
    }
  }

  @Test("that ^Z stops stops the workbench with it, and fg brings both back")
  func stopsTogether() throws {
    let tools = try Scratch()
    defer { tools.remove() }
    let pager = try Self.script("pager", "echo paging; kill -TSTP 0; echo paged again; read -r line", tools)
    try JobControlTests.withShell(["PAGER": pager]) { shell, scratch in
      try shell.send(JobControlTests.command(scratch) + "\r")
      try shell.expect(Offline.sign)
      try shell.send("Y")
      try shell.expect("Stopped")
      try shell.send("fg\r")
      try shell.expect("paged again")
      try shell.press(.enter)
      try shell.wait(for: "the workbench") { $0.contains("? help") }
      try shell.press(.control("C"))
      try shell.wait(for: "the prompt") { !$0.modes.contains(1049) }
    }
  }

  @Test("has what y copies on its clipboard; where the terminal has none, y writes a file and says which")
  func copies() throws {
    try Self.withWorkbench { terminal in
      try terminal.send("y")
      try terminal.expect("copied by the terminal, where it allows that")
      let parts = terminal.screen.clipboard.split(separator: ";")
      #expect(parts.first == "c")
      let text = try #require(parts.last.flatMap { Data(base64Encoded: String($0)) })
      #expect(String(decoding: text, as: UTF8.self).contains(Offline.sign))
    }
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (name, more) in [("linux", [:]), ("vt220", [:]), ("screen", ["STY": "4242.pts-0.lab"])] {
      let cache = scratch.path + "/" + name
      let environment = ["XDG_CACHE_HOME": cache].merging(more) { $1 }
      try Self.withWorkbench(environment, terminal: name) { terminal in
        try terminal.send("y")
        try terminal.expect("this terminal has no clipboard: see")
        let file = cache + "/mds/copied.txt"
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains(Offline.sign))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(terminal.screen.clipboard.isEmpty)
      }
    }
  }

  @Test("may paste a megabyte into a field: it is text, no keys, and the next key is heard")
  func pastes() throws {
    try Self.withWorkbench { terminal in
      try terminal.send("/")
      try terminal.expect("⏎ keep")
      try terminal.paste(String(repeating: "q:quit\r\u{3}\u{4} ", count: 1 << 17))
      try terminal.wait(for: "the pasted text", within: 60) { $0.contains("quit") }
      try terminal.press(.escape)
      try terminal.wait(for: "the list") { !$0.contains("quit") }
      try terminal.send("?")
      try terminal.expect("Keys: Models")
    }
  }
}
