internal import SafeText

/// Whatever comes in, what is shown moves no cursor, hides nothing and is as wide as it says.
enum TextPromise {
  static func violation(in bytes: [UInt8]) -> String? {
    let safe = SafeText(bytes: bytes)
    if let violation = violation(of: safe.text) { return violation }
    guard SafeText(safe.text) == safe else { return "what is safe is made safe again" }
    let cells = 1 + Int(bytes.first ?? 0) % 40
    guard safe.cut(to: cells).width <= cells, safe.prefix(cells: cells).width <= cells,
      safe.cutMiddle(to: cells).width <= cells, safe.padded(to: cells).width >= cells
    else { return "a cut text is wider than its room" }
    for line in safe.wrapped(to: max(2, cells)) where line.width > max(2, cells) { return "a line is too wide" }

    var tokens = SafeTokens()
    var text = Pieces(bytes: bytes).reduce(into: "") { $0 += tokens.take($1) }
    text += tokens.finish()
    return text.split(separator: "\n").lazy.compactMap { violation(of: String($0)) }.first
  }

  private static func violation(of text: String) -> String? {
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value < 0x20 || 0x7F...0x9F ~= value { return "there is a control character" }
      if [0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0xFEFF, 0x200B].contains(value) { return "something is hidden" }
      if 0x202A...0x202E ~= value || 0x2066...0x2069 ~= value { return "the direction turns" }
      if 0xE0000...0xE007F ~= value || 0xE000...0xF8FF ~= value { return "there is a tag or a private character" }
    }
    return nil
  }
}
