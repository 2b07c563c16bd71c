internal import Foundation
internal import Glibc

/// Ends the process when its standard input closes: also after kill -9 of whoever started it.
enum StdinWatch {
  static func exitWhenClosed() {
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 256)
      while true {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count == 0 || (count < 0 && errno != EINTR) { exit(0) }
      }
    }
  }
}
