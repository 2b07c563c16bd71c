internal import CZlib

/// gzip or zlib bytes on their way to what they hold, a piece at a time: libcurl would do it, but takes a stream that
/// ends too early for a whole one, and cannot stop in the middle of what one read unpacks to.
final class Inflation {
  struct Step {
    /// How many bytes of the input were used up.
    var consumed: Int
    /// How many bytes there are now in `piece`.
    var produced: Int
    /// Whether the same input, less what was consumed, may give more.
    var hasMore: Bool
  }

  /// The most that one step gives.
  static let pieceSize = 32 << 10

  private let stream: UnsafeMutablePointer<z_stream>
  private let space: UnsafeMutableBufferPointer<UInt8>
  /// Whether the last byte seen was the last of a gzip member, so that the bytes may end here.
  private(set) var isWhole = false

  /// Nil where zlib has no memory.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    space = .allocate(capacity: Self.pieceSize)
    space.initialize(repeating: 0)
    // 15 is the largest window, 32 more takes a gzip or a zlib header.
    if mds_inflate_init(stream, 15 + 32) != Z_OK { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    space.deallocate()
  }

  /// What the last step gave; good until the next.
  func piece(_ step: Step) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: space[..<step.produced]) }

  /// Unpacks some of `input`, at most a piece. Another member may follow the end of one.
  func step(_ input: UnsafeBufferPointer<UInt8>) throws(Gzip.Failure) -> Step {
    if isWhole {
      if input.isEmpty { return Step(consumed: 0, produced: 0, hasMore: false) }
      guard inflateReset(stream) == Z_OK else { throw .malformed }
      isWhole = false
    }
    let given = min(input.count, 1 << 30)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = UInt32(given)
    stream.pointee.next_out = space.baseAddress
    stream.pointee.avail_out = UInt32(space.count)
    let code = inflate(stream, Z_NO_FLUSH)
    let consumed = given - Int(stream.pointee.avail_in)
    let produced = space.count - Int(stream.pointee.avail_out)
    switch code {
    case Z_STREAM_END:
      isWhole = true
      return Step(consumed: consumed, produced: produced, hasMore: consumed < input.count)
    case Z_OK:
      return Step(consumed: consumed, produced: produced, hasMore: consumed < input.count || produced == space.count)
    case Z_BUF_ERROR: return Step(consumed: consumed, produced: produced, hasMore: false)
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .malformed
    }
  }
}
