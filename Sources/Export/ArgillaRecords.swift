internal import Domain
internal import Feedback

/// Cases as Argilla's `Record.from_dict` takes them: the model's answer is the suggestion, analysts' are responses.
struct ArgillaRecords: CaseWriter {
  static let losses = [
    "numbers and lists among the inputs: a record has one field, its text, or a line for each of its values",
    "timing, stage and how much of the answer was on screen",
    "marks on explanations, and how useful they were",
  ]

  private static let columns = [
    ExportColumn("id", .text, "the case"),
    ExportColumn("fields.text", .text, "the record: its text, or a line `name: value` for each of its values"),
    ExportColumn(
      "suggestions", .json,
      "`label`, or `value` of a model that answers with a number: the model's answer, its probability as `score`, the "
        + "model and its version as `agent`"),
    ExportColumn(
      "responses", .json,
      "by question, for each analyst: `verdict` (agree, disagree, unsure, skip), `label` or `value` (what the analyst "
        + "holds for true), `confidence` (1 to 5), `reasons`, `note`; those of a skip are discarded"),
    ExportColumn("metadata", .json, "case, record, source, model, version, and in a list the verdicts"),
  ]

  private var numbers = AnalystNumbers()
  private var labels = LabelSet()

  var codebook: Codebook {
    var book = Codebook(ArgillaRecords.columns, .argilla)
    book.analysts = numbers.analysts
    book.labels = labels.labels
    return book
  }

  mutating func record(_ view: CaseView, _ judgements: [StandingJudgement]) -> JSON {
    let question: RawText = view.answersNumber ? "value" : "label"
    var suggestions: [JSON.Member] = []
    if let predicted = view.predicted {
      var suggestion = [JSON.Member("value", .string(predicted))]
      suggestion.put("score", view.score.map(JSON.number))
      suggestion.put("agent", .string(view.agent))
      suggestions.put(question, .object(suggestion))
      if !view.answersNumber { labels.add(view.seen.output.answer, predicted) }
    }
    return .object([
      "id": view.caseID, "fields": .object(["text": .string(view.text.text)]),
      "metadata": .object(metadata(view, judgements)), "suggestions": .object(suggestions),
      "responses": .object(responses(judgements, question)), "vectors": .object([]),
      "status": judgements.contains { !$0.isSkip } ? "completed" : "pending", "_server_id": .null,
    ])
  }

  private func metadata(_ view: CaseView, _ judgements: [StandingJudgement]) -> [JSON.Member] {
    var members = view.members([
      "case_id", "record_id", "source_id", "service", "model", "version", "margin", "outlier_score",
    ])
    // Metadata are compared by the server, whose numbers are finite.
    members.removeAll { ["NaN", "Infinity", "-Infinity"].contains($0.value) }
    members.put("answers", .integer(Int64(judgements.count)))
    let verdicts = judgements.compactMap { $0.row.values["verdict"] }
    if !verdicts.isEmpty { members.put("verdict", .array(verdicts)) }
    let confidence = judgements.compactMap { $0.body.judgement.confidence }
    if !confidence.isEmpty {
      members.put("confidence", .number(Double(confidence.reduce(0, +)) / Double(confidence.count)))
    }
    return members
  }

  private mutating func responses(_ judgements: [StandingJudgement], _ question: RawText) -> [JSON.Member] {
    var answers: [(question: RawText, values: [JSON])] =
      ["verdict", question, "confidence", "reasons", "note"].map { ($0, []) }
    for judgement in judgements {
      let user = numbers.analyst(judgement.analyst).uuid
      if let answer = judgement.answer, question == "label" { labels.add(answer) }
      let reasons = judgement.row.values["reasons"]?.array ?? []
      let values: [JSON?] = [
        judgement.row.values["verdict"], judgement.answer.map(JSON.string), judgement.row.values["confidence"],
        reasons.isEmpty ? nil : .array(reasons), judgement.row.values["note"],
      ]
      for (place, value) in values.enumerated() {
        guard let value else { continue }
        answers[place].values.append(
          .object([
            "value": value, "user_id": .text(user), "status": judgement.isSkip ? "discarded" : "submitted",
          ]))
      }
    }
    return answers.filter { !$0.values.isEmpty }.map { JSON.Member($0.question, .array($0.values)) }
  }
}

/// The classes of models and analysts, in the order in which they were met.
struct LabelSet {
  private(set) var labels: [RawText] = []
  private var met: Set<RawText> = []

  mutating func add(_ label: RawText) {
    if !label.isEmpty, met.insert(label).inserted { labels.append(label) }
  }

  mutating func add(_ answer: Prediction.Answer, _ predicted: RawText) {
    if case .classes(let classes, _) = answer { for entry in classes { add(entry.label) } }
    add(predicted)
  }
}
