public import Domain
internal import Export
internal import Feedback
internal import Ledger

extension Workspace {
  /// Removes the body of one's own event, of whichever device, and of what says the same again, here at once, also from the
  /// pages of the file that held it, and at the collector when the redaction arrives.
  public func redact(named name: String, reason: RawText) async throws(Problem) -> RedactedEvents {
    let found = try await found(named: name).event
    let stamp = stamp()
    let redacted = try await onStream { ledger, stream throws(LedgerError) -> Result<RedactedEvents, Problem> in
      let here = try ledger.event(of: found.stream, seq: found.seq)
      let own = here?.eventID == found.eventID ? here : try ledger.analysts().contains(found.analyst) ? found : nil
      guard let own else {
        return .failure(
          Problem(
            "The event is a colleague's.", advice: "Its analyst redacts it, or the researchers.", kind: .invalidInput))
      }
      guard own.body != nil else {
        return .failure(Problem("What the event said was removed already.", kind: .invalidInput))
      }
      guard own.kind != .redact, own.kind != .streamStart, own.kind != .streamFork else {
        return .failure(
          Problem("A \(own.kind.rawValue) event holds nothing that could go.", kind: .invalidInput))
      }
      let removal = try ledger.remove(own.eventID, reason: reason, stamp: stamp, goingOn: stream)
      return .success(RedactedEvents(removal, try StreamNames(ledger)))
    }.get()
    do throws(Problem) {
      try await onLedger { ledger throws(LedgerError) in try ledger.compact() }
    } catch {
      throw Problem(
        "What \(redacted.event) said is removed, as \(redacted.redaction) says; pages of the file may still hold it.",
        advice: "mds ledger purge writes the file anew, once there is room.", detail: error.summary)
    }
    return redacted
  }

  /// One event, whole: by its number, with its stream's first digits where several have it, or by the first digits of its
  /// identity.
  public func event(named name: String) async throws(Problem) -> ShownEvent {
    let found = try await found(named: name)
    if let id = found.event.caseID, try await blindCases().contains(id) {
      throw Problem(
        "The event is of a case that waits for your blind answer",
        advice: "Answer it first: what the model and others said of it is hidden until then.", kind: .invalidInput)
    }
    return ShownEvent(found.event, among: found.statements, found.remains)
  }

  private func found(named name: String) async throws(Problem) -> Found {
    let found = try await onLedger { ledger throws(LedgerError) -> [Found] in
      let names = try StreamNames(ledger)
      var numbered: [Event] = []
      if let meant = names.meant(by: name) {
        for stream in meant.streams {
          if let event = try ledger.event(of: stream.id, seq: meant.seq) { numbered.append(event) }
        }
      }
      let events = numbered
      return try ledger.withEvents { log in
        let digits = name.filter { $0 != "-" }
        let isHexadecimal = digits.count >= 4 && digits.count <= 32 && digits.allSatisfy(\.isHexDigit)
        let named = events.isEmpty && isHexadecimal ? try log.events(beginningWith: digits, limit: 2) : events
        return try named.map { event in
          let said = try event.caseID.map { try log.statements(about: $0) } ?? []
          return Found(
            event: event, name: names.name(event.seq, in: event.stream), statements: said,
            remains: try event.caseID.map { try log.remains(about: $0) } ?? [:])
        }
      }
    }
    guard let first = found.first else {
      throw Problem(
        "No event is named \(name)",
        advice: "Give its number, or at least four of the first digits of its identity; mds feedback list shows them.")
    }
    guard found.count > 1 else { return first }
    guard Int(name) != nil, found.allSatisfy({ $0.event.seq == Int(name) }) else {
      throw Problem("Several events begin with \(name)", advice: "Give more digits.")
    }
    // A number that was read off one stream must not mean another's.
    let names = found.map { "\($0.name) (\($0.event.kind.rawValue) \(Self.what($0.event)))" }
    throw Problem(
      "Several streams have a #\(name): \(names.joined(separator: ", "))",
      advice: "Say which, by the name before it; mds feedback list shows them.", kind: .invalidInput)
  }

  private struct Found: Sendable {
    var event: Event
    var name: String
    var statements: [Event]
    var remains: [EventID: Remains]
  }
}

/// An event as it is shown to a person or a program.
public struct ShownEvent: Sendable {
  /// The whole of it, with its links and its body.
  public let json: JSON

  init(_ event: Event, among statements: [Event], _ remains: [EventID: Remains]) {
    let threads = StatementThreads(
      StatementLink.links(of: statements, entries: statements.compactMap { Fold.Entry($0) }, remains: remains))
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

/// What a redaction removed, as it is told.
public struct RedactedEvents: Sendable {
  /// The event that was asked for: `#18`, with its stream where there are several, `#3fa2:18`, or `#14 of another device`.
  public let event: String
  /// The one that says so.
  public let redaction: String
  /// Those that said the same again and went with it, and those that say so.
  public let copies: [String]
  public let copiesRedactions: [String]
  /// Those that have its words and say something else beside, by what `mds feedback redact` takes.
  public let similar: [String]
  /// Whether the note went from what was begun on the case too.
  public let isOfDraft: Bool

  init(_ removal: Removal, _ names: StreamNames) {
    func name(_ part: Removal.Part) -> String {
      part.isHere ? "#\(names.name(part.event.seq, in: part.event.stream))" : "#\(part.event.seq) of another device"
    }
    func redaction(_ part: Removal.Part) -> String {
      "#\(names.name(part.redaction.seq, in: part.redaction.stream))"
    }
    event = name(removal.asked)
    self.redaction = redaction(removal.asked)
    copies = removal.copies.map(name)
    copiesRedactions = removal.copies.map(redaction)
    isOfDraft = removal.isOfDraft
    similar = removal.similar.map { event in
      names.streams.contains { $0.id == event.stream } ? names.name(event.seq, in: event.stream) : event.eventID.hex
    }
  }

  /// What was done, a line for each.
  public var lines: [String] {
    let also = copies.isEmpty ? "" : ", and \(copies.formatted), which said it again"
    let say = [redaction] + copiesRedactions
    return ["removed what \(event) said\(also); \(say.formatted) \(say.count == 1 ? "says" : "say") so"]
      + (isOfDraft ? ["its note went from what was begun on the case as well"] : [])
      + similar.map { "#\($0) has the same words and says something else as well: mds feedback redact \($0)" }
  }
}

extension [String] {
  /// `a, b and c`.
  fileprivate var formatted: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + suffix(1).joined()
  }
}
