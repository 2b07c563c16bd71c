public import Domain
public import Workbench

/// A file of records that is opened on the form of a model.
public enum InputFile {
  /// The first rows of a file that can be gone through in a form, and why others cannot be used; nil where there are more
  /// than so many.
  public static func rows(
    of reader: RowReader, for signature: Signature, atMost limit: Int
  ) throws(Problem) -> (records: [InferScreen.Batch.Row], faults: [String])? {
    try reader.begin(for: signature)
    var records: [InferScreen.Batch.Row] = []
    var faults: [String] = []
    while let row = try reader.next() {
      guard records.count + faults.count < limit else { return nil }
      do throws(Problem) {
        let cells = try cells(of: row)
        let values = try values(cells, signature, row: row.number)
        records.append(.init(texts: signature.texts(of: values), sourceID: cells.sourceID, at: cells.at))
      } catch {
        faults.append(error.summary)
      }
    }
    return (records, faults)
  }

  private static func cells(of row: FileRow) throws(Problem) -> FileRow.Cells {
    switch row.cells {
    case .success(let cells): return cells
    case .failure(let fault): throw Problem("row \(row.number): \(fault.reason)", kind: .invalidInput)
    }
  }

  /// `~` as the home folder.
  public static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Machine.home else { return path }
    return home + path.dropFirst(1)
  }

  static func values(
    _ cells: FileRow.Cells, _ signature: Signature, row number: Int
  ) throws(Problem) -> [FieldValue] {
    var values: [FieldValue] = []
    for field in signature.fields {
      guard let text = cells.text(of: field, in: signature) else {
        throw Problem("row \(number) has no \(field.name.string)", advice: "The columns are the model's field names.")
      }
      switch field.value(of: text) {
      case .success(let value): values.append(value)
      case .failure(let problem) where problem.canBeSentAnyway: values.append(.text(text.trimmed))
      case .failure(let problem): throw Problem("row \(number): \(field.name.string) \(problem.text)")
      }
    }
    return values
  }
}

/// Comma-separated values, RFC 4180: quotes, doubled quotes, line ends inside quotes.
enum CSV {
  static func rows(_ bytes: [UInt8], separator: UInt8 = 0x2C) -> [[RawText]] {
    var rows: [[RawText]] = []
    var row: [RawText] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func isLast(_ index: Int) -> Bool { index + 1 >= bytes.count }
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted {
        if byte == 0x22, !isLast(index), bytes[index + 1] == 0x22 {
          cell.append(byte)
          index += 1
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          cell.append(byte)
        }
      } else {
        switch byte {
        case 0x22: isQuoted = true
        case separator:
          row.append(RawText(bytes: cell))
          cell = []
        case 0x0D: break
        case 0x0A:
          row.append(RawText(bytes: cell))
          cell = []
          if row.count > 1 || !row[0].isEmpty { rows.append(row) }
          row = []
        default: cell.append(byte)
        }
      }
      index += 1
    }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [RawText(bytes: cell)]) }
    return rows
  }

  static func lines(_ bytes: [UInt8]) -> [RawText] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      RawText(bytes: line.last == 0x0D ? line.dropLast() : line)
    }
  }
}
