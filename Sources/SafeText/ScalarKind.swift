/// How one Unicode scalar is drawn.
enum ScalarKind: Equatable {
  /// One cell.
  case narrow
  /// Two cells.
  case wide
  /// No cell: a mark on the character before it.
  case mark
  /// A line break of any kind, drawn as `⏎` or a new line.
  case lineBreak
  /// A tab, drawn as a space.
  case tab
  /// A variation selector: at most one is dropped after a character, more of them are a hiding place.
  case variation
  /// Joins two emoji; dropped between them, shown elsewhere.
  case joiner
  /// Never sent as it is: shown by this text.
  case shown(String)

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    switch value {
    case 0x20..<0x7F: self = .narrow
    case 0x0A, 0x85, 0x2028, 0x2029: self = .lineBreak
    case 0x09: self = .tab
    case 0..<0x20: self = .shown(String(Character(Unicode.Scalar(0x2400 + value) ?? "\u{2400}")))
    case 0x7F: self = .shown("␡")
    case 0x80..<0xA0: self = .shown(Self.hexadecimal(value))
    case 0xA0: self = .narrow
    case 0x200D: self = .joiner
    case 0xFE0E, 0xFE0F: self = .variation
    default:
      if let name = Self.name(ofInvisible: value) {
        self = .shown("‹\(name)›")
      } else if Self.isInvisible(value) {
        self = .shown(Self.hexadecimal(value))
      } else if value < 0x300 {
        self = .narrow
      } else if ScalarTable.contains(ScalarTable.unassigned, value) {
        self = .shown("\u{FFFD}")
      } else if ScalarTable.contains(ScalarTable.combining, value) {
        self = .mark
      } else {
        self = ScalarTable.contains(ScalarTable.wide, value) ? .wide : .narrow
      }
    }
  }

  /// `‹9B›`: a value that has no picture, in hexadecimal.
  static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "‹\(digits.utf8.count < 2 ? "0" : "")\(digits)›"
  }

  /// The names that Unicode gives to the characters that turn or hide text.
  private static func name(ofInvisible value: UInt32) -> String? {
    switch value {
    case 0xAD: "SHY"
    case 0x34F: "CGJ"
    case 0x61C: "ALM"
    case 0x180E: "MVS"
    case 0x200B: "ZWSP"
    case 0x200C: "ZWNJ"
    case 0x200D: "ZWJ"
    case 0x200E: "LRM"
    case 0x200F: "RLM"
    case 0x202A: "LRE"
    case 0x202B: "RLE"
    case 0x202C: "PDF"
    case 0x202D: "LRO"
    case 0x202E: "RLO"
    case 0x2060: "WJ"
    case 0x2066: "LRI"
    case 0x2067: "RLI"
    case 0x2068: "FSI"
    case 0x2069: "PDI"
    case 0xFEFF: "BOM"
    default: nil
    }
  }

  /// What else draws nothing or steers its neighbours: fillers, selectors, format characters, tags.
  private static func isInvisible(_ value: UInt32) -> Bool {
    switch value {
    case 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x2061...0x2065, 0x206A...0x206F, 0x3164, 0xFE00...0xFE0D,
      0xFFA0, 0xFFF0...0xFFFB, 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, 0x13430...0x1345F,
      0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0x2800, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }
}
