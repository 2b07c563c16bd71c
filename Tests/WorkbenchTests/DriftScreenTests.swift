import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The drift screen")
struct DriftScreenTests {
  static let reference = Reference(
    count: 5000,
    features: [
      .init(
        name: "age",
        distribution: .numeric(edges: [17, 25, 33, 41, 49, 57, 65, 90], counts: [550, 1350, 1200, 850, 500, 300, 250])),
      .init(
        name: "occupation",
        distribution: .categorical(
          labels: ["Adm-clerical", "Tech-support", "Craft-repair"], counts: [2400, 500, 2100])),
      .init(
        name: "hours_per_week", distribution: .numeric(edges: [0, 20, 40, 60, 99], counts: [500, 3000, 1200, 300])),
    ])

  static func feature(_ name: RawText, _ effect: Double, _ p: Double, _ current: [Int]) -> FeatureDrift {
    let isCategory = name == "occupation"
    return FeatureDrift(
      name: name, method: isCategory ? .chiSquared(degreesOfFreedom: 2) : .kolmogorovSmirnov,
      statistic: isCategory ? effect * effect * 6204 : effect, effect: effect, pValue: p, isDrifted: p < 0.05 / 3,
      current: current)
  }

  /// Four weeks of six hours, quiet at first; age moves from Saturday on, one window has too few cases.
  static func content(width: WindowWidth = .sixHours, count: Int = 28) -> DriftScreen.Content {
    let end = Stub.now.aligned(toSeconds: width.seconds)
    var windows: [Window] = []
    for index in 0..<count {
      let from = end.advanced(bySeconds: Double(width.seconds) * Double(index - count))
      var window = Window(
        model: Income.model, from: from, to: from.advanced(bySeconds: Double(width.seconds)),
        count: index == 9 ? 22 : 1204)
      if index != 9 {
        let moved = index >= 18
        let step = Double(max(0, index - 17))
        let features = [
          feature("hours_per_week", moved ? 0.05 + 0.007 * step : 0.02, moved ? 2e-12 : 0.4, [120, 700, 300, 84]),
          feature(
            "age", moved ? 0.07 + 0.015 * step : 0.02 + 0.004 * Double(index % 4), moved ? 8e-42 : 0.3,
            [24, 169, 301, 277, 181, 132, 120]),
          feature("occupation", moved ? 0.14 : 0.03, index > 20 ? 3e-18 : 0.2, [500, 200, 504]),
        ]
        window.result = Window.Result(
          source: .detector, detector: ModelID("income-drift"), method: "TabularDrift", correction: "Bonferroni",
          threshold: 0.05 / 3, referenceCount: 5000, isDrift: features.contains(where: \.isDrifted), features: features)
      }
      windows.append(window)
    }
    return DriftScreen.Content(
      model: Income.model, windows: windows, reference: reference, referenceSource: "income-drift",
      outlierShares: (0..<count).map { $0 == 9 ? nil : 0.04 + 0.002 * Double($0 % 11) },
      answers: (0..<count).map { [">50K": 300 + $0, "<=50K": 904 - $0] })
  }

  static func opened(_ content: DriftScreen.Content? = content(), columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.open(&story.state, .drift(Income.model), 0)
    if let content { story.happens(.drift(.arrived(content))) }
    return story
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var loading = Self.opened(nil)
    gallery.add("loading", loading)
    loading.happens(.drift(.progressed("comparing the windows with the reference…")))
    gallery.add("comparing", loading)
    loading.happens(
      .drift(.failed(Problem("income-drift does not answer", advice: "What was compared before is kept."))))
    gallery.add("failed", loading)
    var none = Self.opened(nil)
    none.happens(.drift(.arrived(DriftScreen.Content(model: Income.model, windows: [], reference: nil))))
    gallery.add("no cases", none)

    var story = Self.opened()
    gallery.add("drift", story)
    story.press("j")
    story.rest()
    gallery.add("a category", story)
    story.press("o")
    gallery.add("outliers", story)
    story.press("o18h")
    gallery.add("a window with too few cases", story)
    story.press("l")
    story.happens(.drift(.failed(Problem("income-drift does not answer"))))
    gallery.add("as it was", story)
    gallery.expect(named: "drift")
  }

  @Test("uses the room of wide and tall screens")
  func sizes() {
    var gallery = Gallery()
    gallery.add("120x40", Self.opened(columns: 120, rows: 40))
    gallery.add("200x50", Self.opened(columns: 200, rows: 50))
    gallery.add("80x50", Self.opened(rows: 50))
    gallery.add("60x16", Self.opened(columns: 60, rows: 16))
    gallery.add("ASCII", Self.opened().frame.ascii())
    gallery.expect(named: "drift-sizes")
  }

  @Test("the legend and the limit are of the window in view where there are more windows than room")
  func legend() throws {
    var content = Self.content(width: .oneHour, count: 168)
    for index in content.windows.indices { content.windows[index].count = 2000 + index }
    var story = Self.opened(content)
    for _ in 0..<3 {
      let state = try #require(story.state.drift)
      let window = try #require(state.shownWindow)
      let legend = story.line(2).suffix(18)
      #expect(legend.contains(window.titleText))
      #expect(story.line(3).suffix(18).contains(Numeral.count(window.count).text))
      // The limit follows from the number of cases: the line's label is of the window in view.
      let limit = try #require(DriftChart.limitText(state))
      let label = try #require(limit.text.split(separator: " ").first { $0.hasPrefix(".") })
      #expect((2..<10).contains { story.line($0).hasPrefix("  \(label.prefix(3))") }, "\(label)")
      story.press("40h")
    }
  }

  @Test("a day of windows is one day")
  func oneDay() {
    let story = Self.opened(Self.content(width: .oneHour, count: 3))
    #expect(story.screen.contains("1 DAY ") && !story.screen.contains("1 DAYS"))
  }

  @Test("windows that were compared before are on screen while the service is waited for, and give way to all")
  func known() throws {
    var story = Self.opened(nil)
    story.happens(.drift(.progressed("comparing the windows with the reference…")))
    var known = Self.content()
    for index in 24..<28 { known.windows[index].result = nil }
    story.happens(.drift(.known(known)))
    #expect(story.state.drift?.window == 23)
    #expect(story.screen.contains("comparing…") && story.screen.contains("hours_per_week"))
    story.happens(.drift(.arrived(Self.content())))
    #expect(story.state.drift?.window == 27, "the newest window is in view")
    #expect(!story.screen.contains("comparing…"))
    // Nothing that is on screen goes for what is known of old.
    story.press("R")
    let before = story.screen
    story.happens(.drift(.known(known)))
    #expect(story.screen == before)
  }

  @Test("whoever has turned to another window meanwhile stays there")
  func stays() {
    var story = Self.opened(nil)
    var known = Self.content()
    known.windows[27].result = nil
    story.happens(.drift(.known(known)))
    story.press("hh")
    let window = story.state.drift?.window
    story.happens(.drift(.arrived(Self.content())))
    #expect(story.state.drift?.window == window && window == 24)
  }

  @Test("without a window that was compared the screen says that they are compared")
  func nothingKnown() {
    var story = Self.opened(nil)
    story.happens(.drift(.progressed("comparing the windows with the reference…")))
    var known = Self.content()
    for index in known.windows.indices { known.windows[index].result = nil }
    story.happens(.drift(.known(known)))
    #expect(story.screen.contains("comparing the windows with the reference…"))
  }

  @Test("the bins of numbers stand whole beside their bars")
  func bins() {
    let edges = [1.0666, 5.3333, 6.4, 9.3333, 10.6666, 12.0]
    let feature = Reference.Feature(name: "block_0_1", distribution: .numeric(edges: edges, counts: [1, 2, 3, 2, 1]))
    for columns in [36, 40, 60] {
      var frame = Frame(columns: columns, rows: 14)
      Histograms.draw(feature, current: [1, 2, 3, 2, 1], in: frame.bounds, on: &frame)
      for label in ["1.07–5.33", "5.33–6.40", "6.40–9.33", "9.33–10.7", "10.7–12.0"] {
        #expect(frame.text.contains(label + " "), "\(columns): \(label)")
      }
    }
  }

  @Test("t is the drift in numbers: features, bins of the chosen one, windows")
  func table() {
    var story = Self.opened(rows: 60)
    story.press("t")
    var gallery = Gallery()
    gallery.add("table form", story)
    gallery.expect(named: "drift-table")
  }

  @Test("a feature that the detector draws from the record by itself shows the reference alone, and says why")
  func derived() {
    var content = Self.content(count: 4)
    content.reference?.features.append(
      .init(name: "tokens", distribution: .numeric(edges: [0, 10, 20, 40], counts: [10, 20, 30])))
    for index in content.windows.indices {
      content.windows[index].result?.features = [Self.feature("tokens", 0.3, 1e-9, [])]
    }
    let story = Self.opened(content, columns: 120, rows: 40)
    #expect(story.screen.contains("The reference alone: the detector"))
    #expect(!story.screen.contains("█ n "))
    var gallery = Gallery()
    gallery.add("a derived feature", story)
    gallery.expect(named: "drift-derived")
  }

  @Test("h and l turn the window with counts, and the legend follows")
  func windows() {
    var story = Self.opened()
    #expect(story.state.drift?.window == 27)
    #expect(story.screen.contains("now .22"))
    story.press("3h")
    #expect(story.state.drift?.window == 24)
    #expect(!story.screen.contains("now"))
    story.press("l")
    #expect(story.state.drift?.window == 25)
    story.press("99h")
    #expect(story.state.drift?.window == 0)
    #expect(story.screen.contains("● no drift"))
    story.press("99l")
    #expect(story.state.drift?.window == 27)
  }

  @Test("the line stands where the feature would drift with the shown window's own n")
  func limit() throws {
    let few = try #require(
      WindowComparison.limit(of: .kolmogorovSmirnov, threshold: 0.05 / 12, referenceCount: 5000, count: 40))
    let many = try #require(
      WindowComparison.limit(of: .kolmogorovSmirnov, threshold: 0.05 / 12, referenceCount: 5000, count: 1204))
    #expect(few > 0.27 && few < 0.29)
    #expect(many > 0.055 && many < 0.058)
    #expect(
      WindowComparison.limit(of: .chiSquared(degreesOfFreedom: 1), threshold: 0.01, referenceCount: 9, count: 9) == nil)
  }

  @Test("features by p, then by effect; the chart follows the selection when the key rests")
  func order() {
    var story = Self.opened()
    #expect(story.line(13).hasPrefix("▌ age"))
    #expect(story.press("j") == [.rest(milliseconds: 80)])
    #expect(story.line(1).hasPrefix("─ age: KS D"))
    story.rest()
    #expect(story.line(1).hasPrefix("─ occupation: χ² V"))
    story.press("h")
    #expect(story.line(1).hasPrefix("─ occupation: χ² V"))
  }

  @Test("an answer that comes while the selection moves leaves it where it is")
  func arrives() {
    var story = Self.opened()
    story.press("jj")
    story.happens(.drift(.arrived(Self.content())))
    #expect(story.line(15).hasPrefix("▌ hours_per_week"))
  }

  @Test("w goes round the widths and keeps the windows on screen until the others are there")
  func width() {
    var story = Self.opened()
    #expect(story.press("w") == [.loadDrift(Income.model, width: .oneDay)])
    #expect(story.line(1).contains("7 days, 6 h windows"))
    #expect(story.line(1).contains("comparing…"))
    story.happens(.drift(.arrived(Self.content(width: .oneDay, count: 7))))
    #expect(story.line(1).contains("7 days, 1 d windows"))
    #expect(story.press("w") == [.loadDrift(Income.model, width: .oneHour)])
    #expect(story.press("w") == [.loadDrift(Income.model, width: .sixHours)])
  }

  @Test("Enter goes from a feature to its cases: those of the window, in the order that shows its drift")
  func cases() {
    var story = Self.opened()
    let window = story.state.drift?.shownWindow
    story.press("j")
    let from = window?.from ?? Stub.now
    let to = window?.to ?? Stub.now
    #expect(story.press(.enter) == [.loadWindowCases(Income.model, from: from, to: to, feature: "occupation")])
    #expect(story.happens(.windowCases([Income.id(3), Income.id(1)])) == [.loadCase(Income.id(3))])
    #expect(story.footer.contains("1/2"))
    story.press(.escape)
    #expect(story.state.place == .drift(Income.model))
  }

  @Test("a window without cases says so; somebody who left is not pulled back by an answer")
  func noCases() {
    var story = Self.opened()
    story.happens(.windowCases([]))
    #expect(story.toast == "· no cases in this window")
    story.press("q")
    #expect(story.happens(.windowCases([Income.id(3)])).isEmpty)
    #expect(story.state.place == .models)
  }

  @Test("b compares with the window in view, with all before it, and as the detector does; p turns the rules")
  func baseline() throws {
    var story = Self.opened()
    #expect(story.press("p").isEmpty)
    #expect(story.toast.hasPrefix("· the detector's own rules are in force"))
    story.press("hh")
    let content = Self.content()
    let window = content.windows[25]
    var baseline = DriftBaseline(from: window.from, to: window.to)
    #expect(story.press("b") == [.compareDrift(content, with: baseline)])
    #expect(story.line(1).contains("comparing…"))
    var compared = content
    compared.baseline = baseline
    #expect(story.happens(.drift(.arrived(compared))).isEmpty)
    #expect(story.screen.contains("against cases of"))
    #expect(App.read(story.state).text.contains("by the rules of alibi"))
    baseline.rules = .evidently
    #expect(story.press("p") == [.compareDrift(compared, with: baseline)])
    compared.baseline = baseline
    story.happens(.drift(.arrived(compared)))
    let before = DriftBaseline(from: content.windows[0].from, to: window.from, rules: .evidently)
    #expect(story.press("b") == [.compareDrift(compared, with: before)])
    compared.baseline = before
    story.happens(.drift(.arrived(compared)))
    // A failed comparison leaves what was known; wider windows are compared anew.
    story.press("p")
    story.happens(.drift(.failed(Problem("The baseline has 3 cases"))))
    #expect(story.state.drift?.baseline == before)
    #expect(story.press("w") == [.loadDrift(Income.model, width: .oneDay)])
    let wide = Self.content(width: .oneDay, count: 7)
    #expect(story.happens(.drift(.arrived(wide))) == [.compareDrift(wide, with: before)])
    compared = wide
    compared.baseline = before
    story.happens(.drift(.arrived(compared)))
    #expect(story.press("b") == [.loadDrift(Income.model, width: .oneDay)])
    #expect(story.state.drift?.baseline == nil)
  }

  @Test("s writes the report that is on screen, and says so where there is none yet")
  func snapshot() {
    var story = Self.opened(nil)
    #expect(story.press("s").isEmpty)
    #expect(story.toast == "· there is no report to write yet")
    story.happens(.drift(.arrived(Self.content())))
    story.press("h")
    let snapshot = DriftScreen.Snapshot(
      content: Self.content(), width: .sixHours, window: Self.content().windows.dropLast().last)
    #expect(story.press("s") == [.saveDrift(snapshot)])
  }

  @Test("Q says so where no window drifted, and draws no sample under that name")
  func nothingDrifted() {
    var content = Self.content()
    for index in content.windows.indices { content.windows[index].result?.isDrift = false }
    var story = Self.opened(content)
    #expect(story.press("Q").isEmpty)
    #expect(story.toast == "· no window here drifted   gr reviews what waits")
  }

  @Test("o charts the share of outliers, Q reviews the model's drifted cases, R compares again")
  func others() {
    var story = Self.opened()
    story.press("o")
    #expect(story.line(1).hasPrefix("─ outliers flagged, 7 days"))
    story.press("o")
    #expect(story.line(1).hasPrefix("─ age"))
    #expect(story.press("R") == [.loadDrift(Income.model, width: .sixHours)])
    #expect(story.press("Q") == [.loadQueue(QueueOrder(model: Income.model.name, sampler: .drifted))])
    #expect(story.state.place == .review)
  }

  @Test("a report that is written while another width is on its way is of the windows on screen")
  func snapshotWidth() {
    var story = Self.opened()
    story.press("w")
    #expect(story.state.drift?.width == .oneDay)
    let snapshot = DriftScreen.Snapshot(content: Self.content(), width: .sixHours, window: Self.content().windows.last)
    #expect(story.press("s") == [.saveDrift(snapshot)])
  }
}
