internal import Glibc

/// A file that appears under its name only when it is whole, or standard output.
final class OutputFile {
  struct Failure: Error, CustomStringConvertible {
    var path: String
    var code: Int32

    /// Whether the reader of a pipe has gone.
    var isClosedPipe: Bool { code == EPIPE }

    var description: String { "\(path): \(String(cString: strerror(code)))" }
  }

  private let path: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false

  private var name: String { path ?? "standard output" }

  /// nil stands for standard output.
  init(_ path: String?) throws(Failure) {
    self.path = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
  }

  deinit {
    guard let path, !isFinished else { return }
    close(descriptor)
    unlink(path + ".partial")
  }

  func write(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes the rest, and moves the file to its place once it is on the disk.
  func finish() throws(Failure) {
    try flush()
    guard let path else { return }
    guard fsync(descriptor) == 0, rename(path + ".partial", path) == 0 else { throw Failure(path: path, code: errno) }
    isFinished = true
    close(descriptor)
  }

  private func flush() throws(Failure) {
    var written = 0
    while written < buffer.count {
      let count = buffer[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(path: name, code: errno) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
