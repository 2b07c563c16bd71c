public import Feedback
internal import Glibc
internal import SyncProtocol

/// Fetches large contents from a collector in pieces; what was cut short goes on where it was left.
public struct BlobFetch: Sendable {
  private let collector: CollectorClient
  /// What a file of pieces begins with; it lies beside the ledger.
  private let prefix: String

  public init(collector: CollectorClient, besides ledger: String) {
    self.collector = collector
    prefix = ledger + ".part-"
  }

  /// The content with this hash and size.
  public func fetch(_ hash: Hash, bytes count: Int) async throws(CollectorFailure) -> [UInt8] {
    guard count <= BlobPiece.limit else {
      throw .unusable("it has \(count) bytes; \(BlobPiece.limit) are the most that are fetched")
    }
    let path = prefix + hash.hex
    // For others it is as closed as the ledger.
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var bytes = try contents(descriptor, path)
    if bytes.count > count { bytes = [] }
    while bytes.count < count {
      let piece = try await collector.blob(hash, from: bytes.count)
      guard !piece.isEmpty, bytes.count + piece.count <= count else {
        throw .unanswered(.garbled("the content has another size than was said"))
      }
      try append(piece, at: bytes.count, descriptor, path)
      bytes += piece
    }
    unlink(path)
    guard Hash.of(bytes) == hash else { throw .unanswered(.garbled("the content is not what its hash says")) }
    return bytes
  }

  private func contents(_ descriptor: Int32, _ path: String) throws(CollectorFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  private func append(_ piece: [UInt8], at offset: Int, _ descriptor: Int32, _ path: String) throws(CollectorFailure) {
    var written = 0
    while written < piece.count {
      let count = piece[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
      written += count
    }
  }
}
