internal import CPty
internal import Foundation
internal import Glibc

/// A pseudo-terminal inside one process: what is written to its terminal end is drawn on a virtual screen.
public final class PtyPair: @unchecked Sendable {
  /// The end that a program draws on and reads from.
  public let terminal: Int32
  private let master: Int32
  // Sound: `screen`, `audit` and `received` are touched only under `lock`.
  private let lock = NSCondition()
  private var drawn: VirtualScreen
  private var count = 0
  private var audited: OutputAudit

  /// `allowed` are the shapes of sequences that may be written, where `audit` is asked.
  public init?(columns: Int = 80, rows: Int = 24, allowing allowed: Set<String> = []) {
    audited = OutputAudit(allowing: allowed)
    var ends: [Int32] = [-1, -1]
    guard mds_pty_open(&ends, Int32(rows), Int32(columns)) == 0 else { return nil }
    master = ends[0]
    terminal = ends[1]
    drawn = VirtualScreen(columns: columns, rows: rows)
    let thread = Thread { [master, weak self] in
      var bytes = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = Glibc.read(master, &bytes, bytes.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0, let self else { break }
        self.take(bytes.prefix(count))
      }
      Glibc.close(master)
    }
    thread.start()
  }

  deinit {
    // The last terminal end: the reader sees the end and closes its own.
    Glibc.close(terminal)
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    lock.lock()
    count += bytes.count
    drawn.feed(bytes)
    audited.feed(bytes)
    lock.broadcast()
    lock.unlock()
  }

  /// All that was written until now has been drawn: a mark is sent after it, and waited for.
  private func settle() {
    let mark = "settled-\(UInt64.random(in: 0 ... .max))"
    let bytes = Array("\u{1B}_\(mark)\u{1B}\\".utf8)
    _ = Glibc.write(terminal, bytes, bytes.count)
    lock.lock()
    let deadline = Date(timeIntervalSinceNow: 20)
    while drawn.applicationText != mark, lock.wait(until: deadline) {}
    count -= bytes.count
    lock.unlock()
  }

  /// The screen as it is when all that was written has arrived.
  public var screen: VirtualScreen {
    settle()
    lock.lock()
    defer { lock.unlock() }
    return drawn
  }

  /// What was written until now, each byte accounted for.
  public var audit: OutputAudit {
    settle()
    lock.lock()
    defer { lock.unlock() }
    return audited
  }

  /// Bytes written until now.
  public var received: Int {
    settle()
    lock.lock()
    defer { lock.unlock() }
    return count
  }

  /// Gives the terminal a new size.
  public func resize(columns: Int, rows: Int) {
    settle()
    lock.lock()
    drawn.resize(columns: columns, rows: rows)
    lock.unlock()
    mds_pty_resize(master, Int32(rows), Int32(columns))
  }

  /// Types.
  public func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(master, bytes, bytes.count)
  }
}
