import Domain

@testable import Workbench

extension Scene {
  static let outbox: [Scene] =
    [
      Scene("outbox", "loading") { OutboxScreenTests.opened(nil) },
      Scene("outbox", "failed") {
        var story = OutboxScreenTests.opened(nil)
        story.happens(.outbox(.failed(Trouble.ledger)))
        return story
      },
      Scene("outbox", "empty") {
        OutboxScreenTests.opened(
          OutboxScreen.Content(
            collector: nil, ledgerPath: "/run/user/1000/mds-demo-12/ledger.sqlite", ledgerBytes: 610_304, counts: [:],
            waiting: [:], rows: []))
      },
      Scene("outbox", "loaded") { OutboxScreenTests.opened() },
      Scene("outbox", "syncing") {
        var story = OutboxScreenTests.opened()
        story.press("S")
        return story
      },
      Scene("outbox", "stale") {
        var story = OutboxScreenTests.opened()
        story.press("R")
        story.happens(.outbox(.failed(Trouble.ledger)))
        return story
      },
      Scene("outbox", "offline") {
        var content = OutboxScreenTests.content
        content.problem = Problem("no answer in 5 s, tried 4 times")
        content.nextTry = Stub.now.advanced(bySeconds: 120)
        var story = OutboxScreenTests.opened(content)
        story.losesTheLine()
        return story
      },
      Scene("outbox", "two-words") { OutboxScreenTests.opened(OutboxScreenTests.conflicting) },
      Scene("outbox", "ended") { OutboxScreenTests.opened(OutboxScreenTests.ended) },
      Scene("outbox", "moved") {
        var content = OutboxScreenTests.ended
        content.former[0].reason = nil
        return OutboxScreenTests.opened(content)
      },
      Scene("outbox", "many") {
        var content = OutboxScreenTests.content
        content.rows = (1...10_000).map { number in
          OutboxScreenTests.row(
            20_001 - number, "judgement", number, "income-classifier", "agree", number % 50 == 0 ? .wedged : .saved,
            reason: "422: no label of guideline g7")
        }
        content.waiting = ["judgement": 10_000, "note": 1234, "mark": 99, "amend": 12, "probe": 4, "seen": 10_000]
        content.counts = [.saved: 9800, .wedged: 200]
        content.ledgerBytes = 12_345_678_901
        var story = OutboxScreenTests.opened(content)
        story.happens(.waiting(10_000))
        story.press("5000G")
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("outbox", kind.rawValue) {
        var content = OutboxScreenTests.conflicting
        content.collector = "https://" + kind.name(0).string
        content.ledgerPath = "/home/" + kind.name(0).string
        content.former = OutboxScreenTests.ended.former
        content.former[0].reason = kind.name(0)
        for index in content.rows.indices {
          content.rows[index].kind = kind.name(index)
          content.rows[index].model = kind.name(index)
          content.rows[index].what = kind.name(index + 1)
          content.rows[index].reason = kind.name(index)
        }
        content.waiting = Dictionary(kind.names.map { ($0, 3) }, uniquingKeysWith: +)
        for index in content.conflicts[0].versions.indices {
          content.conflicts[0].versions[index].what = kind.name(index)
        }
        return OutboxScreenTests.opened(content)
      }
    }
}
