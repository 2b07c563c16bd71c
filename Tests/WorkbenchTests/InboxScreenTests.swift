import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("The inbox")
struct InboxScreenTests {
  static let guideline = Guideline(
    version: "g7", model: "income-classifier", question: "Is the income over 50K?",
    text: """
      Count what is earned in a year before taxes.

      A bonus that is paid once is no income of the year after; say so in a note.
      """, reasons: ["age wrong", "job unclear"])

  static func item(_ id: RawText, _ kind: InboxKind, _ content: InboxScreen.Content, hours: Double) -> InboxScreen.Item
  {
    InboxScreen.Item(
      id: id, kind: kind.text, name: "week 48", content: content,
      publishedAt: Stub.now.advanced(bySeconds: -3600 * hours))
  }

  static func queue(_ taken: InboxScreen.Taken?) -> InboxScreen.Item {
    item(
      "b2", .queue,
      .queue(
        PublishedQueue(
          title: "Week 48, an even sample", model: Income.model, count: 200, population: 12_408, isBlind: true,
          due: Timestamp("2026-12-04"), content: Hash.of([1]), bytes: 90_000), taken), hours: 26)
  }

  static var items: [InboxScreen.Item] {
    [
      item(
        "a1", .question,
        .question(
          Question(text: "You wrote that the bonus was paid once: where did you see that?", caseID: Income.id(8841)),
          caseName: RawText("8841 " + Income.id(8841).short)), hours: 2),
      queue(nil), item("c3", .guideline, .guideline(guideline), hours: 30),
      item(
        "d4", .adjudication,
        .adjudication(
          Adjudication(caseID: Income.id(8790), label: "grant", by: "panel", note: "Two of three saw the contract."),
          caseName: nil), hours: 50),
      item("e5", .catalogue, .catalogue(bytes: 1804), hours: 900),
    ]
  }

  static func opened(_ items: [InboxScreen.Item]? = Self.items, columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up))
    #expect(story.press("gi") == [.loadInbox])
    if let items { story.happens(.inbox(.arrived(items))) }
    return story
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var loading = Self.opened(nil)
    gallery.add("loading", loading)
    loading.happens(.inbox(.failed(Problem("The ledger could not be read", advice: "mds doctor tells why."))))
    gallery.add("failed", loading)
    gallery.add("nothing published", Self.opened([]))
    var story = Self.opened()
    gallery.add("a question", story)
    story.press("nat the foot")
    gallery.add("answering", story)
    story.press(.escape)
    story.press("j")
    gallery.add("a queue", story)
    story.press("T")
    story.happens(.inbox(.taking(InboxScreen.Taking(id: "b2", done: 90, of: 400))))
    gallery.add("taking it", story)
    story.press("j")
    gallery.add("a guideline", story)
    story.press(.enter)
    gallery.add("a guideline, whole", story)
    gallery.expect(named: "inbox")
  }

  @Test("other sizes, hostile words, ASCII, as tables")
  func sizes() {
    var gallery = Gallery()
    gallery.add("120x40", Self.opened(columns: 120, rows: 40))
    gallery.add("200x50", Self.opened(columns: 200, rows: 50))
    gallery.add("60x16", Self.opened(columns: 60, rows: 16))
    gallery.add("ASCII", Self.opened().frame.ascii())
    var hostile = Self.items
    hostile[0].content = .question(
      Question(text: "\u{1B}]0;x\u{7}\u{202E}漢字かな交じり文の長い質問がここに入る\u{1B}[2J\n\nand more\r\u{8}"), caseName: nil)
    hostile[2].content = .unreadable("reasons has 10 of 9 at most")
    hostile[3].kind = "telepathy\u{1B}[31m"
    hostile[3].content = .unreadable("a later version of mds knows what this is")
    gallery.add("hostile", Self.opened(hostile))
    var table = Self.opened()
    table.press("t")
    gallery.add("table", table)
    gallery.expect(named: "inbox-sizes")
  }

  @Test("Enter opens the case that a question is about, and says where it is not here")
  func openCase() {
    var story = Self.opened()
    #expect(story.press(.enter) == [.loadCase(Income.id(8841))])
    story = Self.opened()
    story.press("jjj")
    #expect(story.press(.enter).isEmpty)
    #expect(story.toast == "· the case is not in this ledger")
  }

  @Test("n answers a question: Enter saves what was written, Esc leaves it, nothing is not saved")
  func answer() {
    var story = Self.opened()
    story.press("n")
    #expect(story.press(.enter).isEmpty)
    story.press("on page 2")
    #expect(story.press(.enter) == [.answer(item: "a1", text: "on page 2")])
    story.press("n")
    story.press("x")
    #expect(story.press(.escape).isEmpty)
    #expect(!story.state.isAsking)
    story.press("j")
    #expect(story.press("n").isEmpty)
    #expect(story.toast == "· nothing is asked here")
  }

  @Test("a queue is taken once at a time; taken whole, Enter reviews it in the manner that the researchers chose")
  func take() {
    var story = Self.opened()
    story.press("j")
    #expect(story.press(.enter) == [.takeQueue("b2")])
    story.happens(.inbox(.taking(InboxScreen.Taking(id: "b2", done: 1, of: 400))))
    #expect(story.press("T").isEmpty)
    #expect(story.toast == "· a queue is being taken")
    let order = TakenOrder(id: "b2", name: "week 48")
    #expect(story.happens(.taken(order, cases: 199, setAside: 1)) == [.loadInbox, .loadBlindCases])
    #expect(story.toast == "● week 48: 199 cases are here, 1 of its records could not be used")
    story.happens(
      .inbox(.arrived([Self.queue(InboxScreen.Taken(cases: 199, judged: 0, isWhole: true))])))
    #expect(story.press(.enter) == [.loadQueue(QueueOrder(isBlind: true, taken: order))])
    // Another sampler, or a model's own queue, is not the researchers' any more.
    #expect(story.press("Q2") == [.loadQueue(QueueOrder(sampler: .uncertain, isBlind: true))])
  }

  @Test("a queue that could not be taken says why and can be taken again")
  func takingFailed() {
    var story = Self.opened()
    story.press("jT")
    story.happens(.inbox(.taking(InboxScreen.Taking(id: "b2", done: 1, of: 400))))
    #expect(story.happens(.takingFailed(Problem("no answer from the collector"))) == [.loadInbox])
    #expect(story.toast.hasPrefix("✗ no answer from the collector"))
    #expect(story.press("T") == [.takeQueue("b2")])
  }

  @Test("what came while the inbox is on screen is shown; elsewhere the guidelines alone are read")
  func changed() {
    var story = Self.opened()
    #expect(story.happens(.inboxChanged) == [.loadInbox, .loadGuidelines])
    story.press("gm")
    #expect(story.happens(.inboxChanged) == [.loadGuidelines])
  }

  @Test("p reads the guideline of the case on screen; its version and reasons go with the judgement")
  func guideline() throws {
    var story = Story()
    _ = App.openCase(&story.state, Income.id(8841), among: [])
    var content = try Income.content()
    story.happens(.caseArrived(content, milliseconds: 1000))
    story.press("p")
    #expect(story.toast == "· the researchers have published no guideline for this model")
    content.guideline = Self.guideline
    content.decision = Adjudication(caseID: content.case.id, label: "<=50K", by: "panel")
    content.questions = [Question(text: "Why?", caseID: content.case.id)]
    story.happens(.caseArrived(content, milliseconds: 2000))
    #expect(story.screen.contains("guideline g7, p reads"))
    #expect(story.screen.contains("decided: <=50K  you are asked, gi shows it"))
    story.press("p")
    #expect(story.screen.contains("A bonus that is paid once"))
    story.press(.escape)
    story.press("ar2")
    story.press(.enter)
    let saved = story.press("s")
    guard case .commit(let commit)? = saved.first else {
      Issue.record("nothing was saved: \(saved)")
      return
    }
    #expect(commit.guideline == "g7")
    #expect(commit.judgement.reasons == ["job unclear"])
  }

  @Test("a long subject has what short words beside it can spare")
  func longSubject() {
    var story = Story()
    story.happens(.linked(service: .up, collector: .up))
    story.press("gi")
    let decision = Self.item(
      "d9", .adjudication,
      .adjudication(
        Adjudication(caseID: Income.id(8841), label: "grant"), caseName: "a-source-of-cases/with-long-names/8841"),
      hours: 2)
    story.happens(.inbox(.arrived([decision])))
    #expect(story.line(3).contains("a-source-of-cases/with-long-n"), "\(story.screen)")
    #expect(story.line(3).contains("→ grant"))
  }
}
