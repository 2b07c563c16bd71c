import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("The log")
struct LogScreenTests {
  static let refused = Problem(
    "income-classifier did not answer in 30 s", advice: "Ask again; the case is kept.",
    detail: "POST /v2/models/income-classifier/infer\n\u{1B}[31mcurl: (28) Operation timed out")

  /// A morning: models listed, a sync, a save, a lost line, a failure.
  static func morning(columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(
      .linked(service: .up, collector: .up),
      .models(.listed(.init(groups: Stub.groups, at: Stub.now))),
      .exchanged(Exchange(sent: 12, received: 12, fetched: 31)),
      .committed(Stub.commit(Income.id(8841)), sequence: 10_431, what: "disagree → <=50K", milliseconds: 0),
      .ticked(Stub.now.advanced(bySeconds: 60), milliseconds: 60_000),
      .linked(service: nil, collector: .down(since: Stub.now)),
      .exchanged(Exchange(sent: 3, received: 0, fetched: 0, problem: Problem("no answer in 5 s, tried 4 times"))),
      .notified(Message(.done, "wrote mds-drift-wine-20261123T120405Z.json")),
      .describeFailed(Income.model, refused))
    return story
  }

  static func opened() -> Story {
    var story = Story()
    story.happens(.linked(service: .up, collector: .up), .failed(refused))
    story.press("gl")
    return story
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var empty = Story()
    empty.press("gl")
    gallery.add("nothing yet", empty)
    var story = Self.morning()
    story.press("gl")
    gallery.add("a failure is what one comes for", story)
    story.press("jj")
    gallery.add("another line", story)
    story.press(.enter)
    gallery.add("in full", story)
    story.press(.escape)
    story.press("gg")
    story.press(.enter)
    gallery.add("a failure in full", story)
    var wide = Self.morning(columns: 120, rows: 40)
    wide.press("gl")
    gallery.add("120x40", wide)
    var low = Self.morning(columns: 60, rows: 16)
    low.press("gl")
    gallery.add("60x16", low)
    gallery.add("ASCII", wide.resized(80, 24).frame.ascii())
    gallery.expect(named: "log")
  }

  @Test("gl selects the failure that was only a toast, once; then the newest line")
  func failure() {
    var story = Self.morning()
    story.happens(.notified(Message(.done, "later")))
    story.press("gl")
    #expect(story.state.log.selected?.problem == Self.refused)
    #expect(story.screen.contains("Ask again; the case is kept."))
    story.press("q")
    story.press("gl")
    #expect(story.state.log.selected?.what == "later")
  }

  @Test("what happens while one reads is added above, and the selection stays on its line")
  func growing() {
    var story = Self.morning()
    story.press("gl")
    story.press("j")
    let read = story.state.log.selected
    story.happens(.exchanged(Exchange(sent: 1, received: 1, fetched: 0)))
    #expect(story.state.log.selected == read)
    #expect(story.state.log.log.entries.last?.what == "1 sent, 1 received, 0 fetched")
  }

  @Test("the same once more is counted, and no more than 500 lines of bounded length are kept")
  func bounded() {
    var story = Story()
    for _ in 0..<3 { story.happens(.exchanged(Exchange(sent: 0, received: 0, fetched: 0))) }
    #expect(story.state.log.log.entries.map(\.count) == [3])
    for number in 0..<700 { story.happens(.notified(Message(.done, "wrote \(number)"))) }
    #expect(story.state.log.log.entries.count == SessionLog.length)
    #expect(story.state.log.log.entries.last?.what == "wrote 699")
    story.press("glj")
    let read = story.state.log.selected
    for number in 0..<100 { story.happens(.notified(Message(.done, "again \(number)"))) }
    #expect(story.state.log.selected == read)
    story.happens(.failed(Problem("x", detail: String(repeating: "é", count: 100_000))))
    let kept = story.state.log.log.entries.last?.problem?.detail.utf8.count ?? 0
    #expect(kept < 10_000)
  }

  @Test("moves, keys and what only the ledger was asked leave no line")
  func silence() throws {
    var story = Story()
    story.press("jkgogmgs")
    story.happens(
      .search(.arrived(SearchResults([], cases: 0), order: 1)), .waiting(3), .ticked(Stub.now, milliseconds: 0),
      .caseArrived(try Income.content(), milliseconds: 0), .notified(Message(.notice, "x")))
    #expect(story.state.log.log.entries.map(\.what) == ["x"])
  }

  @Test("a column that needs more has what the one beside it can spare, by all lines and not by those in view")
  func shares() {
    #expect(ColumnShare.first(20, needs: 18, beside: 18, of: 40) == 20)
    #expect(ColumnShare.first(20, needs: 30, beside: 8, of: 40) == 30)
    #expect(ColumnShare.first(20, needs: 39, beside: 8, of: 40) == 32)
    #expect(ColumnShare.first(20, needs: 12, beside: 26, of: 40) == 14)
    #expect(ColumnShare.first(20, needs: 39, beside: 39, of: 40) == 20)
    #expect(ColumnShare.first(20, needs: 20, beside: 90, of: 40) == 20)

    var story = Story()
    story.happens(.linked(service: .up, collector: .up))
    story.happens(.notified(Message(.done, "wrote mds-drift-income-classifier-20261123T120405Z.json")))
    story.press("gl")
    #expect(story.screen.contains("wrote mds-drift-income-classifier-20261123T120405Z.json"), "\(story.screen)")
  }
}
