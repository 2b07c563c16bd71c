/// The form of an export.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// One line a judgement event, an object with the columns as keys and typed values.
  case jsonl
  /// The same rows by RFC 4180; cells that spreadsheets would take for formulas begin with an apostrophe.
  case csv
  /// The same rows as typed columns.
  case parquet
  /// One line a judgement that stands, as Prodigy's `db-in` takes it; two where a class is wrong and another right.
  case prodigy
  /// One `Feedback` message of Seldon Core 1 a line.
  case seldonFeedback = "seldon-feedback"
  /// A JSON array of cases, as Argilla's `Record.from_dict` takes them.
  case argilla
  /// A JSON array of cases, as Label Studio imports tasks.
  case labelStudio = "label-studio"
  /// One line an event of any kind, whole, with its links: what can be verified again.
  case events

  /// What it is made of.
  var noun: String {
    switch self {
    case .jsonl, .csv, .parquet, .events: "rows"
    case .prodigy, .seldonFeedback: "lines"
    case .argilla: "records"
    case .labelStudio: "tasks"
    }
  }

  /// Whether one of it is a case, with all that stands on it.
  var isOfCases: Bool {
    switch self {
    case .argilla, .labelStudio: true
    case .jsonl, .csv, .parquet, .prodigy, .seldonFeedback, .events: false
    }
  }

  /// Whether it has last words alone, in lines of their own.
  var isOfLastWords: Bool {
    switch self {
    case .prodigy, .seldonFeedback: true
    case .jsonl, .csv, .parquet, .argilla, .labelStudio, .events: false
    }
  }

  /// Whether marks on explanations stand beside its judgements.
  var hasMarks: Bool {
    switch self {
    case .jsonl, .csv, .parquet, .prodigy: true
    case .seldonFeedback, .argilla, .labelStudio, .events: false
    }
  }

  /// What a row of JSONL says that this form does not, in sentences without a full stop.
  var losses: [String] {
    switch self {
    case .jsonl, .events: []
    case .csv: ["NUL is written as U+FFFD", "a text cannot be told from none where it is empty"]
    case .parquet:
      [
        "values of `json` columns are JSON text",
        "integers above 2^53 are rounded in a column of type `number`, which one has where another model has numbers or "
          + "integers of another kind under the same name",
      ]
    case .prodigy: ExportFormat.standingLosses + ProdigyLine.losses
    case .seldonFeedback: ExportFormat.standingLosses + SeldonFeedback.losses
    case .argilla: ExportFormat.standingLosses + ArgillaRecords.losses
    case .labelStudio: ExportFormat.standingLosses + LabelStudioTasks.losses
    }
  }

  private static let standingLosses = [
    "judgements that were changed, taken back or not chosen between, and those before the model's answer was shown "
      + "where the analyst judged again",
    "judgements whose input is not here: records over 32 KiB whose content has not come, those of contexts that keep none, "
      + "and colleagues' in an analyst's own export",
    "explanations, drift, outlier scores, the queue with its propensity, timing by part of the screen, and the chain",
    "bytes that are no UTF-8: U+FFFD stands for them",
  ]
}
