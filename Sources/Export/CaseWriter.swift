internal import Domain
internal import Feedback

/// Makes a file of cases, each with everything that stands on it: one JSON array.
protocol CaseWriter {
  /// Takes the next case with what stands on it; gives its object. Nothing stands on one that an earlier export had, and
  /// on which all was taken back since.
  mutating func record(_ view: CaseView, _ judgements: [StandingJudgement]) -> JSON

  /// What the file holds, once all cases were taken.
  var codebook: Codebook { get }
}

/// The cases to export, in the order in which they were met.
struct CaseOrder {
  struct Item {
    var caseID: ShortHash
    /// Whether an earlier export may have it.
    var isEarlier: Bool
  }

  private(set) var cases: [Item] = []
  private var places: [ShortHash: Int] = [:]

  mutating func add(_ id: ShortHash, isEarlier: Bool) {
    if let place = places[id] {
      if isEarlier { cases[place].isEarlier = true }
    } else {
      places[id] = cases.count
      cases.append(Item(caseID: id, isEarlier: isEarlier))
    }
  }
}
