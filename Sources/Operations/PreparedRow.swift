internal import Domain

/// A row that is ready to be sent.
struct PreparedRow: Sendable {
  var number: Int
  var text: RawText
  var record: Record
  var sourceID: RawText
  var at: Timestamp?
}

extension FileRow {
  /// The row as a record of a model's form; a category that nobody published is sent all the same.
  func prepared(for signature: Signature) -> Result<PreparedRow, RowFault> {
    if case .table(let form) = content, let record = form.numbers?.record(of: text) {
      return .success(PreparedRow(number: number, text: text, record: record, sourceID: ""))
    }
    let cells: Cells
    switch self.cells {
    case .success(let read): cells = read
    case .failure(let fault): return .failure(fault)
    }
    guard !signature.isUnknown else {
      return .failure(
        RowFault(reason: "nobody published what the model takes: a line is to be a V2 request, or a catalogue says it"))
    }
    var values: [FieldValue] = []
    values.reserveCapacity(signature.fields.count)
    for field in signature.fields {
      guard let text = cells.text(of: field, in: signature) else {
        return .failure(RowFault(reason: "it has no \(field.name.string)"))
      }
      switch field.value(of: text) {
      case .success(let value): values.append(value)
      case .failure(let problem) where problem.canBeSentAnyway: values.append(.text(text.trimmed))
      case .failure(let problem): return .failure(RowFault(reason: "\(field.name.string) \(problem.text)"))
      }
    }
    do throws(Problem) {
      let record = try signature.record(of: values)
      return .success(PreparedRow(number: number, text: text, record: record, sourceID: cells.sourceID, at: cells.at))
    } catch {
      return .failure(RowFault(reason: error.summary))
    }
  }
}

extension FileRow.Cells {
  /// What the row has for a field; empty for one that the model answers without, nil for one that is missing.
  func text(of field: Field, in signature: Signature) -> RawText? {
    values[field.name] ?? part(of: field, in: signature) ?? (field.isOptional ? "" : nil)
  }

  /// A field's part of a list that stands under its tensor's name, with as many values as the tensor has fields.
  private func part(of field: Field, in signature: Signature) -> RawText? {
    switch field.kind {
    case .image, .list, .open: return nil
    case .number, .integer, .flag, .category, .text: break
    }
    guard signature.inputs.indices.contains(field.place.tensor) else { return nil }
    let input = signature.inputs[field.place.tensor]
    guard input.datatype != .bytes, let list = values[input.name] else { return nil }
    let parts = list.listParts
    return parts.count == input.width(isBatched: signature.isBatched) ? parts[field.place.offset] : nil
  }
}
