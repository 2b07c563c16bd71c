internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// A model's signature.
  public func signature(of model: ModelID) async throws(Problem) -> Signature {
    try await description(of: model).signature
  }

  /// A case as text, the same as its screen reads.
  public func outline(ofCaseNamed name: String) async throws(Problem) -> Outline {
    let found = try await onLedger { ledger throws(LedgerError) in try ledger.case(named: name) }
    guard let found else {
      throw Problem("No case is named \(name)", advice: "Give its number or the first digits of its id.")
    }
    return CaseScreen.read(try await content(of: found))
  }

  /// Each event of this ledger in a line, oldest first.
  public func eventLines() async throws(Problem) -> [String] {
    let events = try await onLedger { ledger throws(LedgerError) in
      var events: [Event] = []
      for stream in try ledger.streams() { events += try ledger.events(of: stream.id) }
      return events
    }
    return events.map { event in
      let caseName = event.caseID.map(\.short) ?? "·"
      return "\(event.seq)  \(event.at.description)  \(event.kind.rawValue)  \(caseName)  \(Self.what(event))"
    }
  }

  /// The first bad link of every broken chain, in words; empty where all are whole.
  public func brokenLinks() async throws(Problem) -> [String] {
    try await onLedger { ledger throws(LedgerError) in try ledger.verify() }.map(\.text)
  }
}
