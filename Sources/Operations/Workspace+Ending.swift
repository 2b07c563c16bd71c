public import Domain
internal import Feedback
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Synchronization

/// A stream that was ended.
public struct EndedStream: Hashable, Sendable {
  /// The number of its last event.
  public var sequence: Int
  /// Its events, and the large records that they name, that no collector has yet: they still go.
  public var waiting: Int
}

extension Workspace {
  /// Ends the stream that goes on in this context: its last event says why, and what is saved next begins a new one.
  /// Where events still wait for the collector, only for whoever knows that (`isConfirmed`).
  public func endStream(reason: RawText, isConfirmed: Bool) async throws(Problem) -> EndedStream {
    guard !reason.trimmed.isEmpty else {
      throw Problem("A stream ends for a reason.", advice: "Say it in a few words.", kind: .invalidInput)
    }
    let stamp = stamp()
    return try await onLedger { [self] ledger throws(LedgerError) -> Result<EndedStream, Problem> in
      let id = stream.id
      if let end = try ledger.ending(of: id) { return .failure(Self.alreadyEnded(end)) }
      let (known, head) = (try ledger.stream(id), try ledger.head(of: id))
      guard head.seq > 1 else {
        return .failure(Problem("Nothing was saved in this stream: there is nothing to end.", kind: .invalidInput))
      }
      let (open, records) = (head.seq - known.acked.seq, try ledger.waitingRecords(of: id))
      guard isConfirmed || open + records == 0 else {
        return .failure(Self.unconfirmed(open, records, known.collector))
      }
      let event = try ledger.end(id, reason: reason, stamp: stamp)
      return .success(EndedStream(sequence: event.seq, waiting: event.seq - known.acked.seq + records))
    }.get()
  }

  private static func alreadyEnded(_ end: Event) -> Problem {
    Problem(
      "The stream has ended at \(end.at): \(reason(of: end).string)",
      advice: "What is saved next begins a new one.", kind: .invalidInput)
  }

  private static func unconfirmed(_ open: Int, _ records: Int, _ collector: RawText?) -> Problem {
    let counts = [(open, "event"), (records, "large record")].filter { $0.0 > 0 }
    let events = counts.map { $0.0 == 1 ? "1 \($0.1)" : "\($0.0) \($0.1)s" }.joined(separator: " and ")
    let way = collector == nil ? "as soon as a collector is enrolled" : "with the next sync, after the end as before"
    return Problem(
      "\(events) of this stream \(open + records == 1 ? "is" : "are") in this ledger alone. Nothing was done.",
      advice: "They go to the collector \(way). Add --yes, or sync first.", kind: .invalidInput)
  }

  /// Why a stream was ended, in its analyst's words.
  static func reason(of end: Event) -> RawText {
    guard case .streamEnd(let reason) = try? end.decoded().payload else { return "" }
    return reason
  }

  /// Keeps the other streams of the context in step with the collector, until its backup has all of each: those that the
  /// analyst ended, and those that came from another address or from before it was enrolled. One that has nothing to send
  /// is asked about once a run, and once more when the collector was restored.
  func syncOthers(_ report: inout SyncReport) async throws(Problem) {
    guard let link = link.withLock({ $0 }) else { return }
    let (context, collector, current) = (contextName, collectorAddress, stream.id)
    do throws(LedgerError) {
      let (streams, epoch) = try await worker.run { ledger throws(LedgerError) in
        let others = try ledger.streams(context: context, collector: collector).filter { $0.id != current }
        return (
          try others.map { stream throws(LedgerError) in (stream, try ledger.head(of: stream.id)) },
          try ledger.stream(current).epoch
        )
      }
      for (stream, head) in streams where isToBeAsked(stream, head, epoch) {
        let round = try await streamSync(of: stream, link.client).round()
        report.add(round)
        guard case .caughtUp = round.outcome else { return }
      }
    } catch {
      throw error.problem
    }
  }

  private func isToBeAsked(_ stream: LedgerStream, _ head: Chain.Head, _ epoch: Int) -> Bool {
    let isKnown = askedOthers.withLock { asked in
      defer { asked[stream.id] = epoch }
      return asked[stream.id] == epoch
    }
    if stream.acked.seq < head.seq { return true }
    return !isKnown && (stream.safe.seq < head.seq || stream.epoch != epoch)
  }
}

extension SyncReport {
  /// Takes in what a round of another stream of the analyst's did.
  fileprivate mutating func add(_ other: SyncReport) {
    outcome = other.outcome
    offered += other.offered
    received += other.received
    bytes += other.bytes
  }
}
