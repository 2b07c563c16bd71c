internal import Domain
public import Feedback

/// A place in a stream with the hash that stands there: no number travels without its hash.
public typealias Position = Chain.Head

extension Chain.Head {
  init(wire: WireObject) throws(WireError) {
    self.init(seq: try wire.natural("seq"), hash: try wire.hash("hash"))
    guard seq > 0 || hash == .zero else { throw WireError("place 0 carries a hash") }
  }

  var wire: JSON { .object(["seq": .count(seq), "hash": .hexadecimal(hash.bytes)]) }
}
