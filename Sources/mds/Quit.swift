import Glibc
import Terminal

/// Ends the program now, with what was written in its place.
///
/// Threads that talk to a service may still run: `exit` would let the libraries clean up under them, and a command that
/// had done its work ended in a crash now and then.
func quit(_ status: Int32) -> Never {
  TerminalGuard.giveBack()
  fflush(nil)
  _exit(status)
}
