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
    let cells: Cells
    switch self.cells {
    case .success(let read): cells = read
    case .failure(let fault): return .failure(fault)
    }
    var values: [FieldValue] = []
    values.reserveCapacity(signature.fields.count)
    for field in signature.fields {
      guard let text = cells.values[field.name] else {
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
