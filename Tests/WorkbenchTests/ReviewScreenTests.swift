import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The review queue")
struct ReviewScreenTests {
  static func stamp(_ score: Double) -> QueueStamp {
    QueueStamp(queue: "q1", sampler: "mixed", score: score, propensity: 0.4)
  }

  static func items() throws -> [ReviewScreen.Item] {
    var noted = try Income.content(number: 8840, probability: 0.48, hours: 2)
    noted.draft = Draft(caseID: Income.id(8840), judgement: Judgement(note: "ask brent"))
    return [
      ReviewScreen.Item(content: try Income.content(), stamp: stamp(0.9), why: "drift age"),
      ReviewScreen.Item(content: noted, stamp: stamp(0.8), why: "uncertain"),
      ReviewScreen.Item(content: try Kinds.textContent(), stamp: stamp(0.7), why: "uncertain"),
      ReviewScreen.Item(content: try Kinds.pictureContent(), stamp: stamp(0.6), why: "sample"),
      ReviewScreen.Item(content: try Kinds.wineContent(), stamp: stamp(0.5), why: "outlier"),
      ReviewScreen.Item(
        content: try Income.content(number: 8790, probability: 0.77, hours: 80), stamp: stamp(0.2), why: "sample"),
    ]
  }

  static let pace = ReviewScreen.Pace(
    today: [.agree: 38, .disagree: 11, .unsure: 5], perHour: 9, medianSeconds: 48,
    recent: [20, 45, 44, 31, 80, 62, 33, 30, 31, 82, 51, 52, 33, 61, 40, 31, 30, 45])

  static func opened(isBlind: Bool = false, columns: Int = 80, rows: Int = 24) throws -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.open(&story.state, .review, 0)
    if isBlind { story.press("B") }
    story.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: try items()), pace, milliseconds: 1000))
    return story
  }

  static func saved(_ effects: [Effect]) -> [Commit] {
    effects.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
  }

  @Test("a case's lists are cut to the width, each with how many it has")
  func lists() throws {
    let ids = Tensor.Elements.signed((0..<200).map { 1000 + $0 })
    var content = try Kinds.wineContent()
    content.signature = Kinds.tokens
    content.case.record = Record(tensors: [
      Tensor(name: "ids", datatype: .int64, shape: [1, 200], elements: ids),
      Tensor(name: "types", datatype: .int64, shape: [1, 2], elements: .signed([0, 1])),
      Tensor(name: "words", datatype: .bytes, shape: [1, 2], elements: .bytes(["a b", "c"])),
    ])
    let item = ReviewScreen.Item(content: content, stamp: Self.stamp(0.5), why: "sample")
    let lines = ReviewCase.record(item, order: nil, width: 30).map(\.text)
    #expect(lines == ["ids 1000 1001 1002 … (200)", "types 0 1   words a b, c", "scores ·   open ·"])
  }

  @Test("looks as designed in every state")
  func gallery() throws {
    var gallery = Gallery()
    var loading = Story()
    _ = App.open(&loading.state, .review, 0)
    gallery.add("loading", loading)
    var failed = loading
    failed.happens(.review(.failed(Problem("The ledger could not be read", advice: "mds doctor tells why."))))
    gallery.add("failed", failed)
    loading.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: []), ReviewScreen.Pace(), milliseconds: 0))
    gallery.add("nothing waits", loading)

    var story = try Self.opened()
    gallery.add("open", story)
    story.press(" ")
    story.press("  J")
    story.rest()
    gallery.add("marked, a picture", story)
    story.press("gg")
    story.press("ac4")
    gallery.add("judged, not saved", story)
    story.press("d")
    gallery.add("which label", story)
    story.press(.escape)
    story.press("Q")
    gallery.add("composing", story)
    gallery.expect(named: "review")
  }

  @Test("blind: before and after the first answer, and after a look")
  func blindGallery() throws {
    var gallery = Gallery()
    var story = try Self.opened(isBlind: true)
    gallery.add("before", story)
    story.press("d1c3")
    gallery.add("answered, not saved", story)
    story.press("s")
    story.saves(Income.id(8841), sequence: 10431, what: "disagree → <=50K", milliseconds: 9000)
    gallery.add("after", story)
    story.press("J")
    story.press("v")
    story.happens(.review(.revealed(Income.id(8840), sequence: 10434)))
    gallery.add("looked first", story)
    story.press("JJ")
    story.rest()
    gallery.add("a picture, before", story)
    gallery.expect(named: "review-blind")
  }

  @Test("uses the room of wide and tall screens, and gives up columns on small ones")
  func sizes() throws {
    var gallery = Gallery()
    gallery.add("120x40", try Self.opened(columns: 120, rows: 40))
    gallery.add("200x50", try Self.opened(columns: 200, rows: 50))
    gallery.add("120x40, blind", try Self.opened(isBlind: true, columns: 120, rows: 40))
    gallery.add("60x16", try Self.opened(columns: 60, rows: 16))
    gallery.add("ASCII", try Self.opened().frame.ascii())
    gallery.expect(named: "review-sizes")
  }

  @Test("t is the queue as a table; blind, what is hidden stays hidden there and in what y copies")
  func table() throws {
    var story = try Self.opened(isBlind: true, rows: 40)
    story.press("t")
    var gallery = Gallery()
    gallery.add("table form, blind", story)
    gallery.expect(named: "review-table")
    story.press(.escape)
    guard case .copy(let text) = story.press("y").first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(!text.contains(">50K"))
    #expect(!text.contains("drift age"))
  }

  @Test("what is answered in a blind queue says that it was blind, the first answer and the last")
  func blindStamp() throws {
    var story = try Self.opened(isBlind: true)
    let first = try #require(Self.saved(story.press("d1s")).first)
    #expect(first.stage == .initial && first.queue?.isBlind == true)
    story.happens(.committed(first, sequence: 5, what: "disagree", milliseconds: 1))
    let last = try #require(Self.saved(story.press("as")).first)
    #expect(last.stage == .final && last.queue?.isBlind == true)
    var open = try Self.opened()
    #expect(Self.saved(open.press("as")).first?.queue?.isBlind == false)
  }

  @Test("d, digit, c, digit, s saves with the queue's stamp, what was seen and how long it took, and goes to the next")
  func saves() throws {
    var story = try Self.opened()
    let commits = Self.saved(story.press("d1c4s"))
    #expect(commits.count == 1)
    let commit = try #require(commits.first)
    #expect(commit.caseID == Income.id(8841))
    #expect(commit.judgement == Judgement(verdict: .disagree, label: "<=50K", confidence: 4))
    #expect(commit.stage == .final)
    #expect(commit.assistance == .explanation)
    #expect(commit.seenExplanations == [0])
    #expect(commit.queue == Self.stamp(0.9))
    #expect(commit.window == Income.window)
    #expect(commit.timing == Stub.timing(first: 100, active: 500, on: "case"))
    story.saves(Income.id(8841), sequence: 12, what: "disagree → <=50K", milliseconds: 2000)
    #expect(story.state.review.selected?.id == Income.id(8840))
    #expect(story.line(3).contains(" ✓  8841"))
    #expect(story.toast == "● saved #12 disagree → <=50K   z undo")
    #expect(story.line(1).contains("Queue 5"))
  }

  @Test("a judgement is dated by when its case came on screen, not by the minute that the header shows")
  func shownAt() throws {
    var story = try Self.opened()
    story.wait(milliseconds: 17_000)
    story.press("j")
    story.rest()
    let first = try #require(Self.saved(story.press("as")).first)
    #expect(first.timing.shownAt == Stub.now.advanced(bySeconds: 18.1))
    story.happens(
      .ticked(Stub.now.advanced(bySeconds: 60), milliseconds: 60_000),
      .committed(first, sequence: 12, what: "agree", milliseconds: 61_500))
    let second = try #require(Self.saved(story.press("as")).first)
    #expect(second.timing.shownAt == Stub.now.advanced(bySeconds: 61.5))
  }

  @Test("naming the model's own answer under d is agreement")
  func ownLabel() throws {
    var story = try Self.opened()
    story.press("d2")
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .agree))
  }

  @Test("where the labels are digits, a digit picks the label that it is")
  func digitLabels() throws {
    var story = try Self.opened()
    story.press("JJJ")
    story.press("d3")
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .disagree, label: "3"))
    story.press("d0")
    #expect(story.state.review.editor?.draft.judgement.label == "0")
    #expect(JudgementEditor.digit(of: 9, among: Array(repeating: "a", count: 12)) == 0)
    #expect(JudgementEditor.digit(of: 10, among: Array(repeating: "a", count: 12)) == nil)
  }

  @Test("u, x with 1 and 2, reasons, note: each fills the draft and is kept at once")
  func drafts() throws {
    var story = try Self.opened()
    let drafts = story.press("ur13").compactMap { if case .saveDraft(let draft) = $0 { draft } else { nil } }
    #expect(drafts.last?.judgement.verdict == .unsure)
    #expect(drafts.last?.judgement.reasons == ["data wrong", "rule misses context"])
    story.press(.enter)
    story.press("nwho? d1")
    #expect(
      story.effects.last
        == .saveDraft(
          Draft(
            caseID: Income.id(8841),
            judgement: Judgement(verdict: .unsure, reasons: ["data wrong", "rule misses context"], note: "who? d1"))))
    story.press(.enter)
    story.press("x2")
    #expect(story.state.review.editor?.draft.judgement.verdict == .skip)
    #expect(story.state.review.editor?.draft.judgement.skipsForOthers == true)
    story.press("x1")
    #expect(story.state.review.editor?.draft.judgement.skipsForOthers == false)
  }

  @Test("a queue that comes in parts says how many it has, and another one comes in its own order")
  func parts() throws {
    var story = try Self.opened()
    story.press("b")
    #expect(story.state.review.sort == .newest)
    var order = QueueOrder()
    order.taken = TakenOrder(id: "q", name: "monday")
    story.happens(.review(.ordered(order)))
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: order, items: try Self.items(), more: 9800), Self.pace, milliseconds: 2000))
    #expect(story.state.review.sort == .queue)
    let count = story.state.review.waiting
    #expect(story.line(1).contains("Queue \(count) of \(Numeral.count(count + 9800).text)"), "\(story.line(1))")
  }

  @Test("pasted text goes into the note that is being written, and nowhere else")
  func paste() throws {
    var story = try Self.opened()
    story.happens(.pasted("lost"))
    #expect(story.state.review.editor?.draft.judgement.note == "")
    story.press("n")
    story.happens(.pasted("two\nlines"))
    #expect(story.state.review.editor?.draft.judgement.note == "two\nlines")
  }

  @Test("h and l choose the feature that a mark goes on; the same mark again takes it off")
  func marks() throws {
    var story = try Self.opened()
    story.press("!")
    #expect(
      story.state.review.editor?.draft.marks == [
        Mark(kind: .spurious, target: "capital_gain", explainer: ModelID("income-shap"))
      ])
    story.press("l+l~l=l")
    #expect(
      story.state.review.editor?.draft.marks.map(\.target) == ["capital_gain", "marital", "education_num", "sex"])
    #expect(story.state.review.editor?.draft.marks.map(\.kind) == [.spurious, .missing, .wrongSign, .agrees])
    story.press("hh+")
    #expect(story.state.review.editor?.draft.marks.count == 3)
    #expect(Self.saved(story.press("s")).first?.marks.count == 3)
  }

  @Test("space marks and goes on; A gives the verdict to every marked case, each as its own event")
  func marked() throws {
    var story = try Self.opened()
    story.press("A")
    #expect(story.toast == "· no case is marked   space marks the one under the cursor")
    story.press("  ")
    #expect(story.line(1).contains("marked 2"))
    story.press("A")
    #expect(story.toast == "· there is no verdict to give them   a d u give one")
    story.press("ac5")
    let commits = Self.saved(story.press("A"))
    #expect(commits.map(\.caseID) == [Income.id(8841), Income.id(8840)])
    // What was begun on a case goes with it, and nobody knows how long one of them took.
    #expect(
      commits.map(\.judgement) == [
        Judgement(verdict: .agree, confidence: 5), Judgement(verdict: .agree, confidence: 5, note: "ask brent"),
      ])
    #expect(commits.allSatisfy { $0.timing == JudgementBody.Timing() })
    for (index, commit) in commits.enumerated() {
      story.saves(commit.caseID, sequence: 20 + index, what: "agree", milliseconds: 3000)
    }
    #expect(story.state.review.marked.isEmpty)
    #expect(story.state.review.waiting == 4)
  }

  @Test("J, K and j, k go through the queue with counts; Enter opens a case with its list")
  func moves() throws {
    var story = try Self.opened()
    story.press("JJ")
    #expect(story.footer.hasSuffix("3/6 "))
    story.press("K")
    #expect(story.footer.hasSuffix("2/6 "))
    story.press("3J")
    #expect(story.footer.hasSuffix("5/6 "))
    story.press("ggG")
    #expect(story.footer.hasSuffix("6/6 "))
    #expect(story.press(.enter) == [.loadCase(Income.id(8790))])
    #expect(story.state.case?.siblings.count == 6)
  }

  @Test("a held key moves the list alone; the case follows when it rests, or when a key is about it")
  func resting() throws {
    var story = try Self.opened()
    let shown = story.line(ReviewLayout(story.state.size).caseRow)
    #expect(story.press("J") == [.rest(milliseconds: 80)])
    #expect(story.line(ReviewLayout(story.state.size).caseRow) == shown)
    #expect(story.footer.hasSuffix("2/6 "))
    story.rest()
    #expect(story.line(ReviewLayout(story.state.size).caseRow).contains("8840"))
    story.happens(.key(.text("J"), milliseconds: 5000), .key(.text("a"), milliseconds: 5010))
    #expect(story.line(ReviewLayout(story.state.size).caseRow).contains("9120"))
    #expect(story.state.review.editor?.draft.caseID == story.state.review.items[2].id)
    #expect(story.state.review.editor?.draft.judgement.verdict == .agree)
  }

  @Test("b sorts as composed, the newest, the least certain; blind it does not tell by certainty")
  func sorting() throws {
    var story = try Self.opened()
    story.press("b")
    #expect(story.line(1).contains("newest first"))
    #expect(story.line(3).contains("9204"))
    story.press("b")
    #expect(story.line(1).contains("least certain first"))
    #expect(story.line(3).contains("8840") || story.line(3).contains("9204"))
    story.press("b")
    #expect(story.line(3).contains("8841"))
    var blind = try Self.opened(isBlind: true)
    blind.press("bb")
    #expect(blind.line(3).contains("8841"))
  }

  @Test("Q composes another queue, by digit or by Enter; Esc leaves it as it is")
  func compose() throws {
    var story = try Self.opened()
    story.press("Q")
    #expect(story.press("2") == [.loadQueue(QueueOrder(sampler: .uncertain))])
    story.press("Qj")
    #expect(story.press(.enter) == [.loadQueue(QueueOrder(sampler: .drifted))])
    story.press("Q")
    #expect(story.press(.escape).isEmpty)
    #expect(story.state.review.composing == nil)
    #expect(story.state.place == .review)
    #expect(story.press("R") == [.loadQueue(QueueOrder(sampler: .drifted))])
  }

  @Test("R reads the queue that was drawn again; what is done in it stays in its place, and another comes where all is")
  func readAgain() throws {
    var story = try Self.opened()
    var queue = ReviewScreen.Queue(order: QueueOrder(), id: "q7", items: try Self.items())
    story.happens(.queueArrived(queue, Self.pace, milliseconds: 1000))
    story.press("jj")
    story.rest()
    var order = QueueOrder()
    order.drawn = "q7"
    #expect(story.press("R") == [.loadQueue(order)])
    queue.items[0].content.own = GivenJudgement(
      analyst: "ana", at: Stub.now, judgement: Judgement(verdict: .agree), sequence: 4)
    story.happens(.queueArrived(queue, Self.pace, milliseconds: 1000))
    #expect(story.line(3).contains("✓") && story.state.review.waiting == queue.items.count - 1)
    #expect(story.state.review.rows.selected == 2)

    var left = SavedSession(story.state)
    left = try #require(SavedSession(try JSON(parsing: left.json.serialized)))
    #expect(left.queue?.drawn == "q7" && left.queueCase == queue.items[2].id)
    for index in queue.items.indices { queue.items[index].content.own = queue.items[0].content.own }
    story.happens(.queueArrived(queue, Self.pace, milliseconds: 1000))
    #expect(story.press("R") == [.loadQueue(QueueOrder())])
    story.press("Q2")
    #expect(story.state.review.order.drawn == nil)
  }

  @Test("a queue that was opened before the demonstration's cases were there is composed anew when they are")
  func prepared() throws {
    var story = Story()
    story.happens(.models(.prepared("preparing…")))
    story.press("gr")
    story.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: []), ReviewScreen.Pace(), milliseconds: 0))
    #expect(story.happens(.models(.prepared("comparing…"))).isEmpty)
    #expect(story.happens(.models(.prepared(nil))) == [.loadQueue(QueueOrder())])
    #expect(story.happens(.models(.prepared(nil))).isEmpty)
  }

  @Test("an answer to an older queue is not shown")
  func older() throws {
    var story = try Self.opened()
    story.press("Q2")
    story.happens(
      .queueArrived(ReviewScreen.Queue(order: QueueOrder(), items: []), Self.pace, milliseconds: 0))
    #expect(story.state.review.items.count == 6)
  }

  @Test("a queue of what drifted that is a sample, because nothing did, says so")
  func nothingDrifted() throws {
    var story = try Self.opened()
    var order = QueueOrder(sampler: .drifted)
    story.happens(.review(.ordered(order)))
    let stamp = QueueStamp(queue: "q2", sampler: "random", score: 0, propensity: 0.1)
    let item = ReviewScreen.Item(content: try Income.content(), stamp: stamp, why: "sample")
    story.happens(.queueArrived(ReviewScreen.Queue(order: order, items: [item]), Self.pace, milliseconds: 0))
    #expect(story.line(1).contains("drifted: none, a sample"))
    order.sampler = .random
    story.happens(.review(.ordered(order)))
    story.happens(.queueArrived(ReviewScreen.Queue(order: order, items: [item]), Self.pace, milliseconds: 0))
    #expect(story.line(1).contains(" random ") && !story.line(1).contains("a sample"))
  }

  @Test("a picture stands within the case's own rows; where they are too few the keys that show it are named")
  func pictures() throws {
    let shades: Set<Character> = ["░", "▒", "▓", "█", "▀", "▄"]
    var story = try Self.opened()
    story.press("3j")
    story.rest()
    let rule = try #require((0..<24).first { story.line($0).hasPrefix("─ Case 9204") })
    let call = try #require((0..<24).first { story.line($0).hasPrefix("─ Pace") })
    let rows = (0..<call).filter { row in story.line(row).contains { shades.contains($0) } }
    #expect(rows == Array(rule + 1...rule + 4), "\(story.screen)")
    #expect(story.line(rule).hasSuffix("─"))

    for isBlind in [false, true] {
      var small = try Self.opened(isBlind: isBlind, columns: 60, rows: 16)
      small.press("3j")
      small.rest()
      #expect(small.screen.contains("picture 8 × 8   O, then ⇥, shows it"), "\(small.screen)")
      small.press("O")
      #expect(!small.screen.contains { shades.contains($0) }, "\(small.screen)")
      small.press(.tab)
      #expect(small.line(1).contains("─ Case 9204"), "\(small.screen)")
      #expect((2..<13).count { row in small.line(row).contains { shades.contains($0) } } >= 8, "\(small.screen)")
    }
  }

  @Test("what colleagues said goes on in the rows that a picture's case has free")
  func wrapped() throws {
    var content = try Kinds.pictureContent()
    content.case.judgements = ["ana@lab", "brent@lab", "chi@lab"].map { name in
      GivenJudgement(analyst: name, at: Stub.now, judgement: Judgement(verdict: .disagree, label: "9"))
    }
    let story = RecordTests.queue(content)
    for name in ["ana@lab", "brent@lab", "chi@lab"] { #expect(story.screen.contains(name), "\(story.screen)") }
  }
}
