public import Domain
internal import Feedback

/// A prediction as a line of JSON: what `mds infer` writes, what `mds case show --format json` prints and what
/// `mds cases import` reads. docs/predictions.md has every member.
public enum PredictionLine {
  /// The line of a case; `row` is its row in the file that was scored.
  public static func json(_ current: Case, row: Int? = nil, id: RawText? = nil) -> JSON {
    var members: [JSON.Member] = []
    func put(_ key: RawText, _ value: JSON?) { if let value { members.append(JSON.Member(key, value)) } }
    put("row", row.map { .integer(Int64($0)) })
    put("id", id.map(JSON.raw))
    put("case", .text(current.id.hex))
    put("number", current.number > 0 ? .integer(Int64(current.number)) : nil)
    put("at", .text(current.at.description))
    put("source_id", current.sourceID.isEmpty ? nil : JSON.raw(current.sourceID))
    put("model", JSON.raw(current.model.name))
    put("version", current.model.version.map(JSON.raw))
    let prediction = current.prediction
    switch prediction.answer {
    case .classes(let classes, _):
      put("label", JSON.raw(prediction.label))
      put("probabilities", .object(classes.map { JSON.Member($0.label, $0.probability.map(JSON.exact) ?? .null) }))
    case .value(let value): put("value", .exact(value))
    case .opaque: break
    }
    put("batch", current.standsInRows ? nil : false)
    put("inputs", .array(current.record.tensors.map(\.json)))
    put("outputs", .array(prediction.outputs.map(\.json)))
    put("request_id", prediction.requestID.isEmpty ? nil : JSON.raw(prediction.requestID))
    put("trace_id", prediction.traceID.isEmpty ? nil : JSON.raw(prediction.traceID))
    put("route", prediction.route.isEmpty ? nil : JSON.raw(prediction.route))
    put("latency_ms", prediction.latency.map(JSON.exact))
    put("explanations", current.explanations.isEmpty ? nil : .array(current.explanations.map(\.json)))
    put("outlier", current.outlier?.json)
    put("judgements", current.judgements.isEmpty ? nil : .array(current.judgements.map(json)))
    return .object(members)
  }

  /// The line of an answer to several records at once: their outputs, without the records.
  static func ofMany(_ current: Case, row: Int, id: RawText?) -> JSON {
    let left: Set<RawText> = ["batch", "inputs", "label", "probabilities", "value"]
    return .object((json(current, row: row, id: id).members ?? []).filter { !left.contains($0.key) })
  }

  private static func json(_ given: GivenJudgement) -> JSON {
    var members = [
      JSON.Member("analyst", JSON.raw(given.analyst)), JSON.Member("at", .text(given.at.description)),
      JSON.Member("verdict", given.judgement.verdict.map { .text($0.rawValue) } ?? .null),
      JSON.Member("stage", .text(given.stage.rawValue)), JSON.Member("assist", .text(given.assistance.rawValue)),
    ]
    if let label = given.judgement.label { members.append(JSON.Member("label", JSON.raw(label))) }
    if let confidence = given.judgement.confidence {
      members.append(JSON.Member("confidence", .integer(Int64(confidence))))
    }
    if !given.judgement.reasons.isEmpty {
      members.append(JSON.Member("reasons", .array(given.judgement.reasons.map(JSON.raw))))
    }
    if !given.judgement.note.isEmpty { members.append(JSON.Member("note", JSON.raw(given.judgement.note))) }
    return .object(members)
  }
}

extension Case {
  /// Whether the first extent of each of its tensors is the one row that it is.
  var standsInRows: Bool { (record.tensors + prediction.outputs).allSatisfy { ($0.shape.first ?? 1) == 1 } }
}

/// A line that was read: a case but for its record, which may need the model's signature.
struct ReadPrediction {
  var model: ModelID
  var at: Timestamp
  var sourceID: RawText
  var inputs: Inputs
  var prediction: Prediction
  var explanations: [Explanation]
  var outlier: Outlier?

  enum Inputs {
    case record(Record)
    /// Values by field name.
    case cells([RawText: RawText])
  }

  /// Reads a line; `model` and `at` stand in for members that it lacks. One that `needsAnswer` has a label, probabilities,
  /// a value or outputs.
  init(_ json: JSON, model name: RawText?, at moment: Timestamp?, needsAnswer: Bool = true) throws(RowFault) {
    guard json.members != nil else { throw RowFault(reason: "it is no JSON object") }
    guard let name = json["model"]?.rawText ?? name else {
      throw RowFault(reason: "it has no model; --model names one for all")
    }
    // A version is a name: Seldon and Triton write numbers.
    let version = json["version"].flatMap { $0 == .null ? nil : $0.rawText ?? RawText($0.serializedString) }
    model = ModelID(name, version: version)
    at = try ReadPrediction.time(json["at"], moment)
    sourceID = json["source_id"].map { $0.rawText ?? RawText($0.serializedString) } ?? ""
    let isBatched = json["batch"]?.bool ?? true
    inputs = try ReadPrediction.inputs(json["inputs"], isBatched)
    do {
      var outputs: [Tensor] = []
      for tensor in json["outputs"]?.array ?? [] { outputs.append(try ReadPrediction.tensor(tensor, isBatched)) }
      prediction = Prediction(
        model: model, answer: try ReadPrediction.answer(json, needsAnswer), outputs: outputs,
        requestID: json["request_id"]?.rawText ?? "", route: json["route"]?.rawText ?? "",
        traceID: json["trace_id"]?.rawText ?? "", latency: json["latency_ms"]?.number)
      var explanations: [Explanation] = []
      for explanation in json["explanations"]?.array ?? [] { explanations.append(try Explanation(json: explanation)) }
      self.explanations = explanations
      outlier = try json["outlier"].flatMap { $0 == .null ? nil : try Outlier(json: $0) }
    } catch let fault as RowFault {
      throw fault
    } catch let error as EventBodyError {
      throw RowFault(reason: error.reason)
    } catch {
      throw RowFault(reason: "it cannot be read")
    }
  }

  private static func time(_ json: JSON?, _ moment: Timestamp?) throws(RowFault) -> Timestamp {
    guard let json, json != .null else {
      guard let moment else { throw RowFault(reason: "it has no time, at; --at gives one to all") }
      return moment
    }
    guard let time = json.string.flatMap({ Timestamp($0) }) else {
      throw RowFault(reason: "at is no time as 2026-11-23T12:04:05Z: \(json.serializedString)")
    }
    return time
  }

  private static func inputs(_ json: JSON?, _ isBatched: Bool) throws(RowFault) -> Inputs {
    if let tensors = json?.array {
      var read: [Tensor] = []
      for tensor in tensors { read.append(try self.tensor(tensor, isBatched)) }
      guard !read.isEmpty else { throw RowFault(reason: "inputs is empty") }
      return .record(Record(tensors: read))
    }
    guard let members = json?.members else { throw RowFault(reason: "it has no inputs: tensors, or values by name") }
    return .cells(Dictionary(members.map { ($0.key, $0.value.typed) }) { first, _ in first })
  }

  /// A tensor of one record, whose shape is that of its elements: of one row, where the first extent counts records.
  private static func tensor(_ json: JSON, _ isBatched: Bool) throws(RowFault) -> Tensor {
    let tensor: Tensor
    do throws(EventBodyError) {
      tensor = try Tensor(json: json)
    } catch {
      throw RowFault(reason: "a tensor cannot be read: \(error.reason)")
    }
    guard tensor.shapeCount == tensor.count else {
      throw RowFault(reason: "\(tensor.name.string) has \(tensor.count) elements for the shape \(tensor.shape)")
    }
    guard !isBatched || (tensor.shape.first ?? 1) == 1 else {
      throw RowFault(reason: "\(tensor.name.string) has \(tensor.shape[0]) rows; a line is one record")
    }
    return tensor
  }

  private static func answer(_ json: JSON, _ needsAnswer: Bool) throws(RowFault) -> Prediction.Answer {
    let label = json["label"].flatMap { $0 == .null ? nil : $0.rawText ?? RawText($0.serializedString) }
    if let members = json["probabilities"]?.members, !members.isEmpty {
      var classes: [ClassScore] = []
      for member in members {
        let probability = member.value == .null ? nil : member.value.exactNumber
        if member.value != .null, probability.map({ !(0...1).contains($0) }) ?? true {
          throw RowFault(
            reason: "the probability of \(member.key.string) is \(member.value.serializedString), not 0 to 1")
        }
        classes.append(ClassScore(label: member.key, probability: probability))
      }
      guard let label else {
        let best = classes.indices.max { (classes[$0].probability ?? -1) < (classes[$1].probability ?? -1) }
        return .classes(classes, chosen: best ?? 0)
      }
      guard let chosen = classes.firstIndex(where: { $0.label == label }) else {
        throw RowFault(reason: "the label \(label.string) is not among the probabilities")
      }
      return .classes(classes, chosen: chosen)
    }
    if let label { return .classes([ClassScore(label: label)], chosen: 0) }
    if let value = json["value"]?.exactNumber { return .value(value) }
    guard !needsAnswer || json["outputs"]?.array?.isEmpty == false else {
      throw RowFault(reason: "it has no answer: label, probabilities, value or outputs")
    }
    return .opaque
  }
}
