public import Domain
internal import Foundation

extension Timestamp {
  /// The machine's wall clock. The collector records it and decides by it only whether a token has ended.
  public static var now: Timestamp {
    // Not clock_gettime: which module declares its `timespec`, Glibc or one below Dispatch, depends on which one the
    // compiler has loaded first, and so on what else is compiled with this file.
    Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
  }
}

enum Random {
  /// Bytes from the kernel's generator.
  static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
