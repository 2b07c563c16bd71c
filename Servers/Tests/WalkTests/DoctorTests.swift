import Foundation
import PtyTesting
import Testing

/// What `mds doctor` looks at beside the ledger and the servers: the terminal it is started in, and the user's files.
@Suite("mds doctor")
struct DoctorTests {
  struct Found: Decodable {
    var subject: String
    var state: String
    var words: String
    var advice: String
  }

  private static func findings(
    _ home: CommandHome, _ environment: [String: String] = [:]
  ) throws -> (found: [Found], status: Int32) {
    let run = try home.run("doctor", "--json", environment: environment)
    let found = try run.text.split(separator: "\n").map { try JSONDecoder().decode(Found.self, from: Data($0.utf8)) }
    return (found, run.status)
  }

  /// A setting of the environment, and what is found of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var environment: [String: String]
    var subject: String
    var state: String
    var words: String
    var advice: String

    init(
      _ environment: [String: String], _ subject: String, _ state: String, _ words: String, _ advice: String = ""
    ) {
      self.environment = environment
      self.subject = subject
      self.state = state
      self.words = words
      self.advice = advice
    }

    var testDescription: String { "\(environment) \(subject)" }
  }

  static let cases = [
    Case(["TERM": "xterm-256color"], "terminal", "ok", "xterm-256color, not a terminal here"),
    Case(["TERM": "dumb"], "terminal", "warn", "TERM is dumb: no screen can be drawn", "TERM=xterm-256color mds"),
    Case(["TERM": ""], "terminal", "warn", "TERM is not set", "TERM=xterm-256color mds"),
    Case(["LANG": "C.UTF-8"], "characters", "ok", "UTF-8 (C.UTF-8)"),
    Case(["LANG": "C"], "characters", "warn", "C is not UTF-8", "LANG=C.UTF-8 gives lines and blocks"),
    Case(["LANG": "C.UTF-8", "LC_ALL": "POSIX"], "characters", "warn", "POSIX is not UTF-8", "LANG=C.UTF-8"),
    Case(["LANG": ""], "characters", "warn", "no locale is set", "LANG=C.UTF-8"),
    Case(["TERM": "xterm-256color"], "colours", "ok", "256"),
    Case(["TERM": "vt220"], "colours", "ok", "as many as vt220 has"),
    Case(["NO_COLOR": "1"], "colours", "ok", "none: NO_COLOR is set", "mds --color 256"),
    Case(
      ["TERM": "xterm", "COLORTERM": "truecolor"], "colours", "warn", "as many as xterm has",
      "TERM=xterm-256color mds uses 256"),
    Case(["TERM": "xterm-256color"], "clipboard", "ok", "by OSC 52, where the terminal allows it"),
    Case(
      ["TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"], "clipboard", "ok", "through tmux",
      "set -g set-clipboard on"),
    Case(
      ["TERM": "screen", "STY": "1.pts-0.host"], "clipboard", "warn", "GNU screen passes no copies on",
      "Y shows the screen as text in $PAGER"),
    Case(["TERM": "linux"], "clipboard", "warn", "linux has none", "Y shows the screen as text in $PAGER"),
    Case(["TERM": "vt220"], "clipboard", "warn", "vt220 has none", "Y shows"),
    Case(
      ["SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"], "line", "ok", "over ssh: at most 20 frames a second",
      "mosh keeps a session"),
    Case([:], "line", "ok", "none: a terminal of this machine, at most 30 frames a second"),
  ]

  @Test("says how the terminal, the characters, colours, clipboard and the line are, and what helps", arguments: cases)
  func environment(_ wanted: Case) throws {
    try CommandHome.alone { home in
      let (found, status) = try Self.findings(home, wanted.environment)
      #expect(status == 0)
      let one = try #require(found.first { $0.subject == wanted.subject }, "\(found)")
      #expect(one.state == wanted.state && one.words == wanted.words, "\(one)")
      #expect(wanted.advice.isEmpty ? one.advice.isEmpty : one.advice.contains(wanted.advice), "\(one)")
    }
  }

  @Test("says where the terminal is smaller than the screens are made for", arguments: [(80, 24), (79, 24), (80, 23)])
  func size(columns: Int, rows: Int) throws {
    try CommandHome.alone { home in
      let terminal = try Pty(
        Paths.mds, ["doctor"], environment: home.environment, columns: columns, rows: rows)
      _ = try terminal.waitForExit()
      let said = String(decoding: terminal.output, as: UTF8.self)
      #expect(said.contains("xterm-256color, \(columns)x\(rows)"))
      #expect(said.contains("80x24 is what the screens are made for.") == ((columns, rows) != (80, 24)), "\(said)")
    }
  }

  @Test(
    "a context that was named and is not there is bad; a ledger that cannot be read is told once, and no collector's")
  func namedContext() throws {
    try CommandHome.alone { home in
      let unknown = try home.run("doctor", "--json", "--context", "nosuch")
      #expect(unknown.status == 1 && unknown.text.contains(#""subject":"context","state":"bad""#), "\(unknown)")
      let path = home.scratch.path + "/cut.sqlite"
      let cut = ["--ledger", path, "--service", "http://127.0.0.1:9"]
      #expect(try home.run(["cases", "list"] + cut).status == 0)
      try home.write(Data(contentsOf: URL(fileURLWithPath: path)).prefix(20_000), to: "cut.sqlite")
      let found = try home.run(["doctor", "--json"] + cut)
      let bad = found.text.split(separator: "\n").filter { $0.contains("ledger") && $0.contains(#""state":"bad""#) }
      #expect(bad.count == 1 && bad[0].contains(#""subject":"ledger""#), "\(found)")
      let verified = try home.run(["ledger", "verify"] + cut)
      #expect(verified.status != 0 && verified.errors.contains("mds ledger restore"), "\(verified)")
    }
  }

  @Test("says what is in the configuration, its line where it is wrong, and a theme that cannot be used")
  func configuration() throws {
    try CommandHome.alone { home in
      func found(_ subject: String) throws -> (found: Found, status: Int32) {
        let (found, status) = try Self.findings(home)
        return (try #require(found.first { $0.subject == subject }, "\(found)"), status)
      }
      var (one, status) = try found("config")
      #expect(one.state == "warn" && one.words == "there is no \(home.configuration)/config.toml" && status == 0)
      #expect(one.advice.contains("`mds config example`"))
      try home.write("ascii = true\nthem = \"dark\"\n", to: "config/mds/config.toml")
      (one, status) = try found("config")
      #expect(one.state == "bad" && one.words.contains("config.toml:2: there is no setting \"them\"") && status == 1)
      try home.write("theme = \"dark\"\n", to: "config/mds/config.toml")
      (one, status) = try found("config")
      #expect(one.state == "ok" && one.words == "\(home.configuration)/config.toml, 0 contexts" && status == 0)
      #expect(try Self.findings(home).found.allSatisfy { $0.subject != "theme" })
      (one, status) = try found("context")
      #expect(one.state == "warn" && status == 0)

      try home.write("theme = \"darkk\"\n", to: "config/mds/config.toml")
      (one, status) = try found("theme")
      #expect(one.state == "bad" && one.words == "There is no theme darkk." && one.advice.contains("dark"))
      #expect(status == 1)
      try FileManager.default.createDirectory(
        atPath: home.configuration + "/themes", withIntermediateDirectories: true)
      try home.write("[roles]\nok = \"green\"\nwarm = \"red\"\n", to: "config/mds/themes/darkk.toml")
      (one, status) = try found("theme")
      #expect(one.state == "bad" && one.words.contains("darkk.toml:3: there is no setting \"warm\"") && status == 1)
    }
  }
}
