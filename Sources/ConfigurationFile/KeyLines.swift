/// The lines on which the keys of a TOML text stand: TOMLKit tells positions of syntax errors only.
///
/// It reads a text before TOMLKit does. On one that TOMLKit refuses it still ends, with lines that may be wrong.
struct KeyLines {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lines: [[String]: Int] = [:]
  /// The first thing of which TOMLKit's parser makes an end of the program.
  private(set) var refused: Mistake?

  init(_ text: String) {
    bytes = Array(text.utf8)
    readDocument()
  }

  /// The line of a key by its path, else of the nearest table around it; 1 for the document.
  func line(of path: [String]) -> Int {
    var path = path[...]
    while !path.isEmpty {
      if let line = lines[Array(path)] { return line }
      path.removeLast()
    }
    return 1
  }

  /// The line of exactly this key; nil where it does not stand in the text.
  subscript(path: [String]) -> Int? { lines[path] }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func step() {
    // A text that breaks off has no step beyond its end.
    guard let byte else { return }
    if byte == 0x0A { line += 1 }
    position += 1
  }

  private mutating func readDocument() {
    var table: [String] = []
    while true {
      skipSpace(acrossLines: true)
      guard let first = byte else { return }
      if first == UInt8(ascii: "[") {
        step()
        if byte == UInt8(ascii: "[") { step() }
        skipSpace(acrossLines: false)
        if let byte, !KeyLines.beginsName(byte), byte != UInt8(ascii: "]") {
          refuse("a table has no name", "as in [name]; other than A-Z a-z 0-9 - _ in quotes")
        }
        table = readKey()
        note(table)
        skipToLineEnd()
      } else {
        readAssignment(in: table)
        skipToLineEnd()
      }
    }
  }

  private mutating func readAssignment(in table: [String]) {
    let start = position
    let path = table + readKey()
    note(path)
    skipSpace(acrossLines: false)
    if byte == UInt8(ascii: "=") { step() }
    skipSpace(acrossLines: false)
    skipValue(at: path)
    // Whatever stands here, the reader moves on.
    if position == start { step() }
  }

  private mutating func note(_ path: [String]) {
    for count in stride(from: 1, through: path.count, by: 1) where lines[Array(path.prefix(count))] == nil {
      lines[Array(path.prefix(count))] = line
    }
  }

  private mutating func readKey() -> [String] {
    var parts: [String] = []
    while true {
      skipSpace(acrossLines: false)
      switch byte {
      case UInt8(ascii: "\""): parts.append(readQuoted(UInt8(ascii: "\"")))
      case UInt8(ascii: "'"): parts.append(readQuoted(UInt8(ascii: "'")))
      default:
        let start = position
        while let byte, KeyLines.isBare(byte) { step() }
        parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      skipSpace(acrossLines: false)
      guard byte == UInt8(ascii: ".") else { return parts }
      step()
    }
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    isBare(byte) || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// A quoted key; `\"` and `\\` are read, other escapes stay as they are written.
  private mutating func readQuoted(_ quote: UInt8) -> String {
    var content: [UInt8] = []
    step()
    while let next = byte, next != quote, next != 0x0A {
      if next == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), position + 1 < bytes.count,
        bytes[position + 1] == quote || bytes[position + 1] == next
      {
        step()
      }
      content.append(bytes[position])
      step()
    }
    step()
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func skipValue(at path: [String]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
    case UInt8(ascii: "["): skipArray(at: path)
    case UInt8(ascii: "{"): skipInlineTable(at: path)
    default:
      let start = position
      while let byte, byte != 0x0A, !",]}#".utf8.contains(byte) { step() }
      if KeyLines.breaksOff(bytes[start..<position]) { refuse("a date without its time", "a text stands in quotes") }
    }
  }

  /// Whether a date is followed by what should be a time and begins as none.
  private static func breaksOff(_ value: ArraySlice<UInt8>) -> Bool {
    let rest = value.drop { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    guard rest.startIndex - value.startIndex >= 8, let mark = rest.first else { return false }
    let time = rest.dropFirst().first
    guard "Tt".utf8.contains(mark) else {
      return mark == 0x20 && time.map { !(0x30...0x39).contains($0) && $0 != 0x20 } ?? false
    }
    return time.map { !(0x30...0x39).contains($0) } ?? true
  }

  private mutating func refuse(_ what: String, _ advice: String) {
    if refused == nil { refused = Mistake(line: line, what: what, advice: advice) }
  }

  private mutating func skipString() {
    guard let quote = byte else { return }
    let isMultiline = bytes[position...].starts(with: [quote, quote, quote])
    for _ in 0..<(isMultiline ? 3 : 1) { step() }
    while let next = byte {
      if next == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        step()
        step()
        continue
      }
      guard next == quote else {
        step()
        continue
      }
      if !isMultiline {
        step()
        return
      }
      // Up to two quotes may stand before the closing three.
      let count = bytes[position...].prefix { $0 == quote }.count
      for _ in 0..<count { step() }
      if count >= 3 { return }
    }
  }

  private mutating func skipArray(at path: [String]) {
    step()
    while true {
      skipSpace(acrossLines: true)
      guard let next = byte else { return }
      if next == UInt8(ascii: "]") {
        step()
        return
      }
      // No value begins so.
      if next == UInt8(ascii: "}") || next >= 0x80 {
        refuse("a list holds what is no value", "a text stands in quotes")
      }
      let start = position
      if next == UInt8(ascii: ",") { step() } else { skipValue(at: path) }
      if position == start { step() }
    }
  }

  private mutating func skipInlineTable(at path: [String]) {
    step()
    while true {
      skipSpace(acrossLines: true)
      guard let next = byte else { return }
      if next == UInt8(ascii: "}") {
        step()
        return
      }
      if next == UInt8(ascii: ",") { step() } else { readAssignment(in: path) }
    }
  }

  /// Skips blanks and, across lines, line ends and comments.
  private mutating func skipSpace(acrossLines: Bool) {
    while let next = byte {
      switch next {
      case 0x20, 0x09, 0x0D: step()
      case 0x0A where acrossLines: step()
      case UInt8(ascii: "#") where acrossLines: skipToLineEnd()
      default: return
      }
    }
  }

  private mutating func skipToLineEnd() {
    while let next = byte, next != 0x0A { step() }
  }
}
