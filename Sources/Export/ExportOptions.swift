public import Domain

/// How an export is to be.
public struct ExportOptions: Hashable, Sendable {
  public var format: ExportFormat
  /// Only judgements of this model's answers; nil for all.
  public var model: RawText?
  /// Only judgements in force.
  public var onlyInForce: Bool
  /// Whether notes go along: analysts may have written names into them.
  public var withNotes: Bool
  /// Whether texts among the inputs go along, and what shows parts of them: explanations and marks.
  public var withTexts: Bool
  /// What stands for analysts' names in rows; nil where the names do. Whole events keep theirs.
  public var pseudonyms: Pseudonyms?
  /// What of the log it has; nil for the whole.
  public var part: ExportPart?
  /// Whether a card is wanted, for which answers are kept in memory.
  public var withCard: Bool

  public init(
    format: ExportFormat, model: RawText? = nil, onlyInForce: Bool = false, withNotes: Bool = true,
    withTexts: Bool = true, pseudonyms: Pseudonyms? = nil, part: ExportPart? = nil, withCard: Bool = false
  ) {
    self.format = format
    self.model = model
    self.onlyInForce = onlyInForce
    self.withNotes = withNotes
    self.withTexts = withTexts
    self.pseudonyms = pseudonyms
    self.part = part
    self.withCard = withCard
  }
}
