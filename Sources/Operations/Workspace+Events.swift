public import Domain
internal import Export
internal import Feedback
internal import Ledger

extension Workspace {
  /// One event, whole: by its number in the stream that goes on, or by the first digits of its identity.
  public func event(named name: String) async throws(Problem) -> ShownEvent {
    let stream = stream.id
    let found = try await onLedger { ledger throws(LedgerError) -> [Found] in
      let numbered = try Int(name).flatMap { seq throws(LedgerError) in try ledger.event(of: stream, seq: seq) }
      return try ledger.withEvents { events in
        let digits = name.filter { $0 != "-" }
        let isHexadecimal = digits.count >= 4 && digits.count <= 32 && digits.allSatisfy(\.isHexDigit)
        let named = isHexadecimal ? try events.events(beginningWith: digits, limit: 2) : []
        return try (numbered.map { [$0] } ?? named).map { event in
          let said = try event.caseID.map { try events.statements(about: $0) } ?? []
          return Found(event: event, statements: said)
        }
      }
    }
    guard let first = found.first else {
      throw Problem(
        "No event is named \(name)",
        advice: "Give its number, or at least four of the first digits of its identity; mds feedback list shows them.")
    }
    guard found.count == 1 else {
      throw Problem("Several events begin with \(name)", advice: "Give more digits.")
    }
    return ShownEvent(first.event, among: first.statements)
  }

  private struct Found: Sendable {
    var event: Event
    var statements: [Event]
  }
}

/// An event as it is shown to a person or a program.
public struct ShownEvent: Sendable {
  /// The whole of it, with its links and its body.
  public let json: JSON

  init(_ event: Event, among statements: [Event]) {
    let threads = StatementThreads(statements.compactMap { Fold.Entry($0) }.map { StatementLink($0) })
    let state = event.kind.isStatement ? threads.state(of: event.eventID, analyst: event.analyst) : nil
    json = EventLine(ExportEntry(event), state: state).json()
  }

  /// A line for each value, with its name; lists and what stands deeper as JSON.
  public var lines: [(name: RawText, value: RawText)] {
    var lines: [(RawText, RawText)] = []
    func add(_ name: RawText, _ value: JSON, depth: Int) {
      switch value {
      case .null: break
      case .string(let text): lines.append((name, text))
      case .object(let members) where depth < 3:
        for member in members {
          let path = name.isEmpty ? member.key : name.appending(".").appending(member.key)
          add(path, member.value, depth: depth + 1)
        }
      case .bool, .integer, .unsigned, .number, .array, .object:
        lines.append((name, RawText(bytes: value.serialized)))
      }
    }
    for member in json.members ?? [] where member.key != "body" { add(member.key, member.value, depth: 1) }
    // What stands beside the body is not shown twice.
    let shown = Set((json.members ?? []).map(\.key))
    for member in json["body"]?.members ?? [] where !shown.contains(member.key) {
      add(member.key == "payload" ? "" : member.key, member.value, depth: 1)
    }
    return lines
  }
}
