import Domain

@testable import Workbench

/// Other kinds of models: thirteen numbers and three classes, a text, a picture.
enum Kinds {
  /// A model of lists: token ids, their types, words, scores, and a tensor that no form can fill.
  static let tokens = Signature(
    inputs: [
      TensorSpec(
        name: "ids", datatype: .int64, shape: [-1, -1], parameters: [JSON.Member("value_range", [0, 30522])]),
      TensorSpec(name: "types", datatype: .int64, shape: [-1, -1]),
      TensorSpec(name: "words", datatype: .bytes, shape: [-1, -1]),
      TensorSpec(name: "scores", datatype: .fp32, shape: [-1, -1]),
      TensorSpec(name: "open", datatype: .fp32, shape: [-1, -1, -1]),
    ], outputs: [])

  // MARK: Wine

  static let wineNames: [JSON] = [
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
  ]

  static let wine = Signature(
    inputs: [
      TensorSpec(
        name: "input", datatype: .fp64, shape: [-1, 13],
        parameters: [
          .init("feature_names", .array(wineNames)),
          .init(
            "ranges",
            .array(
              [
                [11, 14.9], [0.7, 5.8], [1.3, 3.3], [10, 30], [70, 162], [0.9, 3.9], [0.3, 5.1], [0.13, 0.66],
                [0.4, 3.6],
                [1, 13], [0.4, 1.8], [1.2, 4], [200, 1700],
              ].map { .array($0.map(JSON.number)) })),
        ])
    ],
    outputs: [
      TensorSpec(
        name: "predict_proba", datatype: .fp64, shape: [-1, 3],
        parameters: [.init("class_names", ["class_0", "class_1", "class_2"])])
    ])

  static let wineValues: [FieldValue] = [
    11.87, 4.31, 2.39, 21, 82, 2.86, 3.03, 0.21, 2.91, 2.8, 0.75, 3.64, 380,
  ].map(FieldValue.number)

  static func wineContent() throws -> CaseContent {
    let model = ModelID("wine", version: "2")
    let shares: [[Double]] = [
      [0.2, -0.05, 0.01, 0, 0.02, 0.1, 0.12, 0, 0.05, 0.1, -0.05, 0.05, -1.9],
      [0.21, -0.05, 0, 0, 0, -0.01, 0, 0, 0, 1.5, -0.05, -0.22, 0.63],
      [-0.1, 0, 0.02, 0.01, 0, -0.1, -0.15, 0, 0.01, 0, -0.05, -1.59, 0],
    ]
    let bases = [0.07, 0.24, -0.36]
    let labels: [RawText] = ["class_0", "class_1", "class_2"]
    let outputs = zip(bases, shares).map { $1.reduce($0, +) }
    let features = zip(wine.fields, wineValues).map { Attributions.Feature(name: $0.name, value: $1.text) }
    let explanation = Explanation(
      explainer: ModelID("wine-shap"), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .margin, isExact: true, features: features,
          classes: (0..<3).map { .init(label: labels[$0], base: bases[$0], shares: shares[$0], output: outputs[$0]) })))
    let scores = zip(labels, [0.03, 0.96, 0.01]).enumerated().map { index, score in
      ClassScore(label: score.0, probability: score.1, margin: outputs[index])
    }
    return CaseContent(
      case: Case(
        id: Income.id(9007), recordID: Income.id(9007), number: 9007, at: Stub.now.advanced(bySeconds: -7200),
        model: model,
        record: try wine.record(of: wineValues),
        prediction: Prediction(model: model, answer: .classes(scores, chosen: 1), outputs: [], latency: 9),
        explanations: [explanation],
        outlier: Outlier(
          detector: ModelID("wine-outlier"), method: "IForest", score: 0.037, threshold: nil, isOutlier: true)),
      signature: wine,
      record: TrackRecord(lower: 0.9, upper: 1, right: 31, judged: 33, interval: 0.804...0.983), canExplain: true)
  }

  // MARK: Text

  static let intent = Signature(
    inputs: [TensorSpec(name: "text", datatype: .bytes, shape: [-1, 1])],
    outputs: [
      TensorSpec(
        name: "predict", datatype: .bytes, shape: [-1, 1],
        parameters: [.init("class_names", ["billing", "delivery", "fault", "account"])])
    ], parameters: [.init("task_question", "What does the message ask for?")])

  static func textContent(
    _ text: String = "my parcel did not arrive please refund the card fee", number: Int = 9120
  ) throws -> CaseContent {
    let model = ModelID("intent", version: "3")
    let words = text.split(separator: " ").map(String.init)
    let known = ["my": -0.07, "not": -0.08, "please": 1.0, "refund": 0.38, "the": 0.01, "card": 0.29, "fee": 1.37]
    var start = 0
    var tokens: [Attributions.Token] = []
    for word in words {
      tokens.append(.init(text: RawText(word), start: start, end: start + word.utf8.count))
      start += word.utf8.count + 1
    }
    let shares = words.map { known[$0] ?? 0 } + [-0.78]
    let names = tokens.map(\.text) + ["words not present"]
    let sum = shares.reduce(-0.18, +)
    let explanation = Explanation(
      explainer: ModelID("intent-shap"), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .margin, isExact: true, features: names.map { .init(name: $0) },
          classes: [.init(label: "billing", base: -0.18, shares: shares, output: sum)], layout: .tokens(tokens))))
    let scores = [("billing", 0.55), ("delivery", 0.43), ("fault", 0.01), ("account", 0.01)].map {
      ClassScore(label: RawText($0.0), probability: $0.1, margin: 0)
    }
    return CaseContent(
      case: Case(
        id: Income.id(number), recordID: Income.id(number), number: number, at: Stub.now.advanced(bySeconds: -10_800),
        model: model, record: try intent.record(of: [.text(RawText(text))]),
        prediction: Prediction(model: model, answer: .classes(scores, chosen: 0), outputs: [], latency: 6),
        explanations: [explanation]),
      signature: intent, canExplain: true)
  }

  // MARK: Picture

  static let digits = Signature(
    inputs: [
      TensorSpec(
        name: "image", datatype: .fp64, shape: [-1, 8, 8, 1],
        parameters: [.init("value_range", .array([.number(0), .number(16)]))])
    ],
    outputs: [
      TensorSpec(
        name: "predict_proba", datatype: .fp64, shape: [-1, 10],
        parameters: [.init("class_names", .array((0..<10).map { .string(RawText("\($0)")) }))])
    ], parameters: [.init("task_question", "Which digit is this?")])

  /// A handwritten seven.
  static let pixels: [Double] = [
    0, 0, 5, 12, 13, 16, 16, 2, 0, 0, 11, 16, 15, 8, 4, 0, 0, 0, 8, 14, 11, 1, 0, 0, 0, 0, 8, 16, 16, 14, 0, 0,
    0, 0, 1, 6, 6, 16, 0, 0, 0, 0, 0, 0, 5, 16, 3, 0, 0, 0, 1, 5, 15, 13, 0, 0, 0, 0, 4, 15, 16, 2, 0, 0,
  ]

  static func pictureContent(number: Int = 9204) throws -> CaseContent {
    let model = ModelID("digits", version: "1")
    let shares = pixels.enumerated().map { index, pixel in
      [1.06, -0.6, 0.83, -0.36, 0.2, 0][index % 6] * (pixel / 16) * (index % 4 == 0 ? 1 : 0.4)
    }
    let names = (0..<64).map { RawText("r\($0 / 8 + 1)c\($0 % 8 + 1)") }
    let features = zip(names, pixels).map { Attributions.Feature(name: $0, value: RawText("\(Int($1))")) }
    let classes = (0..<10).map { digit -> Attributions.ClassShares in
      let scaled = shares.map { $0 * (digit == 7 ? 1 : 0.1 * Double(digit)) }
      return .init(label: RawText("\(digit)"), base: -0.15, shares: scaled, output: scaled.reduce(-0.15, +))
    }
    let explanation = Explanation(
      explainer: ModelID("digits-shap"), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .margin, isExact: true, features: features, classes: classes, layout: .pixels(rows: 8, columns: 8))))
    let probabilities = [0.01, 0.01, 0.02, 0.01, 0.01, 0.01, 0.01, 0.52, 0.06, 0.34]
    let scores = probabilities.enumerated().map { ClassScore(label: RawText("\($0)"), probability: $1, margin: 0) }
    return CaseContent(
      case: Case(
        id: Income.id(number), recordID: Income.id(number), number: number, at: Stub.now.advanced(bySeconds: -3600),
        model: model, record: try digits.record(of: [.image(pixels)]),
        prediction: Prediction(model: model, answer: .classes(scores, chosen: 7), outputs: [], latency: 7),
        explanations: [explanation]),
      signature: digits, canExplain: true)
  }
}
