import Foundation
import Glibc

extension Process {
  /// Waits until the program has ended and gives its exit status, or the signal that ended it.
  ///
  /// The kernel is asked. Foundation's own `waitUntilExit` waits on a socket that it watches by its number, and where
  /// several threads start programs it now and then misses an end, for ever.
  @discardableResult
  func waitForEnd() -> Int32 {
    var ended = siginfo_t()
    while waitid(P_PID, id_t(processIdentifier), &ended, WEXITED | WNOWAIT) != 0 {
      if errno == EINTR { continue }
      // Foundation has noticed by itself, and knows the status.
      waitUntilExit()
      return terminationStatus
    }
    return ended._sifields._sigchld.si_status
  }
}
