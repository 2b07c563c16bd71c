public import Foundation
internal import Glibc

extension Process {
  /// Waits until the program has ended, and says how.
  ///
  /// The kernel is asked. Foundation's own `waitUntilExit` waits on a socket that it watches by its number, and where
  /// several threads start programs it now and then misses an end, for ever.
  @discardableResult
  public func waitForEnd() -> Pty.Exit {
    var ended = siginfo_t()
    while waitid(P_PID, id_t(processIdentifier), &ended, WEXITED | WNOWAIT) != 0 {
      if errno == EINTR { continue }
      // Foundation has noticed by itself, and knows the status.
      waitUntilExit()
      return Pty.Exit(terminationStatus, isCode: terminationReason == .exit)
    }
    return Pty.Exit(ended._sifields._sigchld.si_status, isCode: ended.si_code == Int32(CLD_EXITED))
  }
}

extension Pty.Exit {
  fileprivate init(_ status: Int32, isCode: Bool) { self = isCode ? .code(Int(status)) : .signal(Int(status)) }

  /// The code, or the number of the signal.
  public var status: Int32 {
    switch self {
    case .code(let number), .signal(let number): Int32(number)
    }
  }
}
