internal import Glibc
internal import SyncProtocol

/// A bundle on the disk, read in pieces of one size; opened once, so that its name may change meanwhile.
final class BundleFile {
  static let piece = 64 << 10

  private let path: String
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: BundleFile.piece)

  init(_ path: String) throws(CollectorError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path, errno) }
  }

  /// What a descriptor leads to, which is closed with this; `name` is for people.
  init(taking descriptor: Int32, _ name: String) {
    path = name
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The next bytes; none at the end.
  func next() throws(CollectorError) -> [UInt8] {
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count >= 0 { return Array(buffer.prefix(count)) }
      guard errno == EINTR else { throw .file(path, errno) }
    }
  }

  /// The digests of all of it; it is read from the beginning again afterwards.
  func digest() throws(CollectorError) -> BundleDigest {
    try rewind()
    var digest = BundleDigest()
    try finish(&digest)
    try rewind()
    return digest
  }

  /// Reads to the end.
  func finish(_ digest: inout BundleDigest) throws(CollectorError) {
    while true {
      let bytes = try next()
      if bytes.isEmpty { return }
      digest.update(bytes)
    }
  }

  /// Why it is no whole bundle; nil for one that is.
  func fault() throws(CollectorError) -> BundleFault? {
    try rewind()
    var reader = BundleReader()
    while true {
      let bytes = try next()
      do throws(BundleFault) {
        if bytes.isEmpty {
          try reader.finish()
          return nil
        }
        reader.feed(bytes)
        while try reader.next() != nil {}
      } catch {
        return error
      }
    }
  }

  private func rewind() throws(CollectorError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .file(path, errno) }
  }

  /// A short text file beside it; nil where there is none.
  static func text(_ path: String, limit: Int = 1 << 20) throws(CollectorError) -> String? {
    guard access(path, F_OK) == 0 else { return nil }
    let file = try BundleFile(path)
    var bytes: [UInt8] = []
    while true {
      let more = try file.next()
      if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
      guard bytes.count <= limit else { throw .tooLarge(bytes.count, limit) }
    }
  }
}
