public import Domain
internal import Frames
internal import Glibc
internal import Terminal
public import Workbench

/// The loop of the first screen: it waits for keys alone, and gives what was chosen.
public enum WelcomeLoop {
  /// How it ended: by a choice, or by a signal or the loss of the terminal, as an exit status.
  public enum Ending: Equatable {
    case chosen(Welcome.Choice)
    case status(Int32)
  }

  /// Shows the screen until something is chosen that `refuse` has no objection to; the terminal is given back then.
  public static func run(
    _ welcome: Welcome, looks: Looks, wallClock: () -> Timestamp, refuse: (Welcome.Choice) -> Problem?
  ) throws(Problem) -> Ending {
    let (wake, screen) = try looks.open()
    defer { screen.close() }
    var welcome = welcome
    var parser = InputParser()
    while true {
      var frame = Frame(columns: screen.size.columns, rows: screen.size.rows)
      welcome.draw(on: &frame, now: wallClock())
      screen.show(frame)
      var waits = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let patience = parser.patience.map { Int32($0) }
      let ready = poll(&waits, 2, patience ?? 60_000)
      if waits[1].revents != 0, let status = heed(wake.drain(), screen) { return .status(status) }
      var inputs = ready == 0 && patience != nil ? parser.timeout() : []
      if waits[0].revents != 0 {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN)) else { return .status(128 + SIGHUP) }
        inputs += parser.feed(bytes[..<max(0, count)])
      }
      for input in inputs {
        guard let choice = take(input, &welcome, screen) else { continue }
        guard let problem = refuse(choice) else { return .chosen(choice) }
        welcome.fail(problem)
      }
    }
  }

  private static func take(_ input: Input, _ welcome: inout Welcome, _ screen: Screen) -> Welcome.Choice? {
    switch input {
    case .key(.control("Z")): screen.suspend()
    case .key(.control("L")): screen.repaint()
    case .key(let key): return welcome.take(key)
    case .paste(let text): welcome.paste(text)
    case .answered: screen.noteAnswer()
    case .background, .mouse, .focus, .unknown: break
    }
    return nil
  }

  /// Does what signals ask; the exit status of one that ends the program.
  private static func heed(_ signals: Set<Int32>, _ screen: Screen) -> Int32? {
    for signal in signals.sorted() {
      switch signal {
      case SIGWINCH: screen.resize()
      case SIGTSTP: screen.suspend()
      case SIGCONT: screen.resume()
      default: return 128 + signal
      }
    }
    return nil
  }
}
