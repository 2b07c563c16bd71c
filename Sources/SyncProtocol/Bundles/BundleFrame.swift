internal import Feedback

/// One frame of a bundle: `u32 length of the payload ‖ type ‖ payload ‖ u32 CRC-32C of all before it`.
struct BundleFrame: Hashable {
  enum Kind: UInt8 {
    case header = 0x48  // H
    case event = 0x45  // E
    case blob = 0x42  // B
    case receipt = 0x52  // R
    case held = 0x4B  // K
    case trailer = 0x54  // T
  }

  var kind: Kind
  var payload: [UInt8]

  /// What every bundle begins with.
  static let magic = Array("MDSB1\n".utf8)
  /// Bytes of the longest payload. A reader holds no more than one frame.
  static let longest = 1 << 20
  /// Bytes of a frame around its payload.
  static let around = 9

  var bytes: [UInt8] {
    var packed = PackedBytes()
    packed.add(UInt32(payload.count))
    packed.add(kind.rawValue)
    packed.add(payload)
    packed.add(CRC32C.of(packed.bytes))
    return packed.bytes
  }

  /// What the trailer's tree is made of.
  var leaf: [UInt8] { [kind.rawValue] + payload }
}

extension OfferedEvent {
  /// `u64 seq ‖ event_id ‖ prev ‖ hash ‖ 1 ‖ body`, or `… ‖ 0 ‖ leaf` where the body is withheld.
  var packed: [UInt8] {
    var packed = PackedBytes()
    packed.add(UInt64(seq))
    packed.add(eventID.bytes)
    packed.add(prev.bytes)
    packed.add(hash.bytes)
    packed.add(UInt8(body == nil ? 0 : 1))
    packed.add(body ?? leaf.bytes)
    return packed.bytes
  }

  init?(packed: [UInt8]) {
    var reader = PackedReader(packed)
    guard let seq = reader.natural(), let id = reader.bytes(16).flatMap({ EventID(bytes: $0) }),
      let prev = reader.hash(), let hash = reader.hash(), let hasBody = reader.number(UInt8.self), hasBody < 2
    else { return nil }
    let rest = reader.remainder()
    guard let leaf = hasBody == 1 ? Hash.of(rest) : Hash(bytes: rest) else { return nil }
    self.init(seq: seq, eventID: id, prev: prev, leaf: leaf, hash: hash, body: hasBody == 1 ? rest : nil)
  }
}

extension PackedReader {
  mutating func hash() -> Hash? { bytes(32).flatMap { Hash(bytes: $0) } }

  mutating func position() -> Position? {
    guard let seq = natural(), let hash = hash() else { return nil }
    return Position(seq: seq, hash: hash)
  }
}

extension PackedBytes {
  mutating func add(_ position: Position) {
    add(UInt64(position.seq))
    add(position.hash.bytes)
  }
}
