internal import Domain

/// A verdict on its way to several marked cases: what is said of it as they are saved.
struct MarkedBatch: Equatable, Sendable {
  /// The cases whose save is on its way.
  private(set) var waiting: Set<ShortHash>
  private var sequences: [Int] = []
  private let count: Int
  private let marked: Int
  /// Whether the case on the table, from which the verdict is taken, is none of them.
  private let isTableLeftOut: Bool

  init(_ effects: [Effect], of marked: Int, table: ShortHash?) {
    waiting = Set(effects.compactMap { if case .commit(let commit) = $0 { commit.caseID } else { nil } })
    count = waiting.count
    self.marked = marked
    isTableLeftOut = if let table { !waiting.contains(table) } else { false }
  }

  /// One of them is saved; nil for a case that is none of them.
  mutating func saved(_ id: ShortHash, as sequence: Int) -> String? {
    guard waiting.remove(id) != nil else { return nil }
    sequences.append(sequence)
    let numbers = sequences.count == 1 ? "#\(sequence)" : "last #\(sequence)"
    let rest = marked - count
    let left = rest == 0 ? "" : "; \(rest) \(rest == 1 ? "stays" : "stay"): hidden, or no such label"
    let table = isTableLeftOut ? "; this one, unmarked, is not saved" : ""
    return "saved \(sequences.count) of \(marked) marked, \(numbers)\(left)\(table)"
  }
}
