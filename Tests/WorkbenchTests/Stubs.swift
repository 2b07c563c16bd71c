import Domain
internal import Feedback
import Frames
import Workbench

/// A service with four models as the embedded one has them, and a ledger that knows two.
enum Stub {
  static let now = Timestamp("2026-11-23T12:04:00Z") ?? Timestamp(microseconds: 0)

  /// The timing of a decision that was made on one part of the screen, with a key at its end; the case came a second
  /// after the start.
  static func timing(first: Int, active: Int, on pane: RawText) -> JudgementBody.Timing {
    JudgementBody.Timing(
      shownAt: now.advanced(bySeconds: 1), firstKeyMilliseconds: first, activeMilliseconds: active,
      wallMilliseconds: active, views: [PaneTime(pane: pane, milliseconds: active)])
  }

  /// An agreement with a case, as it goes to be saved.
  static func commit(_ id: ShortHash) -> Commit {
    Commit(caseID: id, judgement: Judgement(verdict: .agree), timing: JudgementBody.Timing())
  }

  static let wine = Signature(
    inputs: [
      TensorSpec(
        name: "input", datatype: .fp64, shape: [-1, 3],
        parameters: [
          .init("feature_names", ["alcohol", "ash", "proline"]), .init("units", ["% vol", "", ""]),
          .init("ranges", [[11, 15], [1.3, 3.3], [270, 1680]]),
        ])
    ],
    outputs: [
      TensorSpec(
        name: "predict_proba", datatype: .fp64, shape: [-1, 3],
        parameters: [.init("class_names", ["class_0", "class_1", "class_2"])])
    ])

  static let cargo = Signature(
    inputs: [
      TensorSpec(
        name: "seal", datatype: .bytes, shape: [-1, 1],
        parameters: [.init("categories", ["broken", "intact", "missing"])]),
      TensorSpec(name: "prior_flags", datatype: .int64, shape: [-1, 1], parameters: [.init("ranges", [[0, 12]])]),
    ],
    outputs: [
      TensorSpec(
        name: "predict", datatype: .bytes, shape: [-1, 1], parameters: [.init("class_names", ["low", "high"])])
    ])

  static let groups = [
    group("cargo", "1", .ready, cargo), group("digits", "1", .ready, nil), group("message-triage", "1", .loading, nil),
    group("wine", "2", .ready, wine),
  ]

  static func group(_ name: RawText, _ version: RawText, _ state: ModelState, _ signature: Signature?) -> ModelGroup {
    ModelGroup(
      model: Model(id: ModelID(name, version: version), state: state, platform: "xgboost", signature: signature),
      explainers: [ModelID(name.appending("-shap"))], driftDetectors: [ModelID(name.appending("-drift"))],
      outlierDetectors: [ModelID(name.appending("-outlier"))])
  }

  static func app(columns: Int = 80, rows: Int = 24) -> AppState {
    var state = AppState(context: "demo", analyst: "ana@las")
    state.size = ScreenSize(columns: columns, rows: rows)
    _ = App.update(&state, .started(now: now, milliseconds: 0))
    return state
  }

  static func listed(columns: Int = 80, rows: Int = 24) -> AppState {
    var state = app(columns: columns, rows: rows)
    _ = App.update(&state, .linked(service: .up, collector: .up))
    _ = App.update(&state, .models(.listed(.init(groups: groups, at: now))))
    var facts = ModelsScreen.Facts()
    facts.calls = 1204
    facts.p95 = 41
    facts.failedShare = 0.002
    facts.driftShares = [0, 0, 0, nil, 0, 0.1, 0.2, 0.2, 0.3, 0.3]
    facts.drifted = 3
    facts.features = 11
    facts.verdicts = [.agree: 41, .disagree: 9]
    facts.waiting = 17
    facts.oldestWaiting = now.advanced(bySeconds: -3 * 86_400)
    _ = App.update(&state, .models(.learned(["cargo": facts])))
    return state
  }

  static func caseContent(number: Int = 9007, explained: Bool = true) throws -> CaseContent {
    let record = try wine.record(of: [.number(11.87), .number(2.1), .number(380)])
    let scores = [
      ClassScore(label: "class_0", probability: 0.03, margin: -1.28),
      ClassScore(label: "class_1", probability: 0.96, margin: 2.26),
      ClassScore(label: "class_2", probability: 0.01, margin: -2.31),
    ]
    let prediction = Prediction(
      model: ModelID("wine", version: "2"), answer: .classes(scores, chosen: 1), outputs: [], latency: 9)
    let attributions = Attributions(
      link: .margin, isExact: true,
      features: zip(wine.fields, ["11.87", "2.1", "380"]).map { .init(name: $0.name, value: $1) },
      classes: [
        .init(label: "class_0", base: 0.07, shares: [0.35, 0.2, -1.9], output: -1.28),
        .init(label: "class_1", base: 0.24, shares: [0.21, 0.31, 1.5], output: 2.26),
        .init(label: "class_2", base: -0.36, shares: [-1.59, -0.16, -0.2], output: -2.31),
      ])
    let explanation = Explanation(
      explainer: ModelID("wine-shap"), method: "Tree SHAP", content: .attributions(attributions), latency: 3)
    let id = ShortHash(hex: "51d0e2\(String(repeating: "0", count: 22))\(number % 10000)") ?? .zero
    let current = Case(
      id: id, recordID: id, number: number, at: now.advanced(bySeconds: -7200), model: ModelID("wine", version: "2"),
      record: record, prediction: prediction, explanations: explained ? [explanation] : [],
      outlier: Outlier(
        detector: ModelID("wine-outlier"), method: "Mahalanobis", score: 5.2, threshold: 4.9, isOutlier: true))
    return CaseContent(case: current, signature: wine, canExplain: true)
  }
}

extension ShortHash {
  static let zero = ShortHash(bytes: [UInt8](repeating: 0, count: 16)).unsafelyUnwrapped
}

/// The screen as text.
func drawn(_ state: AppState) -> String {
  var frame = Frame(columns: state.size.columns, rows: state.size.rows)
  App.draw(state, on: &frame)
  return frame.text
}

extension InferScreen.Batch {
  /// Records of a file that says nothing of them besides.
  init(name: String, texts: [[RawText]], for model: ModelID? = nil) {
    self.init(name: name, records: texts.map { Row(texts: $0) }, for: model)
  }
}
