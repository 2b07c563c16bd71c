/// Turns foreign scalars into ones that may be drawn, counting cells as it goes.
struct Sanitizer {
  /// More marks than that on one character are stacked up to cover its neighbours; ncurses keeps no more either.
  static let mostMarks = 4

  private var text = String.UnicodeScalarView()
  private var width = 0
  private var marks = 0
  /// Whether a mark has something to stand on.
  private var hasBase = false
  private var lastIsWide = false
  private var variations = 0
  /// A joiner after an emoji: dropped if another emoji follows, else shown.
  private var joinerIsHeld = false

  /// The whole of `string` as one line.
  static func line(_ string: String) -> SafeText {
    if isPlain(string) { return SafeText(trusted: string, width: string.utf8.count) }
    var sanitizer = Sanitizer()
    for scalar in withoutCarriageReturns(string) { sanitizer.add(scalar) }
    return sanitizer.finish()
  }

  /// The lines of `string`, as its line breaks part them; a tab goes to the next multiple of `tab` cells.
  static func lines(_ string: String, tab: Int = 4) -> [SafeText] {
    var lines: [SafeText] = []
    var sanitizer = Sanitizer()
    for scalar in withoutCarriageReturns(string) {
      switch ScalarKind(scalar) {
      case .lineBreak:
        lines.append(sanitizer.finish())
        sanitizer = Sanitizer()
      case .tab:
        repeat { sanitizer.add(" ") } while sanitizer.width % tab != 0
      default: sanitizer.add(scalar)
      }
    }
    lines.append(sanitizer.finish())
    return lines
  }

  /// UTF-8 with `‹xFF›` for each byte that belongs to no character.
  static func decode(_ bytes: [UInt8]) -> String {
    if let string = String(validating: bytes, as: UTF8.self) { return string }
    var string = ""
    var iterator = bytes[...]
    while !iterator.isEmpty {
      let length = sequenceLength(iterator)
      if length == 0 {
        let byte = iterator.removeFirst()
        string += "‹x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))›"
      } else {
        string += String(decoding: iterator.prefix(length), as: UTF8.self)
        iterator = iterator.dropFirst(length)
      }
    }
    return string
  }

  /// The length of the valid UTF-8 sequence at the start, or 0.
  private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int {
    guard let first = bytes.first else { return 0 }
    let length =
      switch first {
      case 0..<0x80: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0, bytes.count >= length else { return 0 }
    return String(validating: bytes.prefix(length), as: UTF8.self) == nil ? 0 : length
  }

  private static func isPlain(_ string: String) -> Bool {
    string.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  /// CR LF is one line break.
  private static func withoutCarriageReturns(_ string: String) -> some Sequence<Unicode.Scalar> {
    let scalars = Array(string.unicodeScalars)
    return scalars.indices.lazy
      .filter { !(scalars[$0] == "\r" && $0 + 1 < scalars.count && scalars[$0 + 1] == "\n") }
      .map { scalars[$0] }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    let kind = ScalarKind(scalar)
    if joinerIsHeld {
      joinerIsHeld = false
      if kind != .wide { show("‹ZWJ›") }
    }
    switch kind {
    case .narrow: append(scalar, cells: 1)
    case .wide: append(scalar, cells: 2)
    case .tab: append(" ", cells: 1)
    case .lineBreak: append("⏎", cells: 1)
    case .shown(let shown): show(shown)
    case .mark:
      if !hasBase { append("◌", cells: 1) }
      marks += 1
      if marks <= Self.mostMarks { text.append(scalar) }
    case .variation:
      variations += 1
      if !hasBase || variations > 1 { show(ScalarKind.hexadecimal(scalar.value)) }
    case .joiner:
      if lastIsWide { joinerIsHeld = true } else { show("‹ZWJ›") }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, cells: Int) {
    text.append(scalar)
    width += cells
    marks = 0
    variations = 0
    hasBase = true
    lastIsWide = cells == 2
  }

  private mutating func show(_ shown: String) {
    for scalar in shown.unicodeScalars { append(scalar, cells: 1) }
    hasBase = false
  }

  private mutating func finish() -> SafeText {
    if joinerIsHeld { show("‹ZWJ›") }
    joinerIsHeld = false
    return SafeText(trusted: String(text), width: width)
  }
}
