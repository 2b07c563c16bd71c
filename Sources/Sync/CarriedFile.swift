internal import Glibc
internal import Transport

/// A file on its way to a collector, read while it is sent; opened once, so that its name may change meanwhile.
public actor CarriedFile {
  /// Bytes of the whole, when it was opened.
  public nonisolated let count: Int
  private let path: String
  private let descriptor: Int32

  private static let piece = 64 << 10

  /// Throws the system's words where it cannot be read.
  public init(_ path: String) throws(CollectorFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unusable("\(path) is no file")
    }
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The next bytes; nil at the end.
  private func next() throws(CollectorFailure) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer[..<count]) }
      if count == 0 { return nil }
      guard errno == EINTR else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
    }
  }

  nonisolated var source: HTTPBodySource { HTTPBodySource(length: count) { try await self.next() } }
}
