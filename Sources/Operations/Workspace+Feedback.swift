public import Domain
public import Feedback
internal import Ledger
internal import Workbench

extension Workspace {
  /// Cases of a slice that are offered to be opened.
  private static let offered = 500

  /// What the judgements of this ledger say of a model, one's own and colleagues': worked out anew, without a network,
  /// on a connection that nothing waits for.
  public func feedback(
    _ query: FeedbackQuery, smallest: Int = FeedbackReport.smallestCount
  ) async throws(Problem) -> FeedbackReport {
    let name = contextName
    return try await judged(query, into: FeedbackTally(query, smallest: smallest)) { tally, item in
      tally.add(item.judged)
      return true
    } prepare: { tally, events in
      tally.shared = try events.sharedRecords(context: name, model: query.model)
    } finish: { tally, events in
      if let model = query.model {
        let newest = try events.cases(CaseFilter(context: name, model: model, version: query.version), limit: 1).first
        tally.labels = newest?.prediction.classes.map(\.label) ?? []
      }
      tally.addWithoutBody(try events.redactedJudgements(context: name, of: query))
    }.finished
  }

  /// What the feedback screen shows: where no model was named the one that was judged most, and where nobody judged
  /// the version all of its versions.
  func feedback(_ order: FeedbackScreen.Order) async throws(Problem) -> FeedbackScreen.Content {
    var order = order
    var report = try await feedback(order.query(asOf: Machine.now))
    if order.model == nil {
      let counts = Dictionary(report.models.map { ($0.key.name, $0.value) }, uniquingKeysWith: +)
      guard let most = counts.max(by: { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }) else {
        return FeedbackScreen.Content(order: order, report: report)
      }
      order.model = most.key
      report = try await feedback(order.query(asOf: Machine.now))
    }
    if order.version != nil, report.cases == 0, report.models.keys.contains(where: { $0.name == order.model }) {
      order.version = nil
      report = try await feedback(order.query(asOf: Machine.now))
    }
    return FeedbackScreen.Content(order: order, report: report)
  }

  /// The cases of a slice that can be opened here, those that the model has wrong first, the newest of each first.
  func feedbackCases(
    _ order: FeedbackScreen.Order, by kind: SliceKind, named name: RawText
  ) async throws(Problem) -> [ShortHash] {
    struct Found {
      var wrong: [(at: Timestamp, id: ShortHash)] = []
      var right: [(at: Timestamp, id: ShortHash)] = []
    }
    let query = order.query(asOf: Machine.now)
    // Where values are cut follows from all cases: the slices are made as they were for the screen.
    let report = try await feedback(query)
    let found = try await judged(query, into: Found()) { found, item in
      let place = report.places(of: item.judged, by: kind).first { $0.name == name }
      guard item.isHere, let place, query.holds(item.judged) else { return true }
      let entry = (item.judged.judgements.map(\.at).max() ?? Timestamp(microseconds: 0), item.judged.caseID)
      if place.isRight { found.right.append(entry) } else { found.wrong.append(entry) }
      return true
    }
    let ordered = [found.wrong, found.right].flatMap { $0.sorted { $0.at > $1.at } }
    return ordered.prefix(Self.offered).map(\.id)
  }

  /// Writes the report of what is on screen to a new file in the folder that `mds` was started in; gives its name.
  func exportFeedback(_ order: FeedbackScreen.Order) async throws(Problem) -> String {
    let report = try await feedback(order).report
    return try write(report.json(), as: "feedback", of: report.query.model)
  }

  /// Writes a report to a new file in the folder that `mds` was started in; gives its name.
  func write(_ report: JSON, as kind: String, of model: RawText?) throws(Problem) -> String {
    let name = Self.fileName(kind, of: model, at: Machine.now)
    guard !Files.exists(name) else {
      throw Problem("\(name) is there already.", advice: "Wait a second, or move it away.", kind: .invalidInput)
    }
    var json = report
    if let banner = context.banner, case .object(let members) = json {
      json = .object([.init("handling", .string(RawText(banner)))] + members)
    }
    try Files.write(Array((json.serializedString + "\n").utf8), to: name)
    return name
  }

  /// `mds-feedback-wine-20261123T120405Z.json`: no byte of a model's name leads anywhere else.
  private static func fileName(_ kind: String, of model: RawText?, at now: Timestamp) -> String {
    let plain = (model?.string ?? "all").unicodeScalars.map { scalar -> Character in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
    }
    let time = now.description.prefix(19).filter { $0 != "-" && $0 != ":" }
    return "mds-\(kind)-\(String(plain.prefix(60)))-\(time)Z.json"
  }

  /// Goes through the judged cases of this context; a task that is cancelled ends it.
  private func judged<Result: Sendable>(
    _ query: FeedbackQuery, into start: Result,
    _ each: @escaping @Sendable (inout Result, LedgerJudgedCase) throws -> Bool,
    prepare: @escaping @Sendable (inout Result, LedgerEvents) throws -> Void = { _, _ in },
    finish: @escaping @Sendable (inout Result, LedgerEvents) throws -> Void = { _, _ in }
  ) async throws(Problem) -> Result {
    let (context, analyst) = (contextName, analyst)
    do throws(LedgerError) {
      return try await worker.study { events, isWanted in
        var result = start
        try prepare(&result, events)
        var count = 0
        try events.forEachJudged(
          context: context, analyst: analyst, since: query.since, until: query.until, withInputs: query.withInputs
        ) { item in
          count += 1
          guard count % 256 > 0 || isWanted() else { throw LedgerError.closed }
          return try each(&result, item)
        }
        try finish(&result, events)
        return result
      }
    } catch {
      throw error.problem
    }
  }
}
