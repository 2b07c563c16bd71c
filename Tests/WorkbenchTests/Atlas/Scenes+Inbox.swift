import Domain
import Feedback

@testable import Workbench

extension Scene {
  static let inbox: [Scene] =
    [
      Scene("inbox", "loading") { InboxScreenTests.opened(nil) },
      Scene("inbox", "failed") {
        var story = InboxScreenTests.opened(nil)
        story.happens(.inbox(.failed(Trouble.ledger)))
        return story
      },
      Scene("inbox", "empty") { InboxScreenTests.opened([]) },
      Scene("inbox", "loaded") { InboxScreenTests.opened() },
      Scene("inbox", "reloading") {
        var story = InboxScreenTests.opened()
        story.press("R")
        return story
      },
      Scene("inbox", "stale") {
        var story = InboxScreenTests.opened()
        story.press("R")
        story.happens(.inbox(.failed(Trouble.ledger)))
        return story
      },
      Scene("inbox", "offline") {
        var story = InboxScreenTests.opened()
        story.losesTheLine()
        return story
      },
      Scene("inbox", "answering") {
        var story = InboxScreenTests.opened()
        story.press("nat the foot of page 2")
        return story
      },
      Scene("inbox", "many") {
        let items = (1...10_000).map { number in
          InboxScreenTests.item(
            RawText("q\(number)"), .question,
            .question(Question(text: RawText("Why \(number)?"), caseID: Income.id(number)), caseName: nil),
            hours: Double(number))
        }
        var story = InboxScreenTests.opened(items)
        story.press("5000G")
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("inbox", kind.rawValue) {
        var items = InboxScreenTests.items
        items[0].content = .question(
          Question(text: kind.name(0).appending(kind.name(1)), caseID: nil), caseName: kind.name(0))
        items[1].content = .queue(
          PublishedQueue(
            title: kind.name(1), model: ModelID(kind.name(0)), count: 123_456, population: 12_345_678, isBlind: true,
            content: Hash.of([1]), bytes: 90_000), nil)
        items[2].content = .guideline(
          Guideline(version: kind.name(0), model: kind.name(1), question: kind.name(0), text: kind.name(1), reasons: [])
        )
        items[3].content = .unreadable(kind.name(1).string)
        items[4].name = kind.name(0)
        return InboxScreenTests.opened(items)
      }
    }
}
