public import Feedback

/// Makes the bytes of a bundle, piece by piece: header, what it carries, trailer.
public struct BundleWriter: Sendable {
  private var tree = MerkleRoot()
  /// What it carries so far.
  public private(set) var count = 0

  public init() {}

  /// The first piece.
  public mutating func begin(_ header: BundleHeader) -> [UInt8] {
    BundleFrame.magic + frame(BundleFrame(kind: .header, payload: header.bytes))
  }

  public mutating func add(_ event: OfferedEvent) -> [UInt8] {
    count += 1
    return frame(BundleFrame(kind: .event, payload: event.packed))
  }

  public mutating func add(_ blob: BundleBlob) -> [UInt8] {
    count += 1
    return frame(BundleFrame(kind: .blob, payload: blob.packed))
  }

  /// Says that the collector has a content whole.
  public mutating func add(held hash: Hash) -> [UInt8] {
    count += 1
    return frame(BundleFrame(kind: .held, payload: hash.bytes))
  }

  public mutating func add(_ receipt: BundleReceipt) -> [UInt8] {
    count += 1
    return frame(BundleFrame(kind: .receipt, payload: receipt.packed))
  }

  /// The last piece: how much it carries, and the root of the tree of all frames before.
  public func end() -> [UInt8] {
    var packed = PackedBytes()
    packed.add(UInt64(count))
    packed.add(tree.hash.bytes)
    return BundleFrame(kind: .trailer, payload: packed.bytes).bytes
  }

  private mutating func frame(_ frame: BundleFrame) -> [UInt8] {
    tree.add(frame.leaf)
    return frame.bytes
  }
}
