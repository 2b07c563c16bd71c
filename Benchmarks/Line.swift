import Frames
import Glibc
import PtyTesting

/// What the workbench costs on the line: its own screens on the demonstration's models and cases.
enum Line {
  private static let sizes = [(columns: 80, rows: 24, budget: 3300), (120, 40, 6000), (200, 50, 9000)]

  /// Keys that lead to a screen from the one before, and what only that shows.
  private static let screens = [
    (name: "Models", keys: "gm", sign: "sort: drift"), ("Drift", "gd", "p × "), ("Review", "gr", "1/40"),
    ("Outbox", "go", "· wedged"), ("Infer", "gmi", "POST v2/models/"),
  ]

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let terminal = try Pty(Programs.mds, ["demo"], environment: ["TMPDIR": folder, "XDG_RUNTIME_DIR": folder])
      try terminal.wait(for: "the demonstration", within: 120) {
        $0.contains("sort: drift") && !$0.contains("preparing") && !$0.contains("comparing")
      }
      let rows = try paint(terminal) + moves(terminal) + [idle(terminal)]
      try terminal.press(.control("C"))
      _ = try terminal.waitForExit()
      return rows
    }
  }

  private static func paint(_ terminal: Pty) throws -> [Entry] {
    defer { terminal.resize(columns: 80, rows: 24) }
    return try sizes.flatMap { columns, rows, budget in
      terminal.resize(columns: columns, rows: rows)
      return try screens.map { name, keys, sign in
        try terminal.send(keys)
        try terminal.expect(sign)
        return Entry("paint \(columns)x\(rows), \(name)", bytes: try terminal.repaintBytes(), atMost: budget)
      }
    }
  }

  private static func moves(_ terminal: Pty) throws -> [Entry] {
    try screens[..<3].flatMap { name, keys, sign in
      try terminal.send(keys)
      try terminal.expect(sign)
      let moves = try [Key.down, .down, .up, .up].map { try terminal.bytes(on: $0) }
      let list = moves.map(\.first).min() ?? 0
      let panes = moves.map(\.all).max() ?? 0
      var rows = [
        Entry("cursor move 80x24, \(name), list alone", bytes: list, atMost: 70),
        Entry("cursor move 80x24, \(name), with its panes", bytes: panes, atMost: 600),
      ]
      if name == "Review" {
        rows.append(Entry("page 80x24, \(name)", bytes: try terminal.bytes(on: .pageDown).all, atMost: 2500))
      }
      return rows
    }
  }

  private static func idle(_ terminal: Pty) -> Entry {
    terminal.settle()
    let before = terminal.received
    terminal.listen(milliseconds: 61_000)
    return Entry("idle, 61 seconds with one minute in them", bytes: terminal.received - before, atMost: 12)
  }
}
