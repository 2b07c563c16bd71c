internal import Glibc

/// A bundle on its way into a file without a name: whatever ends the process, nothing of it stays on the disk.
final class BundleSpool {
  private let descriptor: Int32
  private var isHandedOver = false
  private(set) var count = 0

  init(in folder: String) throws {
    var name = Array("\(folder)/.mds-bundle-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw BundleSpool.failure(errno) }
    unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { if !isHandedOver { close(descriptor) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let more = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw BundleSpool.failure(errno) }
      written += more
    }
    count += written
  }

  /// What was written, to be read from the beginning.
  func file() -> BundleFile {
    isHandedOver = true
    return BundleFile(taking: descriptor, "the bundle")
  }

  private static func failure(_ code: Int32) -> any Error {
    // EFBIG is what a limit of the process says.
    guard [ENOSPC, EDQUOT, EFBIG].contains(code) else { return CollectorError.file("a bundle's file", code) }
    return StoreError(.full, "a bundle did not fit on the disk")
  }
}
