public import Domain

/// Records from a file: CSV with a header, JSON or JSONL with field names, or a text a line.
public enum InputFile {
  /// The values of each row, in the order of the signature's fields; the first mistake names its row and field.
  public static func rows(
    of bytes: [UInt8], named name: String, for signature: Signature
  ) throws(Problem) -> [[FieldValue]] {
    let lower = name.lowercased()
    let table: [[RawText: RawText]]
    let isText = signature.fields.count == 1 && lower.hasSuffix(".txt")
    if isText, let field = signature.fields.first {
      table = CSV.lines(bytes).filter { !$0.isEmpty }.map { [field.name: $0] }
    } else if lower.hasSuffix(".csv") || lower.hasSuffix(".tsv") {
      table = try csv(bytes, separator: lower.hasSuffix(".tsv") ? 0x09 : 0x2C, signature)
    } else {
      table = try json(bytes)
    }
    var rows: [[FieldValue]] = []
    for (index, row) in table.enumerated() { rows.append(try values(row, signature, row: index + 1)) }
    guard !rows.isEmpty else {
      throw Problem("\(name) holds no records", advice: "CSV needs a header with field names.")
    }
    return rows
  }

  /// `~` as the home folder.
  public static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Machine.environment("HOME") else { return path }
    return home + path.dropFirst(1)
  }

  static func values(
    _ row: [RawText: RawText], _ signature: Signature, row number: Int
  ) throws(Problem) -> [FieldValue] {
    let cells = FileRow.Cells(values: row, sourceID: "")
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

  private static func csv(
    _ bytes: [UInt8], separator: UInt8, _ signature: Signature
  ) throws(Problem) -> [[RawText: RawText]] {
    let rows = CSV.rows(bytes, separator: separator)
    guard let header = rows.first else { return [] }
    for field in signature.fields where !field.isOptional && !header.contains(field.name) {
      throw Problem(
        "the header has no column \(field.name.string)",
        advice: "It has: \(header.map(\.string).joined(separator: ", "))")
    }
    return rows.dropFirst().map { row in
      Dictionary(zip(header, row).map { ($0, $1) }) { first, _ in first }
    }
  }

  private static func json(_ bytes: [UInt8]) throws(Problem) -> [[RawText: RawText]] {
    var values: [JSON] = []
    if let whole = try? JSON(parsing: bytes) {
      values = whole.array ?? [whole]
    } else {
      for (index, line) in CSV.lines(bytes).enumerated() where !line.trimmed.isEmpty {
        do throws(JSONError) {
          values.append(try JSON(parsing: line.bytes))
        } catch {
          throw Problem("line \(index + 1) is no JSON: \(error.description)")
        }
      }
    }
    var rows: [[RawText: RawText]] = []
    for (index, value) in values.enumerated() {
      // The shipped records have their values under `inputs`.
      guard let members = (value["inputs"] ?? value).members else {
        throw Problem("record \(index + 1) is no JSON object")
      }
      rows.append(Dictionary(members.map { ($0.key, $0.value.typed) }) { first, _ in first })
    }
    return rows
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
