import Domain
import Feedback
import Foundation
import Glibc
import Ledger

/// What the judgements of analysts of many years say together, counted from the events of a ledger.
enum Reports {
  /// Events in all: three in four cases' worth of views, the others what was said.
  private static let count = Int(ProcessInfo.processInfo.environment["BENCH_EVENTS"] ?? "") ?? 1_000_000
  private static let model = ModelID("income", version: "3")
  private static let batch = 2000

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let ledger = try Ledger(path: folder + "/ledger.sqlite")
      let cases = count / (3 * batch) * batch
      let start = ContinuousClock.now
      try fill(ledger, cases: cases)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let before = peak
      var times = Times()
      for _ in 0..<3 {
        let report: FeedbackReport = try times.measure { try sum(ledger) }
        guard report.cases == cases, report.judgements == cases / 2 * 3, report.gaps.notDrawn == 0,
          report.agreement.units == cases / 2
        else { throw Programs.Failure(description: "the ledger does not hold what was put in") }
      }
      let grown = max(0, peak - before)
      try ledger.close()
      let name = "feedback of \(cases * 3) events"
      return [
        Entry(name + ", counted (p50 of 3)", "\(times.median.short) ms"),
        Entry(name + ", memory that counting adds", "\(grown / 1024) MB"),
        Entry("colleagues' events taken in, in batches of 3,000", "\((Double(cases * 3) / seconds).short) events/s"),
      ]
    }
  }

  /// The most memory that the process had at one time, in KiB.
  private static var peak: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }

  private static func sum(_ ledger: Ledger) throws -> FeedbackReport {
    try ledger.withEvents { events in
      var tally = FeedbackTally(FeedbackQuery(model: model.name))
      try events.forEachJudged(context: "bench", analyst: "nobody") { item in
        tally.add(item.judged)
        return true
      }
      tally.addWithoutBody(try events.redactedJudgements(context: "bench"))
      return tally.finished
    }
  }

  /// Every case is judged by one analyst, every second one by another, too; each view is an event of its own.
  private static func fill(_ ledger: Ledger, cases: Int) throws {
    var generator = SystemRandomNumberGenerator()
    var desks = (["ana", "brent"] as [RawText]).map { name in
      (name: name, stream: StreamID(using: &generator), head: Chain.Head.empty)
    }
    for first in stride(from: 0, to: cases, by: batch) {
      for (place, desk) in desks.enumerated() {
        let numbers = stride(from: first, to: first + batch, by: place + 1)
        let drafts = try numbers.flatMap { try judged($0, by: desk.name) }
        let events = try Chain.seal(drafts, stream: desk.stream, after: desk.head)
        try ledger.importEvents(events, context: "bench")
        if let last = events.last { desks[place].head = Chain.Head(seq: last.seq, hash: last.hash) }
      }
    }
  }

  private static func judged(_ number: Int, by analyst: RawText) throws -> [EventDraft] {
    var generator = SystemRandomNumberGenerator()
    var stamp = Saving.stamp(number * 40)
    stamp.analyst = analyst
    let caseID = ShortHash.of(Array("case \(number)".utf8))
    let share = Double(number % 50 + 50) / 100
    let isRight = (number * 7919) % 100 < Int(share * 100)
    let seen = Seen(
      record: .inline(record(number)), recordID: caseID, recordAt: stamp.at, service: "http://s", model: model,
      output: SeenOutput(
        answer: .classes(
          [ClassScore(label: "<=50K", probability: share), ClassScore(label: ">50K", probability: 1 - share)],
          chosen: 0)),
      queue: SeenQueue(id: "q", sampler: "uncertain", score: 1 - share, propensity: 1.05 - share))
    let view = EventDraft(
      eventID: EventID(at: stamp.at, using: &generator),
      body: EventBody(stamp: stamp, caseID: caseID, payload: .seen(seen)))
    let judgement = JudgementBody(
      Judgement(verdict: isRight ? .agree : .disagree, confidence: 4, reasons: isRight ? [] : ["stale"]),
      timing: .init(shownAt: stamp.at, activeMilliseconds: 4000 + number % 20_000))
    let said = EventDraft(
      eventID: EventID(at: stamp.at, using: &generator),
      body: EventBody(
        stamp: stamp, caseID: caseID, references: [EventReference(.seen, view.eventID)], payload: .judgement(judgement))
    )
    return [view, said]
  }

  /// Twelve numbers, as of the census.
  private static func record(_ number: Int) -> Record {
    Record(tensors: [
      Tensor(
        name: "input", datatype: .fp64, shape: [1, 12],
        elements: .double((0..<12).map { Double((number * 31 + $0 * 17) % 1000) / 7 }))
    ])
  }
}
