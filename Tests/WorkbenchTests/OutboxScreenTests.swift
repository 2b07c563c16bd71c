import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The outbox")
struct OutboxScreenTests {
  static func row(
    _ sequence: Int, _ kind: RawText, _ number: Int, _ model: RawText, _ what: RawText, _ state: EventState,
    reason: RawText = ""
  ) -> OutboxScreen.Row {
    OutboxScreen.Row(
      sequence: sequence, kind: kind, caseName: number > 0 ? "\(number) \(Income.id(number).short)" : "",
      caseID: number > 0 ? Income.id(number) : nil, model: model, what: what, state: state, at: Stub.now, reason: reason
    )
  }

  static let content = OutboxScreen.Content(
    collector: "https://mds.las.example:8443", ledgerPath: "~/.local/share/mds/ledger.sqlite", ledgerBytes: 3_100_000,
    verifiedAt: Stub.now.advanced(bySeconds: -240),
    counts: [.saved: 2, .sent: 2, .received: 2, .wedged: 1, .archived: 9000],
    waiting: ["judgement": 2, "note": 1, "mark": 1],
    rows: [
      row(10412, "judgement", 8841, "income-classifier", "disagree → <=50K", .saved),
      row(10411, "note", 8841, "income-classifier", "bonus paid once in 2019, not income", .saved),
      row(10410, "judgement", 8840, "income-classifier", "agree", .sent),
      row(10409, "mark", 8837, "toxicity-bert", "whole: useful 4/5", .sent),
      row(10397, "judgement", 8815, "digits", "agree", .received),
      row(10391, "stream.start", 0, "", "this device", .received),
      row(
        10388, "judgement", 8790, "loan-tabular", "disagree → grant", .wedged,
        reason: "422: “grant” is no label of guideline g7; the rest goes on"),
    ],
    lastSync: OutboxScreen.LastSync(
      at: Stub.now, sent: 12, received: 12, fetched: 31, milliseconds: 1200, bytes: 38_000))

  /// The analyst said two things of one case, each on a device that did not know of the other.
  static var conflicting: OutboxScreen.Content {
    var content = content
    let random = { (seed: UInt64) in EventID(at: Stub.now, random: seed) }
    content.conflicts = [
      OutboxScreen.Conflict(
        caseID: Income.id(8841), caseName: "8841 \(Income.id(8841).short)",
        versions: [
          .init(eventID: random(1), what: "disagree → <=50K", at: Stub.now, isHere: false),
          .init(eventID: random(2), what: "agree", at: Stub.now.advanced(bySeconds: -7200), isHere: true),
        ])
    ]
    return content
  }

  /// A stream was ended with events that nobody has, and another goes on.
  static var ended: OutboxScreen.Content {
    var content = content
    content.former = [
      OutboxScreen.Former(
        at: Stub.now.advanced(bySeconds: -7200), reason: "laptop given back", waiting: 12, wedged: 1, isListed: false)
    ]
    return content
  }

  static func opened(_ content: OutboxScreen.Content? = content, columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(4))
    _ = App.open(&story.state, .outbox, 0)
    if let content { story.happens(.outbox(.arrived(content))) }
    return story
  }

  @Test("stays at its top while events are saved, and on an event that was chosen")
  func follows() {
    var story = Self.opened()
    var newer = Self.content
    newer.rows.insert(Self.row(10413, "judgement", 8842, "income-classifier", "agree", .saved), at: 0)
    story.happens(.outbox(.arrived(newer)))
    #expect(story.state.outbox.selected?.sequence == 10413)
    story.press("j")
    newer.rows.insert(Self.row(10414, "judgement", 8843, "income-classifier", "agree", .saved), at: 0)
    story.happens(.outbox(.arrived(newer)))
    #expect(story.state.outbox.selected?.sequence == 10412)
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var loading = Self.opened(nil)
    gallery.add("loading", loading)
    loading.happens(.outbox(.failed(Problem("The ledger could not be read", advice: "mds doctor tells why."))))
    gallery.add("failed", loading)
    gallery.add(
      "none of it sent",
      Self.opened(
        OutboxScreen.Content(
          collector: nil, ledgerPath: "/run/user/1000/mds-demo-12/ledger.sqlite", ledgerBytes: 610_304, counts: [:],
          waiting: [:], rows: [])))
    var story = Self.opened()
    gallery.add("waiting, sent, received, wedged", story)
    story.press("S")
    gallery.add("syncing", story)
    var offline = Self.content
    offline.problem = Problem("no answer in 5 s, tried 4 times")
    offline.nextTry = Stub.now.advanced(bySeconds: 120)
    story.happens(
      .outbox(.syncing(false)), .linked(service: nil, collector: .down(since: Stub.now)), .outbox(.arrived(offline)))
    gallery.add("offline", story)
    var two = Self.opened(Self.conflicting)
    gallery.add("own words from two devices", two)
    two.press("c")
    gallery.add("choosing", two)
    gallery.expect(named: "outbox")
  }

  @Test("whoever asks for a sync is told how it went; one that runs by itself is silent unless a person has to act")
  func told() {
    func exchange(_ problem: Problem? = nil, sent: Int = 0, needsAnalyst: Bool = false) -> Action {
      .exchanged(Exchange(sent: sent, received: sent, fetched: 0, problem: problem, needsAnalyst: needsAnalyst))
    }
    var story = Story()
    story.press("S")
    #expect(story.toast == "· syncing")
    story.happens(exchange(sent: 2), .outbox(.syncing(false)))
    #expect(story.toast == "● synced: 2 sent, 2 received")
    let gone = Problem("no answer from the collector")
    story.press("S")
    story.happens(exchange(gone), .outbox(.syncing(false)))
    #expect(story.toast == "✗ no answer from the collector   gl detail")
    story.press("S")
    story.happens(.exchanged(Exchange(sent: 0, received: 0, fetched: 0, isElsewhere: true)), .outbox(.syncing(false)))
    #expect(story.toast == "· another session of yours is syncing")
    // One that was under way ends just as somebody asks: the answer to that is still told.
    story.press("S")
    story.happens(.outbox(.syncing(false)))
    #expect(story.toast == "· syncing")
    story.happens(exchange(sent: 1))
    #expect(story.toast.contains("1 sent"))
    story.press("j")
    story.happens(exchange(gone), exchange(sent: 1))
    #expect(story.toast == "")

    let refused = Problem("the collector does not know your token", advice: "Ask the researchers for a new one.")
    story.happens(
      .linked(service: .up, collector: .down(since: Stub.now)), exchange(refused, needsAnalyst: true))
    #expect(story.toast == "✗ the collector does not know your token   gl detail")
    #expect(story.line(0).contains("✗ not synced: go"))
    story.press("j")
    story.happens(exchange(refused, needsAnalyst: true))
    #expect(story.toast == "")
    var content = Self.content
    content.problem = refused
    let outbox = Self.opened(content)
    #expect(outbox.screen.contains("Needs you 2"))
    #expect(outbox.screen.contains("✗ the collector does not know your token   Ask the researchers"))
    story.happens(.linked(service: nil, collector: .up), exchange(sent: 1))
    #expect(!story.line(0).contains("not synced"))
  }

  @Test("other sizes, hostile words, ASCII")
  func sizes() {
    var gallery = Gallery()
    gallery.add("120x40", Self.opened(columns: 120, rows: 40))
    gallery.add("60x16", Self.opened(columns: 60, rows: 16))
    gallery.add("ASCII", Self.opened().frame.ascii())
    var hostile = Self.content
    hostile.collector = "https://\u{1B}[2Jevil.example/\u{202E}a-path-that-is-far-too-long-for-the-line-it-stands-in"
    hostile.rows[0].what = "\u{1B}]0;x\u{7}漢字かな交じり文の長い説明がここに入る"
    hostile.rows[0].model = RawText(bytes: [0xC3, 0x28, 0x41])
    hostile.rows[6].reason = "\u{9B}31m refused\nin two lines, one of which is long enough to be cut at the edge of it"
    gallery.add("hostile words", Self.opened(hostile))
    gallery.expect(named: "outbox-sizes")
  }

  @Test("r offers a refused event again: the selected one, else the first that needs somebody; without one it says so")
  func retry() {
    var story = Self.opened()
    #expect(story.press("r") == [.retry(sequence: 10388)])
    story.press("G")
    #expect(story.press("r") == [.retry(sequence: 10388)])
    var content = Self.content
    content.rows.removeAll { $0.state == .wedged }
    story = Self.opened(content)
    #expect(story.press("r").isEmpty)
    #expect(story.toast == "· no event was refused: nothing to offer again")
  }

  @Test("S syncs from every screen; the answer reads the list anew and keeps the selection")
  func sync() {
    var story = Self.opened()
    story.press("jj")
    #expect(story.press("S") == [.sync])
    #expect(story.line(1).contains("syncing…"))
    #expect(story.toast == "· syncing")
    #expect(story.happens(.outbox(.syncing(false))) == [.loadOutbox])
    var later = Self.content
    later.rows.insert(Self.row(10413, "judgement", 8842, "digits", "agree", .saved), at: 0)
    story.happens(.outbox(.arrived(later)))
    #expect(story.state.outbox.selected?.sequence == 10410)
    var models = ModelsScreenTests.listed()
    #expect(models.press("S") == [.sync])
  }

  @Test("o opens the case of an event; one about no case says so")
  func opens() {
    var story = Self.opened()
    #expect(story.press("o") == [.loadCase(Income.id(8841))])
    #expect(story.press("q") == [.loadOutbox])
    story.press("5j")
    #expect(story.press("o").isEmpty)
    #expect(story.toast == "· this event is about no case")
    #expect(story.state.place == .outbox)
    #expect(story.press("R") == [.loadOutbox])
  }

  static let detail = OutboxScreen.EventDetail(
    sequence: 10_412, kind: "judgement", at: Stub.now, analyst: "ana@las", id: "0190aa", hash: "77e0", previous: "3fa9",
    body: .object([
      "v": .integer(1), "kind": "judgement",
      "statement": .object(["verdict": "disagree", "reasons": .array(["one-off\u{1B}[2J", "late"])]),
      "refs": .array([.object(["rel": "seen", "event_id": "0190ab"])]), "note": "漢字\nand more",
    ]))

  @Test("Enter shows an event in full, as it was hashed, however hostile its words are")
  func event() {
    var story = Self.opened()
    #expect(story.press(.enter) == [.loadEvent(sequence: 10_412)])
    story.happens(.eventArrived(Self.detail))
    var gallery = Gallery()
    gallery.add("an event in full", story)
    story.press(.escape)
    var redacted = Self.detail
    redacted.body = nil
    story.happens(.eventArrived(redacted))
    #expect(story.screen.contains("its content was taken out; the chain still holds"))
    story.press(.escape)
    story.press("gm")
    // Somebody who went elsewhere meanwhile is not shown it.
    story.happens(.eventArrived(Self.detail))
    #expect(story.state.overlay == nil)
    gallery.expect(named: "outbox-event")
  }

  @Test("e writes what the collector lacks")
  func exports() {
    var story = Self.opened()
    #expect(story.press("e") == [.exportOutbox])
  }

  @Test("c asks which of one's own words stands: a digit, or j k and Enter, and Esc leaves both")
  func choose() {
    var story = Self.opened(Self.conflicting)
    let versions = Self.conflicting.conflicts[0].versions
    story.press("c")
    #expect(story.press("2") == [.choose(Income.id(8841), versions[1].eventID)])
    story.press("cj")
    #expect(story.press(.enter) == [.choose(Income.id(8841), versions[1].eventID)])
    story.press("c")
    #expect(story.press(.escape).isEmpty && story.state.outbox.choosing == nil)
    story = Self.opened()
    #expect(story.press("c").isEmpty && !story.state.isAsking)
  }

  @Test("of a case that was judged blind it says whether the first answer is to be chosen, or the final one")
  func answers() {
    var content = Self.conflicting
    let conflict = content.conflicts[0]
    content.conflicts = ["first answer", "final answer"].map { answer in
      OutboxScreen.Conflict(
        caseID: conflict.caseID, caseName: conflict.caseName, answer: answer, versions: conflict.versions)
    }
    var story = Self.opened(content)
    #expect(story.screen.contains("first answer on 2 devices: disagree → <=50K or agree"))
    #expect(story.screen.contains("final answer on 2 devices: disagree → <=50K or agree"))
    story.press("c")
    #expect(story.screen.contains("Which of your first answers stands?"))
  }

  @Test("the kinds that wait add up to the events that wait, at any width", arguments: [20, 30, 40, 50, 60, 80, 120])
  func kinds(columns: Int) {
    let waiting: [RawText: Int] = ["seen": 3, "judgement": 2, "amend": 1, "session.start": 1, "mark": 1, "note": 1]
    let text = OutboxScreen.kinds(waiting, columns: columns)
    #expect(text.width <= columns)
    let numbers = text.text.split(separator: " ").compactMap { Int($0) }
    #expect(numbers.first == 9)
    #expect(numbers.count == 1 || numbers.dropFirst().reduce(0, +) == 9, "\(text)")
  }

  @Test("large records that are on their way wait as events do")
  func records() {
    var content = Self.content
    content.waitingRecords = 1
    let text = OutboxScreen.waiting(content, columns: 60).text
    #expect(text == "1 large record   4 events   2 judgement  1 mark  1 note")
    content.waiting = [:]
    #expect(OutboxScreen.waiting(content, columns: 60).text == "1 large record")
    content.waitingRecords = 0
    #expect(OutboxScreen.waiting(content, columns: 60).text == "nothing")
  }

  @Test("on the lowest screen the list has a row under the cursor")
  func lowest() {
    for rows in 14...20 {
      var story = Self.opened(Self.content).resized(80, rows)
      story.press("j")
      #expect(story.screen.contains("▌ \(story.state.outbox.selected?.sequence ?? 0)"), "\(rows): \(story.screen)")
      #expect(story.screen.contains("Needs you") && story.screen.contains("wedged"))
    }
  }

  @Test("what is chosen between stays under the digits while another list arrives, and is not asked once it is decided")
  func askedConflict() {
    var story = Self.opened(Self.conflicting)
    story.press("c")
    let asked = Self.conflicting.conflicts[0]
    var other = Self.conflicting
    other.conflicts[0].caseID = Income.id(8840)
    other.conflicts[0].caseName = "8840"
    other.conflicts.append(asked)
    story.happens(.outbox(.arrived(other)))
    #expect(story.press("2") == [.choose(asked.caseID, asked.versions[1].eventID)])
    story.press("c")
    other.conflicts.removeFirst()
    story.happens(.outbox(.arrived(other)))
    #expect(story.state.outbox.choosing == nil && story.press("2").isEmpty)
  }

  @Test("what the collector set aside was offered, in the words of the sync as in those of the log")
  func offered() {
    var story = Story()
    story.press("S")
    story.happens(.exchanged(Exchange(sent: 3, received: 0, fetched: 0)))
    #expect(story.toast == "● synced: 3 offered")
  }
}
