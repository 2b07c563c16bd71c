internal import Domain
internal import Glibc

/// The bytes of a file or of standard input, in pieces, so that memory does not grow with its size.
final class ByteSource {
  private let descriptor: Int32
  private let name: String
  private var buffer: [UInt8] = []
  private var position = 0
  private var hasEnded = false
  private var isBroken = false
  /// Bytes that were taken from the system.
  private var filled = 0
  /// Whether the last line had an end, and not the file.
  private(set) var endedWithLine = false

  /// Opens a file; `-` is standard input.
  init(_ path: String) throws(Problem) {
    name = path
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(InputFile.expanded(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(
        "The file \(path) cannot be read.", advice: "Is the path right?", detail: String(cString: strerror(errno)),
        kind: .invalidInput)
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Problem("\(path) is a folder.", kind: .invalidInput)
    }
  }

  /// Bytes that are here already.
  init(_ bytes: [UInt8], named name: String) {
    self.name = name
    descriptor = -1
    buffer = bytes
    filled = bytes.count
    hasEnded = true
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes that were read on.
  var offset: Int { filled - (buffer.count - position) }

  /// The next byte, which stays to be read; nil at the end.
  func peek() throws(Problem) -> UInt8? {
    if position == buffer.count { try fill() }
    return position < buffer.count ? buffer[position] : nil
  }

  func next() throws(Problem) -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    return byte
  }

  /// What comes next, as far as the system gives it at once; it stays to be read.
  func head() throws(Problem) -> ArraySlice<UInt8> {
    _ = try peek()
    return buffer[position...]
  }

  /// The next line without its end, or the first `limit` bytes of a longer one; nil at the end.
  func line(limit: Int) throws(Problem) -> [UInt8]? {
    guard try peek() != nil else { return nil }
    endedWithLine = false
    var line: [UInt8] = []
    while line.count < limit {
      if position == buffer.count { try fill() }
      guard position < buffer.count else { break }
      let most = min(buffer.count - position, limit - line.count)
      if let length = buffer.lineLength(from: position, most: most) {
        line += buffer[position..<position + length]
        position += length + 1
        endedWithLine = true
        if line.last == 0x0D { line.removeLast() }
        return line
      }
      line += buffer[position..<position + most]
      position += most
    }
    return line
  }

  private func fill() throws(Problem) {
    guard !hasEnded else { return }
    let size = 1 << 18
    let piece = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      var got = read(descriptor, bytes.baseAddress, size)
      while got < 0, errno == EINTR { got = read(descriptor, bytes.baseAddress, size) }
      hasEnded = got <= 0
      isBroken = got < 0
      count = max(0, got)
    }
    guard !isBroken else {
      throw Problem("\(name) cannot be read on.", detail: String(cString: strerror(errno)), kind: .invalidInput)
    }
    filled += piece.count
    buffer = piece
    position = 0
  }
}

extension [UInt8] {
  /// Bytes before the next end of line, among so many; nil where there is none.
  fileprivate func lineLength(from start: Int, most: Int) -> Int? {
    withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, let end = memchr(base + start, 0x0A, most) else { return nil }
      return UnsafeRawPointer(end) - UnsafeRawPointer(base + start)
    }
  }
}
