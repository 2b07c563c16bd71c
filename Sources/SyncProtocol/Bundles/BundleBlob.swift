public import Feedback

/// A piece of a content that an event of the bundle names by its hash. The pieces of one content follow each other.
public struct BundleBlob: Hashable, Sendable {
  /// The SHA-256 of the whole content, and its bytes.
  public var hash: Hash
  public var size: Int
  /// Where this piece begins.
  public var offset: Int
  public var bytes: [UInt8]

  /// The most bytes of a piece.
  static let longest = BundleFrame.longest - 48

  /// The pieces of a content.
  public static func pieces(of content: [UInt8]) -> [BundleBlob] {
    let hash = Hash.of(content)
    return stride(from: 0, to: content.count, by: longest).map { offset in
      BundleBlob(
        hash: hash, size: content.count, offset: offset,
        bytes: Array(content[offset..<min(offset + longest, content.count)]))
    }
  }

  /// How many pieces a content of so many bytes has.
  public static func count(bytes: Int) -> Int { (bytes + longest - 1) / longest }

  /// `sha256 ‖ u64 size ‖ u64 offset ‖ bytes`.
  var packed: [UInt8] {
    var packed = PackedBytes()
    packed.add(hash.bytes)
    packed.add(UInt64(size))
    packed.add(UInt64(offset))
    packed.add(bytes)
    return packed.bytes
  }

  public init(hash: Hash, size: Int, offset: Int, bytes: [UInt8]) {
    self.hash = hash
    self.size = size
    self.offset = offset
    self.bytes = bytes
  }

  init?(packed: [UInt8]) {
    var reader = PackedReader(packed)
    guard let hash = reader.hash(), let size = reader.natural(), let offset = reader.natural() else { return nil }
    let bytes = reader.remainder()
    guard !bytes.isEmpty, offset <= size, bytes.count <= size - offset else { return nil }
    self.init(hash: hash, size: size, offset: offset, bytes: bytes)
  }
}
