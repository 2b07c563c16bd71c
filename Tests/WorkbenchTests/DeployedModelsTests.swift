import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The models screen, of what a control plane tells")
struct DeployedModelsTests {
  static func version(
    _ name: RawText, _ state: ModelState, _ available: Int, reason: RawText = "", server: RawText = "mlserver"
  ) -> DeployedVersion {
    DeployedVersion(
      name: name, state: state, reason: reason, replicas: ReplicaCount(desired: 2, available: available),
      server: server, since: Stub.now)
  }

  static let inventory = Inventory(
    models: [
      DeployedModel(
        name: "income", namespace: "lab", versions: [version("1", .ready, 2), version("2", .ready, 2)],
        requirements: ["sklearn"]),
      DeployedModel(
        name: "income-explainer", namespace: "lab", versions: [version("1", .failed, 0, reason: "no such bucket")],
        explainer: "anchor_tabular", explains: .model("income")),
      DeployedModel(
        name: "income-drift", namespace: "lab", versions: [version("1", .ready, 1)],
        requirements: ["mlserver", "alibi-detect"]),
      DeployedModel(
        name: "ner", namespace: "lab",
        versions: [
          version("8", .ready, 2),
          version("9", .failed, 0, reason: "no server had the capabilities \u{1B}[31m[huggingface]", server: ""),
        ], requirements: ["huggingface"]),
    ],
    pipelines: [
      Pipeline(
        name: "income-production", namespace: "lab", versions: [DeployedVersion(name: "3", state: .ready)],
        steps: [
          .init(name: "income"), .init(name: "income-preprocess"),
          .init(name: "income-outlier", inputs: ["income-preprocess"]), .init(name: "income-drift", batch: 20),
        ], output: ["income", "income-outlier.outputs.is_outlier"])
    ],
    experiments: [
      Experiment(
        name: "income-ab", namespace: "lab", state: .degraded, reason: "candidate ner is not ready", standard: "income",
        candidates: [.init(name: "income", weight: 70), .init(name: "ner", weight: 30)],
        mirror: .init(name: "income-next", percent: 50), isActive: true)
    ],
    scales: [
      ScaleRow(
        name: "income", namespace: "lab", targetKind: "Model", target: "income", minimum: 1, maximum: 8, current: 2,
        isActive: true)
    ])

  static func listed(columns: Int = 80, rows: Int = 24, notices: [Problem] = []) -> Story {
    var story = Story(columns: columns, rows: rows)
    let groups = ModelGroup.groups(of: inventory.models(joining: []))
    story.happens(
      .linked(service: .up, collector: nil),
      .models(.listed(.init(groups: groups, at: Stub.now, notices: notices))), .models(.rested))
    story.press("s")
    story.press("gg")
    story.rest()
    return story
  }

  /// The same with the row of this name selected.
  static func selected(_ name: RawText, columns: Int = 80, rows: Int = 24) -> Story {
    var story = listed(columns: columns, rows: rows)
    while story.state.models.selected?.model.name != name {
      story.press("j")
      story.rest()
    }
    return story
  }

  @Test("looks as designed for each kind")
  func gallery() {
    var gallery = Gallery()
    gallery.add("a model that two call", Self.selected("income"))
    gallery.add("a pipeline", Self.selected("income-production"))
    gallery.add("a model that is not ready, and why", Self.selected("ner"))
    gallery.add("an experiment", Self.selected("income-ab"))
    gallery.add("a source did not answer", Self.listed(notices: [Problem("The scheduler could not list the models.")]))
    gallery.expect(named: "models-deployed")
  }

  @Test("uses the room of a wide screen")
  func wide() {
    var gallery = Gallery()
    gallery.add("a pipeline, 120x40", Self.selected("income-production", columns: 120, rows: 40))
    gallery.add("a model, 120x40", Self.selected("income", columns: 120, rows: 40))
    gallery.add("an experiment, 120x40", Self.selected("income-ab", columns: 120, rows: 40))
    gallery.expect(named: "models-deployed-wide")
  }

  /// An experiment of which both candidates answered.
  static func answered(columns: Int, rows: Int) -> Story {
    var story = selected("income-ab", columns: columns, rows: rows)
    var facts = ModelsScreen.Facts()
    facts.cases = 233
    facts.answered = [
      ModelsScreen.Answered(by: "income_1", cases: 2, labels: ["low": 2]),
      ModelsScreen.Answered(
        by: "income_2", cases: 140, labels: ["low": 98, "high": 42], verdicts: [.agree: 30, .disagree: 3]),
      ModelsScreen.Answered(
        by: "ner_9", cases: 91, labels: ["high": 81, "low": 10], verdicts: [.disagree: 8, .unsure: 1]),
    ]
    facts.compared = [
      Self.comparison("income_2", "ner_9", 10, 3), Self.comparison("income_1", "ner_9", 1, 0),
      Self.comparison("income_2", "wine_1", 9, 0),
    ]
    story.happens(.models(.learned(["income-ab.experiment": facts])))
    return story
  }

  private static func comparison(_ first: RawText, _ second: RawText, _ b: Int, _ c: Int) -> AnswerComparison {
    var tally = AnswerTally()
    for _ in 0..<27 { tally.add([first: "low", second: "low"], of: "", truth: .label("low")) }
    for _ in 0..<b { tally.add([first: "low", second: "high"], of: "", truth: .label("low")) }
    for _ in 0..<c { tally.add([first: "high", second: "low"], of: "", truth: .label("low")) }
    return tally.comparisons[0]
  }

  @Test("the candidates of an experiment stand side by side: wanted, answered, labels, what the analyst said")
  func split() {
    var gallery = Gallery()
    gallery.add("80x24", Self.answered(columns: 80, rows: 24))
    gallery.add("120x40", Self.answered(columns: 120, rows: 40))
    gallery.add("200x50", Self.answered(columns: 200, rows: 50))
    gallery.expect(named: "models-split")
    let text = App.read(Self.answered(columns: 80, rows: 24).state).text
    #expect(text.contains("income 142 answered, 61 %, 70 % wanted, agreed 30 of 33, low 70 % · high 30 %"))
    #expect(text.contains("ner 91 answered, 39 %, 30 % wanted, agreed 0 of 8, high 89 % · low 11 %"))
    #expect(
      text.contains("of 40 records that both answered: income alone right 10, ner alone right 3, McNemar p .092"))
    #expect(text.ranges(of: "alone right").count == 2)
  }

  @Test("who answered is told of a model that no control plane calls an experiment, from two on")
  func splitWithoutControlPlane() {
    let model = Model(id: ModelID("income"), state: .ready)
    var facts = ModelsScreen.Facts()
    facts.answered = [ModelsScreen.Answered(by: "income_1", cases: 3)]
    #expect(ModelsScreen.Split(of: model, facts) == nil)
    facts.answered.append(ModelsScreen.Answered(by: "income-next_1", cases: 1))
    #expect(ModelsScreen.Split(of: model, facts)?.line.text == "income_1 got 75 % of 4 · income-next_1 got 25 %")
  }

  @Test("is read as text with kinds, reasons and graphs")
  func table() {
    let text = App.read(Self.selected("income-production").state).text
    #expect(text.contains("kind pipeline"))
    #expect(text.contains("income-preprocess ─▶ income-outlier ─▶ out"))
    #expect(App.read(Self.selected("ner").state).text.contains("reason no server had the capabilities"))
  }

  @Test("a source that failed is said, in full with gl, and the others' models stay")
  func notices() {
    var story = Self.listed(notices: [Problem("The scheduler could not list the models.", advice: "Port 9004")])
    #expect(story.line(1).contains("▲ 1 to note, gl"))
    #expect(story.line(3).contains("income"))
    story.press("gl")
    #expect(story.screen.contains("The scheduler could not list the models."))
  }

  @Test("A asks whether the model's detectors may be asked, y lets them; a model without detectors has nothing to ask")
  func allowing() {
    var story = Self.selected("income")
    #expect(story.press("A").isEmpty)
    #expect(story.toast.contains("A call may change it for everybody. Ask income-drift from now on?"))
    #expect(story.footer.contains("y yes"))
    #expect(story.press("n").isEmpty && story.toast.isEmpty)
    story.press("A")
    #expect(story.press("y") == [.allowDetectors(["income-drift"])])
    var without = Self.selected("ner")
    #expect(without.press("A").isEmpty)
    #expect(without.toast.contains("no detector watches ner"))
  }

  @Test("what a yes leads to is read first and whole, and so is what it is about, however long the names")
  func longQuestions() {
    let long = RawText(String(repeating: "detector-of-a-model-", count: 4))
    let questions: [ModelsScreen.Question] = [
      .detectors(["wine-drift", "wine-outlier"]), .detectors(["wine-drift", "wine-outlier", long]),
      .load(LoadOrder(model: ModelID(long), loads: true)), .load(LoadOrder(model: Income.model, loads: false)),
    ]
    for question in questions {
      for (columns, rows) in [(80, 24), (60, 16), (40, 10), (120, 40)] {
        var story = Self.selected("income").resized(columns, rows)
        story.state.models.asking = question
        let words = story.state.models.question?.text ?? ""
        let shown = (1..<rows - 1).map { story.line($0).filter { $0 != " " } }.joined()
        #expect(shown.contains("▲" + words.filter { $0 != " " }), "\(columns)x\(rows)\n\(story.screen)")
        #expect(words.hasPrefix("A call may change it for everybody.") || words.hasPrefix("Everybody who uses"))
        #expect(story.footer.contains("y yes"))
      }
    }
    // Of a model with two detectors it is one line.
    var story = Self.selected("income")
    story.state.models.asking = questions[0]
    #expect(story.toast.hasSuffix("Ask wine-drift, wine-outlier from now on?"))
  }

  @Test("L asks, y does it, and any other key does not; what belongs to Seldon is not touched")
  func loading() {
    var story = ModelsScreenTests.listed()
    #expect(story.press("L").isEmpty)
    #expect(story.toast.contains("allow_load = true"))
    story.state.models.allowsLoading = true
    #expect(story.press("L").isEmpty)
    #expect(story.toast.contains("Everybody who uses the server notices. Unload income-classifier?"))
    #expect(story.footer.contains("y yes"))
    #expect(story.press("n").isEmpty && story.toast.isEmpty)
    story.press("L")
    #expect(story.press("y") == [.load(LoadOrder(model: Income.model, loads: false))])
    story.press("G")
    story.press("L")
    #expect(story.toast.contains(" Load "))
    #expect(story.press(.escape).isEmpty)
    var seldon = Self.selected("income")
    seldon.state.models.allowsLoading = true
    seldon.press("L")
    #expect(seldon.toast.contains("only read from here"))
  }
}
