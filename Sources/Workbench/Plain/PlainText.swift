internal import SafeText

/// Text as plain mode says it: without signs that a voice or a line of braille has no word for.
public struct PlainText: Equatable, Sendable {
  /// Whether nothing but ASCII can be written.
  public var isASCII: Bool

  public init(isASCII: Bool) { self.isASCII = isASCII }

  /// One line, safe to print: no control characters, no drawing, single spaces.
  public func line(_ text: String) -> String {
    var line = ""
    for scalar in SafeText(text).text.unicodeScalars { line += word(scalar) }
    let words = line.split(separator: " ")
    var said: [String] = []
    for (index, word) in words.enumerated() {
      if word == "·," || (word == "·" && (index == 0 || index == words.count - 1)) {
        said.append(word == "·" ? "none" : "none,")
      } else if word == "·" {
        said[said.count - 1] += ","
      } else {
        said.append(String(word).replacing("·", with: ","))
      }
    }
    return said.joined(separator: " ")
  }

  /// A cell of a table: what is absent is said so.
  func cell(_ text: String) -> String {
    let line = line(text)
    return line.isEmpty ? "none" : line
  }

  private func word(_ scalar: Unicode.Scalar) -> String {
    if (0x20..<0x7F).contains(scalar.value) { return String(scalar) }
    switch scalar {
    case "−", "–", "—": return "-"
    case "→", "▸": return " to "
    case "←": return " Left "
    case "↑": return " Up "
    case "↓": return " Down "
    case "⏎": return " Enter "
    case "⇥": return " Tab "
    case "×": return " x "
    case "≥": return ">="
    case "≤": return "<="
    case "…": return "..."
    case "✓": return " yes "
    case "✗": return " not "
    case "“", "”": return "\""
    case "‘", "’": return "'"
    case "\u{A0}": return " "
    // Alone, and at an end, it stands for what is absent; between words it parts them, as in a foreign text.
    case "·": return "·"
    default: return isDrawing(scalar) ? " " : isASCII ? asciiTwin(scalar) : String(scalar)
    }
  }

  /// Arrows, lines, blocks, shapes, signs, braille patterns, and what has no meaning outside one font.
  private func isDrawing(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2190...0x21FF, 0x2300...0x27BF, 0x2800...0x28FF, 0x2900...0x297F, 0x2B00...0x2BFF,
      0xE000...0xF8FF, 0x1FB00...0x1FBFF, 0xF0000...0x10FFFF:
      true
    default: false
    }
  }

  private func asciiTwin(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "φ": "phi"
    case "χ": "chi"
    case "α": "alpha"
    case "κ": "kappa"
    case "²": "2"
    case "³": "3"
    case "µ", "μ": "u"
    default: "?"
    }
  }
}
