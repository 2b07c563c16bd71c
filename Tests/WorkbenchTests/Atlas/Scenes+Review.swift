import Domain
import Frames

@testable import Workbench

extension Scene {
  static let review: [Scene] =
    [
      Scene("review", "loading") { composing() },
      Scene("review", "failed") {
        var story = composing()
        story.happens(.review(.failed(Trouble.ledger)))
        return story
      },
      Scene("review", "empty") { reviewing([], ReviewScreen.Pace()) },
      Scene("review", "loaded") { try ReviewScreenTests.opened() },
      Scene("review", "reloading") {
        var story = try ReviewScreenTests.opened()
        story.press("R")
        return story
      },
      Scene("review", "stale") {
        var story = try ReviewScreenTests.opened()
        story.press("R")
        story.happens(.review(.failed(Trouble.ledger)))
        return story
      },
      Scene("review", "offline") {
        var story = try ReviewScreenTests.opened()
        story.losesTheLine()
        return story
      },
      Scene("review", "blind") { try ReviewScreenTests.opened(isBlind: true) },
      Scene("review", "judged") {
        var story = try ReviewScreenTests.opened()
        story.press("d1c4r2")
        story.press(.enter)
        return story
      },
      Scene("review", "picture") {
        var story = try ReviewScreenTests.opened()
        story.press("3j")
        story.rest()
        return story
      },
      Scene("review", "many") {
        let content = try Income.content()
        let items = (1...10_000).map { number in
          var item = ReviewScreen.Item(content: content, stamp: ReviewScreenTests.stamp(0.5), why: "uncertain")
          item.content.case.id = Income.id(100_000 + number)
          item.content.case.number = 100_000 + number
          item.content.case.at = Stub.now.advanced(bySeconds: -3600 * Double(number))
          return item
        }
        var story = reviewing(items, ReviewScreenTests.pace)
        story.press("5000G")
        story.rest()
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("review", kind.rawValue) {
        let items = try kind.names.indices.map { index in
          var content = try Kinds.textContent(kind.names.map(\.string).joined(separator: " "), number: 9000 + index)
          content.case.model = ModelID(kind.name(index), version: kind.model.version)
          content.case.prediction.answer = .classes([ClassScore(label: kind.name(index), probability: 0.5)], chosen: 0)
          content.draft = Draft(caseID: content.case.id, judgement: Judgement(note: kind.name(index + 1)))
          return ReviewScreen.Item(
            content: content, stamp: ReviewScreenTests.stamp(0.5), why: RawText("drift ").appending(kind.name(index)))
        }
        return reviewing(items, ReviewScreenTests.pace)
      }
    }

  private static func composing() -> Story {
    var story = Story()
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.open(&story.state, .review, 0)
    return story
  }

  private static func reviewing(_ items: [ReviewScreen.Item], _ pace: ReviewScreen.Pace) -> Story {
    var story = composing()
    story.happens(.queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: items), pace, milliseconds: 1000))
    return story
  }
}
