import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

/// What of a case in the queue was on screen, and what was not.
@Suite("What is seen in the queue")
struct SeenInQueueTests {
  /// A queue of one case on a terminal of a size.
  private static func alone(
    _ explanations: [Explanation], isBlind: Bool = false, columns: Int = 80, rows: Int
  ) throws -> Story {
    var story = Story(columns: columns, rows: rows)
    _ = App.open(&story.state, .review, 0)
    if isBlind { story.press("B") }
    let item = ReviewScreen.Item(
      content: try Income.content(explanations: explanations), stamp: ReviewScreenTests.stamp(0.5), why: "sample")
    story.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: [item]), ReviewScreenTests.pace, milliseconds: 1000))
    return story
  }

  @Test("an explanation whose line has no row was not seen", arguments: [14, 16, 19, 20, 24, 36, 40, 60])
  func seenAsDrawn(rows: Int) throws {
    for columns in [80, 120] {
      var story = try Self.alone([Income.attributions, Income.anchor], columns: columns, rows: rows)
      let drawn = [story.screen.contains("why    ") || rows > 40 || columns > 80, story.screen.contains("anchor ")]
      let open = try #require(ReviewScreenTests.saved(story.press("as")).first)
      #expect(open.seenExplanations == [0, 1].filter { drawn[$0] }, "\(columns)x\(rows): \(story.screen)")

      var blind = try Self.alone([Income.attributions], isBlind: true, columns: columns, rows: rows)
      let effects = blind.press("v")
      let reveal = effects.compactMap { if case .reveal(let reveal) = $0 { reveal } else { nil } }.first
      let isDrawn = blind.screen.contains("why    ") || rows > 40 || columns > 80
      #expect(reveal?.seenExplanations == (isDrawn ? [0] : []), "\(columns)x\(rows): \(blind.screen)")
      #expect(reveal?.signature == Income.signature)
    }
  }

  @Test("what explains a marked case counts as seen only where it came while the case was on the table")
  func seenOfMarked() throws {
    var story = Story()
    _ = App.open(&story.state, .review, 0)
    let items = try [8841, 8840, 8790].map { number in
      ReviewScreen.Item(
        content: try Income.content(number: number, explanations: number == 8841 ? [Income.attributions] : []),
        stamp: ReviewScreenTests.stamp(0.5), why: "sample")
    }
    story.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: items), ReviewScreenTests.pace, milliseconds: 1000))
    story.press("  ")
    story.rest()
    #expect(story.state.review.marked == [Income.id(8841), Income.id(8840)])
    story.happens(.explained(try Income.content(number: 8840, explanations: [Income.attributions]).case))
    let commits = ReviewScreenTests.saved(story.press("aA"))
    #expect(commits.map(\.seenExplanations) == [[0], []])
    #expect(commits.map(\.assistance) == [.explanation, .prediction])
  }

  @Test("the feature that a mark goes on is in view on a narrow line")
  func narrowWhy() throws {
    var story = try ReviewScreenTests.opened(columns: 60, rows: 24)
    for _ in 0..<3 {
      story.press("l")
      let part = try #require(story.state.review.markTarget)
      #expect(story.screen.contains(part.text.string), "\(story.screen)")
    }
    story.press("!")
    let part = try #require(story.state.review.markTarget)
    #expect(story.screen.contains("\(part.text.string) !"), "\(story.screen)")
  }

  @Test("a queue of which only a part is here says of how many it is")
  func saidParts() throws {
    var story = Story()
    _ = App.open(&story.state, .review, 0)
    let queue = ReviewScreen.Queue(order: QueueOrder(), items: try ReviewScreenTests.items(), more: 344)
    story.happens(.queueArrived(queue, ReviewScreenTests.pace, milliseconds: 1000))
    #expect(story.screen.contains("Queue 6 of 350"))
    #expect(App.read(story.state).lines.first == "Review 6 of 350")
  }

  @Test("an explanation that is not there cannot be rated, as it cannot be marked")
  func rateNothing() throws {
    var queued = try Self.alone([], rows: 24)
    var open = CaseScreenTests.opened(try Income.content(explanations: []))
    for keys in [":rate 4", "!"] {
      for isQueue in [true, false] {
        var story = isQueue ? queued : open
        story.press(keys)
        if keys != "!" { story.press(.enter) }
        #expect(story.toast == "· there is no explanation to mark", "\(keys)")
        #expect(story.state.editor?.draft.marks.isEmpty == true)
      }
    }
    queued.press("q")
    open.press("q")
  }
}
