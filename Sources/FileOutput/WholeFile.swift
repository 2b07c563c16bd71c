internal import Glibc

/// Bytes on their way into a file that appears under its name only when it is whole, or to standard output. A link is
/// followed, a file that is replaced keeps its mode, and what is no regular file, a pipe or a device, is written to.
public final class WholeFile {
  /// What the system would not do.
  public struct Failure: Error, CustomStringConvertible {
    /// The file's path; nil for standard output.
    public var path: String?
    /// The system's number of the reason.
    public var code: Int32
    /// What is there that nobody means to write over.
    public var kept: KeptFile?

    /// Whether the reader of a pipe has gone: nobody wants the rest.
    public var isClosedPipe: Bool { code == EPIPE }
    /// The reason in the system's words.
    public var reason: String {
      kept.map { "it is \($0.rawValue), and stays as it is" } ?? String(cString: strerror(code))
    }
    public var description: String { "\(path ?? "standard output"): \(reason)" }
  }

  private let path: String?
  /// Where the file will be, behind all links; nil where what is written is not to be moved.
  private let place: String?
  /// Negative where a pipe is not open yet.
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// nil stands for standard output; `own` is what may be written over by whoever keeps it.
  public init(_ path: String?, over own: KeptFile? = nil) throws(Failure) {
    self.path = path
    guard let path else {
      place = nil
      descriptor = STDOUT_FILENO
      return
    }
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      place = nil
      descriptor = -1
      // To open a pipe waits for its reader, who may want another of several files first: that is done when it is written.
      if status.st_mode & S_IFMT == S_IFIFO, access(path, W_OK) == 0 { return }
      try openInPlace()
      return
    }
    // Whoever names one of these here has named the wrong file.
    if isThere, let kept = KeptFile(path), kept != own { throw Failure(path: path, code: EEXIST, kept: kept) }
    let place = RealPath.of(path)
    self.place = place
    descriptor = open(place + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    if isThere { fchmod(descriptor, status.st_mode & 0o777) }
    // Root writes other people's files; anybody else can give nothing away.
    if isThere, geteuid() == 0 { _ = fchown(descriptor, status.st_uid, status.st_gid) }
  }

  deinit {
    guard path != nil, !isFinished, descriptor >= 0 else { return }
    close(descriptor)
    if let place { unlink(place + ".partial") }
  }

  /// Takes bytes; they are handed to the system in larger pieces.
  public func write(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes the rest, and moves the file to its place once it is on the disk; to another one of the same folder where
  /// only what was written says what it is called.
  public func finish(as other: String? = nil) throws(Failure) {
    try flush()
    guard path != nil else { return }
    if let place {
      let final = other ?? place
      guard fsync(descriptor) == 0, rename(place + ".partial", final) == 0 else { throw failure() }
      settle(final)
    }
    isFinished = true
    close(descriptor)
  }

  /// The name is on the disk only when its folder is.
  private func settle(_ name: String) {
    let folder = open(RealPath.folder(of: name) + "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private func openInPlace() throws(Failure) {
    descriptor = path.map { open($0, O_WRONLY | O_CLOEXEC) } ?? -1
    guard descriptor >= 0 else { throw failure() }
  }

  private func flush() throws(Failure) {
    if descriptor < 0 { try openInPlace() }
    guard Descriptor.write(buffer, to: descriptor) else { throw failure() }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure() -> Failure { Failure(path: path, code: errno) }
}
