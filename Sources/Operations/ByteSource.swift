internal import Domain
internal import Glibc

/// The bytes of a file or of standard input, in pieces, so that memory does not grow with its size.
final class ByteSource {
  private let descriptor: Int32
  private let name: String
  private var buffer: [UInt8] = []
  private var position = 0
  private var hasEnded = false

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

  deinit { if descriptor >= 0 { close(descriptor) } }

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

  /// The next line without its end, or the first `limit` bytes of a longer one; nil at the end.
  func line(limit: Int) throws(Problem) -> [UInt8]? {
    guard try peek() != nil else { return nil }
    var line: [UInt8] = []
    while line.count < limit {
      if position == buffer.count { try fill() }
      guard position < buffer.count else { break }
      let rest = buffer[position...].prefix(limit - line.count)
      if let end = rest.firstIndex(of: 0x0A) {
        line += rest[..<end]
        position = end + 1
        if line.last == 0x0D { line.removeLast() }
        return line
      }
      line += rest
      position += rest.count
    }
    return line
  }

  private func fill() throws(Problem) {
    guard !hasEnded else { return }
    var piece = [UInt8](repeating: 0, count: 65_536)
    var count = read(descriptor, &piece, piece.count)
    while count < 0, errno == EINTR { count = read(descriptor, &piece, piece.count) }
    guard count >= 0 else {
      throw Problem("\(name) cannot be read on.", detail: String(cString: strerror(errno)), kind: .invalidInput)
    }
    hasEnded = count == 0
    piece.removeLast(piece.count - count)
    buffer = piece
    position = 0
  }
}
