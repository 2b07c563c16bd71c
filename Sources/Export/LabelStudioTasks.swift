internal import Domain
internal import Feedback

/// Cases as Label Studio's tasks: the model's answer is the prediction, each analyst's word an annotation.
struct LabelStudioTasks: CaseWriter {
  static let losses = [
    "timing but `lead_time`, stage and how much of the answer was on screen",
    "marks on explanations, and how useful they were",
    "integers above 2^53, where Label Studio's pages read them: JavaScript rounds them",
    "control characters in classes and reasons: U+FFFD stands for them, because XML has none",
  ]

  private static let columns = [
    ExportColumn("id", .integer, "number of the task in this file, from 1"),
    ExportColumn("data.text", .text, "the record: its text, or a line `name: value` for each of its values"),
    ExportColumn("data.input", .json, "the record's values by name, where it is not one text"),
    ExportColumn("data.case_id", .text, "the case; beside it record, source, service, model, version and route"),
    ExportColumn("predictions", .json, "the model's answer, its probability as `score`, `model:version`"),
    ExportColumn(
      "annotations", .json,
      "one for each analyst: `verdict`, `label` or `value` (what the analyst holds for true), `confidence`, `reasons`, "
        + "`note`; `completed_by` is the analyst's number, `lead_time` the active seconds, `was_cancelled` a skip, "
        + "`unique_id` the event"),
  ]

  private var numbers = AnalystNumbers()
  private var config = LabelingConfig()
  private var tasks = 0
  private var annotations = 0

  var codebook: Codebook {
    var book = Codebook(LabelStudioTasks.columns, .labelStudio)
    book.analysts = numbers.analysts
    book.labels = config.labels
    book.labelingConfig = config.xml
    return book
  }

  mutating func record(_ view: CaseView, _ judgements: [StandingJudgement]) -> JSON {
    tasks += 1
    var data = [JSON.Member("text", .string(view.text.text))]
    if !view.text.values.isEmpty { data.put("input", .object(view.text.values)) }
    data += view.members(["case_id", "record_id", "source_id", "service", "model", "version", "route"])
    return .object([
      "id": .integer(Int64(tasks)), "data": .object(data), "predictions": .array(predictions(view)),
      "annotations": .array(judgements.map { annotation($0) }),
    ])
  }

  private mutating func predictions(_ view: CaseView) -> [JSON] {
    guard let predicted = view.predicted else { return [] }
    if case .classes(let classes, _) = view.seen.output.answer { for entry in classes { config.add(entry.label) } }
    var members = [JSON.Member("id", .integer(Int64(tasks))), JSON.Member("model_version", .string(view.agent))]
    members.put("score", view.score.map(JSON.number))
    members.put("result", .array(answer(predicted, view).map { [$0] } ?? []))
    return [.object(members)]
  }

  private mutating func annotation(_ judgement: StandingJudgement) -> JSON {
    annotations += 1
    let said = judgement.body.judgement
    var result: [JSON] = []
    if let answer = judgement.answer.flatMap({ answer($0, judgement.view) }) { result.append(answer) }
    if let verdict = said.verdict, verdict != .skip {
      result.append(region("verdict", "choices", .object(["choices": [.text(verdict.rawValue)]])))
    }
    if let confidence = said.confidence {
      result.append(region("confidence", "rating", .object(["rating": .integer(Int64(confidence))])))
    }
    let reasons = said.reasons.filter { !$0.isEmpty }.map { config.add(reason: $0) }
    if !reasons.isEmpty { result.append(region("reasons", "choices", .object(["choices": .texts(reasons)]))) }
    if case .string(let note)? = judgement.row.values["note"] {
      result.append(region("note", "textarea", .object(["text": [.string(note)]])))
    }
    let timing = judgement.body.timing
    let seconds = (timing.activeMilliseconds ?? timing.wallMilliseconds).map { JSON.number(Double($0) / 1000) }
    return .object([
      "id": .integer(Int64(annotations)), "unique_id": .text(AnalystNumbers.hyphenated(judgement.event.eventID.hex)),
      "completed_by": .integer(Int64(numbers.analyst(judgement.analyst).number)),
      "created_at": .text(judgement.event.at.description), "lead_time": seconds ?? .null,
      "was_cancelled": .bool(judgement.isSkip), "ground_truth": false, "result": .array(result),
    ])
  }

  private mutating func answer(_ answer: RawText, _ view: CaseView) -> JSON? {
    guard view.answersNumber else {
      return region("label", "choices", .object(["choices": [.string(config.add(answer))]]))
    }
    guard let number = Double(answer.string), number.isFinite else { return nil }
    config.hasNumbers = true
    return region("value", "number", .object(["number": .number(number)]))
  }

  private func region(_ name: RawText, _ type: RawText, _ value: JSON) -> JSON {
    .object([
      "id": .string(name), "from_name": .string(name), "to_name": "text", "type": .string(type), "value": value,
    ])
  }
}
