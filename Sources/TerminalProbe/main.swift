// A program for the tests of Terminal: it shows what it hears, and ends, stops or crashes when told to.
import Frames
import Glibc
import SafeText
import Terminal

struct Probe {
  let wake: Wake
  let screen: Screen
  var parser = InputParser()
  var heard: [SafeText] = []

  /// Returns the exit status.
  mutating func run() -> Int32 {
    while true {
      draw()
      var waits = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&waits, 2, parser.patience.map { Int32($0) } ?? -1)
      if count == 0 { for input in parser.timeout() { if let status = take(input) { return status } } }
      if waits[1].revents != 0, let status = heed() { return status }
      if waits[0].revents != 0, let status = read() { return status }
    }
  }

  private mutating func read() -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
    if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { return 129 }
    for input in parser.feed(bytes.prefix(max(0, count))) { if let status = take(input) { return status } }
    return nil
  }

  private mutating func heed() -> Int32? {
    for signal in wake.drain().sorted() {
      switch signal {
      case SIGWINCH: screen.resize()
      case SIGTSTP: screen.suspend()
      case SIGCONT:
        heard.append("continued")
        screen.resume()
      default: return 128 + signal
      }
    }
    return nil
  }

  private mutating func take(_ input: Input) -> Int32? {
    switch input {
    case .key(.text("q")): return 0
    case .key(.text("x")): exit(3)
    case .key(.text("c")): fatalError("asked to")
    case .key(.text("s")): kill(getpid(), SIGSEGV)
    case .key(.text("a")): abort()
    case .key(.text("b")): screen.askBackground()
    case .key(.control("Z")): screen.suspend()
    case .key(.text("l")): screen.lend { print("lent to another program") }
    case .key(let key): heard.append("key " + SafeText(key.description))
    case .paste(let text): heard.append("paste " + Numeral.count(text.utf8.count) + " " + SafeText(text))
    case .mouse(let event): heard.append("mouse \(event.position.row),\(event.position.column)".safe)
    case .focus(let isFocused): heard.append(isFocused ? "focused" : "unfocused")
    case .background(let isLight): heard.append(isLight ? "light" : "dark")
    case .answered:
      screen.noteAnswer()
      heard.append("answered")
    case .unknown: heard.append("unknown")
    }
    return nil
  }

  private func draw() {
    let (columns, rows) = screen.size
    var frame = Frame(columns: columns, rows: rows)
    frame.write("probe \(columns)x\(rows) \(screen.colours) colours".safe, row: 0, column: 0, style: .bold)
    for (row, line) in heard.suffix(rows - 2).enumerated() { frame.write(line, row: row + 1, column: 0) }
    frame.write("end", row: rows - 1, endingAt: columns)
    screen.show(frame)
  }
}

extension String {
  var safe: SafeText { SafeText(self) }
}

do throws(TerminalError) {
  let wake = try Wake()
  var probe = Probe(wake: wake, screen: try Screen())
  let status = probe.run()
  probe.screen.close()
  exit(status)
} catch {
  print(error.summary)
  print(error.advice)
  exit(1)
}
