import Domain
import Frames
import SafeText

/// A table as plain text: a header and rows in columns, two spaces between.
struct TextTable {
  struct Column {
    var title: String
    var alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  var columns: [Column]
  var rows: [[SafeText]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row of foreign or other text; an empty cell shows that there is no value.
  mutating func add(_ cells: [String]) { rows.append(cells.map { SafeText($0.isEmpty ? "·" : $0) }) }

  /// What is wider makes no column wider: it stands whole, and moves what is left of its own row alone.
  private static let widest = 60

  /// The lines, without spaces at their ends.
  var lines: [String] {
    let table = [columns.map { SafeText($0.title) }] + rows
    let widths = columns.indices.map { column in
      table.map { $0[column].width }.filter { $0 <= Self.widest }.max() ?? 0
    }
    return table.map { row in
      var line = row.indices.map { column in
        let cell = row[column]
        return cell.width > widths[column] ? cell.text : cell.padded(to: widths[column], columns[column].alignment).text
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension Timestamp {
  /// `2026-11-25 16:30Z`.
  var minuteText: String { "\(dayText) \(clockText)" }
}

/// Numbers in tables.
enum Figures {
  /// A share with two digits and no leading zero: `.83`.
  static func share(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return trimmed(fixed(value, 2))
  }

  /// So many digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return Decimal.shortest(value) }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int64((abs(value) * scale).rounded())
    let text = String(whole)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = value < 0 && whole != 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// A p-value: three decimals, and one digit with its power of ten where it is smaller.
  static func p(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value >= 0.001 { return trimmed(fixed(value, 3)) }
    // Whoever reads the table by a program reads a minus.
    return Numeral.scientific(value).text.replacing("\u{2212}", with: "-")
  }

  private static func trimmed(_ text: String) -> String { text.hasPrefix("0.") ? String(text.dropFirst()) : text }
}
