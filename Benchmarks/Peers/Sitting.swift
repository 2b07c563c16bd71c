import Foundation
import Frames
import Glibc
import PtyTesting

/// One run of a program, from its start to its end.
final class Sitting {
  private let peer: Peer
  let terminal: Pty
  private let columns, rows: Int
  private let isFar: Bool

  init(_ peer: Peer, home: String, columns: Int = 80, rows: Int = 24, over line: SlowLine? = nil) throws {
    self.peer = peer
    self.columns = columns
    self.rows = rows
    isFar = line != nil
    if let laid = peer.laid {
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: laid.to + suffix) }
      try FileManager.default.copyItem(atPath: laid.from, toPath: laid.to)
    }
    var environment = [
      "HOME": home, "XDG_CONFIG_HOME": home + "/.config", "XDG_DATA_HOME": home + "/.data", "TMPDIR": home,
      "XDG_STATE_HOME": home + "/.state", "XDG_CACHE_HOME": home + "/.cache", "XDG_RUNTIME_DIR": home,
      "COLORTERM": "truecolor", "EDITOR": "/bin/false",
    ]
    // As sshd has it, for all programs.
    if isFar { environment["SSH_CONNECTION"] = "192.0.2.1 50000 192.0.2.2 22" }
    // All are started by the same program, which changes to their folder.
    terminal = try Pty(
      "/usr/bin/env", ["-C", peer.folder] + peer.command, environment: environment, columns: columns, rows: rows,
      over: line)
  }

  /// Waits for the ready screen; what it took.
  func start() throws -> (first: Double, full: Double, bytes: Int) {
    try terminal.wait(for: "\(peer.name)’s screen", within: 30) { screen in
      peer.ready.isEmpty ? screen.cells.joined().contains { $0.text != " " } : screen.contains(peer.ready)
    }
    rest(isFar ? 0.8 : 0.35, atMost: isFar ? 12 : 3)
    guard let frame = Replay(terminal, onto: VirtualScreen(columns: columns, rows: rows)).frame() else {
      throw Programs.Failure(description: "\(peer.name) drew nothing")
    }
    return (frame.first - terminal.startedAt, frame.full - terminal.startedAt, frame.bytes)
  }

  /// Goes to the list.
  func enter() throws {
    guard !peer.before.isEmpty else { return }
    try type(peer.before)
    if !peer.sign.isEmpty { try terminal.expect(peer.sign) }
    rest(isFar ? 0.8 : 0.35, atMost: 6)
  }

  /// Reads until nothing has come for so many seconds.
  func rest(_ quiet: Double, atMost most: Double) {
    let start = Pty.now()
    while Pty.now() - start < most, Pty.now() - max(start, terminal.arrivals.last?.at ?? 0) < quiet {
      guard terminal.listen(milliseconds: 5) else { return }
    }
  }

  /// What a key costs: seconds to its first byte, to the last of its first frame and of all that follows, and the bytes.
  struct Stroke {
    var first, frame, done: Double
    var frameBytes, bytes: Int
  }

  /// Types keys and reads until nothing has come for so many seconds; nil where they change nothing.
  func stroke(_ keys: String, quiet: Double, atMost most: Double = 1) throws -> Stroke? {
    let (count, before, start) = (terminal.arrivals.count, terminal.received, Pty.now())
    try type(keys)
    while Pty.now() - start < most, terminal.listen(milliseconds: 1) {
      guard terminal.arrivals.count > count, let last = terminal.arrivals.last else { continue }
      if Pty.now() - last.at >= quiet { break }
    }
    let pieces = terminal.arrivals[count...]
    guard let first = pieces.first, let last = pieces.last else { return nil }
    var frame = first
    // A pause of this length parts frames: programs that draw often do so every 16 or 33 ms.
    for piece in pieces where piece.at - frame.at < 0.012 { frame = piece }
    return Stroke(
      first: first.at - start, frame: frame.at - start, done: last.at - start, frameBytes: frame.received - before,
      bytes: last.received - before)
  }

  /// Types keys; arrows as the program asked for them.
  private func type(_ keys: String) throws {
    let isArrow = keys.count == 3 && keys.hasPrefix("\u{1B}[")
    try terminal.send(isArrow && terminal.screen.modes.contains(1) ? "\u{1B}O" + keys.suffix(1) : keys)
  }

  /// Holds a key for two seconds, thirty a second; the bytes of it all, and how long after the release the list and the
  /// whole screen rested, nil where they were quicker or never came to rest.
  func hold(atMost most: Double) throws -> (bytes: Int, list: Double?, all: Double?, isAtRest: Bool) {
    let (screen, count, before, start) = (terminal.screen, terminal.arrivals.count, terminal.received, Pty.now())
    for number in 0..<60 {
      try type(peer.turnsBack && number >= 30 ? peer.up : peer.down)
      while Pty.now() < start + Double(number + 1) / 30 {
        terminal.listen(milliseconds: Int(max(1, (start + Double(number + 1) / 30 - Pty.now()) * 1000)))
      }
    }
    let release = Pty.now()
    rest(0.6, atMost: most)
    let isAtRest = Pty.now() - release < most
    let last = terminal.arrivals.count > count ? terminal.arrivals.last.map { $0.at - release } : nil
    let list = Replay(terminal, onto: screen, after: count).listRest().map { $0 - release }
    return (
      terminal.received - before, list.flatMap { $0 > 0 ? $0 : nil }, last.flatMap { $0 > 0 ? $0 : nil }, isAtRest
    )
  }

  /// Ends it and what it started.
  func end() throws {
    terminal.signal(SIGKILL)
    _ = try terminal.waitForExit()
  }
}
