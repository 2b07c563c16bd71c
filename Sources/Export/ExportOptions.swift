public import Domain

/// The form of an export.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// One line a judgement event, an object with the columns as keys and typed values.
  case jsonl
  /// The same rows by RFC 4180; cells that spreadsheets would take for formulas begin with an apostrophe.
  case csv
  /// One line an event of any kind, whole, with its links: what can be verified again.
  case events
}

/// How an export is to be.
public struct ExportOptions: Hashable, Sendable {
  public var format: ExportFormat
  /// Only judgements of this model's answers; nil for all.
  public var model: RawText?
  /// Only judgements in force.
  public var onlyInForce: Bool
  /// Whether notes go along: analysts may have written names into them.
  public var withNotes: Bool
  /// What stands for analysts' names in rows; nil where the names do. Whole events keep theirs.
  public var pseudonyms: Pseudonyms?

  public init(
    format: ExportFormat, model: RawText? = nil, onlyInForce: Bool = false, withNotes: Bool = true,
    pseudonyms: Pseudonyms? = nil
  ) {
    self.format = format
    self.model = model
    self.onlyInForce = onlyInForce
    self.withNotes = withNotes
    self.pseudonyms = pseudonyms
  }
}

/// What an export came to.
public struct ExportReport: Hashable, Sendable {
  /// Lines written, the heading aside.
  public var rows = 0
  /// Judgements that could not be written because their body was redacted or is not there.
  public var withoutBody = 0
  /// Judgements that could not be written because this program cannot read them.
  public var unreadable = 0
  /// The columns of a row, in order.
  public var codebook: Codebook
}
