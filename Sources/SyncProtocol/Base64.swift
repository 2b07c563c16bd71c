/// RFC 4648 §4 with padding: how exact bytes travel inside JSON.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  static func text(of bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      var group = UInt32(bytes[index]) << 16
      if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[index + 2]) }
      output.append(alphabet[Int(group >> 18)])
      output.append(alphabet[Int(group >> 12 & 63)])
      output.append(count > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
      output.append(count > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return output
  }

  /// The bytes; nil for a wrong length, a wrong character, padding inside, or bits that the padding should hide:
  /// each value has exactly one text.
  static func bytes(of text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var index = 0
    while index < text.count {
      let isLast = index + 4 == text.count
      let padding = isLast ? text[(index + 2)...].count { $0 == UInt8(ascii: "=") } : 0
      guard padding < 2 || text[index + 2] == UInt8(ascii: "="), padding == 0 || text[index + 3] == UInt8(ascii: "=")
      else { return nil }
      var group: UInt32 = 0
      for offset in 0..<4 {
        let value = offset < 4 - padding ? values[Int(text[index + offset])] : 0
        guard value != 0xFF else { return nil }
        group = group << 6 | UInt32(value)
      }
      guard padding == 0 || group & (padding == 1 ? 0xFF : 0xFFFF) == 0 else { return nil }
      output.append(UInt8(truncatingIfNeeded: group >> 16))
      if padding < 2 { output.append(UInt8(truncatingIfNeeded: group >> 8)) }
      if padding < 1 { output.append(UInt8(truncatingIfNeeded: group)) }
      index += 4
    }
    return output
  }
}
