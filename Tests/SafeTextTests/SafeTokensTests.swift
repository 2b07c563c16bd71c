import SafeText
import Testing

@Suite("Safe tokens")
struct SafeTokensTests {
  /// What is written of a text that comes in pieces of so many bytes.
  private func written(_ bytes: [UInt8], by size: Int) -> String {
    var tokens = SafeTokens()
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: size) {
      text += tokens.take(bytes[start..<min(start + size, bytes.count)])
    }
    return text + tokens.finish()
  }

  @Test(
    "are the same text however it is parted",
    arguments: [
      ("one two", "one two\n"), ("a\nb\n", "a\nb\n"), ("a\r\nb\rc", "a\nb␍c\n"), ("ж漢😀", "ж漢😀\n"),
      ("\u{1B}[31mred\u{1B}[0m", "␛[31mred␛[0m\n"), ("\u{9B}31m", "‹9B›31m\n"), ("\u{202E}x", "‹RLO›x\n"), ("", ""),
      ("\n\n", "\n\n"), ("end\u{7}", "end␇\n"),
    ])
  func parted(text: String, wanted: String) {
    for size in 1...7 { #expect(written(Array(text.utf8), by: size) == wanted, "by \(size)") }
  }

  @Test("bytes of no character are shown, also those that a character was never ended with")
  func stray() {
    #expect(written([0x61, 0xFF, 0x62], by: 1) == "a‹xFF›b\n")
    #expect(written([0x61, 0xE6, 0xBC], by: 2) == "a‹xE6›‹xBC›\n")
    #expect(written([0xF0, 0x9F, 0x41], by: 1) == "‹xF0›‹x9F›A\n")
  }

  @Test("never give out a control character but the line break, whatever comes")
  func hostile() {
    var dice = Dice(state: 7)
    for _ in 0..<400 {
      var tokens = SafeTokens()
      var text = ""
      for _ in 0..<4 { text += tokens.take(dice.hostileText().utf8) }
      text += tokens.finish()
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    }
  }
}
