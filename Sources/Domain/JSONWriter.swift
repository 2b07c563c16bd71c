extension JSON {
  /// The value as compact JSON text: members as they stand, NaN and infinities as null, because JSON has none.
  public var serialized: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  /// The compact text as a string.
  public var serializedString: String { String(decoding: serialized, as: UTF8.self) }

  /// The value over several lines, indented by two spaces, for people.
  public var indented: String {
    var output: [UInt8] = []
    writeIndented(to: &output, indent: 0)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the compact text.
  public func write(to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): output += "\(value)".utf8
    case .unsigned(let value): output += "\(value)".utf8
    case .number(let value): output += JSON.text(of: value).utf8
    case .string(let text): JSON.writeString(text.bytes, to: &output)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        value.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSON.writeString(member.key.bytes, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private func writeIndented(to output: inout [UInt8], indent: Int) {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch self {
    case .array(let values) where !values.isEmpty && values.contains(where: \.isContainer):
      output += "[\n".utf8
      for (index, value) in values.enumerated() {
        output += inner.utf8
        value.writeIndented(to: &output, indent: indent + 1)
        output += (index == values.count - 1 ? "\n" : ",\n").utf8
      }
      output += "\(outer)]".utf8
    case .object(let members) where !members.isEmpty:
      output += "{\n".utf8
      for (index, member) in members.enumerated() {
        output += inner.utf8
        JSON.writeString(member.key.bytes, to: &output)
        output += ": ".utf8
        member.value.writeIndented(to: &output, indent: indent + 1)
        output += (index == members.count - 1 ? "\n" : ",\n").utf8
      }
      output += "\(outer)}".utf8
    default: write(to: &output)
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// The shortest decimal that reads back as the same number; `null` for NaN and infinities.
  static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    // Minus zero keeps its fraction, or it would read back as the integer 0.
    if value == 0, value.sign == .minus { return "-0.0" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Writes a quoted string; bytes that are no UTF-8 become U+FFFD, because JSON text must be UTF-8.
  static func writeString(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    if bytes.allSatisfy(isPlain) {
      output += bytes
    } else {
      for byte in RawText.isUTF8(bytes) ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8) {
        writeEscaped(byte, to: &output)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether a byte of ASCII stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func writeEscaped(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): output += "\\\"".utf8
    case UInt8(ascii: "\\"): output += "\\\\".utf8
    case 0x0A: output += "\\n".utf8
    case 0x0D: output += "\\r".utf8
    case 0x09: output += "\\t".utf8
    case 0x00..<0x20, 0x7F:
      output += "\\u00".utf8
      output.append(digits[Int(byte >> 4)])
      output.append(digits[Int(byte & 15)])
    default: output.append(byte)
    }
  }
}
