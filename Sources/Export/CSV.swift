internal import Domain
internal import Feedback

/// Cells by RFC 4180 that no spreadsheet takes for a formula.
///
/// A text that begins with `=`, `+`, `-`, `@`, a tab or a line end, or with the full-width forms of the signs, gets an
/// apostrophe before it, unless the whole of it is a decimal number; so does one in which apostrophes stand before
/// such a sign, so that taking one away gives every text back. NUL is written as U+FFFD.
enum CSV {
  private static let lineEnd: [UInt8] = [0x0D, 0x0A]
  private static let apostrophe = UInt8(ascii: "'")
  private static let replacement = Array("\u{FFFD}".utf8)

  static func line(_ cells: [[UInt8]]) -> [UInt8] {
    var output: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      append(cell, to: &output)
    }
    return output + lineEnd
  }

  /// A value in a column of this type: in a `json` column its JSON text, elsewhere text as it is and numbers in full.
  static func cell(_ value: JSON?, _ type: ExportColumn.ColumnType) -> [UInt8] {
    guard let value, value != .null else { return [] }
    if type == .json { return safe(RawText(bytes: value.serialized)) }
    switch value {
    // A number that is not finite is a word; nothing that a spreadsheet could run.
    case .string(let text): return type == .number ? Array(text.string.utf8) : safe(text)
    case .number(let number): return Array(Decimal.shortest(number).utf8)
    case .null, .integer, .unsigned, .bool, .array, .object: return value.serialized
    }
  }

  /// The text with an apostrophe where a spreadsheet would take it for a formula.
  static func safe(_ text: RawText) -> [UInt8] {
    let bytes = Array(text.string.utf8)
    let whole = bytes.contains(0) ? bytes.flatMap { $0 == 0 ? replacement : [$0] } : bytes
    return isDangerous(whole) && !isNumber(whole) ? [apostrophe] + whole : whole
  }

  private static func isDangerous(_ bytes: [UInt8]) -> Bool {
    let rest = bytes.drop { $0 == apostrophe }
    guard let first = rest.first else { return false }
    if "=+-@\t\r\n".utf8.contains(first) { return true }
    return ["＝", "＋", "－", "＠"].contains { rest.starts(with: $0.utf8) }
  }

  /// `-?digits(.digits)?(e±digits)?`, and nothing else.
  private static func isNumber(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    func digits(_ rest: inout ArraySlice<UInt8>) -> Bool {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count > 0
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    guard digits(&rest) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits(&rest) else { return false }
    }
    if let e = rest.first, e == UInt8(ascii: "e") || e == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits(&rest) else { return false }
    }
    return rest.isEmpty
  }

  private static func append(_ cell: [UInt8], to output: inout [UInt8]) {
    let needsQuotes =
      cell.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0D || $0 == 0x0A } || cell.first == 0x20
      || cell.last == 0x20
    guard needsQuotes else {
      output += cell
      return
    }
    output.append(0x22)
    for byte in cell {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}
