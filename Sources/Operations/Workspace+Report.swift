internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
public import Workbench

/// What a ledger holds.
public struct LedgerReport: Hashable, Sendable {
  public var path: String
  public var bytes: Int
  public var cases: Int
  public var events: Int
  public var drafts: Int
  public var streams: Int
  /// Events that no collector has yet.
  public var waiting: Int
  /// Events by kind, in the order of the kinds' names.
  public var kinds: [(kind: RawText, count: Int)]

  public static func == (left: LedgerReport, right: LedgerReport) -> Bool { left.json == right.json }
  public func hash(into hasher: inout Hasher) { hasher.combine(json) }

  public var json: JSON {
    .object([
      "path": .text(path), "bytes": .integer(Int64(bytes)), "cases": .integer(Int64(cases)),
      "events": .integer(Int64(events)), "drafts": .integer(Int64(drafts)), "streams": .integer(Int64(streams)),
      "waiting": .integer(Int64(waiting)),
      "kinds": .object(kinds.map { JSON.Member($0.kind, .integer(Int64($0.count))) }),
    ])
  }
}

/// A case as lists of the command line show it.
public struct ListedCase: Hashable, Sendable {
  public var number: Int
  public var id: ShortHash
  public var at: Timestamp
  public var sourceID: RawText
  public var model: ModelID
  public var label: RawText
  public var probability: Double?
  public var isOutlier: Bool
  public var verdict: Verdict?
  public var isFlagged: Bool

  public var json: JSON {
    .object([
      "number": .integer(Int64(number)), "case": .text(id.hex), "at": .text(at.description),
      "source_id": JSON.raw(sourceID), "model": JSON.raw(model.name), "version": model.version.map(JSON.raw) ?? .null,
      "label": JSON.raw(label), "probability": probability.map(JSON.exact) ?? .null, "is_outlier": .bool(isOutlier),
      "verdict": verdict.map { .text($0.rawValue) } ?? .null, "is_flagged": .bool(isFlagged),
    ])
  }
}

extension Workspace {
  /// What the ledger holds.
  public func ledgerReport() async throws(Problem) -> LedgerReport {
    let waiting = try await waitingCount()
    let found = try await onLedger { ledger throws(LedgerError) in try ledger.statistics() }
    return LedgerReport(
      path: found.path, bytes: found.bytes, cases: found.cases, events: found.events, drafts: found.drafts,
      streams: found.streams, waiting: waiting,
      kinds: found.kinds.sorted { $0.key < $1.key }.map { (kind: $0.key, count: $0.value) })
  }

  /// A case as text, the same as its screen reads.
  public func outline(of id: ShortHash) async throws(Problem) -> Outline {
    CaseScreen.read(try await content(of: id))
  }

  /// Writes a whole copy of the ledger to a new file.
  public func backUpLedger(to path: String) async throws(Problem) {
    guard !Files.exists(path) else {
      throw Problem("\(path) is there already.", advice: "A copy goes to a new file.", kind: .invalidInput)
    }
    try await onLedger { ledger throws(LedgerError) in try ledger.backUp(to: path) }
  }

  /// Removes what the collector has archived and was seen that long ago, and the pages that held it.
  public func purgeLedger(olderThanDays days: Int) async throws(Problem) -> (events: Int, bytes: Int) {
    let moment = Machine.now.advanced(bySeconds: -86_400 * Double(days))
    return try await onLedger { ledger throws(LedgerError) in
      let before = try ledger.statistics().bytes
      var events = 0
      for stream in try ledger.streams() { events += try ledger.prune(stream.id, before: moment) }
      try ledger.compact()
      return (events, max(0, before - (try ledger.statistics().bytes)))
    }
  }

  /// Cases that match what an analyst types (`model:wine since:3d is:open` and words), the newest first, and how many
  /// match in all.
  public func cases(matching words: String, limit: Int) async throws(Problem) -> (cases: [ListedCase], count: Int) {
    let query = SearchQuery(words, now: Machine.now)
    try refuse(query)
    let blind = try await blindCases()
    var filter = CaseFilter(query, context: contextName)
    filter.leftOut = blind.subtracting(try await found(query, among: blind))
    let wanted = filter
    return try await onLedger { ledger throws(LedgerError) in
      let summaries = try ledger.summaries(wanted, limit: limit)
      let cases = summaries.map { summary in
        let isHidden = blind.contains(summary.id)
        return ListedCase(
          number: summary.number, id: summary.id, at: summary.at, sourceID: summary.sourceID, model: summary.model,
          label: isHidden ? "hidden" : summary.label, probability: isHidden ? nil : summary.probability,
          isOutlier: !isHidden && summary.isOutlier, verdict: summary.verdict, isFlagged: summary.isFlagged)
      }
      return (cases, try ledger.caseCount(wanted))
    }
  }

  /// Which of the cases that wait for a blind answer a query may find: those that it does not know by their answer, or by
  /// what was said of that.
  private func found(_ query: SearchQuery, among blind: Set<ShortHash>) async throws(Problem) -> Set<ShortHash> {
    guard !blind.isEmpty, !query.picksByAnswer else { return [] }
    guard !query.words.isEmpty else { return blind }
    let hits = try await matches(of: query, limit: 1 << 30).hits
    return Set(hits.filter { blind.contains($0.id) && !query.tellsAnswer(of: $0) }.map(\.id))
  }
}

extension Window {
  /// The window as JSON, as the ledger keeps it.
  public var reportJSON: JSON { json }
}
