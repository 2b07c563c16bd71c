internal import Dispatch
internal import Logging
internal import SyncProtocol
internal import Synchronization

/// Follows the log and sends each good event on to Kafka, at least once. The log is the outbox: what was sent on is
/// remembered only after the brokers have confirmed it.
final class KafkaSink: Sendable {
  struct Figures: Hashable, Sendable {
    /// Events that the brokers have confirmed.
    var sent = 0
    /// Times that sending was given up and begun anew.
    var failures = 0
    /// Why events wait; nil while all goes well.
    var complaint: KafkaFailure?
  }

  /// How long it rests after everything was sent, and after a failure.
  private static let rest = Duration.milliseconds(250)
  private static let pause = Duration.seconds(2)

  private let settings: KafkaSettings
  private let log: LogReader
  private let cursor: SinkCursor
  private let queue = DispatchQueue(label: "kafka")
  private let isOver = Atomic(false)
  private let state = Mutex(Figures())
  private let logger = Logger(label: "mds-collector")

  /// Throws for properties that no producer can be made with.
  init(_ settings: KafkaSettings, database: CollectorDatabase) throws(KafkaFailure) {
    _ = try KafkaProducer(settings)
    self.settings = settings
    log = LogReader(database: database)
    cursor = SinkCursor(database: database, name: "kafka:\(settings.topic)")
  }

  var figures: Figures { state.withLock { $0 } }

  /// Rows of the log that are still to be looked at.
  func lag(_ lastRow: Int) async throws -> Int { max(0, lastRow - (try await cursor.place().number)) }

  /// Sends until its task is cancelled.
  func run() async {
    await withTaskCancellationHandler {
      var producer: KafkaProducer?
      while !isOver.load(ordering: .relaxed) {
        do {
          let current = try producer ?? KafkaProducer(settings)
          producer = current
          if try await step(current) { continue }
          try? await Task.sleep(for: KafkaSink.rest)
        } catch let failure as KafkaFailure where failure == .outdated {
          // With the producer goes what it has not sent: the page is read again as it is now.
          producer = nil
          state.withLock { $0.failures += 1 }
        } catch {
          // A producer that failed may be good for nothing more.
          producer = nil
          guard !isOver.load(ordering: .relaxed) else { return }
          state.withLock { $0.failures += 1 }
          complain(error as? KafkaFailure ?? KafkaFailure("the log cannot be read: \(error)"))
          try? await Task.sleep(for: KafkaSink.pause)
        }
      }
    } onCancel: {
      isOver.store(true, ordering: .relaxed)
    }
  }

  /// Sends a page; whether there was one.
  private func step(_ producer: KafkaProducer) async throws -> Bool {
    let place = try await cursor.place()
    let page = try await log.page(LogReader.Question(after: place))
    guard page.next.number != place.number else { return false }
    let messages = page.entries.compactMap { KafkaMessage($0) }
    try await send(messages, producer) { [log] in log.hasChanged(page, after: place) }
    // Before the cursor: whoever sees that nothing lags sees all that was sent.
    state.withLock { figures in
      figures.sent += messages.count
      figures.complaint = nil
    }
    try await cursor.move(from: place, to: page.next.number)
    return true
  }

  /// librdkafka's calls block: they have a thread of their own. Brokers may be away for long; what is `isOutdated` meanwhile
  /// is given up.
  private func send(
    _ messages: [KafkaMessage], _ producer: KafkaProducer, isOutdated: @escaping @Sendable () -> Bool
  ) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      queue.async {
        continuation.resume(
          with: Result {
            try producer.send(
              messages, isOver: { self.isOver.load(ordering: .relaxed) }, isOutdated: isOutdated,
              complain: { self.complain($0) })
          })
      }
    }
  }

  /// Says once why events wait.
  private func complain(_ failure: KafkaFailure) {
    let isNew = state.withLock { figures in
      defer { figures.complaint = failure }
      return figures.complaint == nil
    }
    if isNew { logger.error("events wait for Kafka", metadata: ["error": "\(failure)"]) }
  }
}
