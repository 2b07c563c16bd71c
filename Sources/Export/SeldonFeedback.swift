internal import Domain
internal import Feedback

/// A judgement as the `Feedback` message of Seldon Core 1 (`prediction.proto`, in its JSON form): what was asked, what
/// was answered, whether that was right, and what is.
enum SeldonFeedback {
  static let losses = [
    "marks on explanations, and how useful they were",
    "unsure and skipped judgements: a reward of 0 is not counted by Seldon's wrapper, so there is no line for them",
    "Seldon's numbers are doubles: integers above 2^53 are rounded, and NaN among mixed values is null",
    "of the record's shape only that of a single tensor of numbers; lists among mixed values stand element by element",
  ]

  static let columns = [
    ExportColumn("request", .json, "a SeldonMessage: the record, with names"),
    ExportColumn("response", .json, "a SeldonMessage: the probability of each class, or the number or class alone"),
    ExportColumn("reward", .number, "1 where the model is right by the analyst's word, -1 where not"),
    ExportColumn(
      "truth", .json,
      "a SeldonMessage: 1 for the right class and 0 for the others, or the right number or text alone; "
        + "`meta.tags` says who judged, when and how"),
  ]

  private static let tags: [RawText] = [
    "case_id", "event_id", "record_id", "source_id", "analyst", "at", "verdict", "answer", "confidence", "reasons",
    "note", "stage", "assist", "active_ms",
  ]

  /// nil where the judgement does not say whether the model is right.
  static func message(_ judgement: StandingJudgement) -> JSON? {
    guard let isRight = isRight(judgement) else { return nil }
    var members = [JSON.Member("request", request(judgement.view.seen))]
    members.put("response", response(judgement))
    members.put("reward", .integer(isRight ? 1 : -1))
    var truth = [JSON.Member("meta", .object(["tags": .object(judgement.members(tags))]))]
    truth.put("data", data(of: judgement.answer, judgement.view.seen.output.answer))
    members.put("truth", .object(truth))
    return .object(members)
  }

  private static func isRight(_ judgement: StandingJudgement) -> Bool? {
    switch judgement.body.judgement.verdict {
    case .agree: true
    case .disagree: false
    case .unsure, .skip: nil
    case nil: judgement.answer.map { $0 == judgement.view.predicted }
    }
  }

  private static func request(_ seen: Seen) -> JSON {
    let tensors = seen.record.record?.tensors ?? []
    var members: [JSON.Member] = []
    if !seen.requestID.isEmpty { members.put("meta", .object(["puid": .string(seen.requestID)])) }
    // Services that take a text by itself have an input of this name.
    if tensors.count == 1, tensors[0].name == "strData", case .bytes(let texts) = tensors[0].elements, texts.count == 1
    {
      members.put("strData", .string(texts[0] ?? ""))
    } else {
      members.put("data", data(of: tensors, seen))
    }
    return .object(members)
  }

  /// One tensor of numbers keeps its shape; other records are one row of values.
  private static func data(of tensors: [Tensor], _ seen: Seen) -> JSON {
    let cells = RecordColumns.of(seen).flatMap(cells)
    if tensors.count == 1, tensors[0].datatype != .bytes, tensors[0].datatype != .bool {
      let shape = tensors[0].shape.reduce(1, *) == tensors[0].count ? tensors[0].shape : []
      let values = (0..<tensors[0].count).map { JSON.exact(tensors[0].number(at: $0) ?? .nan) }
      let names = cells.count == values.count && shape.last == values.count ? cells.map { JSON.string($0.key) } : []
      let extents = shape.isEmpty ? [1, values.count] : shape
      var members: [JSON.Member] = []
      if !names.isEmpty { members.put("names", .array(names)) }
      members.put(
        "tensor", .object(["shape": .array(extents.map { .integer(Int64($0)) }), "values": .array(values)]))
      return .object(members)
    }
    return .object(["names": .array(cells.map { .string($0.key) }), "ndarray": [.array(cells.map(\.value))]])
  }

  /// A column's values, each with its name.
  private static func cells(_ column: RecordColumns.Column) -> [JSON.Member] {
    let name = RawText(bytes: column.name.bytes.dropFirst(RecordColumns.prefix.bytes.count))
    let isNumber = column.type == .number || column.type == .json
    // JSON's numbers are finite, and a word among them would make texts of all.
    func cell(_ value: JSON) -> JSON { isNumber && ["NaN", "Infinity", "-Infinity"].contains(value) ? .null : value }
    guard case .array(let values) = column.value else { return [JSON.Member(name, cell(column.value))] }
    return values.enumerated().map { JSON.Member(name.appending(RawText("[\($0)]")), cell($1)) }
  }

  private static func response(_ judgement: StandingJudgement) -> JSON {
    let seen = judgement.view.seen
    var tags = [JSON.Member("model", .string(seen.model.name))]
    tags.put("version", seen.model.version.map(JSON.string))
    var meta: [JSON.Member] = []
    if !seen.requestID.isEmpty { meta.put("puid", .string(seen.requestID)) }
    meta.put("tags", .object(tags))
    var members = [JSON.Member("meta", .object(meta))]
    if case .classes(let classes, _) = seen.output.answer, classes.allSatisfy({ $0.probability?.isFinite == true }) {
      members.put("data", row(classes.map { .exact($0.probability ?? 0) }, names: classes.map(\.label)))
    } else {
      members.put("data", data(of: judgement.view.predicted, seen.output.answer, isOneHot: false))
    }
    return .object(members)
  }

  /// An answer as one row: of all classes where it is one of the model's and they can be told apart.
  private static func data(of answer: RawText?, _ model: Prediction.Answer, isOneHot: Bool = true) -> JSON? {
    guard let answer else { return nil }
    switch model {
    case .classes(let classes, _) where isOneHot && classes.filter({ $0.label == answer }).count == 1:
      return row(classes.map { .integer($0.label == answer ? 1 : 0) }, names: classes.map(\.label))
    case .value: return row([Double(answer.string).flatMap { $0.isFinite ? JSON.number($0) : nil } ?? .string(answer)])
    case .classes, .opaque: return row([.string(answer)])
    }
  }

  private static func row(_ cells: [JSON], names: [RawText] = []) -> JSON {
    var members: [JSON.Member] = []
    if !names.isEmpty { members.put("names", .texts(names)) }
    members.put("ndarray", [.array(cells)])
    return .object(members)
  }
}
