internal import ArgumentParser
internal import Glibc

/// Whole lines on standard output, unbuffered, so that a parent process sees them at once.
enum StandardOutput {
  /// Standard output did not take what was to be printed: a disk is full, say.
  struct Failure: Error, CustomStringConvertible {
    var code: Int32

    var description: String { "standard output cannot be written: \(String(cString: strerror(code)))" }
  }

  /// Writes a line, or throws; a reader that went away is no failure to speak of, and ends the command as SIGPIPE would.
  static func write(_ line: String) throws {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EPIPE { throw ExitCode(128 + SIGPIPE) }
        throw Failure(code: count < 0 ? errno : EIO)
      }
      bytes = bytes.dropFirst(count)
    }
  }

  /// A text without control characters, for a cell of a list.
  static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      plain.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar)
    }
    return String(plain)
  }
}

/// Remarks for people, beside what a command prints.
enum StandardError {
  static func write(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// The parent's end of standard input: when it closes, the parent is gone, even by kill -9.
enum StandardInput {
  /// Ends the process in order; at once if that takes more than two seconds.
  static func endWhenClosed() {
    var thread = pthread_t()
    // A thread of its own: read blocks.
    pthread_create(
      &thread, nil,
      { _ in
        var byte: UInt8 = 0
        while true {
          let count = read(STDIN_FILENO, &byte, 1)
          if count == 0 || (count < 0 && errno != EINTR) { break }
        }
        kill(getpid(), SIGTERM)
        sleep(2)
        _exit(0)
      }, nil)
    pthread_detach(thread)
  }
}
