import Domain
import Glibc
import Operations
import SafeText

/// Standard output and standard error of a command.
enum Standard {
  /// Writes lines of text to standard output, each made safe.
  static func lines(_ lines: [String]) {
    write(Array(lines.map { SafeText($0).text + "\n" }.joined().utf8), to: STDOUT_FILENO)
  }

  static func line(_ text: String) { lines([text]) }

  /// Writes JSON to standard output, one value a line.
  static func json(_ values: [JSON]) {
    var bytes: [UInt8] = []
    for value in values {
      value.write(to: &bytes)
      bytes.append(0x0A)
    }
    write(bytes, to: STDOUT_FILENO)
  }

  /// Writes text that is not foreign, or bytes for a program, as they are.
  static func verbatim(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

  /// Writes to standard error.
  static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

  /// Says how far long work is, on a terminal only.
  static func progress(_ text: String) {
    if isatty(STDERR_FILENO) == 1 { error("\r\u{1B}[K" + SafeText(text).text) }
  }

  /// Takes the progress away.
  static func endProgress() {
    if isatty(STDERR_FILENO) == 1 { error("\r\u{1B}[K") }
  }

  fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) {
    guard Descriptor.write(bytes, to: descriptor) else { stop(descriptor, errno) }
  }

  /// A reader that went away is no failure to speak of: it ends as SIGPIPE would have ended it.
  private static func stop(_ descriptor: Int32, _ reason: Int32) -> Never {
    if reason == EPIPE || descriptor == STDERR_FILENO { quit(128 + SIGPIPE) }
    error("mds: standard output cannot be written: \(String(cString: strerror(reason)))\n")
    quit(1)
  }
}

extension Standard {
  /// Writes bytes for a program to standard output.
  static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Writes a line to standard error, made safe.
  static func errorLine(_ text: String) { error(SafeText(text).text + "\n") }

  /// Writes lines to standard error that are safe already, as a failure's words are.
  static func errorLines(_ text: String) { error(text + "\n") }
}
