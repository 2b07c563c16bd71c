import Domain
import Feedback

@testable import Workbench

extension Scene {
  static let feedback: [Scene] =
    [
      Scene("feedback", "loading") { FeedbackScreenTests.opened(nil) },
      Scene("feedback", "failed") {
        var story = FeedbackScreenTests.opened(nil)
        story.happens(.feedback(.failed(Trouble.ledger)))
        return story
      },
      Scene("feedback", "empty") {
        FeedbackScreenTests.opened(FeedbackScreenTests.content(FeedbackReport(query: FeedbackQuery(model: "wine"))))
      },
      Scene("feedback", "loaded") { FeedbackScreenTests.opened() },
      Scene("feedback", "reloading") {
        var story = FeedbackScreenTests.opened()
        story.press("R")
        return story
      },
      Scene("feedback", "stale") {
        var story = FeedbackScreenTests.opened()
        story.press("R")
        story.happens(.feedback(.failed(Trouble.ledger)))
        return story
      },
      Scene("feedback", "offline") {
        var story = FeedbackScreenTests.opened()
        story.losesTheLine()
        return story
      },
      Scene("feedback", "few-cases") {
        FeedbackScreenTests.opened(FeedbackScreenTests.content(FeedbackScreenTests.income(count: 15)))
      },
      Scene("feedback", "ten-classes") {
        FeedbackScreenTests.opened(FeedbackScreenTests.content(FeedbackScreenTests.digits()))
      },
      Scene("feedback", "versions") { FeedbackScreenTests.versions() },
      Scene("feedback", "one-panel") {
        var story = FeedbackScreenTests.opened()
        story.press("O")
        story.turns(to: "calibration")
        return story
      },
      Scene("feedback", "many") {
        var tally = FeedbackTally(FeedbackQuery(model: "m"))
        for number in 0..<10_000 {
          tally.add(
            FeedbackScreenTests.judged(
              number, ModelID("m", version: "1"), said: number % 3 == 0 ? "a" : "b", 0.5 + Double(number % 50) / 100,
              truth: [(RawText("analyst-\(10_000 + number)"), number % 4 == 0 ? "b" : "a")],
              daysAgo: Double(number % 2000)))
        }
        var story = FeedbackScreenTests.opened(FeedbackScreenTests.content(tally.finished))
        story.press("ss5000G")
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("feedback", kind.rawValue) {
        let model = ModelID(kind.name(0), version: kind.model.version)
        var tally = FeedbackTally(FeedbackQuery(model: model.name))
        for number in 0..<60 {
          let answer = kind.name(number)
          tally.add(
            FeedbackScreenTests.judged(
              number, model, said: answer, 0.7, truth: [(kind.name(1), number % 3 == 0 ? "other" : answer)], daysAgo: 1,
              reasons: [kind.name(0)]))
        }
        return FeedbackScreenTests.opened(FeedbackScreenTests.content(tally.finished))
      }
    }
}
