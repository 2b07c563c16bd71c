internal import Glibc
internal import Synchronization

/// The pipe that wakes `poll`: signals write their number into it, effects a zero.
private let pipeEnd = Atomic<Int32>(-1)

// Top level: a closure literal could inherit isolation and trap when the signal lands on another thread.
private func noteSignal(_ number: Int32) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(pipeEnd.load(ordering: .relaxed), &byte, 1)
  errno = saved
}

/// What ends the wait of the one loop: signals, and answers of effects.
///
/// Made before `Screen`: ncurses leaves alone the signals that are taken when it starts.
public struct Wake: Sendable {
  /// What `Wake` hears of: a new size, stop and go on, and the four that end the program.
  static let signals = [SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT]

  /// For `poll`: readable when something waits.
  public let descriptor: Int32
  private let end: Int32

  /// Takes the signals; a broken pipe and a file that grows too large become errors of the write that met them.
  public init() throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotStart }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    end = ends[1]
    pipeEnd.store(end, ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in Self.signals {
      Self.take(number)
      sigaddset(&heard, number)
    }
    // Whoever started the program may have blocked them, and a block is inherited: it would never hear its end.
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }

  static func take(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = noteSignal
    action.sa_flags = Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }

  /// Stops this program as ^Z does, until somebody says SIGCONT; returns at once where nobody could.
  public static func stop() {
    signal(SIGCONT, SIG_DFL)
    signal(SIGTSTP, SIG_DFL)
    // The whole job, as the kernel does it: a shell that waits for a script around mds would have no terminal.
    kill(0, SIGTSTP)
    kill(0, SIGCONT)
    take(SIGTSTP)
    take(SIGCONT)
  }

  /// Wakes the loop, from any thread. A full pipe is fine: the loop is awake then.
  public func callAsFunction() {
    var byte: UInt8 = 0
    _ = write(end, &byte, 1)
  }

  /// The signals since the last call, each once.
  public func drain() -> Set<Int32> {
    var bytes = [UInt8](repeating: 0, count: 256)
    var signals: Set<Int32> = []
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      if count <= 0 { return signals }
      for byte in bytes.prefix(count) where byte != 0 { signals.insert(Int32(byte)) }
    }
  }
}
