public import Domain
internal import FileOutput
internal import Glibc

/// A file that grows by whole lines, for the owner alone.
public final class LineFile {
  public let path: String
  private let descriptor: Int32

  /// Opens a file: begun anew, or to go on behind its first bytes, so many of them.
  public init(_ path: String, keeping length: Int = 0) throws(Problem) {
    self.path = path
    if let kept = KeptFile(path) {
      descriptor = -1
      throw Problem(
        "\(path) is \(kept.rawValue): it stays as it is.", advice: "Give another name.", kind: .invalidInput)
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem("The file \(path) cannot be written.", detail: String(cString: strerror(errno)))
    }
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // Two that write at once would write into each other's lines.
    guard !isFile || flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw Problem(
        "Another program is writing \(path): nothing was done.",
        advice: "Let it end, or end it; then `--resume` goes on where it was.", kind: .invalidInput)
    }
    // What is no regular file, for example a pipe, has no length.
    guard ftruncate(descriptor, off_t(length)) == 0 || errno == EINVAL else {
      throw Problem("The file \(path) cannot be cut.", detail: String(cString: strerror(errno)))
    }
    lseek(descriptor, off_t(length), SEEK_SET)
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

  /// Takes the file away where nothing is in it: a file, no device nor pipe, and no link that leads to one.
  public func removeIfEmpty() {
    var (status, named) = (stat(), stat())
    guard fstat(descriptor, &status) == 0, status.st_size == 0, lstat(path, &named) == 0,
      named.st_mode & S_IFMT == S_IFREG, (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
    else { return }
    unlink(path)
  }

  /// Waits until what was written is on the disk, where there is one: a pipe has none.
  func settle() throws(Problem) {
    guard fdatasync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw Problem(
        "The file \(path) is not whole on the disk.", advice: "`--resume` goes on once it has room.",
        detail: String(cString: strerror(errno)))
    }
  }
}
