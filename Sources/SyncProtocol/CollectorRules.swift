public import Domain
public import Feedback

/// What a collector does with a batch. It decides nothing by the clock, and a bad event never holds up a good one:
/// whatever has good links is stored, set aside if need be.
public enum CollectorRules {
  /// Who sends, as the token says.
  public struct Sender: Hashable, Sendable {
    public var analyst: RawText
    /// The names that the analyst had before enrolment.
    public var formerNames: Set<RawText>

    public init(analyst: RawText, formerNames: Set<RawText> = []) {
      self.analyst = analyst
      self.formerNames = formerNames
    }
  }

  public enum Outcome: Hashable, Sendable {
    /// The head of the stream after the batch and a verdict for each event up to the first that was not stored.
    case taken(head: Position, results: [RecordResult])
    /// The sender's stream is not the one that is held here.
    case diverged(head: Position)
  }

  /// The first event whose body is larger than the collector takes; nothing of its batch is stored.
  public static func oversized(in batch: EventBatch, limits: Hello.Limits) -> Int? {
    batch.events.first { ($0.body?.count ?? 0) > limits.eventBytes }?.seq
  }

  /// Takes the batch into the history, in order.
  public static func receive(
    _ batch: EventBatch, from sender: Sender, into history: inout some CollectorHistory
  ) throws -> Outcome {
    try receive(InspectedBatch(batch), from: sender, into: &history)
  }

  /// As above, of a batch that was inspected.
  public static func receive(
    _ inspected: InspectedBatch, from sender: Sender, into history: inout some CollectorHistory
  ) throws -> Outcome {
    let batch = inspected.batch
    var head = try history.head(of: batch.stream)
    guard try holds(batch.base, of: batch.stream, head: head, in: &history) else { return .diverged(head: head) }
    var results: [RecordResult] = []
    for (event, finding) in zip(batch.events, inspected.findings) {
      guard finding.isIntact, event.seq > 0 else {
        results.append(RecordResult(event.position, .retry, code: "damaged"))
        break
      }
      if event.seq <= head.seq {
        guard try history.hash(at: event.seq, of: batch.stream) == event.hash else { return .diverged(head: head) }
        results.append(try again(event, in: batch.stream, &history))
      } else if event.seq == head.seq + 1 {
        guard event.prev == head.hash else { return .diverged(head: head) }
        results.append(try append(event, note(of: event, finding, from: sender), to: batch.stream, in: &history))
        head = event.position
      } else {
        results.append(RecordResult(event.position, .gap))
        break
      }
    }
    return .taken(head: head, results: results)
  }

  private static func holds(
    _ base: Position, of stream: StreamID, head: Position, in history: inout some CollectorHistory
  ) throws -> Bool {
    guard base.seq <= head.seq else { return false }
    guard base.seq > 0 else { return base == .empty }
    return try history.hash(at: base.seq, of: stream) == base.hash
  }

  private static func append(
    _ event: OfferedEvent, _ note: IntakeNote, to stream: StreamID, in history: inout some CollectorHistory
  ) throws -> RecordResult {
    var note = note
    if try history.insert(event, into: stream, note: note) {
      return result(event, note.quarantine)
    }
    let held = try history.held(under: event.eventID)
    let concerned = held.filter { $0.concerns(event) }
    if let first = concerned.first, first.leaf != event.leaf {
      note.quarantine = .identity
      try history.insertAlias(event, into: stream, note: note)
      return result(event, note.quarantine)
    }
    // The body is kept once where it counts: it is an alias that brings it where it was withheld before, or set aside
    // for another analyst.
    let isSpared = held.contains { $0.spares(event, isSetAside: note.quarantine != nil) }
    try history.insertAlias(isSpared ? event.withheld : event, into: stream, note: note)
    return concerned.isEmpty ? result(event, note.quarantine) : RecordResult(event.position, .alias)
  }

  /// The verdict on an event that is there: the answer to it may have been lost, and with it why it is set aside.
  private static func again(
    _ event: OfferedEvent, in stream: StreamID, _ history: inout some CollectorHistory
  ) throws -> RecordResult {
    guard let quarantine = try history.quarantine(at: event.seq, of: stream) else {
      return RecordResult(event.position, .duplicate)
    }
    return result(event, quarantine)
  }

  private static func result(_ event: OfferedEvent, _ quarantine: IntakeNote.Quarantine?) -> RecordResult {
    guard let quarantine else { return RecordResult(event.position, .stored) }
    return RecordResult(event.position, .quarantined, code: RawText(quarantine.rawValue))
  }

  /// What the log shows of an event, and whether it must be set aside.
  private static func note(
    of event: OfferedEvent, _ finding: InspectedBatch.Finding, from sender: Sender
  ) -> IntakeNote {
    guard event.body != nil else { return IntakeNote(quarantine: .withheld) }
    guard let copies = finding.copies else { return IntakeNote(quarantine: .unreadable) }
    let isOwn = copies.analyst == sender.analyst || sender.formerNames.contains(copies.analyst)
    return IntakeNote(copies: copies, quarantine: isOwn ? nil : .analyst)
  }
}
