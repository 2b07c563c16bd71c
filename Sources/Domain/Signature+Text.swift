extension Signature {
  /// The field that a text for the model goes into: the one that generating models are known to name so, else the first
  /// that takes any text; nil where none does.
  public var textField: Field? {
    let texts = fields.filter { $0.kind == .text || $0.kind == .list(.bytes) }
    return texts.first { ["text_input", "prompt", "text"].contains($0.name) } ?? texts.first
  }

  /// The tensors of those inputs that have all their values; the others stay out of the record, for a service that
  /// knows which of them it can do without. Values are in the order of `fields`.
  public func record(ofGiven values: [FieldValue]) throws(Problem) -> Record {
    guard values.count == fields.count else { throw Problem("\(values.count) values for \(fields.count) fields") }
    let missing = Set(zip(fields, values).filter { $0.1 == .missing }.map { $0.0.place.tensor })
    var rest = self
    rest.inputs = []
    rest.fields = []
    var given: [FieldValue] = []
    for (index, input) in inputs.enumerated() where !missing.contains(index) {
      for (field, value) in zip(fields, values) where field.place.tensor == index {
        var field = field
        field.place.tensor = rest.inputs.count
        rest.fields.append(field)
        given.append(value)
      }
      rest.inputs.append(input)
    }
    return try rest.record(of: given)
  }
}
