internal import Feedback

/// The root of a Merkle tree (RFC 9162 §2.1) over leaves that come one by one; holds one hash for each height.
struct MerkleRoot: Hashable, Sendable {
  private struct Peak: Hashable {
    var hash: Hash
    var leaves: Int
  }

  private var peaks: [Peak] = []

  mutating func add(_ leaf: [UInt8]) {
    peaks.append(Peak(hash: Hash.of([0] + leaf), leaves: 1))
    while peaks.count > 1, peaks[peaks.count - 1].leaves == peaks[peaks.count - 2].leaves {
      let right = peaks.removeLast()
      let left = peaks.removeLast()
      peaks.append(Peak(hash: MerkleRoot.node(left.hash, right.hash), leaves: 2 * left.leaves))
    }
  }

  /// The root of what has come; of nothing it is the hash of no bytes.
  var hash: Hash {
    guard let last = peaks.last else { return Hash.of([]) }
    return peaks.dropLast().reversed().reduce(last.hash) { MerkleRoot.node($1.hash, $0) }
  }

  private static func node(_ left: Hash, _ right: Hash) -> Hash { Hash.of([1] + left.bytes + right.bytes) }
}
