internal import Domain

/// Comma-separated values, RFC 4180: quotes, doubled quotes, line ends inside quotes.
enum CSV {
  /// Where a reader of a row stands. A quote opens a value only where the cell is still empty; within other text it is one
  /// character of it, as an inch sign is.
  enum Place {
    case cellStart, text, quoted
    /// After a quote within a quoted value: it ends there, or the next one doubles it.
    case quote

    /// Goes on past a byte.
    mutating func pass(_ byte: UInt8, separator: UInt8) {
      switch (self, byte) {
      case (.cellStart, 0x22), (.quote, 0x22): self = .quoted
      case (.quoted, 0x22): self = .quote
      case (.quoted, _), (.cellStart, 0x0D): break
      case (_, separator), (_, 0x0A): self = .cellStart
      default: self = .text
      }
    }
  }

  static func rows(_ bytes: [UInt8], separator: UInt8 = 0x2C) -> [[RawText]] {
    var rows: [[RawText]] = []
    var row: [RawText] = []
    var cell: [UInt8] = []
    var place = Place.cellStart
    for byte in bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) {
      switch (place, byte) {
      case (.cellStart, 0x22): break
      case (.quoted, _): if byte != 0x22 { cell.append(byte) }
      case (_, 0x0D): break
      case (_, separator):
        row.append(RawText(bytes: cell))
        cell = []
      case (_, 0x0A):
        row.append(RawText(bytes: cell))
        cell = []
        if row.count > 1 || !row[0].isEmpty { rows.append(row) }
        row = []
      default: cell.append(byte)
      }
      place.pass(byte, separator: separator)
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
