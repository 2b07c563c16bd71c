internal import Glibc

/// A program at the far end of a slow line.
extension Pty {
  /// Carries what is due both ways until something reaches the screen.
  /// - Returns: false when no more can come, or nothing came in time.
  func readOverLine(until deadline: Double) -> Bool {
    while true {
      let now = Pty.now()
      for keys in line?.typed(by: now) ?? [] { try? write(keys.bytes) }
      let shown = line?.shown(by: now) ?? []
      for piece in shown { take(piece.bytes[...], at: piece.at) }
      if !shown.isEmpty { return true }
      if now >= deadline || hasClosed && line?.isQuiet == true { return false }
      let until = min(deadline, line?.nextEvent(after: now) ?? .infinity)
      let reads = !hasClosed && line?.hasRoom(at: now) == true
      var wait = pollfd(fd: reads ? master : -1, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(max(0, ((until - now) * 1000).rounded(.up)))) > 0 else { continue }
      // As much as a terminal hands over at once: a reader that takes all would hide that a program must wait.
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Glibc.read(master, &bytes, bytes.count)
      if count > 0 {
        line?.write(Array(bytes.prefix(count)), at: Pty.now())
      } else if count == 0 || errno != EINTR {
        hasClosed = true
      }
    }
  }
}
