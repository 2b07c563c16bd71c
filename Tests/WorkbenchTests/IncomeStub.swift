import Domain

@testable import Workbench

/// The designed screens' main example: twelve features, two classes, two explanations, an outlier score without a limit,
/// a window that drifted, a colleague's judgement.
enum Income {
  static let model = ModelID("income-classifier", version: "3")

  static func column(_ name: RawText, _ datatype: Datatype, _ parameters: [JSON.Member]) -> TensorSpec {
    TensorSpec(name: name, datatype: datatype, shape: [-1, 1], parameters: parameters)
  }

  static func labels(_ name: RawText, _ labels: [JSON]) -> TensorSpec {
    column(name, .bytes, [.init("categories", .array(labels))])
  }

  static func number(_ name: RawText, _ low: Double, _ high: Double) -> TensorSpec {
    column(name, .int64, [.init("ranges", .array([.array([.number(low), .number(high)])]))])
  }

  static let signature = Signature(
    inputs: [
      number("age", 17, 90), labels("workclass", ["Private", "State-gov", "Self-emp"]),
      labels("education", ["HS-grad", "Bachelors", "Masters"]), number("education_num", 1, 16),
      labels("marital", ["Married", "Never-married", "Divorced"]),
      labels("occupation", ["Adm-clerical", "Tech-support", "Craft-repair"]),
      labels("relationship", ["Husband", "Not-in-family"]), labels("race", ["White", "Black"]),
      labels("sex", ["Male", "Female"]), number("capital_gain", 0, 99_999), number("capital_loss", 0, 4356),
      number("hours_per_week", 1, 99),
    ],
    outputs: [
      TensorSpec(
        name: "proba", datatype: .fp64, shape: [-1, 2], parameters: [.init("class_names", ["<=50K", ">50K"])])
    ],
    parameters: [.init("task_question", "Is the income over 50K?")])

  static let values: [FieldValue] = [
    .integer(39), .text("State-gov"), .text("Bachelors"), .integer(13), .text("Never-married"), .text("Adm-clerical"),
    .text("Not-in-family"), .text("White"), .text("Male"), .integer(4787), .integer(0), .integer(40),
  ]

  static func prediction(_ probability: Double = 0.73) -> Prediction {
    Prediction(
      model: model,
      answer: .classes(
        [
          ClassScore(label: "<=50K", probability: 1 - probability), ClassScore(label: ">50K", probability: probability),
        ],
        chosen: probability > 0.5 ? 1 : 0), outputs: [], latency: 41)
  }

  static var attributions: Explanation {
    let shares = [0.14, -0.12, -0.01, 0.51, -0.97, -0.01, -0.01, 0, 0.22, 2.17, 0, -0.08]
    let features = zip(signature.fields, values).map { Attributions.Feature(name: $0.name, value: $1.text) }
    return Explanation(
      explainer: ModelID("income-shap"), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .logOdds, isExact: true, features: features,
          classes: [.init(label: ">50K", base: -0.82, shares: shares, output: 1.02)])), latency: 12)
  }

  static var anchor: Explanation {
    Explanation(
      explainer: ModelID("income-anchors"), method: "Anchor",
      content: .anchor(
        Anchor(
          predicates: ["capital_gain > 4 000", "education_num > 12"], precision: 0.94, coverage: 0.008,
          steps: [0.91, 0.94])))
  }

  static let window: Window = {
    let from = Stub.now.aligned(toSeconds: 21_600).advanced(bySeconds: -21_600)
    let drifted: [(RawText, Double, Double)] = [
      ("age", 0.22, 1e-41), ("occupation", 0.14, 3e-18), ("hours_per_week", 0.12, 2e-12),
    ]
    let features = signature.fields.map { field in
      let moved = drifted.first { $0.0 == field.name }
      return FeatureDrift(
        name: field.name, method: .kolmogorovSmirnov, statistic: moved?.1 ?? 0.02, effect: moved?.1 ?? 0.02,
        pValue: moved?.2 ?? 0.4, isDrifted: moved != nil)
    }
    return Window(
      model: model, from: from, to: from.advanced(bySeconds: 21_600), count: 1204,
      result: Window.Result(
        source: .detector, detector: ModelID("income-drift"), method: "TabularDrift", correction: "Bonferroni",
        threshold: 0.05 / 12, referenceCount: 5000, isDrift: true, features: features))
  }()

  static func id(_ number: Int) -> ShortHash {
    let digits = String(number, radix: 16)
    return ShortHash(hex: String(repeating: "0", count: 6 - digits.count) + digits + String(repeating: "0", count: 26))
      ?? .zero
  }

  static func content(
    number: Int = 8841, probability: Double = 0.73, explanations: [Explanation] = [attributions, anchor],
    hours: Double = 2,
    record: TrackRecord? = TrackRecord(lower: 0.7, upper: 0.8, right: 84, judged: 120, interval: 0.613...0.774)
  ) throws -> CaseContent {
    let current = Case(
      id: id(number), recordID: id(number), number: number, at: Stub.now.advanced(bySeconds: -3600 * hours),
      model: model,
      record: try signature.record(of: values), prediction: prediction(probability), explanations: explanations,
      outlier: Outlier(
        detector: ModelID("income-iforest"), method: "IForest", score: -0.067, threshold: nil, isOutlier: false),
      judgements: [
        GivenJudgement(
          analyst: "brent@las", at: Stub.now.advanced(bySeconds: -120),
          judgement: Judgement(verdict: .agree, note: "payslip p.2 confirms"))
      ])
    return CaseContent(case: current, signature: signature, window: window, record: record, canExplain: true)
  }
}
