/// What is measured of each program.
enum Figure: CaseIterable {
  case first, full, processor, memory
  case paint, paintLarge, move, list, moveLarge, page, idle
  case key, keyLate
  case farFull, farFirst, farDone, heldBytes, heldList, heldAll

  /// The heading of its column.
  var title: String {
    switch self {
    case .first: "first cell, ms"
    case .full: "full frame, ms"
    case .processor: "CPU, ms"
    case .memory: "memory, MB"
    case .paint: "paint 80x24, B"
    case .paintLarge: "paint 200x50, B"
    case .move: "move 80x24, B"
    case .list: "of it at once, B"
    case .moveLarge: "move 200x50, B"
    case .page: "page 80x24, B"
    case .idle: "idle, B/s"
    case .key: "key to frame p50, ms"
    case .keyLate: "p99, ms"
    case .farFull: "full frame, s"
    case .farFirst: "key, first cell, ms"
    case .farDone: "key, last cell, ms"
    case .heldBytes: "held 2 s, B"
    case .heldList: "list lags, ms"
    case .heldAll: "all lags, ms"
    }
  }

  /// The most that ours may be.
  var budget: Double? {
    switch self {
    case .full: 60
    case .memory: 40
    case .paint: 3300
    case .paintLarge: 9000
    // A whole case with its explanation, Review's pane, is the dearest.
    case .move: 1200
    case .list: 70
    case .page: 2500
    case .idle: 1
    case .key: 2
    case .keyLate: 10
    case .heldList: 220
    case .heldAll: 300
    case .first, .processor, .moveLarge, .farFull, .farFirst, .farDone, .heldBytes: nil
    }
  }

  /// The tables, each with what stands in it.
  static let tables: [(title: String, figures: [Figure])] = [
    ("Start, 80x24", [.first, .full, .processor, .memory]),
    ("Bytes on the line", [.paint, .paintLarge, .move, .list, .moveLarge, .page, .idle]),
    ("Key to frame", [.key, .keyLate]),
    ("On the slow line: 64 kbit/s, 200 ms, 80x24", [.farFull, .farFirst, .farDone, .heldBytes, .heldList, .heldAll]),
  ]
}

/// What was measured of one program; what is missing does not apply to it.
typealias Figures = [Figure: Double]

extension Figures {
  /// Takes the least of several runs: what else runs on the machine only ever makes them longer.
  mutating func note(_ figure: Figure, _ value: Double) { self[figure] = Swift.min(self[figure] ?? value, value) }
}
