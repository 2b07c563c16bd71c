internal import Domain
internal import Feedback
internal import SyncProtocol

/// What the collector holds of the events of a bundle, as the pieces of a bundle that goes back.
public struct ReceiptSource {
  /// The bundle's bytes, some at a time.
  public let bytes: [[UInt8]]

  /// Reads what is there now of the events that an import brought; with `behind`, where the stream stands here that the bundle
  /// goes on from a later place of.
  public init(_ collector: Collector, for report: BundleImport.Report, behind: Bool = false) async throws {
    let bundle = report.header
    let now = Timestamp.now
    let receipts = try await collector.database.read { db in
      behind
        ? [BundleReceipt(base: .empty, answer: try ReceiptSource.answer(for: bundle, now: now, db))]
        : try ReceiptSource.receipts(for: bundle, now: now, db)
    }
    let header = BundleHeader(
      .receipt, stream: bundle.stream, base: bundle.base, last: bundle.last,
      count: receipts.count + report.contents.count,
      collectorID: RawText(collector.database.id), analyst: RawText(report.analyst), workstation: "",
      tool: RawText(Collector.program), created: now)
    var writer = BundleWriter()
    bytes =
      [writer.begin(header)] + receipts.map { writer.add($0) } + report.contents.map { writer.add(held: $0) }
      + [writer.end()]
  }

  private static func receipts(for bundle: BundleHeader, now: Timestamp, _ db: any Transaction) throws
    -> [BundleReceipt]
  {
    var answer = try answer(for: bundle, now: now, db)
    var receipts: [BundleReceipt] = []
    var base = bundle.base
    repeat {
      answer.results = try results(after: base.seq, through: bundle.last.seq, of: bundle.stream, db)
      receipts.append(BundleReceipt(base: base, answer: answer))
      base = answer.results.last?.position ?? base
    } while !answer.results.isEmpty && base.seq < bundle.last.seq
    return receipts
  }

  /// Where the stream stands. In an epoch that is newer than the one which an analyst's tool knows it proves by the head how
  /// much of what was received is here still.
  private static func answer(for bundle: BundleHeader, now: Timestamp, _ db: any Transaction) throws -> BatchAnswer {
    BatchAnswer(
      epoch: try Epochs.current(db), head: try LogHistory.head(of: bundle.stream, db),
      safe: try StreamBook.safe(of: bundle.stream, db), now: now, results: [])
  }

  /// A verdict for each event as it stands in the log.
  private static func results(
    after seq: Int, through last: Int, of stream: StreamID, _ db: any Transaction
  ) throws -> [RecordResult] {
    try db.rows(
      """
      SELECT seq, hash, quarantine, alias_of FROM log WHERE stream = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?
      """, [.bytes(stream.bytes), SQLValue(seq), SQLValue(last), SQLValue(BundleImport.events)]
    ).map { row in
      guard let hash = try row.hash("hash") else { throw CollectorError.damagedRow(0) }
      let position = Position(seq: try row.integer("seq"), hash: hash)
      // What was redacted was received, and taken out since: nothing of it is missing.
      if let code = try row.optionalText("quarantine"), code != Redaction.mark {
        return RecordResult(position, .quarantined, code: RawText(code))
      }
      let original = try row.optionalInteger("alias_of")
      return RecordResult(position, original == nil ? .stored : .alias)
    }
  }
}
