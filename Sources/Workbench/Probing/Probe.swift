public import Domain

/// One question to the model beside the record: one field changed, and what it answers then.
public struct Probe: Hashable, Sendable {
  /// The one field that differs from the record.
  public var field: RawText
  public var from: RawText
  public var to: RawText
  /// The probability of the class that the record itself got, without and with the change; nil where there is none.
  public var before: Double?
  public var after: Double?
  /// What the model answers to the record, and to the record with the change.
  public var oldLabel: RawText
  public var newLabel: RawText

  public init(
    field: RawText, from: RawText, to: RawText, before: Double?, after: Double?, oldLabel: RawText, newLabel: RawText
  ) {
    self.field = field
    self.from = from
    self.to = to
    self.before = before
    self.after = after
    self.oldLabel = oldLabel
    self.newLabel = newLabel
  }

  /// Holds the model's answer with one value changed against its answer to the record itself.
  public init(field: Field, from: FieldValue, to: FieldValue, original: Prediction, changed: Prediction) {
    let label = original.label
    self.init(
      field: field.name, from: from.text, to: to.text, before: original.chosen?.probability,
      after: changed.classes.first { $0.label == label }?.probability, oldLabel: label, newLabel: changed.label)
  }

  /// Whether the change makes the model answer otherwise.
  public var isFlip: Bool { oldLabel != newLabel }
}

/// A change of one field that the model is to be asked about.
public struct ProbeOrder: Equatable, Sendable {
  public var caseID: ShortHash
  /// The field, as an index of the signature's.
  public var field: Int
  /// What it was called on screen: nothing else is changed in its place.
  public var name: RawText
  public var value: FieldValue
  /// Rises with every order on a case.
  public var number: Int

  public init(caseID: ShortHash, field: Int, name: RawText, value: FieldValue, number: Int) {
    self.caseID = caseID
    self.field = field
    self.name = name
    self.value = value
    self.number = number
  }
}

/// What a search for other answers found: for each feature at most one change of it alone that flips the label.
public struct Flips: Equatable, Sendable {
  public var found: [Probe]
  /// Fields of the record.
  public var features: Int
  /// Fields that were not tried: neither a range nor a reference tells which values they may have.
  public var untried: Int
  /// Rows that the model was asked about.
  public var rows: Int

  public init(found: [Probe], features: Int, untried: Int, rows: Int) {
    self.found = found
    self.features = features
    self.untried = untried
    self.rows = rows
  }
}
