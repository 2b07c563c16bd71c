import Foundation
import PtyTesting

/// All that is measured of one program.
struct PeerMeasures {
  let peer: Peer
  let home: String
  private(set) var figures: Figures = [:]
  /// What could not be measured, in words.
  private(set) var notes: [String] = []

  init(_ peer: Peer, home: String) {
    self.peer = peer
    self.home = home
  }

  /// Seconds that a slow line may take to come to rest after a key was let go.
  private static let patience = 10.0

  mutating func measure() {
    attempt("start") { try $0.near() }
    attempt("200x50") { try $0.large() }
    if !peer.isShort { attempt("slow line") { try $0.far() } }
  }

  private mutating func attempt(_ what: String, _ body: (inout PeerMeasures) throws -> Void) {
    do { try body(&self) } catch {
      notes.append("\(peer.name), \(what): \(error)".split(separator: "\n")[0].description)
    }
  }

  private mutating func near() throws {
    for run in 0..<3 {
      let sitting = try Sitting(peer, home: home)
      let frame = try sitting.start()
      figures.note(.first, frame.first * 1000)
      figures.note(.full, frame.full * 1000)
      figures.note(.paint, Double(frame.bytes))
      let tree = ProcessTree(of: sitting.terminal.process)
      figures.note(.processor, tree.milliseconds)
      if run == 2 { try keys(sitting) }
      try sitting.end()
    }
  }

  private mutating func keys(_ sitting: Sitting) throws {
    try sitting.enter()
    // The first moves may draw what stays.
    for _ in 0..<2 { _ = try sitting.stroke(peer.down, quiet: 0.15) }
    let moves = try (0..<5).compactMap { _ in try sitting.stroke(peer.down, quiet: 0.15) }
    figures[.move] = Self.median(moves.map { Double($0.bytes) })
    figures[.list] = Self.median(moves.map { Double($0.frameBytes) })
    if !peer.isLarge { try times(sitting) }
    let pages = try (0..<4).compactMap { _ in try sitting.stroke(peer.page, quiet: 0.15) }
    figures[.page] = Self.median(pages.map { Double($0.bytes) })
    sitting.rest(0.5, atMost: 1)
    let (before, start) = (sitting.terminal.received, Pty.now())
    sitting.terminal.listen(milliseconds: 2000)
    figures[.idle] = Double(sitting.terminal.received - before) / (Pty.now() - start)
    figures[.memory] = ProcessTree(of: sitting.terminal.process).peak
  }

  /// Sixty keys, each after the frame of the one before: faster than anybody types, slower than frames are held back.
  private mutating func times(_ sitting: Sitting) throws {
    var times: [Double] = []
    for number in 0..<60 {
      // Down first: at the top of a list a key changes nothing but what follows it later.
      let keys = number / 8 % 2 == 0 ? peer.down : peer.up
      if let stroke = try sitting.stroke(keys, quiet: 0.04, atMost: 0.25) { times.append(stroke.frame * 1000) }
    }
    times.sort()
    guard times.count >= 30 else { return }
    figures[.key] = times[times.count / 2]
    figures[.keyLate] = times[times.count * 99 / 100]
  }

  private mutating func large() throws {
    let sitting = try Sitting(peer, home: home, columns: 200, rows: 50)
    figures[.paintLarge] = Double(try sitting.start().bytes)
    try sitting.enter()
    for _ in 0..<2 { _ = try sitting.stroke(peer.down, quiet: 0.15) }
    let moves = try (0..<5).compactMap { _ in try sitting.stroke(peer.down, quiet: 0.15) }
    figures[.moveLarge] = Self.median(moves.map { Double($0.bytes) })
    if peer.isLarge { try times(sitting) }
    try sitting.end()
  }

  private mutating func far() throws {
    let sitting = try Sitting(peer, home: home, over: SlowLine())
    figures[.farFull] = try sitting.start().full
    try sitting.enter()
    _ = try sitting.stroke(peer.down, quiet: 0.4, atMost: 6)
    let strokes = try (0..<4).compactMap { _ in try sitting.stroke(peer.down, quiet: 0.4, atMost: 6) }
    figures[.farFirst] = Self.median(strokes.map { $0.first * 1000 })
    figures[.farDone] = Self.median(strokes.map { $0.done * 1000 })
    let held = try sitting.hold(atMost: Self.patience)
    figures[.heldBytes] = Double(held.bytes)
    if peer.isOurs { figures[.heldList] = held.list.map { $0 * 1000 } }
    figures[.heldAll] = held.isAtRest ? held.all.map { $0 * 1000 } : .infinity
    try sitting.end()
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
