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
    CaseScreen.read(try await content(of: try await self.case(named: name)))
  }

  /// A case by its short number or the first digits of its id.
  public func `case`(named name: String) async throws(Problem) -> Case {
    let found = try await onLedger { ledger throws(LedgerError) -> Case? in
      // No number begins with a zero; the digits of an id may.
      if !name.hasPrefix("0"), let number = Int(name), let found = try ledger.case(number: number) { return found }
      return try ledger.case(prefix: name)
    }
    guard let found else {
      throw Problem(
        "No case is named \(name)", advice: "Give its number, or at least four of the first digits of its id.",
        kind: .invalidInput)
    }
    guard try await !blindCases().contains(found.id) else {
      throw Problem(
        "The answer to case \(found.name) is hidden until you have given yours",
        advice:
          "It waits in a queue that the researchers want answered blind: `mds inbox` names it, the workbench opens it.",
        kind: .invalidInput)
    }
    return found
  }

  /// Each event of this ledger in a line, the oldest first; where there are several streams, under each what is of it.
  public func eventLines() async throws(Problem) -> [String] {
    try await onLedger { ledger throws(LedgerError) in
      let names = try StreamNames(ledger)
      var lines: [StreamID: [String]] = [:]
      try ledger.forEachEvent { event, _ in
        let name = names.name(event.seq, in: event.stream)
        let caseName = event.caseID.map(\.short) ?? "·"
        lines[event.stream, default: []].append(
          "\(name)  \(event.at.description)  \(event.kind.rawValue)  \(caseName)  \(Self.what(event))")
        return true
      }
      return names.streams.flatMap { [names.heading(of: $0)].compactMap(\.self) + (lines[$0.id] ?? []) }
    }
  }
}
