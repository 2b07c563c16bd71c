import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The feedback screen")
struct FeedbackScreenTests {
  typealias Order = FeedbackScreen.Order

  /// One judged case, told apart by its number.
  static func judged(
    _ number: Int, _ model: ModelID, said answer: RawText, _ probability: Double?, truth: [(RawText, RawText)],
    daysAgo: Double, queue: SeenQueue? = nil, first: RawText? = nil, seconds: Double = 14, reasons: [RawText] = []
  ) -> JudgedCase {
    let view = JudgedView(
      model: model, answer: answer, probability: probability, queue: queue, isDrift: daysAgo < 14,
      isOutlier: number % 9 == 0)
    let at = Stub.now.advanced(bySeconds: -86_400 * daysAgo)
    var opinions: [JudgedCase.Opinion] = []
    for (index, (analyst, label)) in truth.enumerated() {
      if index == 0, let first {
        opinions.append(
          .init(
            analyst: analyst, at: at.advanced(bySeconds: -20),
            body: JudgementBody(
              Judgement(label: first, confidence: 3), stage: .initial, assistance: .blind,
              timing: .init(activeMilliseconds: Int(seconds * 600))), view: view))
      }
      let agrees = label == answer
      opinions.append(
        .init(
          analyst: analyst, at: at.advanced(bySeconds: Double(index)),
          body: JudgementBody(
            Judgement(
              verdict: label.isEmpty ? .unsure : agrees ? .agree : .disagree,
              label: agrees || label.isEmpty ? nil : label,
              confidence: 4, reasons: agrees ? [] : reasons), assistance: first == nil ? .explanation : .prediction,
            timing: .init(activeMilliseconds: Int(seconds * 1000) + index * 700)), view: view))
    }
    return JudgedCase(caseID: Income.id(number), judgements: opinions)
  }

  /// Seven weeks of an income classifier that gets worse, judged by three; always the same ones.
  static func income(
    _ query: FeedbackQuery = FeedbackQuery(model: "income-classifier"), count: Int = 1204,
    names: [RawText] = ["ana@las", "brent@las", "chi@las"]
  ) -> FeedbackReport {
    var tally = FeedbackTally(query)
    var state: UInt64 = 42
    func chance() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(UInt64(1) << 31)
    }
    for number in 0..<count {
      let days = Double(number) / Double(count) * 49
      let probability = 0.5 + chance() / 2
      let isRight = chance() < probability + 0.12 - max(0, 14 - days) / 60
      let answer: RawText = chance() < 0.7 ? "<=50K" : ">50K"
      let truth: RawText = isRight ? answer : answer == ">50K" ? "<=50K" : ">50K"
      var said = [(names[number % 3], truth)]
      if number % 5 == 0 { said.append((names[(number + 1) % 3], chance() < 0.85 ? truth : answer)) }
      if number % 41 == 0 { said[0].1 = "" }
      let version: RawText = days < 30 ? "3" : "2"
      tally.add(
        judged(
          number, ModelID("income-classifier", version: version), said: answer, probability, truth: said, daysAgo: days,
          queue: number % 2 == 0
            ? SeenQueue(id: "q", sampler: number % 4 == 0 ? "uncertain" : "random", propensity: 1.2 - probability)
            : nil,
          first: number % 3 == 0 ? (chance() < 0.8 ? truth : answer) : nil, seconds: 4 + 30 * chance(),
          reasons: [chance() < 0.6 ? "one-off value" : "no context"]))
    }
    return tally.finished
  }

  /// By version, with two that answered the same records, and two of which too few differ.
  static func versions(columns: Int = 80, rows: Int = 24) -> Story {
    var report = income()
    var tally = AnswerTally()
    for number in 0..<40 {
      let (old, new): (RawText, RawText) = number < 10 ? ("b", "a") : number < 13 ? ("a", "b") : ("a", "a")
      tally.add(["2": old, "3": new], of: "income-classifier", truth: .label("a"))
      if number > 11 { tally.add(["1": old, "3": new], of: "income-classifier", truth: .label("a")) }
    }
    report.comparisons = tally.comparisons
    var story = opened(content(report), columns: columns, rows: rows)
    story.press("s")
    return story
  }

  static func content(_ report: FeedbackReport = income(), version: RawText? = nil) -> FeedbackScreen.Content {
    .init(order: Order(model: report.query.model, version: version), report: report)
  }

  static func opened(_ content: FeedbackScreen.Content? = content(), columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    story.press("gf")
    if let content { story.happens(.feedback(.arrived(content))) }
    return story
  }

  /// Ten classes, and few cases of each.
  static func digits() -> FeedbackReport {
    var tally = FeedbackTally(FeedbackQuery(model: "digits"))
    for number in 0..<90 {
      let answer = RawText("\(number % 10)")
      let truth = number % 7 == 0 ? RawText("\((number + 3) % 10)") : answer
      tally.add(
        judged(
          number, ModelID("digits", version: "1"), said: answer, number % 2 == 0 ? nil : 0.97,
          truth: [("ana@las", truth)], daysAgo: Double(number % 5)))
    }
    return tally.finished
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var loading = Self.opened(nil)
    gallery.add("loading", loading)
    loading.happens(.feedback(.failed(Problem("The ledger could not be read", advice: "mds doctor tells why."))))
    gallery.add("failed", loading)
    gallery.add("nothing judged", Self.opened(Self.content(FeedbackReport(query: FeedbackQuery(model: "wine")))))
    var others = FeedbackReport(query: FeedbackQuery(model: "wine"))
    others.models = [ModelID("cargo", version: "1"): 48, ModelID("digits", version: "1"): 14]
    others.gaps.withoutView = 2
    gallery.add("only others judged", Self.opened(Self.content(others)))
    var story = Self.opened()
    gallery.add("by answer", story)
    story.press("ss")
    gallery.add("by analyst", story)
    story.press("p")
    gallery.add("counting anew", story)
    story.happens(.feedback(.failed(Problem("The ledger could not be read"))))
    gallery.add("not renewed", story)
    gallery.add("ten classes", Self.opened(Self.content(Self.digits())))
    var inputs = Self.opened(Self.withInputs())
    for _ in 1..<SliceKind.allCases.count { inputs.press("s") }
    gallery.add("by input", inputs)
    gallery.add("few cases", Self.opened(Self.content(Self.income(count: 15))))
    gallery.expect(named: "feedback")
  }

  @Test("other sizes, hostile names, ASCII")
  func sizes() {
    var gallery = Gallery()
    gallery.add("120x40", Self.opened(columns: 120, rows: 40))
    gallery.add("200x50", Self.opened(columns: 200, rows: 50))
    gallery.add("60x16", Self.opened(columns: 60, rows: 16))
    gallery.add("40x10", Self.opened(columns: 40, rows: 10))
    gallery.add("80x22", Self.opened(columns: 80, rows: 22))
    gallery.add("ASCII", Self.opened().frame.ascii())
    var tally = FeedbackTally(FeedbackQuery(model: "\u{1B}[2Jevil\u{202E}"))
    for number in 0..<60 {
      let answer: RawText = number % 2 == 0 ? "漢字かな交じり文の長い名前がここに入る" : RawText(bytes: [0xC3, 0x28, 0x1B, 0x5B])
      tally.add(
        Self.judged(
          number, ModelID("\u{1B}[2Jevil\u{202E}", version: "9"), said: answer, 0.7,
          truth: [("\u{9B}31m an analyst with a name that is far too long\n", number % 3 == 0 ? "other" : answer)],
          daysAgo: 1, reasons: ["\u{1B}]0;x\u{7}why"]))
    }
    gallery.add("hostile names", Self.opened(Self.content(tally.finished), columns: 120, rows: 40))
    gallery.expect(named: "feedback-sizes")
  }

  @Test("every state and size says on each row no more than fits")
  func everySize() {
    let contents = [Self.content(), Self.content(Self.digits()), Self.content(Self.income(count: 15))]
    for content in contents {
      for (columns, rows) in [
        (40, 10), (59, 15), (60, 16), (79, 24), (80, 21), (80, 24), (100, 30), (118, 33), (300, 90),
      ] {
        var story = Self.opened(content, columns: columns, rows: rows)
        for _ in SliceKind.allCases {
          story.press("s")
          #expect(story.frame.rows == rows)
          #expect(!story.footer.isEmpty)
        }
      }
    }
  }

  @Test("gf shows the model in view, and counts it; the screen is reached from everywhere")
  func opens() {
    var story = Story()
    #expect(story.press("gf") == [.loadFeedback(Order())])
    story.happens(.feedback(.arrived(Self.content())))
    #expect(story.line(0).contains("income-classifier ▸ Feedback"))
    var models = ModelsScreenTests.listed()
    let selected = models.state.models.selected?.id
    #expect(models.press("gf") == [.loadFeedback(Order(model: selected?.name, version: selected?.version))])
    #expect(models.press("gf").isEmpty)
    models.press("gm")
    #expect(models.state.place == .models)
  }

  @Test("v, p, h and l ask for other judgements, and what was counted stays on screen until they are")
  func asks() {
    var story = Self.opened()
    let model: RawText = "income-classifier"
    #expect(story.press("v") == [.loadFeedback(Order(model: model, version: "3"))])
    #expect(story.line(1).contains("counting…") && story.line(2).contains("%"))
    #expect(story.press("v") == [.loadFeedback(Order(model: model, version: "2"))])
    #expect(story.press("v") == [.loadFeedback(Order(model: model))])
    #expect(story.press("p") == [.loadFeedback(Order(model: model, period: .ninetyDays))])
    #expect(story.press("l").isEmpty)
    var tally = FeedbackTally(FeedbackQuery(model: "wine"))
    for (number, name) in (["cargo", "wine"] as [RawText]).enumerated() {
      tally.add(Self.judged(number, ModelID(name), said: "a", nil, truth: [("ana", "a")], daysAgo: 1))
    }
    story.happens(.feedback(.arrived(.init(order: Order(model: "wine"), report: tally.finished))))
    #expect(story.press("l") == [.loadFeedback(Order(model: "cargo"))])
    #expect(story.press("h") == [.loadFeedback(Order(model: "wine"))])
    #expect(story.press("R") == [.loadFeedback(Order(model: "wine"))])
  }

  @Test("s reads the records when it comes to the inputs, and shows the slices of all of them, worst first")
  func inputs() {
    var story = Self.opened()
    var asked: [Effect] = []
    for _ in 1..<SliceKind.allCases.count where asked.isEmpty { asked = story.press("s") }
    #expect(asked == [.loadFeedback(Order(model: "income-classifier", withInputs: true))])
    #expect(story.screen.contains("reading the records…"))
    story.happens(.feedback(.arrived(Self.withInputs())))
    #expect(story.state.feedback.selected?.name == "capital_gain > 2925")
    #expect(story.line(17).contains("capital_gain > 2925") && story.line(17).contains("▲"))
    story.press(.enter)
    story.press("s")
    #expect(story.state.feedback.kind == .answer)
  }

  /// Two inputs, one of which the model takes wrong.
  static func withInputs() -> FeedbackScreen.Content {
    var tally = FeedbackTally(FeedbackQuery(model: "income-classifier", withInputs: true))
    for number in 0..<400 {
      let gain = Double(number % 40) * 100
      let isRight = gain <= 3000 || number % 3 == 0
      var item = judged(
        number, ModelID("income-classifier", version: "3"), said: ">50K", 0.8,
        truth: [("ana@las", isRight ? ">50K" : "<=50K")], daysAgo: 1, reasons: ["one-off value"])
      for index in item.judgements.indices {
        item.judgements[index].view?.inputs = [
          .init(name: "capital_gain", number: gain, text: RawText("\(Int(gain))")),
          .init(name: "occupation", text: ["Sales", "Tech-support", "Exec-managerial"][number % 3]),
        ]
      }
      tally.add(item)
    }
    return .init(order: Order(model: "income-classifier", withInputs: true), report: tally.finished)
  }

  @Test("the last seven days begin at midnight UTC, six days before today")
  func period() {
    let query = Order(model: "m", period: .sevenDays).query(asOf: Stub.now)
    #expect(query.since == Timestamp("2026-11-17") && query.until == nil)
    #expect(Order().query(asOf: Stub.now).since == nil)
  }

  @Test("Enter walks through a slice's cases; those of colleagues alone cannot be opened, and that is said")
  func cases() throws {
    var story = Self.opened()
    let name = try #require(story.state.feedback.selected?.name)
    #expect(
      story.press(.enter) == [.loadFeedbackCases(Order(model: "income-classifier"), by: .answer, named: name)])
    story.happens(.feedbackCases([]))
    #expect(story.toast.contains("none of these cases is in this ledger"))
    #expect(story.happens(.feedbackCases([Income.id(3), Income.id(4)])) == [.loadCase(Income.id(3))])
    #expect(story.state.place == .case(Income.id(3)))
    #expect(story.press(.escape) == [.loadFeedback(Order(model: "income-classifier"))])
    // Somebody who went elsewhere meanwhile is not pulled back.
    story.press("gm")
    story.happens(.feedbackCases([Income.id(3)]))
    #expect(story.state.place == .models)
  }

  @Test("the worst slice stands first; o orders by cases and by name, and the selection stays on its slice")
  func order() {
    var story = Self.opened()
    story.press("ss")
    func names() -> [RawText] {
      story.state.feedback.rows.indices.map { story.state.feedback.slices[Int($0)].name }
    }
    let gaps = story.state.feedback.rows.indices.map { story.state.feedback.slices[Int($0)].gap ?? 0 }
    #expect(gaps == gaps.sorted() && gaps.count == 3)
    story.press("G")
    let last = story.state.feedback.selected?.name
    story.press("oo")
    #expect(names() == names().sorted() && story.state.feedback.selected?.name == last)
    #expect(story.line(15).contains("name"))
  }

  @Test("e writes the report, t shows it as tables, and no table is wider than 80 columns")
  func export() {
    var story = Self.opened()
    #expect(story.press("e") == [.exportFeedback(Order(model: "income-classifier"))])
    story.press("t")
    #expect(story.screen.contains("Confusion: rows what analysts hold for true"))
    for report in [Self.income(), Self.digits(), Self.income(count: 15), Self.withInputs().report, FeedbackReport()] {
      let lines = FeedbackScreen.outline(of: report, slices: SliceKind.allCases).lines
      #expect(lines.allSatisfy { SafeText($0).width <= 80 }, "\(lines.filter { SafeText($0).width > 80 })")
    }
    var empty = Self.opened(nil)
    #expect(empty.press("e").isEmpty && empty.press(.enter).isEmpty && empty.press("v").isEmpty)
  }

  @Test("bars are days, weeks, months or years: the finest that fit and say something")
  func buckets() {
    let report = Self.income()
    let (width, buckets) = TrendBucket.buckets(report, atMost: 7)
    #expect(width == .week && buckets.count == 7)
    #expect(buckets.first?.name == "before" && buckets.last?.name == "11-23")
    #expect(buckets.map(\.count).reduce(0, +) == report.slices[.answer]?.map(\.count).reduce(0, +))
    #expect(TrendBucket.buckets(report, atMost: 8).buckets.first?.name == "10-05")
    let months = TrendBucket.buckets(report, atMost: 2)
    #expect(months.width == .month && months.buckets.map(\.name) == ["2026-10", "2026-11"])
    #expect(TrendBucket.buckets(report, atMost: 100).width == .day)
    var tally = FeedbackTally(FeedbackQuery())
    for (number, days) in [0, 800, 2000, 4000].enumerated() {
      tally.add(Self.judged(number, ModelID("m"), said: "a", nil, truth: [("ana", "a")], daysAgo: Double(days)))
    }
    let years = TrendBucket.buckets(tally.finished, atMost: 3)
    #expect(years.buckets.map(\.name) == ["before", "2025", "2026"] && years.buckets.map(\.count) == [3, 0, 1])
    #expect(TrendBucket.buckets(FeedbackReport(), atMost: 7).buckets.isEmpty)
  }

  @Test("the largest gap says of which bins it is: beside the mean of all it may be the smaller")
  func largestGap() {
    let story = FeedbackScreenTests.opened()
    let lines = App.read(story.state).sections.flatMap(\.lines)
    #expect(lines.contains { $0.contains("largest gap of bins with n ≥ 20") }, "\(lines)")
  }
}
