import Foundation
import Frames
import Glibc
import PtyTesting
import Testing
import WireFixtures

/// What the workbench costs on the line: its own screens, drawn by ncurses on the demonstration's models and cases.
@Suite("On the line")
struct ByteTests {
  static let paintBudgets = [(columns: 80, rows: 24, bytes: 3300), (120, 40, 6000), (200, 50, 9000)]

  /// Keys that lead to a screen from the one before, and what only that shows.
  static let screens = [
    (name: "Models", keys: "gm", sign: "sort: drift"), ("Drift", "gd", "p × "), ("Review", "gr", "1/40"),
    ("Outbox", "go", "· wedged"), ("Feedback", "gf", "n ≥ 20"), ("Feedback of cargo", "l", "κ ."),
    ("Infer", "gmi", "POST v2/models/"), ("Help", "?", "help"),
    ("Infer again", "\u{1B}", "POST v2/models/"),
  ]

  @Test("every screen, move and idle moment stays within its bytes")
  func withinBudget() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(
      Paths.mds, ["demo"],
      environment: [
        "TMPDIR": scratch.path, "XDG_RUNTIME_DIR": scratch.path, "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22",
      ])
    // The last thing that the demonstration prepares: until then the screens still change by themselves.
    try terminal.expect("colleagues judge", within: 120)
    try terminal.wait(for: "the demonstration", within: 120) { $0.contains("sort: drift") }
    for (columns, rows, budget) in Self.paintBudgets {
      terminal.resize(columns: columns, rows: rows)
      for (name, keys, sign) in Self.screens {
        try terminal.send(keys)
        try terminal.expect(sign)
        let painted = try terminal.repaintBytes()
        // Review's wide pane shows a whole case, at worst a picture: a third more than a paint should cost.
        // Drift draws as many windows as the day has: late in the evening a few bytes more.
        let most = name == "Review" && columns > 80 ? budget * 4 / 3 : name == "Drift" ? budget * 21 / 20 : budget
        #expect(painted > 500 && painted <= most, "\(name) at \(columns)x\(rows): \(painted) bytes")
      }
    }
    terminal.resize(columns: 80, rows: 24)
    try Self.checkMoves(terminal)
    try Self.checkHeldKey(terminal)
    terminal.settle()
    let before = terminal.received
    terminal.listen(milliseconds: 2000)
    // For the clock, where a minute began; all four digits of it, where an hour did.
    #expect(terminal.received - before <= 16)
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test(
    "a start on 500 models costs no more than a paint: as they are remembered, and then as last known, for nobody answers",
    arguments: [(80, 24, 3300), (200, 50, 9000)])
  func start(columns: Int, rows: Int, budget: Int) throws {
    try CommandHome.alone { home in
      let models = (0..<500).map { number in
        #"{"name":"model-\#(1000 + number)","version":"\#(number % 9)","state":"READY","reason":""}"#
      }
      let service = try ScriptedServer { request in
        request.line.contains("/repository/index")
          ? ScriptedServer.response("[\(models.joined(separator: ","))]") : nil
      }
      try home.configure(service.base)
      let first = try LooksWalkTests.opened(home, models: 500)
      try LooksWalkTests.leave(first)
      service.close()

      // It takes the connection and says nothing, until long after the list that is remembered is on screen.
      let silent = try ScriptedServer(script: { _, _ in
        usleep(700_000)
        return false
      })
      defer { silent.close() }
      try home.configure(silent.base)
      let environment = ["SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"]
      let terminal = try Pty(
        Paths.mds, ["open", "--fresh"], environment: home.environment.merging(environment) { $1 }, columns: columns,
        rows: rows)
      let remembered = try terminal.expect("model-1000")
      #expect(!remembered.contains("LAST STATE"))
      try terminal.expect("last known")
      try terminal.expect("✗ service since")
      terminal.settle(milliseconds: 400)
      // Times change while it starts, by digits that are chance's: the clock, since when, the next try.
      #expect(terminal.received <= budget + 36, "\(terminal.received) bytes")
      try LooksWalkTests.leave(terminal)
    }
  }

  @Test(
    "the cursor on a picture costs no more than a pane, and the picture shows where it is",
    arguments: [(80, 24), (200, 50)])
  func pixels(columns: Int, rows: Int) throws {
    try CommandHome.onService { home, service in
      try home.write("[contexts.lab]\nservice = \"\(service.url)\"\n", to: "config/mds/config.toml")
      let records = try String(contentsOfFile: Paths.repository + "/fixtures/records/digits.jsonl", encoding: .utf8)
      let record = try home.write(String(records.prefix { $0 != "\n" }) + "\n", to: "one.jsonl")
      let explained = try home.run("explain", "digits", "--input", record)
      #expect(explained.status == 0, "\(explained)")
      let terminal = try Pty(Paths.mds, ["open"], environment: home.environment, columns: columns, rows: rows)
      try terminal.expect("Models 4")
      try terminal.send("gr")
      try terminal.expect("Queue 1")
      try terminal.press(.enter)
      // The picture stands in the queue's pane too, on a wide screen, and its cursor comes with the explanation.
      try terminal.wait(for: "the picture with its cursor") { screen in
        !screen.contains("Queue 1") && screen.contains("Image 8 × 8") && screen.contains("]")
      }
      terminal.settle()
      let moves = try [Key.down, .down, .up, .up].map { try terminal.bytes(on: $0).all }
      #expect(moves.allSatisfy { $0 <= 600 }, "\(moves) bytes")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
    }
  }

  /// A key held for two seconds on a slow line, down Review and back up: the list follows it, and the case, with all that
  /// belongs to it, is drawn when it is let go, or a few times more where a loaded machine lets the key seem to rest.
  /// Drawn at each step it would be 40 kB, for which this line takes five seconds.
  static func checkHeldKey(_ terminal: Pty) throws {
    try terminal.press(.home)
    terminal.settle()
    let (before, lines) = (terminal.received, terminal.screen.lines.dropFirst())
    terminal.line = SlowLine()
    defer { terminal.line = nil }
    for number in 0..<60 {
      try terminal.press(number < 30 ? .down : .up)
      terminal.listen(milliseconds: 33)
    }
    terminal.settle(milliseconds: 600)
    let bytes = terminal.received - before
    #expect(bytes > 500 && bytes <= 60 * 70 + 6 * 1200, "\(bytes) bytes for a held key")
    // But for the clock, at the top.
    #expect(terminal.screen.lines.dropFirst() == lines)
  }

  static func checkMoves(_ terminal: Pty) throws {
    // Drift draws the timeline of its feature anew, Review a whole case, at worst with a picture: more than a pane.
    for ((name, keys, sign), panes) in zip(screens, [600, 900, 1200]) {
      try terminal.send(keys)
      try terminal.expect(sign)
      let moves = try [Key.down, .down, .up, .up].map { try terminal.bytes(on: $0) }
      // The least of them: a reader that comes late sees the pane's frame together with the list's.
      let list = moves.map(\.first).min() ?? .max
      #expect(list <= 70, "\(name): \(list) bytes for the list alone")
      // A case is drawn again when its explanation comes: what was seen on the way down has it on the way up.
      let followed = name == "Review" ? moves.suffix(2) : moves[...]
      #expect(followed.allSatisfy { $0.all <= panes }, "\(name): \(moves) bytes with what follows")
    }
    let page = try terminal.bytes(on: .pageDown)
    #expect(page.all <= 2500, "\(page) bytes")
  }
}
