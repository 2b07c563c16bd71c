internal import Domain

/// Makes a file of rows, a piece at a time.
protocol RowWriter {
  /// What stands before the first row.
  mutating func begin() -> [UInt8]

  /// Takes the values of a row, in the columns' order; gives what of the file is ready.
  mutating func add(_ values: [JSON?]) -> [UInt8]

  /// The rest of the file.
  mutating func end() -> [UInt8]
}

/// Rows by RFC 4180, under a line with the columns' names.
struct CSVWriter: RowWriter {
  let columns: [ExportColumn]

  func begin() -> [UInt8] { CSV.line(columns.map { CSV.safe($0.name) }) }

  func add(_ values: [JSON?]) -> [UInt8] { CSV.line(zip(columns, values).map { CSV.cell($1, $0.type) }) }

  func end() -> [UInt8] { [] }
}

/// Rows as objects, one a line.
struct JSONLWriter: RowWriter {
  let columns: [ExportColumn]

  func begin() -> [UInt8] { [] }

  func add(_ values: [JSON?]) -> [UInt8] {
    JSON.object(zip(columns, values).map { JSON.Member($0.name, $1 ?? .null) }).serialized + [0x0A]
  }

  func end() -> [UInt8] { [] }
}
