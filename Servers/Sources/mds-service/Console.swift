internal import Glibc

/// Whole lines to the standard streams, written at once: whoever started the service reads them.
enum Console {
  static func print(_ line: String) { write(line, to: STDOUT_FILENO) }

  static func complain(_ line: String) { write("mds-service: " + line, to: STDERR_FILENO) }

  private static func write(_ line: String, to descriptor: Int32) {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Nobody reads: there is nobody to tell.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
