/// Units counted by the answers they got: what agreement needs of a million units, in the room of a few.
public struct RatingPatterns<Label: Hashable & Sendable>: Hashable, Sendable {
  private var places: [Label: Int] = [:]
  /// By the places of the answers' labels, in rising order.
  private var counts: [[Int]: Int] = [:]

  public init() {}

  public init(_ units: some Sequence<[Label]>) {
    for unit in units { add(unit) }
  }

  /// Counts a unit with its answers; one without an answer is none.
  public mutating func add(_ answers: [Label]) {
    guard !answers.isEmpty else { return }
    var pattern: [Int] = []
    for label in answers {
      let place = places[label] ?? places.count
      places[label] = place
      pattern.append(place)
    }
    pattern.sort()
    counts[pattern, default: 0] += 1
  }

  /// Units with two or more answers.
  public var units: Int { counts.reduce(0) { $0 + ($1.key.count >= 2 ? $1.value : 0) } }

  /// Every pattern once, in an order that is the same in each run, so that sums of them are.
  var counted: [(answers: [Int], times: Int)] {
    counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }
}
