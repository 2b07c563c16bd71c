internal import Glibc

/// What the system keeps open for us, by its number.
public enum Descriptor {
  /// Writes all of the bytes, however many calls that takes; false with errno where the system does not take them.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
