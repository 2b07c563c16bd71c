public import Feedback

/// A batch, and what the bytes of its events say by themselves: hashes and bodies are looked at before the transaction, for
/// which others wait.
public struct InspectedBatch: Sendable {
  public struct Finding: Hashable, Sendable {
    /// Whether the hash follows from the stream, the place, the link before and the body.
    public var isIntact: Bool
    /// What a log shows of the event; nil where the body was withheld, or is no event's.
    public var copies: EventCopies?

    public init(_ event: OfferedEvent, in stream: StreamID) {
      isIntact = event.isIntact(in: stream)
      copies = event.body.flatMap { try? EventCopies(body: $0) }
    }
  }

  public let batch: EventBatch
  /// One for each event of the batch.
  public let findings: [Finding]

  public init(_ batch: EventBatch) {
    self.batch = batch
    findings = batch.events.map { Finding($0, in: batch.stream) }
  }

  /// Inspects a large batch in two halves at the same time.
  public static func halves(of batch: EventBatch) async -> InspectedBatch {
    let events = batch.events
    guard events.count >= 64 else { return InspectedBatch(batch) }
    let middle = events.count / 2
    async let first = events[..<middle].map { Finding($0, in: batch.stream) }
    let second = events[middle...].map { Finding($0, in: batch.stream) }
    return InspectedBatch(batch, findings: await first + second)
  }

  private init(_ batch: EventBatch, findings: [Finding]) {
    self.batch = batch
    self.findings = findings
  }
}
