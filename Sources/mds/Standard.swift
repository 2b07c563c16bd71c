import Domain
import FileOutput
import Frames
import Glibc
import Operations
import SafeText
import Synchronization
import Terminal

/// Standard output and standard error of a command.
enum Standard {
  /// Writes lines of text to standard output, each made safe; on a terminal without UTF-8 in ASCII.
  static func lines(_ lines: [String]) {
    let texts = lines.map { SafeText($0) }
    let isPoor =
      isatty(STDOUT_FILENO) == 1 && !texts.allSatisfy { $0.text.utf8.allSatisfy { $0 < 0x80 } } && !Locale.adopt()
    write(Array(texts.map { (isPoor ? ascii($0) : $0.text) + "\n" }.joined().utf8), to: STDOUT_FILENO)
  }

  private static func ascii(_ text: SafeText) -> String {
    // Signs whose twin is a word take the room after them.
    var frame = Frame(columns: Frame.asciiWidth(of: text) + 3, rows: 1)
    frame.write(text, row: 0, column: 0)
    let twin = frame.asciiText
    return String(twin[..<(twin.lastIndex { $0 != " " && $0 != "\n" }.map(twin.index(after:)) ?? twin.startIndex)])
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

  /// Writes to standard error, as far as it takes anything: a remark that nobody can read ends no work.
  static func error(_ text: String) { _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO) }

  /// Cells of the progress that is shown.
  private static let shown = Atomic(0)

  /// Says how far long work is, on a terminal only; without a sequence, which not every terminal has.
  static func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    let text = SafeText(text)
    let before = shown.exchange(text.width, ordering: .relaxed)
    error("\r" + text.text + SafeText.spaces(before - text.width).text)
  }

  /// Takes the progress away.
  static func endProgress() {
    let before = shown.exchange(0, ordering: .relaxed)
    if before > 0 { error("\r" + SafeText.spaces(before).text + "\r") }
  }

  fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) {
    guard Descriptor.write(bytes, to: descriptor) else { stop(errno) }
  }

  /// A reader that went away is no failure to speak of: it ends as SIGPIPE would have ended it.
  private static func stop(_ reason: Int32) -> Never {
    if reason == EPIPE { quit(128 + SIGPIPE) }
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
