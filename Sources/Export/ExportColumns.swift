internal import Domain
internal import Feedback

/// Collects the columns of an export.
struct ExportColumns {
  private var inputs: [(key: RawText, type: ExportColumn.ColumnType)] = []
  private var places: [RawText: Int] = [:]

  /// Adds the columns of a record.
  mutating func add(_ seen: Seen, withTexts: Bool) {
    for column in RecordColumns.of(seen, withTexts: withTexts) { add(column.name, column.type) }
  }

  private mutating func add(_ key: RawText, _ type: ExportColumn.ColumnType) {
    if let place = places[key] {
      // Two models may give one name to values of two types.
      inputs[place].type = inputs[place].type.joined(with: type)
    } else {
      places[key] = inputs.count
      inputs.append((key, type))
    }
  }

  /// How rows are written: first what every export has, then the records' columns in the order in which they were met.
  var form: RowForm {
    var taken: Set<RawText> = []
    var form = RowForm(cells: ExportColumn.fixed.map { RowForm.Cell(key: $0.name, column: $0) })
    for input in inputs {
      // Names from outside may differ only in bytes that are no UTF-8.
      let plain = input.key.string
      var name = RawText(plain)
      var number = 2
      while !taken.insert(name).inserted {
        name = RawText("\(plain) (\(number))")
        number += 1
      }
      form.cells.append(.init(key: input.key, column: ExportColumn(name, input.type, "the record's value")))
    }
    return form
  }
}

/// The columns of an export, and where their values are found in a row.
struct RowForm {
  struct Cell {
    /// What the value is called in a row.
    var key: RawText
    var column: ExportColumn
  }

  var cells: [Cell]

  var columns: [ExportColumn] { cells.map(\.column) }

  /// The values in the columns' order; the bytes of texts that are no UTF-8 go into a column of their own.
  func values(of row: JudgementRow) -> [JSON?] {
    var values = cells.map { row.values[$0.key] }
    let strange = zip(cells, values).compactMap { cell, value -> JSON.Member? in
      guard case .string(let text) = value, !text.isUTF8 else { return nil }
      return JSON.Member(cell.column.name, .text(Hexadecimal.text(of: text.bytes)))
    }
    if !strange.isEmpty, let place = cells.firstIndex(where: { $0.key == ExportColumn.strangeTexts }) {
      values[place] = .object(strange)
    }
    return values
  }
}

extension ExportColumn.ColumnType {
  /// The type that holds the values of both.
  func joined(with other: Self) -> Self {
    if self == other { return self }
    let numeric: Set<Self> = [.integer, .unsigned, .number]
    return numeric.contains(self) && numeric.contains(other) ? .number : .json
  }
}
