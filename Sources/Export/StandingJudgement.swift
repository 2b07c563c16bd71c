internal import Domain
internal import Feedback

/// A judgement that stands, for the forms that know nothing of changes of mind: what was seen, and what was said.
struct StandingJudgement {
  let event: Event
  let row: JudgementRow
  let body: JudgementBody
  let view: CaseView

  /// nil without a record, or where a model would be told of a part of it only. `shown` is the case as somebody else saw
  /// it, in whose record this one counts where its own view has none.
  init?(_ judged: JudgedEvent, _ row: JudgementRow, _ options: ExportOptions, shown: CaseView? = nil) {
    guard let seen = judged.seen, let view = CaseView(seen, row, options) ?? shown else { return nil }
    guard options.format != .seldonFeedback || options.withTexts || !seen.hasTexts else { return nil }
    event = judged.event
    body = judged.judgement
    self.row = row
    self.view = view
  }

  var analyst: RawText { row.values["analyst"]?.text ?? "" }

  /// What the analyst holds for true.
  var answer: RawText? { row.values["answer"]?.text }

  var isSkip: Bool { body.judgement.verdict == .skip }

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
