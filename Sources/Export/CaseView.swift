internal import Domain
internal import Feedback

/// A case as it was seen: its input, and what the model held for true.
struct CaseView {
  let seen: Seen
  let text: RecordText
  private let values: [RawText: JSON]

  /// nil without a record; `row` is of this view.
  init?(_ seen: Seen, _ row: JudgementRow, _ options: ExportOptions) {
    guard let text = RecordText(seen, withTexts: options.withTexts) else { return nil }
    self.seen = seen
    self.text = text
    values = row.values
  }

  var caseID: JSON { values["case_id"] ?? .null }

  /// What the model held for true; nil where no signature explains its answer.
  var predicted: RawText? { seen.output.label.isEmpty ? nil : seen.output.label }

  /// Whether the model answers with a number.
  var answersNumber: Bool { if case .value = seen.output.answer { true } else { false } }

  /// `wine:3`.
  var agent: RawText { seen.model.version.map { seen.model.name.appending(":").appending($0) } ?? seen.model.name }

  /// The probability of the class that the model chose, where it is one.
  var score: Double? {
    guard let score = values["probability"]?.number, (0...1).contains(score) else { return nil }
    return score
  }

  /// These values of the view, those that are there.
  func members(_ names: [RawText]) -> [JSON.Member] {
    names.compactMap { name in values[name].map { JSON.Member(name, $0) } }
  }
}
