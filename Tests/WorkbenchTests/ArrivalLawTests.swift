import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// Whatever comes back between two letters, and in whichever order, the words stand as they were typed.
@Suite("The law of arrivals")
struct ArrivalLawTests {
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16 | state << 48
    }
  }

  private static let words = "Paid once: ask (brent) d1 s z gr q 5"

  /// What the world may answer at any moment.
  private static func arrivals() throws -> [Action] {
    let content = try Income.content()
    let items = try ReviewScreenTests.items()
    func queue(_ items: some Sequence<ReviewScreen.Item>, isBlind: Bool = false) -> Action {
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(isBlind: isBlind), items: Array(items)), ReviewScreenTests.pace,
        milliseconds: 9000)
    }
    let refused = Problem("the collector refused", kind: .invalidInput)
    return [
      queue(items), queue(items.dropFirst(2)), queue([]), queue(items.reversed(), isBlind: true),
      .review(.failed(Trouble.ledger)), .caseArrived(content, milliseconds: 9000),
      .caseArrived(try Income.content(number: 8840), milliseconds: 9000), .explained(content.case),
      .explainFailed(content.case.id, Trouble.service), .case(.refreshed(content)), .case(.failed(Trouble.ledger)),
      .undone(what: Message(.done, "undone"), content), .undone(what: Message(.done, "undone"), nil),
      .decided(sequence: 7, what: "decided", content), .commitFailed(Trouble.ledger),
      .draftsArrived([Income.id(8840)], opens: true), .blindCasesArrived([Income.id(8790)]), .blindCasesArrived([]),
      .linked(service: .down(since: Stub.now), collector: .down(since: Stub.now)),
      .linked(service: .up, collector: .up), .waiting(12), .inboxChanged, .paceLearned(ReviewScreenTests.pace),
      .exchanged(Exchange(sent: 2, received: 2, fetched: 1)),
      .exchanged(Exchange(sent: 0, received: 0, fetched: 0, problem: refused, needsAnalyst: true)),
      .models(.refreshed(.init(groups: [], at: Stub.now))), .models(.failed(Trouble.service, at: Stub.now)),
      .models(.seeking(next: Stub.now)), .windowCases([Income.id(8840)]), .feedbackCases([Income.id(8840)]),
      .takingFailed(Trouble.service), .notified(Message(.done, "wrote report.json")), .failed(Trouble.service),
      .themesArrived([]), .focused(false), .focused(true), .ticked(Stub.now, milliseconds: 10_000),
      .rested(milliseconds: 9500), .resized(ScreenSize(columns: 50, rows: 14)),
      .resized(ScreenSize(columns: 200, rows: 50)), .resized(ScreenSize(columns: 1, rows: 1)),
      .resized(ScreenSize(columns: 80, rows: 24)), .case(.flipsFound(content.case.id, ProbingTests.flips)),
      .case(.probed(ProbingTests.probe, ProbingTests.order)),
    ]
  }

  @Test("a note holds every letter, on its own case, and is kept as it was typed", arguments: 0..<60)
  func note(_ seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    let arrivals = try Self.arrivals()
    var story =
      switch seed % 3 {
      case 0: try ReviewScreenTests.opened()
      case 1: try ReviewScreenTests.opened(isBlind: true)
      default: CaseScreenTests.opened(try Income.content(), siblings: [Income.id(8840), Income.id(8841)])
      }
    story.press("n")
    let id = story.state.editor?.draft.caseID
    for letter in Self.words.unicodeScalars {
      for _ in 0..<Int.random(in: 0...2, using: &dice) {
        story.happens(arrivals[Int.random(in: 0..<arrivals.count, using: &dice)])
      }
      // Nothing is done with what is not on screen.
      if !story.state.isDrawn { story.happens(.resized(ScreenSize(columns: 80, rows: 24))) }
      story.press(.text(letter))
    }
    #expect(story.state.editor?.draft.caseID == id && story.state.editor?.isTyping == true, "\(story.screen)")
    #expect(story.state.editor?.noteInput?.text == Self.words)
    story.press(.enter)
    let last = story.effects.reversed().lazy.compactMap { if case .saveDraft(let draft) = $0 { draft } else { nil } }
    #expect(last.first { $0.caseID == id }?.judgement.note.string == Self.words)
    #expect(!story.effects.contains { if case .commit = $0 { true } else { false } })
  }
}
