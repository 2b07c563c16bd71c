internal import Domain
internal import Feedback

/// Makes a file of cases, each with everything that stands on it: one JSON array.
protocol CaseWriter {
  /// Takes what stands on the next case, at least one judgement; gives its object.
  mutating func record(_ judgements: [StandingJudgement]) -> JSON

  /// What the file holds, once all cases were taken.
  var codebook: Codebook { get }
}

/// The judgements to export by case, cases in the order in which they were met: an identity each, not what it says.
struct CaseOrder {
  private(set) var cases: [[EventID]] = []
  private var places: [ShortHash: Int] = [:]

  mutating func add(_ event: Event) {
    guard let id = event.caseID else { return }
    if let place = places[id] {
      cases[place].append(event.eventID)
    } else {
      places[id] = cases.count
      cases.append([event.eventID])
    }
  }
}
