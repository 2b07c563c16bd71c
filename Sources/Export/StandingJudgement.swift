internal import Domain
internal import Feedback

/// A judgement that stands, for the forms that know nothing of changes of mind: what was seen, and what was said.
struct StandingJudgement {
  let event: Event
  let row: JudgementRow
  let body: JudgementBody
  let seen: Seen
  let text: RecordText

  /// nil without a record, or where a model would be told of a part of it only.
  init?(_ judged: JudgedEvent, _ row: JudgementRow, _ options: ExportOptions) {
    guard let seen = judged.seen, let text = RecordText(seen, withTexts: options.withTexts) else { return nil }
    guard options.format != .seldonFeedback || options.withTexts || !seen.hasTexts else { return nil }
    event = judged.event
    body = judged.judgement
    self.row = row
    self.seen = seen
    self.text = text
  }

  var analyst: RawText { row.values["analyst"]?.text ?? "" }

  /// What the analyst holds for true.
  var answer: RawText? { row.values["answer"]?.text }

  /// What the model held for true; nil where no signature explains its answer.
  var predicted: RawText? { seen.output.label.isEmpty ? nil : seen.output.label }

  /// Whether the model answers with a number.
  var answersNumber: Bool { if case .value = seen.output.answer { true } else { false } }

  var isSkip: Bool { body.judgement.verdict == .skip }

  /// `wine:3`.
  var agent: RawText { seen.model.version.map { seen.model.name.appending(":").appending($0) } ?? seen.model.name }

  /// The probability of the class that the model chose, where it is one.
  var score: Double? {
    guard let score = row.values["probability"]?.number, (0...1).contains(score) else { return nil }
    return score
  }

  /// These values of the row, those that are there.
  func members(_ names: [RawText]) -> [JSON.Member] {
    names.compactMap { name in row.values[name].map { JSON.Member(name, $0) } }
  }
}

extension [JSON.Member] {
  /// Adds a member where there is a value.
  mutating func put(_ key: RawText, _ value: JSON?) {
    if let value { append(JSON.Member(key, value)) }
  }
}
