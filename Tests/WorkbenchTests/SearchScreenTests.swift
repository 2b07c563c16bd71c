import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("The search")
struct SearchScreenTests {
  static func hit(
    _ number: Int, hours: Double, _ answer: RawText = ">50K", _ p: Double? = 0.73, _ verdict: Verdict? = nil,
    _ match: SearchMatch?
  ) -> SearchHit {
    SearchHit(
      id: Income.id(number), number: number, at: Stub.now.advanced(bySeconds: -3600 * hours), sourceID: "adult.csv:7",
      model: Income.model, label: answer, probability: p, verdict: verdict, match: match)
  }

  static let hits = [
    hit(
      8841, hours: 0, ">50K", 0.73, .disagree,
      SearchMatch(.note, of: "ana@las", found: "bonus", after: " paid once in 2019, not income; see file p.4")),
    hit(
      8809, hours: 1, ">50K", 0.91, .agree,
      SearchMatch(.reason, of: "ana@las", before: "one-off ", found: "bonus", isPast: true)),
    hit(
      8617, hours: 270, ">50K", 0.81, .agree,
      SearchMatch(.note, of: "brent@las", before: "…ten pages on the ", found: "bonus", after: " of the year before")),
    hit(
      8102, hours: 480, "<=50K", 0.56, nil,
      SearchMatch(.field, of: "remarks", before: "salary and ", found: "bonus", after: ", no car")),
    hit(7990, hours: 600, ">50K", nil, .unsure, SearchMatch(.label, of: "cleo@las", found: "bonus")),
    hit(7544, hours: 700, "bonus", 0.69, .skip, SearchMatch(.answer, found: "bonus")),
  ]

  static let results = SearchResults(hits, cases: 1318)

  static func found() throws -> SearchScreen.Found {
    SearchScreen.Found(
      case: try Income.content().case, signature: Income.signature,
      said: [
        SearchScreen.Said(
          at: Stub.now, analyst: "ana@las", kind: "judgement",
          words: "disagree → <=50K   confidence 4/5   one-off value"),
        SearchScreen.Said(
          at: Stub.now.advanced(bySeconds: -60), analyst: "ana@las", kind: "note",
          words: "bonus paid once in 2019, not income; see file p.4"),
        SearchScreen.Said(
          at: Stub.now.advanced(bySeconds: -86_400 * 3), analyst: "brent@las", kind: "judgement", words: "agree"),
      ])
  }

  /// A search for `bonus` that was answered, with the case of its first hit.
  static func answered(
    _ results: SearchResults = results, columns: Int = 80, rows: Int = 24, text: String = "bonus"
  ) throws -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up))
    story.press("gs")
    story.press(text)
    story.happens(.search(.arrived(results, order: story.state.search.order)))
    if !results.hits.isEmpty { story.happens(.search(.found(try found()))) }
    return story
  }

  /// The same with the keys on the list.
  static func listed() throws -> Story {
    var story = try answered()
    story.press(.escape)
    return story
  }

  @Test("looks as designed in every state")
  func gallery() throws {
    var gallery = Gallery()
    var story = Story()
    story.happens(.linked(service: .up, collector: .up))
    story.press("gs")
    gallery.add("opened", story)
    story.happens(.search(.arrived(SearchResults([], cases: 0), order: 1)))
    gallery.add("an empty ledger", story)
    story = try Self.answered()
    gallery.add("found while typing", story)
    story.press(" verdict:dis")
    gallery.add("a filter that is not finished", story)
    story.press("agree")
    gallery.add("searching again", story)
    story.press(.escape)
    story.press("jj")
    gallery.add("in the list", story)
    story.press("R")
    story.happens(
      .search(
        .failed(
          Problem("The ledger could not be read", advice: "mds doctor tells why."), order: story.state.search.order)))
    gallery.add("failed, with what was found before", story)
    gallery.add("nothing found", try Self.answered(SearchResults([], cases: 1318), text: "bonus year"))
    var failed = try Self.answered(SearchResults([], cases: 1318))
    failed.press(" x")
    failed.happens(
      .search(
        .failed(
          Problem("The ledger could not be read", advice: "mds doctor tells why."), order: failed.state.search.order)))
    gallery.add("failed", failed)
    gallery.expect(named: "search")
  }

  @Test("other sizes, ten thousand hits, hostile words, ASCII, as tables")
  func sizes() throws {
    var gallery = Gallery()
    gallery.add("120x40", try Self.answered(columns: 120, rows: 40))
    gallery.add("200x50", try Self.answered(columns: 200, rows: 50))
    gallery.add("60x16", try Self.answered(columns: 60, rows: 16))
    gallery.add("ASCII", try Self.answered().frame.ascii())
    let many = (0..<500).map { Self.hit(10_000 - $0, hours: Double($0), ">50K", 0.73, nil, Self.hits[0].match) }
    var capped = try Self.answered(SearchResults(many, isCut: true, cases: 1_000_000))
    capped.press(.escape)
    capped.press("G")
    gallery.add("cut to the newest", capped)
    var hostile = Self.hits
    hostile[0].match = SearchMatch(
      .note, of: "\u{1B}[2J", before: "\u{202E}漢字かな ", found: "\u{9B}31mbonus",
      after: "\n\u{1B}]0;x\u{7}\tand more\r\u{8}")
    hostile[1].model = ModelID(RawText(bytes: [0xC3, 0x28, 0x1B]), version: "\u{1B}c")
    hostile[2].match = SearchMatch(.field, of: "漢字かな交じり文の長い名前", found: "bonus", after: "漢字かな交じり文")
    gallery.add("hostile", try Self.answered(SearchResults(hostile, cases: 6), text: "bonus \u{202E}漢字 bad:\u{9B}x"))
    var table = try Self.answered()
    table.press(.escape)
    table.press("t")
    gallery.add("table", table)
    gallery.expect(named: "search-sizes")
  }

  @Test("each key that changes the text asks anew, and only the newest answer is shown")
  func asking() throws {
    var story = Story()
    #expect(story.press("gs") == [.search(SearchOrder(number: 1, query: SearchQuery()))])
    let asked = story.press("se")
    #expect(asked.count == 2)
    guard case .search(let order)? = asked.last else {
      Issue.record("nothing was asked: \(asked)")
      return
    }
    #expect(order.number == 3 && order.query.words == ["se"] && order.query.isOpen)
    #expect(story.happens(.search(.arrived(Self.results, order: 2))).isEmpty)
    #expect(story.state.search.hits.isEmpty)
    #expect(story.happens(.search(.arrived(Self.results, order: 3))) == [.loadFound(Income.id(8841))])
    // A key that changes nothing, and a space more, ask nothing.
    #expect(story.press(.left).isEmpty)
    #expect(story.press(.end, .text(" ")).isEmpty)
    #expect(story.happens(.pasted("al\nlate")).count == 1)
    #expect(story.state.search.query.words == ["se", "al", "late"])
  }

  @Test("what cannot be read is said, asks nothing, and leaves what was found, dim and by its name")
  func faults() throws {
    var story = try Self.answered()
    story.press(" verdict")
    #expect(story.press(":dis").isEmpty)
    #expect(story.line(3).contains("verdict: takes agree, disagree, unsure, skip, not dis"))
    #expect(story.screen.contains("8809"))
    #expect(story.line(1).contains("6 of the query before") && !story.line(1).contains("cases"))
    let row = try #require((5..<12).first { story.line($0).contains("8809") })
    let isDim = (2..<79).allSatisfy { story.frame[row, $0].style == .dim || story.frame[row, $0].isBlank }
    #expect(isDim)
    #expect(App.read(story.state).text.contains("Cases of the query before"))
    #expect(story.press("agree").count == 1)
    #expect(!story.screen.contains("query before"))
  }

  @Test("what was found stays as well where the answer to what was typed on the way comes after the filter's name")
  func burst() throws {
    var story = try Self.answered()
    story.press(" is:")
    #expect(!story.state.search.query.faults.isEmpty)
    story.happens(.search(.arrived(SearchResults([], cases: 1318), order: story.state.search.order)))
    #expect(story.screen.contains("8809") && story.line(1).contains("6 of the query before"))
  }

  @Test("that nothing was found for the query before is not said of one that cannot be read")
  func faultsOfNothing() throws {
    var story = try Self.answered(SearchResults([], cases: 1318))
    #expect(story.screen.contains("No case is found.") && story.line(1).contains("0 of 1 318"))
    story.press(" is:nothing")
    #expect(story.line(3).contains("is: takes"))
    #expect(!story.screen.contains("No case is found.") && !story.line(1).contains("1 318"))
    #expect(story.screen.contains("Nothing is searched for until this can be read."))
  }

  @Test("Enter opens the selected hit among the others, and back returns to it")
  func opening() throws {
    var story = try Self.answered()
    story.press(.down)
    story.rest()
    #expect(story.press(.enter) == [.loadCase(Income.id(8809))])
    #expect(story.state.case?.siblings == Self.hits.map(\.id))
    let back = story.press("q")
    #expect(story.state.place == .search && !story.state.search.isTyping)
    guard case .search(let order)? = back.first else {
      Issue.record("the search was not asked again: \(back)")
      return
    }
    #expect(story.state.search.selected?.number == 8809)
    story.happens(.search(.arrived(Self.results, order: order.number)))
    #expect(story.state.search.selected?.number == 8809)
    #expect(story.press(.enter) == [.loadCase(Income.id(8809))])
  }

  @Test("Enter before the answer has come leaves the keys to the list and opens nothing")
  func impatient() throws {
    var story = try Self.answered()
    story.press("x")
    #expect(story.press(.enter).isEmpty)
    #expect(story.state.place == .search && !story.state.isAsking)
    story.press("/")
    #expect(story.state.isAsking)
    story.press(.escape)
    story.press(.escape)
    #expect(story.state.place == .models)
  }

  @Test("a case whose answer is hidden by a blind queue shows neither answer nor what was said, and is not opened")
  func blind() throws {
    var story = Story(columns: 200, rows: 50)
    story.press("grB")
    let content = try Income.content()
    let item = ReviewScreen.Item(
      content: content, stamp: QueueStamp(queue: "q", sampler: "mixed", score: 1, propensity: 1), why: "sample")
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: story.state.review.order, items: [item]), ReviewScreen.Pace(), milliseconds: 0))
    story.press("gsbonus")
    var results = Self.results
    results.hits[0].match = SearchMatch(.field, of: "remarks", found: "bonus")
    story.happens(.search(.arrived(results, order: story.state.search.order)), .search(.found(try Self.found())))
    #expect(story.state.hiddenCases == [Income.id(8841)])
    #expect(story.screen.contains("hidden until you answer"))
    #expect(!story.screen.contains("paid once"))
    #expect(!App.read(story.state).text.contains("paid once"))
    #expect(story.press(.enter).isEmpty)
    #expect(story.toast.hasPrefix("· its answer is hidden"))
  }

  @Test("plain mode takes a line as what is looked for and says what was found")
  func plain() throws {
    var story = Story()
    story.press("gs")
    var speaker = Speaker(isASCII: false)
    _ = speaker.changes(to: story.state)
    guard case .steps(let steps) = PlainLine("bonus by:me", story.state) else {
      Issue.record("the line was not taken")
      return
    }
    for step in steps {
      switch step {
      case .key(let key): story.press(key)
      case .text(let text): story.happens(.pasted(text))
      }
    }
    #expect(story.state.search.query.analyst == "me" && !story.state.isAsking)
    story.happens(.search(.arrived(Self.results, order: story.state.search.order)))
    let said = speaker.changes(to: story.state)
    #expect(said.contains("6 of 1 318 cases"))
    #expect(said.contains { $0.hasPrefix("selected, row 1 of 6: CASE 8841 ") && $0.contains("FOUND bonus paid once") })
  }

  @Test("Enter, before the ledger has answered, says that it still looks, until it has")
  func early() {
    var story = Story()
    story.press("gs")
    story.press("bonus")
    story.press(.enter, .enter)
    #expect(story.toast.contains("still searching"))
    story.happens(.search(.arrived(Self.results, order: story.state.search.order)))
    #expect(story.toast.isEmpty)
    var none = Story()
    none.press("gs")
    none.press("bonus")
    none.happens(.search(.arrived(SearchResults([], cases: 0), order: none.state.search.order)))
    none.press(.enter, .enter)
    #expect(none.toast.contains("nothing is found to open"))
  }

  @Test("a filter that is typed letter by letter leaves what was found on screen; taken as a word it is found nowhere")
  func filterBegun() throws {
    var story = try Self.answered()
    let before = story.state.search.hits
    for letter in " verdict" {
      story.press(String(letter))
      let order = story.state.search.order
      if story.state.search.results.isLoading {
        story.happens(.search(.arrived(SearchResults([], cases: 1318), order: order)))
      }
      #expect(story.state.search.hits == before, "\(story.screen)")
    }
    #expect(story.screen.contains("6 of the query before"))
    story.press(":d")
    #expect(story.state.search.hits == before && story.screen.contains("verdict: takes"))
    var unread = story
    unread.press(.enter)
    #expect(unread.state.search.hits == before && unread.screen.contains("6 of the query before"))
    story.press(.backspace, .backspace)
    let order = story.state.search.order
    story.happens(.search(.arrived(SearchResults([], cases: 1318), order: order)))
    // What is not shown as an answer is not opened as one.
    story.press(.enter)
    #expect(story.state.place == .search && story.state.search.hits.isEmpty)
    #expect(story.screen.contains("No case is found."))
    // A word that no filter begins with is answered at once.
    var other = try Self.answered()
    other.press("x")
    other.happens(.search(.arrived(SearchResults([], cases: 1318), order: other.state.search.order)))
    #expect(other.state.search.hits.isEmpty)
  }

  @Test("the model's name has what the found words can spare")
  func models() throws {
    let hit = Self.hit(8841, hours: 0, ">50K", 0.73, nil, SearchMatch(.answer, found: "bonus"))
    let story = try Self.answered(SearchResults([hit], cases: 12))
    #expect(story.screen.contains("income-classifier v3 "), "\(story.screen)")
  }
}
