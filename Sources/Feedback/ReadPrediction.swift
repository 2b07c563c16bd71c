public import Domain

/// A prediction line that was read: a case but for its record, which may need the model's signature. docs/predictions.md has
/// every member.
public struct ReadPrediction: Hashable, Sendable {
  public var model: ModelID
  public var at: Timestamp
  public var sourceID: RawText
  public var inputs: Inputs
  public var prediction: Prediction
  public var explanations: [Explanation]
  public var outlier: Outlier?

  /// How its values are written.
  public enum Inputs: Hashable, Sendable {
    case record(Record)
    /// Values by field name.
    case cells([RawText: RawText])
  }

  /// Reads a line; `model` and `at` stand in for members that it lacks. One that `needsAnswer` has a label, probabilities,
  /// a value or outputs. Throws what is wrong with it.
  public init(_ json: JSON, model name: RawText?, at moment: Timestamp?, needsAnswer: Bool = true)
    throws(EventBodyError)
  {
    guard json.members != nil else { throw EventBodyError("it is no JSON object") }
    guard let name = json["model"]?.rawText ?? name else {
      throw EventBodyError("it has no model; --model names one for all")
    }
    // A version is a name: Seldon and Triton write numbers.
    model = ModelID(name, version: ReadPrediction.name(json["version"]))
    at = try ReadPrediction.time(json["at"], moment)
    sourceID = ReadPrediction.name(json["source_id"]) ?? ""
    let isBatched = json["batch"]?.bool ?? true
    inputs = try ReadPrediction.inputs(json["inputs"], isBatched)
    var outputs: [Tensor] = []
    for tensor in json["outputs"]?.array ?? [] { outputs.append(try ReadPrediction.tensor(tensor, isBatched)) }
    prediction = Prediction(
      model: model, answer: try ReadPrediction.answer(json, needsAnswer), outputs: outputs,
      requestID: json["request_id"]?.rawText ?? "", route: json["route"]?.rawText ?? "",
      traceID: json["trace_id"]?.rawText ?? "", latency: json["latency_ms"]?.number)
    var explanations: [Explanation] = []
    for explanation in json["explanations"]?.array ?? [] { explanations.append(try Explanation(json: explanation)) }
    self.explanations = explanations
    if let outlier = json["outlier"], outlier != .null { self.outlier = try Outlier(json: outlier) }
  }

  /// What a member calls something, which may be a number; null is as if it were not there.
  static func name(_ json: JSON?) -> RawText? {
    json.flatMap { $0 == .null ? nil : $0.rawText ?? RawText($0.serializedString) }
  }

  private static func time(_ json: JSON?, _ moment: Timestamp?) throws(EventBodyError) -> Timestamp {
    guard let json, json != .null else {
      guard let moment else { throw EventBodyError("it has no time, at; --at gives one to all") }
      return moment
    }
    guard let time = json.string.flatMap({ Timestamp($0) }) else {
      throw EventBodyError("at is no time as 2026-11-23T12:04:05Z: \(json.serializedString)")
    }
    return time
  }

  private static func inputs(_ json: JSON?, _ isBatched: Bool) throws(EventBodyError) -> Inputs {
    if let tensors = json?.array {
      var read: [Tensor] = []
      for tensor in tensors { read.append(try self.tensor(tensor, isBatched)) }
      guard !read.isEmpty else { throw EventBodyError("inputs is empty") }
      return .record(Record(tensors: read))
    }
    guard let members = json?.members else { throw EventBodyError("it has no inputs: tensors, or values by name") }
    return .cells(Dictionary(members.map { ($0.key, $0.value.typed) }) { first, _ in first })
  }

  /// A tensor of one record, whose shape is that of its elements: of one row, where the first extent counts records.
  private static func tensor(_ json: JSON, _ isBatched: Bool) throws(EventBodyError) -> Tensor {
    let tensor: Tensor
    do throws(EventBodyError) {
      tensor = try Tensor(json: json)
    } catch {
      throw EventBodyError("a tensor cannot be read: \(error.reason)")
    }
    guard tensor.shapeCount == tensor.count else {
      throw EventBodyError("\(tensor.name.string) has \(tensor.count) elements for the shape \(tensor.shape)")
    }
    guard !isBatched || (tensor.shape.first ?? 1) == 1 else {
      throw EventBodyError("\(tensor.name.string) has \(tensor.shape[0]) rows; a line is one record")
    }
    return tensor
  }

  private static func answer(_ json: JSON, _ needsAnswer: Bool) throws(EventBodyError) -> Prediction.Answer {
    let label = name(json["label"])
    if let members = json["probabilities"]?.members, !members.isEmpty {
      var classes: [ClassScore] = []
      for member in members {
        let probability = member.value == .null ? nil : member.value.exactNumber
        if member.value != .null, probability.map({ !(0...1).contains($0) }) ?? true {
          throw EventBodyError(
            "the probability of \(member.key.string) is \(member.value.serializedString), not 0 to 1")
        }
        classes.append(ClassScore(label: member.key, probability: probability))
      }
      guard let label else {
        let best = classes.indices.max { (classes[$0].probability ?? -1) < (classes[$1].probability ?? -1) }
        return .classes(classes, chosen: best ?? 0)
      }
      guard let chosen = classes.firstIndex(where: { $0.label == label }) else {
        throw EventBodyError("the label \(label.string) is not among the probabilities")
      }
      return .classes(classes, chosen: chosen)
    }
    if let label { return .classes([ClassScore(label: label)], chosen: 0) }
    if let value = json["value"]?.exactNumber { return .value(value) }
    guard !needsAnswer || json["outputs"]?.array?.isEmpty == false else {
      throw EventBodyError("it has no answer: label, probabilities, value or outputs")
    }
    return .opaque
  }
}
