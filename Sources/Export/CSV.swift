internal import Domain
internal import Feedback

/// Cells by RFC 4180 that no spreadsheet takes for a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a line end, or with the full-width forms of the signs, gets
/// an apostrophe before it, unless the whole cell is a decimal number. NUL is written as U+FFFD, and so are bytes
/// that are no UTF-8: JSONL is the lossless format.
enum CSV {
  static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// Appends one line.
  static func append(_ cells: [[UInt8]], to output: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      append(cell, to: &output)
    }
    output += lineEnd
  }

  /// The cell of a value: text as it is, numbers in full, anything else as JSON.
  static func cell(_ value: JSON?) -> [UInt8] {
    switch value {
    case nil, .null: return []
    // How a number that is not finite stands; nothing that a spreadsheet could run.
    case .string("-Infinity"): return Array("-Infinity".utf8)
    case .string(let text): return safe(text)
    case .integer, .unsigned, .bool: return value?.serialized ?? []
    case .number(let number): return Array(Decimal.shortest(number).utf8)
    case .array, .object:
      guard let value, let bytes = try? CanonicalJSON.bytes(of: value) else { return [] }
      return safe(RawText(bytes: bytes))
    }
  }

  /// The text with an apostrophe where a spreadsheet would take it for a formula.
  static func safe(_ text: RawText) -> [UInt8] {
    let bytes = Array(text.string.utf8)
    let whole: [UInt8] = bytes.contains(0) ? bytes.flatMap { $0 == 0 ? Array("\u{FFFD}".utf8) : [$0] } : bytes
    return isDangerous(whole) && !isNumber(whole) ? [UInt8(ascii: "'")] + whole : whole
  }

  private static func isDangerous(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    if "=+-@\t\r\n".utf8.contains(first) { return true }
    return ["＝", "＋", "－", "＠"].contains { bytes.starts(with: $0.utf8) }
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
