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
    if let value = given.judgement.value { members.append(JSON.Member("value", .exact(value))) }
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
