internal import CGzip

/// gzip (RFC 1952), both ways, with a limit on what comes out.
public enum Gzip {
  /// Why bytes could not be unpacked.
  public enum Failure: Error, Hashable {
    case corrupt
    case tooLarge
  }

  /// Whether `Accept-Encoding` names gzip, with a weight above 0 (RFC 9110 §12.5.3).
  public static func isAccepted(by header: String) -> Bool {
    header.split(separator: ",").contains { choice in
      let parts = choice.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
      guard parts.first == "gzip" else { return false }
      return parts.dropFirst().first { $0.hasPrefix("q=") }.map { (Double($0.dropFirst(2)) ?? 1) > 0 } ?? true
    }
  }

  /// Whether `Content-Encoding` names gzip, also by its old name (RFC 9110 §8.4.1.3).
  public static func isNamed(by header: String) -> Bool { ["gzip", "x-gzip"].contains(header.lowercased()) }

  /// Packs bytes at zlib's default level.
  public static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 16 added to the window bits asks for a gzip header in place of zlib's.
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return bytes }
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
    var input = bytes
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target -> Int in
        stream.next_in = source.baseAddress
        stream.avail_in = uInt(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = uInt(target.count)
        guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { return -1 }
        return target.count - Int(stream.avail_out)
      }
    }
    return written < 0 ? bytes : Array(output[..<written])
  }

  /// Unpacks bytes, also of several members (RFC 1952 §2.2); more than `limit` of them are refused before they are made.
  public static func unpacked(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .corrupt }
    defer { inflateEnd(&stream) }
    var input = bytes
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var offset = 0
    while true {
      let (status, taken, made) = input.withUnsafeMutableBufferPointer { source in
        chunk.withUnsafeMutableBufferPointer { target in
          stream.next_in = source.baseAddress.map { $0 + offset }
          stream.avail_in = uInt(source.count - offset)
          stream.next_out = target.baseAddress
          stream.avail_out = uInt(target.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, source.count - offset - Int(stream.avail_in), target.count - Int(stream.avail_out))
        }
      }
      offset += taken
      guard output.count + made <= limit else { throw .tooLarge }
      output += chunk[..<made]
      if status == Z_STREAM_END {
        if offset == input.count { return output }
        guard inflateReset(&stream) == Z_OK else { throw .corrupt }
        continue
      }
      guard status == Z_OK, taken > 0 || made > 0 else { throw .corrupt }
    }
  }
}
