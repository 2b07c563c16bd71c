import Domain
import Feedback
import Statistics
import Testing

@Suite("What judgements say together")
struct FeedbackSummaryTests {
  /// Six records, three analysts; the expected numbers were computed with Python (krippendorff, scikit-learn).
  private let rows: [(model: RawText, confidence: Double, answers: [RawText?])] = [
    ("fraud", 0.91, ["ok", "ok", nil]), ("fraud", 0.83, ["fraud", "fraud", "fraud"]), ("ok", 0.77, ["ok", nil, "ok"]),
    ("ok", 0.55, ["fraud", "ok", "fraud"]), ("fraud", 0.62, ["fraud", "ok", nil]), ("ok", 0.98, ["ok", "ok", "ok"]),
  ]

  private var cases: [JudgedCase] {
    rows.enumerated().map { index, row in
      JudgedCase(
        caseID: ShortHash.of([UInt8(index)]), model: ModelID("m"), at: Sample.start, answer: row.model,
        probability: row.confidence,
        judgements: zip(["A", "B", "C"], row.answers).compactMap { name, label in
          label.map {
            let verdict: Verdict = $0 == row.model ? .agree : .disagree
            return .init(
              analyst: RawText(name), at: Sample.start,
              body: JudgementBody(Judgement(verdict: verdict, label: verdict == .agree ? nil : $0)))
          }
        })
    }
  }

  @Test("agreement, majority and accuracy are those of the worked example")
  func example() throws {
    let summary = FeedbackSummary(cases)
    #expect(summary.cases == 6)
    #expect(abs(try #require(summary.alpha?.value) - 0.4814814815) < 1e-9)
    #expect(summary.accuracy?.successes == 3 && summary.accuracy?.trials == 5)
    #expect(summary.confusion[truth: "ok", model: "ok"] == 2)
    #expect(summary.confusion[truth: "ok", model: "fraud"] == 1)
    #expect(summary.confusion[truth: "fraud", model: "ok"] == 1)
    #expect(summary.confusion[truth: "fraud", model: "fraud"] == 1)
  }

  @Test("of nothing says nothing")
  func empty() {
    let summary = FeedbackSummary([])
    #expect(summary.cases == 0 && summary.alpha == nil && summary.weightedAccuracy == nil)
  }

  @Test("pace counts today's judgements, and the median over all")
  func pace() {
    let opinions = (0..<5).map { number in
      JudgedCase.Opinion(
        analyst: "ana", at: Sample.start.advanced(bySeconds: Double(number - 4) * 3600 * 8),
        body: JudgementBody(
          Judgement(verdict: .agree), timing: .init(activeMilliseconds: number == 0 ? nil : number * 1000)))
    }
    let pace = ReviewPace(opinions, now: Sample.start)
    #expect(pace.today == [.agree: 2])
    #expect(pace.perHour == 1)
    #expect(pace.medianSeconds == 2.5)
    #expect(pace.recent == [1, 2, 3, 4])
  }

  @Test("active time cuts each silence at 30 seconds and knows where it went")
  func activeTime() {
    var time = ActiveTime(shownAt: Sample.start, milliseconds: 1000, pane: "why")
    time.key(at: 1800)
    time.moved(to: "judgement", at: 2000)
    time.key(at: 100_000)
    time.key(at: 99_000)
    let timing = time.timing(at: 101_000)
    #expect(timing.firstKeyMilliseconds == 800)
    #expect(timing.wallMilliseconds == 100_000)
    #expect(timing.activeMilliseconds == 800 + 200 + 30_000 + 1000)
    #expect(timing.views == [.init(pane: "why", milliseconds: 1000), .init(pane: "judgement", milliseconds: 31_000)])
  }
}
