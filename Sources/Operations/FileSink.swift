internal import Domain
internal import Glibc

/// Bytes on their way into a file that appears under its name only when it is whole, or to standard output.
final class FileSink {
  private let path: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  /// Whether the reader of a pipe has gone: nobody wants the rest.
  private(set) var isClosed = false

  /// nil stands for standard output.
  init(_ path: String?) throws(Problem) {
    self.path = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem("The file \(path) cannot be written", detail: String(cString: strerror(errno)))
    }
  }

  deinit {
    guard let path, !isFinished else { return }
    close(descriptor)
    unlink(path + ".partial")
  }

  func write(_ bytes: [UInt8]) throws(Problem) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes the rest, and moves the file to its place once it is on the disk; to another one of the same folder where
  /// only what was written says what it is called.
  func finish(as other: String? = nil) throws(Problem) {
    try flush()
    guard let path else { return }
    let place = other ?? path
    guard fsync(descriptor) == 0, rename(path + ".partial", place) == 0 else { throw failure() }
    isFinished = true
    close(descriptor)
    // The name is on the disk only when its folder is.
    let folder = open(Files.folder(of: Files.absolute(place)), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private func flush() throws(Problem) {
    guard Descriptor.write(buffer, to: descriptor) else { throw failure() }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure() -> Problem {
    let reason = errno
    isClosed = reason == EPIPE
    return Problem(
      "\(path.map { "The file \($0)" } ?? "Standard output") could not be written whole", advice: "Is the disk full?",
      detail: String(cString: strerror(reason)))
  }
}
