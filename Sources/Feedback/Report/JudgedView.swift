public import Domain

/// What was before an analyst's eyes when they judged, as far as statistics need it.
public struct JudgedView: Hashable, Sendable {
  public var model: ModelID
  /// What the model said; empty where it gave no label.
  public var answer: RawText
  /// The probability of that label, 0 to 1.
  public var probability: Double?
  /// Whether the answer is a number: there are no classes then.
  public var isNumber: Bool
  /// Where the model knows two classes, the one that it did not choose.
  public var opposite: RawText?
  /// How the case came before the analyst.
  public var queue: SeenQueue?
  /// Whether the drift window on screen had drifted, and whether the record was an outlier.
  public var isDrift: Bool?
  public var isOutlier: Bool?
  /// What the record held; empty where it was not asked for.
  public var inputs: [Input] = []

  public init(
    model: ModelID, answer: RawText, probability: Double? = nil, isNumber: Bool = false, opposite: RawText? = nil,
    queue: SeenQueue? = nil, isDrift: Bool? = nil, isOutlier: Bool? = nil
  ) {
    self.model = model
    self.answer = answer
    self.probability = probability.flatMap { (0...1).contains($0) ? $0 : nil }
    self.isNumber = isNumber
    self.opposite = opposite
    self.queue = queue
    self.isDrift = isDrift
    self.isOutlier = isOutlier
  }

  /// A view as its event tells it.
  public init(_ seen: Seen, withInputs: Bool = false) {
    self.init(model: seen.model, seen.output, seen.queue, isDrift: seen.drift?.isDrift, seen.outlier?.isOutlier)
    if withInputs, let record = seen.record.record { inputs = Self.inputs(of: record, seen.fields) }
  }

  private init(model: ModelID, _ output: SeenOutput, _ queue: SeenQueue?, isDrift: Bool?, _ isOutlier: Bool?) {
    var classes: [ClassScore] = []
    var chosen: ClassScore?
    var isNumber = false
    switch output.answer {
    case .classes(let scores, let index):
      classes = scores
      if classes.indices.contains(index) { chosen = classes[index] }
    case .value: isNumber = true
    case .opaque: break
    }
    self.init(
      model: model, answer: output.label, probability: chosen?.probability, isNumber: isNumber,
      opposite: output.opposite,
      queue: queue, isDrift: isDrift, isOutlier: isOutlier)
  }
}

extension JudgedView {
  /// Where in the body of a `seen` event, as JSON paths, what a view needs stands. A store that reads these alone need
  /// not read explanations and, without inputs, the record, which are most of the body.
  public static func paths(withInputs: Bool) -> [String] {
    let paths = [
      "$.payload.model", "$.payload.version", "$.payload.output", "$.payload.queue", "$.payload.drift.is_drift",
      "$.payload.outlier.is_outlier",
    ]
    return withInputs ? paths + ["$.payload.fields", "$.payload.record"] : paths
  }

  /// What stands at `paths`, as an array in their order; nil for anything that is no view.
  public init?(parts json: JSON) {
    guard let parts = json.array, parts.count >= 6, let name = parts[0].rawText,
      let output = try? SeenOutput(json: parts[2])
    else { return nil }
    let queue = parts[3] == .null ? nil : try? SeenQueue(json: parts[3])
    self.init(model: ModelID(name, version: parts[1].rawText), output, queue, isDrift: parts[4].bool, parts[5].bool)
    guard parts.count == 8, case .inline(let record) = try? SeenRecord(json: parts[7]) else { return }
    inputs = Self.inputs(of: record, (parts[6].array ?? []).compactMap { try? SeenField(json: $0) })
  }
}
