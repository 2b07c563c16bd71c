/// A foreign text that comes in pieces, made safe while it comes: for a program's output, line breaks kept.
///
/// A character whose bytes are parted by pieces waits for its last byte, and CR LF for its LF, so that a sequence cut
/// in two is made as harmless as a whole one. A mark at the start of a piece stands alone: its base is written already.
public struct SafeTokens: Sendable {
  private var held: [UInt8] = []
  /// Whether what was given last ended a line.
  private var isAtLineStart = true

  public init() {}

  /// What can be written of the text so far.
  public mutating func take(_ bytes: some Sequence<UInt8>) -> String {
    held += bytes
    let open = Self.openEnd(of: held)
    let whole = held.dropLast(open)
    held = Array(held.suffix(open))
    return safe(Array(whole))
  }

  /// What was held back, and a line break where the text had none at its end.
  public mutating func finish() -> String {
    let rest = safe(held)
    held = []
    defer { isAtLineStart = true }
    return isAtLineStart ? rest : rest + "\n"
  }

  private mutating func safe(_ bytes: [UInt8]) -> String {
    guard !bytes.isEmpty else { return "" }
    let text = SafeText.lines(of: Sanitizer.decode(bytes)).map(\.text).joined(separator: "\n")
    isAtLineStart = text.utf8.last == UInt8(ascii: "\n") || text.isEmpty
    return text
  }

  /// How many bytes at the end may be the beginning of a character or of CR LF.
  private static func openEnd(of bytes: [UInt8]) -> Int {
    if bytes.last == 0x0D { return 1 }
    for (index, byte) in bytes.reversed().prefix(3).enumerated() where byte & 0xC0 != 0x80 {
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
      return byte < 0xF5 && length > index + 1 ? index + 1 : 0
    }
    return 0
  }
}
