import Domain
import Frames
import Testing

@testable import Workbench

@Suite("The models screen")
struct ModelsScreenTests {
  static let names: [(RawText, RawText, ModelState)] = [
    ("income-classifier", "3", .ready), ("churn-gbdt", "7", .ready), ("wine", "2", .ready),
    ("toxicity-bert", "12", .degraded), ("digits", "1", .ready), ("intent", "3", .ready), ("asr-small", "1", .ready),
    ("loan-tabular", "4", .loading), ("ner-transformer", "9", .failed), ("ocr-crnn", "3", .stopped),
  ]

  static let groups = names.map { name, version, state -> ModelGroup in
    var model = Model(id: ModelID(name, version: version), state: state, platform: "xgboost")
    if name == "income-classifier" { model.signature = Income.signature }
    if state == .failed { model.reason = "CUDA out of memory" }
    return ModelGroup(
      model: model, explainers: [ModelID(name.appending("-shap"))], driftDetectors: [ModelID(name.appending("-drift"))],
      outlierDetectors: [ModelID(name.appending("-iforest"))])
  }

  static func facts(_ calls: Int, _ p95: Double, _ shares: [Double?]) -> ModelsScreen.Facts {
    var facts = ModelsScreen.Facts()
    facts.calls = calls
    facts.p95 = p95
    facts.failedShare = 0.0002
    facts.driftShares = shares
    facts.drifted = shares.last.flatMap { $0.map { Int($0 * 12) } }
    facts.features = 12
    facts.cases = calls
    facts.waiting = 17
    facts.oldestWaiting = Stub.now.advanced(bySeconds: -3 * 86_400)
    facts.verdicts = [.agree: 41, .disagree: 9]
    return facts
  }

  static let known: [RawText: ModelsScreen.Facts] = [
    "income-classifier": facts(4210, 38, [0, 0, 0.08, 0, 0.17, 0.25, 0.25, 0.25, 0.25, 0.25]),
    "churn-gbdt": facts(118, 12, [0, 0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, nil]),
    "wine": facts(4, 9, [nil, nil, 0.08, nil, nil, nil, nil, nil, nil, nil]),
  ]

  static func listed(columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(
      .linked(service: .up, collector: .up), .waiting(3), .models(.listed(.init(groups: groups, at: Stub.now))),
      .models(.learned(known)), .models(.rested))
    return story
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    let loading = Story()
    gallery.add("loading", loading)
    var failed = loading
    failed.happens(
      .linked(service: .down(since: Stub.now), collector: nil),
      .models(
        .failed(
          Problem(
            "mlserver.las.example:8080 refused the connection", advice: "Is the service running?",
            detail: "connect(2): ECONNREFUSED"), at: Stub.now)))
    gallery.add("unreachable from the start", failed)
    var empty = loading
    empty.happens(.models(.listed(.init(groups: [], at: Stub.now))))
    gallery.add("no models", empty)
    var story = Self.listed()
    gallery.add("loaded", story)
    story.happens(.models(.prepared("preparing wine…")))
    gallery.add("the demonstration prepares", story)
    story.happens(.models(.prepared(nil)))
    story.press("/")
    story.press("to")
    gallery.add("filtering", story)
    story.press("zzz")
    gallery.add("nothing matches", story)
    story.press(.escape)
    story.happens(
      .ticked(Stub.now.advanced(bySeconds: 1080), milliseconds: 1_080_000),
      .linked(service: .down(since: Stub.now), collector: nil),
      .models(
        .failed(
          Problem("mlserver.las.example:8080 refused the connection"), at: Stub.now)),
      .models(.seeking(next: Stub.now.advanced(bySeconds: 1200))))
    gallery.add("unreachable", story)
    gallery.expect(named: "models")
  }

  @Test("uses the room of wide and tall screens, and drops columns on small ones")
  func sizes() {
    var gallery = Gallery()
    gallery.add("120x40", Self.listed(columns: 120, rows: 40))
    gallery.add("200x50", Self.listed(columns: 200, rows: 50))
    gallery.add("60x16", Self.listed(columns: 60, rows: 16))
    gallery.add("40x10", Self.listed(columns: 40, rows: 10))
    gallery.add("too small", Self.listed(columns: 39, rows: 9))
    gallery.add("ASCII", Self.listed().frame.ascii())
    gallery.expect(named: "models-sizes")
  }

  @Test("long, wide and hostile names stay in their column")
  func hostile() {
    var story = Story()
    let names: [RawText] = [
      "a-model-with-a-name-that-is-much-longer-than-its-column", "模型名称很长的一个模型在这里", "e\u{301}\u{301}\u{1B}[2Jvil",
      "\u{202E}reversed", RawText(bytes: [0xFF, 0xFE, 0x61]), "👩‍👩‍👧‍👦-family", "",
    ]
    let groups = names.map { name in
      ModelGroup(
        model: Model(
          id: ModelID(name, version: "2025.11.23-rc1+build"), state: .failed, reason: "\u{1B}[31mred\u{7}",
          platform: "p\u{9F}q"))
    }
    story.happens(
      .linked(service: .up, collector: nil), .models(.listed(.init(groups: groups, at: Stub.now))), .models(.rested))
    var gallery = Gallery()
    gallery.add("hostile names", story)
    gallery.add("hostile names, wide", story.resized(120, 40))
    gallery.expect(named: "models-hostile")
    for row in 0..<24 { #expect(story.line(row).unicodeScalars.allSatisfy { $0.value >= 0x20 }) }
  }

  @Test("t is the list as a table, with whatever can be said in numbers")
  func table() {
    var story = Self.listed()
    story.press("t")
    var gallery = Gallery()
    gallery.add("table form", story)
    gallery.expect(named: "models-table")
  }

  @Test("s sorts by the next column, o turns the order, and the selection stays on its model")
  func sorting() {
    var story = Self.listed()
    var known = Self.known
    known["wine"]?.failedShare = 0.5
    story.happens(.models(.learned(known)))
    #expect(story.line(1).contains("sort: drift ↓"))
    #expect(story.state.models.selected?.id.name == "income-classifier")
    story.press("s")
    #expect(story.line(1).contains("sort: name ↓"))
    #expect(story.line(3).contains("asr-small"))
    #expect(story.state.models.selected?.id.name == "income-classifier")
    story.press("o")
    #expect(story.line(3).contains("wine"))
    story.press("os")
    #expect(story.line(1).contains("sort: state ↓"))
    for (column, first) in [("calls", "income-classifier"), ("p95", "income-classifier"), ("errors", "wine")] {
      story.press("s")
      #expect(story.line(1).contains("sort: \(column) ↓"))
      #expect(story.line(3).contains(first), "\(column)")
    }
    story.press("o")
    #expect(story.line(1).contains("sort: errors ↑"))
    #expect(story.state.models.selected?.id.name == "income-classifier")
  }

  @Test("the order on screen is the order worked out anew, whatever happened")
  func rowsAreDerived() {
    var story = Self.listed()
    for keys in ["s", "o", "jj", "s", "s", "s", "G", "gg", "/", "i", "n"] {
      story.press(keys)
      #expect(story.state.models.rows.indices == ModelsScreen.order(of: story.state.models))
    }
  }

  @Test("a filter narrows while it is typed; Enter keeps it, Esc clears it, Esc again on the list too")
  func filtering() {
    var story = Self.listed()
    story.press("/")
    story.press("wine")
    #expect(story.line(1).contains("Models 1 of 10  / wine"))
    story.press(.enter)
    #expect(story.state.filter == nil)
    #expect(story.line(1).contains("Models 1 of 10"))
    story.press(.escape)
    #expect(story.line(1).contains("Models 10"))
    story.press("/")
    story.press("wi")
    story.press(.escape)
    #expect(story.line(1).contains("Models 10"))
  }

  @Test("while a move key repeats only the list moves; the pane follows when it rests")
  func resting() {
    var story = Self.listed()
    #expect(story.press("j") == [.rest(milliseconds: 80)])
    #expect(story.line(18).contains("income-classifier v3"))
    story.rest()
    #expect(story.line(18).contains("churn-gbdt v7"))
  }

  @Test("counts, G and gg go to rows")
  func moves() {
    var story = Self.listed()
    story.press("3j")
    #expect(story.footer.hasSuffix("4/10 "))
    story.press("12")
    #expect(story.footer.hasSuffix("12 "))
    story.press(.escape)
    #expect(story.footer.hasSuffix("4/10 "))
    story.press("G")
    #expect(story.footer.hasSuffix("10/10 "))
    story.press("g")
    #expect(story.footer.hasSuffix("g "))
    story.press("g")
    #expect(story.footer.hasSuffix("1/10 "))
    story.press(.end)
    story.press("2k")
    #expect(story.footer.hasSuffix("8/10 "))
  }

  @Test("i and Enter open the form, d the drift, r the queue of the model")
  func opens() {
    var story = Self.listed()
    let id = Income.model
    #expect(story.asks { $0.press("i") } == [.loadHistory(id)])
    #expect(story.state.place == .infer(id))
    story.press("q")
    #expect(story.state.place == .models)
    story.press(.enter)
    #expect(story.state.place == .infer(id))
    story.press(.escape)
    #expect(story.press("d") == [.loadDrift(id, width: .sixHours)])
    story.press("q")
    #expect(story.press("r") == [.loadQueue(QueueOrder(model: id.name))])
    #expect(story.line(0).contains("income-classifier ▸ Review"))
    story.press("q")
    #expect(story.press("gr") == [.loadQueue(QueueOrder())])
  }

  @Test("the service's silence keeps the last known list, and its answer takes it back")
  func silence() {
    var story = Self.listed()
    story.happens(
      .models(.failed(Problem("no answer"), at: Stub.now)),
      .linked(service: .down(since: Stub.now), collector: nil))
    #expect(story.line(3).contains("income-classifier"))
    #expect(story.line(3).contains("~ Ready"))
    #expect(story.line(0).contains("✗ service since 12:04Z"))
    story.happens(
      .linked(service: .up, collector: nil), .models(.listed(.init(groups: Self.groups, at: Stub.now))))
    #expect(story.line(3).contains("● Ready"))
    #expect(story.press("R") == [.loadModels])
  }

  @Test("q on the only screen quits, Esc does not")
  func quits() {
    var story = Self.listed()
    #expect(story.press(.escape).isEmpty)
    #expect(story.press("q") == [.quit])
    #expect(story.press(.control("C")) == [.quit])
  }

  @Test("a narrow list gives up the sparkline, ERR%, P95 and CALLS one after the other, the newest drift last")
  func narrow() {
    let columns = ["CALLS", "P95 MS", "ERR%", "DRIFT 60 h"]
    for (width, shown) in [(75, 4), (70, 3), (60, 2), (52, 1)] {
      let story = Self.listed(columns: width, rows: 16)
      for (index, title) in columns.enumerated() {
        #expect(story.line(2).contains(title) == (index < shown), "\(width)\n\(story.screen)")
      }
      #expect(story.line(2).contains("DRIFT") && story.line(3).contains(".25"), "\(story.screen)")
      #expect(story.line(3).contains("income-classif") && story.line(3).contains("● Ready"), "\(story.screen)")
    }
    #expect(!Self.listed(columns: 40, rows: 16).line(2).contains("DRIFT"))
  }

  @Test("what the right pane would cut is wrapped into the rows that it has left")
  func wrappedPane() {
    var story = Self.listed(columns: 120, rows: 40)
    var group = Self.groups[0]
    let labels = (1...6).map { RawText("a_long_label_\($0)") }
    group.model.signature = Signature(
      inputs: Income.signature.inputs,
      outputs: [
        TensorSpec(
          name: "proba", datatype: .fp64, shape: [-1, 6],
          parameters: [.init("class_names", .array(labels.map { JSON.string($0) }))])
      ])
    story.happens(.models(.listed(.init(groups: [group], at: Stub.now))), .models(.rested))
    for label in labels { #expect(story.screen.contains(label.string), "\(story.screen)") }
    #expect(story.screen.contains("─ yours ─") && story.screen.contains("─ fields ─"))
  }

  @Test("how old the oldest case is never loses its unit to another row")
  func queueAge() {
    var story = Self.listed(columns: 120, rows: 40)
    var facts = Self.known
    facts["income-classifier"]?.waiting = 1450
    story.happens(.models(.learned(facts)))
    let lines = story.screen.split(separator: "\n")
    #expect(lines.contains { $0.contains("1 450 waiting") })
    #expect(lines.contains { $0.contains("oldest 3 d") }, "\(story.screen)")
  }
}
