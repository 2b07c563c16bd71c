public import Feedback

/// The search for the last event that this ledger and the collector share. Hashes are chained, so equality at one
/// place means equality before it: a search over places, some at a time.
public struct AncestorSearch: Hashable, Sendable {
  /// The epoch in which every answer must stand.
  public var epoch: Int
  /// The collector's head when it last answered.
  public var head: Position
  /// Shared for certain.
  public var shared: Position
  /// The last place that could be shared.
  public var high: Int

  /// Places asked for at once: 2^20 events take four questions.
  static let width = 32

  init(epoch: Int, head: Position, last: Int) {
    self.epoch = epoch
    self.head = head
    shared = .empty
    high = min(head.seq, last)
  }

  var isDone: Bool { shared.seq >= high }

  /// The next places to ask for, ascending; the last is `high`.
  var places: [Int] {
    let span = high - shared.seq
    let count = min(span, AncestorSearch.width)
    guard count > 0 else { return [] }
    return (1...count).map { shared.seq + span * $0 / count }
  }

  /// Narrows the search by an answer to `places`.
  mutating func narrow(by answer: StreamHashes, own: [Int: Hash]) {
    let theirs = Dictionary(answer.hashes.map { ($0.seq, $0.hash) }, uniquingKeysWith: { first, _ in first })
    for place in places {
      if let hash = own[place], theirs[place] == hash {
        shared = Position(seq: place, hash: hash)
      } else {
        high = place - 1
        break
      }
    }
    head = answer.head
  }
}
