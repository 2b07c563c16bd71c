internal import Glibc
internal import Synchronization

/// Where the signal handler writes; one for the process, as signals are.
private let pipeEnd = Atomic<Int32>(-1)

/// At the top level: a closure could inherit an isolation and trap on whatever thread the signal lands.
private func noteSignal(_ number: Int32) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(pipeEnd.load(ordering: .relaxed), &byte, 1)
  errno = saved
}

/// The pipe that wakes the loop: signals write their number into it, everybody else a zero.
public struct Wake: Sendable {
  /// To be polled for reading.
  public let descriptor: Int32
  private let end: Int32

  /// Takes the signals of a terminal; to be made before `Screen`, since ncurses takes those that nobody has.
  public init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    end = ends[1]
    pipeEnd.store(end, ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP] { Wake.take(number) }
  }

  static func take(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = noteSignal
    action.sa_flags = Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }

  /// Wakes the loop, from any thread; a full pipe is fine, the loop is awake then.
  public func callAsFunction() {
    var byte: UInt8 = 0
    _ = write(end, &byte, 1)
  }

  /// The signals that came since the last call.
  public func drain() -> Set<Int32> {
    var signals: Set<Int32> = []
    var bytes = [UInt8](repeating: 0, count: 256)
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return signals }
      for byte in bytes[..<count] where byte != 0 { signals.insert(Int32(byte)) }
    }
  }
}
