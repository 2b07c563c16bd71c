public import Domain
internal import Glibc

/// A file that grows by whole lines, for the owner alone.
public final class LineFile {
  public let path: String
  private let descriptor: Int32
  /// The last whole line that was there; nil where the file was empty or begun anew.
  public private(set) var lastLine: [UInt8]?

  /// Opens a file: begun anew, or to go on behind its last whole line.
  public init(_ path: String, goesOn: Bool) throws(Problem) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (goesOn ? 0 : O_TRUNC), 0o600)
    guard descriptor >= 0 else {
      throw Problem("The file \(path) cannot be written.", detail: String(cString: strerror(errno)))
    }
    if goesOn { try findEnd() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds lines; on return the system has them.
  public func write(_ bytes: [UInt8]) throws(Problem) {
    guard Descriptor.write(bytes, to: descriptor) else {
      throw Problem(
        "The file \(path) cannot be written on.", advice: "Is the disk full? `--resume` goes on later.",
        detail: String(cString: strerror(errno)))
    }
  }

  /// Takes the file away where nothing is in it.
  public func removeIfEmpty() {
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size == 0 { unlink(path) }
  }

  /// Cuts off a line that was not finished, and remembers the one before.
  private func findEnd() throws(Problem) {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let length = min(size, 2 * RowReader.limit)
    var tail = [UInt8](repeating: 0, count: length)
    guard size == 0 || pread(descriptor, &tail, length, off_t(size - length)) == length else {
      throw Problem("The file \(path) cannot be read.", detail: String(cString: strerror(errno)))
    }
    guard let end = tail.lastIndex(of: 0x0A) else {
      guard length == size, ftruncate(descriptor, 0) == 0 else {
        throw Problem("\(path) does not look like lines of answers.", kind: .invalidInput)
      }
      lseek(descriptor, 0, SEEK_SET)
      return
    }
    let start = tail[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    lastLine = Array(tail[start..<end])
    let kept = off_t(size - length + end + 1)
    guard ftruncate(descriptor, kept) == 0, lseek(descriptor, kept, SEEK_SET) == kept else {
      throw Problem("The file \(path) cannot be cut.", detail: String(cString: strerror(errno)))
    }
  }
}
