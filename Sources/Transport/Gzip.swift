internal import CZlib

/// Bytes packed and unpacked as gzip (RFC 1952), with a limit on what may come out.
public enum Gzip {
  /// Why bytes could not be unpacked.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// They are not gzip, or were damaged.
    case malformed
    /// They end before the stream does.
    case truncated
    /// They hold more than the limit, in bytes.
    case tooLarge(limit: Int)
    /// zlib found no memory.
    case outOfMemory

    public var description: String {
      switch self {
      case .malformed: "the compressed bytes are not gzip, or are damaged"
      case .truncated: "the compressed bytes end too early"
      case .tooLarge(let limit): "the compressed bytes hold more than the limit of \(ByteCount.spoken(limit))"
      case .outOfMemory: "there is no memory left to unpack the compressed bytes"
      }
    }
  }

  /// Packs `bytes`; `level` from 1 (fast) to 9 (small). Nil only where zlib has no memory.
  public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8]? {
    var stream = z_stream()
    guard mds_deflate_init(&stream, Int32(min(9, max(1, level))), gzipWindow) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    // zlib promises that this much always suffices, in one call; zlib counts a call's bytes in 32 bits.
    var output: [UInt8] = []
    var position = 0
    var code = Z_OK
    repeat {
      let taken = min(bytes.count - position, pieceLimit)
      let isLast = position + taken == bytes.count
      let room = Int(deflateBound(&stream, UInt(taken))) + 64
      let piece = bytes.withUnsafeBufferPointer { input in
        [UInt8](unsafeUninitializedCapacity: room) { space, count in
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + position })
          stream.avail_in = UInt32(taken)
          stream.next_out = space.baseAddress
          stream.avail_out = UInt32(room)
          code = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          count = room - Int(stream.avail_out)
        }
      }
      guard code != Z_STREAM_ERROR, stream.avail_in == 0 else { return nil }
      if output.isEmpty { output = piece } else { output += piece }
      position += taken
    } while position < bytes.count
    return code == Z_STREAM_END ? output : nil
  }

  /// Unpacks gzip or zlib bytes, also of several members; stops at `limit` bytes with at most 32 KiB held beyond it.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    guard let inflation = Inflation() else { throw .outOfMemory }
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, bytes.count * 4))
    var position = 0
    var step = Inflation.Step(consumed: 0, produced: 0, hasMore: true)
    while step.hasMore {
      step = try bytes.withUnsafeBufferPointer { input throws(Failure) in
        try inflation.step(UnsafeBufferPointer(rebasing: input[position...]))
      }
      position += step.consumed
      if step.produced > limit - output.count { throw .tooLarge(limit: limit) }
      output.append(contentsOf: inflation.piece(step))
    }
    guard inflation.isWhole else { throw .truncated }
    return output
  }

  /// 15 is the largest window, 16 more asks for a gzip header.
  private static let gzipWindow: Int32 = 15 + 16
  private static let pieceLimit = 1 << 30
}
