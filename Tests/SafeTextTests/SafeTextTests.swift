import SafeText
import Testing

/// Repeatable random numbers (SplitMix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Text as an attacker would mix it: ASCII, controls, marks, directions, wide, joiners, anything.
  mutating func hostileText() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<40, using: &self) {
      let value: UInt32 =
        switch Int.random(in: 0..<10, using: &self) {
        case 0, 1: UInt32.random(in: 0x20..<0x7F, using: &self)
        case 2: UInt32.random(in: 0..<0x20, using: &self)
        case 3: UInt32.random(in: 0x7F..<0xA1, using: &self)
        case 4: UInt32.random(in: 0x300..<0x370, using: &self)
        case 5: UInt32.random(in: 0x2000..<0x2070, using: &self)
        case 6: UInt32.random(in: 0x4E00..<0x4F00, using: &self)
        case 7: [0x200D, 0xFE0F, 0x1F468, 0x1F469, 0x1F3FD, 0xFEFF, 0xE0041][Int.random(in: 0..<7, using: &self)]
        case 8: UInt32.random(in: 0xE000..<0x10FFFF, using: &self)
        default: UInt32.random(in: 0..<0x3000, using: &self)
        }
      if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
    return String(text)
  }
}

/// What must never reach a terminal, a log or a printed line.
func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x115F, 0x1160, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0x3164, 0xE000...0xF8FF, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0x10FFFF:
    true
  default: false
  }
}

@Suite("SafeText")
struct SafeTextTests {
  @Test(
    "shows what would steer the terminal or hide text",
    arguments: [
      ("\u{1B}[31mred", "␛[31mred"), ("a\0b", "a␀b"), ("a\u{7F}", "a␡"), ("a\u{9B}31m", "a‹9B›31m"),
      ("one\ntwo", "one⏎two"), ("one\r\ntwo", "one⏎two"), ("a\rB", "a␍B"), ("a\tb", "a b"), ("a\u{85}b", "a⏎b"),
      ("a\u{2028}b", "a⏎b"), ("exe\u{202E}txt", "exe‹RLO›txt"), ("a\u{200B}b", "a‹ZWSP›b"), ("\u{FEFF}a", "‹BOM›a"),
      ("a\u{E0041}", "a‹E0041›"), ("a\u{AD}b", "a‹SHY›b"), ("\u{E000}", "\u{FFFD}"), ("\u{FFFF}", "\u{FFFD}"),
      ("a\u{200D}b", "a‹ZWJ›b"), ("\u{2066}x\u{2069}", "‹LRI›x‹PDI›"),
    ])
  func showsControls(foreign: String, shown: String) {
    #expect(SafeText(foreign).text == shown)
  }

  @Test("keeps ordinary text of any language as it is")
  func keepsOrdinaryText() {
    for text in ["income-classifier v3", "naïve café", "日本語", "Ελληνικά", "χ² ≥ .05", "مرحبا", "▁▂▃█", "“quoted”"] {
      #expect(SafeText(text).text == text)
    }
  }

  @Test(
    "measures in cells",
    arguments: [
      ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👍", 2), ("한", 2), ("ﾊﾝ", 2), ("ｗ", 2), ("─━│", 3), ("", 0),
      ("\u{1112}\u{1161}\u{11AB}", 2),
    ])
  func measures(text: String, width: Int) {
    #expect(SafeText(text).width == width)
  }

  @Test("draws people who are joined side by side, and drops one variation selector, not a hidden message")
  func joinsEmoji() {
    #expect(SafeText("👩\u{200D}👧") == "👩👧")
    #expect(SafeText("❤\u{FE0F}") == "❤")
    #expect(SafeText("a\u{FE00}\u{FE01}").text == "a‹FE00›‹FE01›")
    #expect(SafeText("a\u{FE0F}\u{FE0F}").text == "a‹FE0F›")
  }

  @Test("keeps four marks on a character and gives a mark without one a place to stand")
  func capsMarks() {
    let tall = "e" + String(repeating: "\u{301}", count: 50)
    #expect(SafeText(tall).text.unicodeScalars.count == 5)
    #expect(SafeText("\u{301}a").text.unicodeScalars.first == "◌")
    #expect(SafeText("\u{301}a").width == 2)
  }

  @Test(
    "shows bytes that are no UTF-8",
    arguments: [
      ([0x61, 0xFF, 0x62], "a‹xFF›b"), ([0xC3], "‹xC3›"), ([0xE2, 0x82], "‹xE2›‹x82›"), ([0xC0, 0x80], "‹xC0›‹x80›"),
      ([0xED, 0xA0, 0x80], "‹xED›‹xA0›‹x80›"), ([0xC3, 0xA9], "é"), ([0x0A], "⏎"),
    ] as [([UInt8], String)])
  func showsInvalidBytes(bytes: [UInt8], shown: String) {
    #expect(SafeText(bytes: bytes).text == shown)
  }

  @Test("two names that differ in bytes are two names")
  func comparesBytes() {
    let composed = SafeText("\u{E9}")
    let decomposed = SafeText("e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test(
    "cuts with an ellipsis, pads on either side",
    arguments: [
      ("abcdef", 4, "abc…"), ("abcdef", 6, "abcdef"), ("日本語", 4, "日…"), ("日本語", 5, "日本…"), ("abc", 1, "…"),
      ("abc", 0, ""), ("abc", -3, ""),
    ])
  func cuts(text: String, cells: Int, cut: String) {
    #expect(SafeText(text).cut(to: cells).text == cut)
  }

  @Test("pads to exactly so many cells")
  func pads() {
    #expect(SafeText("ab").padded(to: 5).text == "ab   ")
    #expect(SafeText("ab").padded(to: 5, .right).text == "   ab")
    #expect(SafeText("ab").padded(to: 5, .center).text == " ab  ")
    #expect(SafeText("日本").padded(to: 3).text == "日…")
    #expect(SafeText("od280/od315_of_diluted_wines").cutMiddle(to: 11).text == "od280…wines")
  }

  @Test("wraps at spaces and breaks only what is longer than a line: where it is joined, if it is")
  func wraps() {
    let lines = SafeText.lines(of: "the quick brown\nfox-that-is-too-long jumps", width: 10)
    #expect(lines.map(\.text) == ["the quick", "brown", "fox-that-", "is-too-", "long jumps"])
    #expect(SafeText.lines(of: "a-incomprehensible", width: 10).map(\.text) == ["a-incompre", "hensible"])
    #expect(SafeText.lines(of: "", width: 10).map(\.text) == [""])
    #expect(SafeText.lines(of: "a\tb\n\n日本語", width: 4).map(\.text) == ["a", "b", "", "日本", "語"])
    #expect(SafeText.lines(of: "日本", width: 1).map(\.text) == ["日", "本"])
  }

  @Test("never holds anything dangerous, whatever it was made from", arguments: 0..<40)
  func isAlwaysSafe(seed: Int) {
    var dice = Dice(state: UInt64(seed))
    for _ in 0..<100 {
      let foreign = dice.hostileText()
      let safe = SafeText(foreign)
      #expect(!safe.text.unicodeScalars.contains(where: isDangerous), "from \(Array(foreign.unicodeScalars))")
      #expect(safe.width == safe.text.unicodeScalars.reduce(0) { $0 + SafeText.width(of: $1) })
      #expect(SafeText(safe.text) == safe)
      for line in SafeText.lines(of: foreign, width: 7) {
        #expect(!line.text.unicodeScalars.contains(where: isDangerous))
        #expect(line.width <= 7)
      }
      let bytes = (0..<30).map { _ in UInt8.random(in: 0...255, using: &dice) }
      #expect(!SafeText(bytes: bytes).text.unicodeScalars.contains(where: isDangerous))
    }
  }

  @Test("parts add up: a cut is never wider than asked, a start and its rest are the whole", arguments: 0..<20)
  func partsAddUp(seed: Int) {
    var dice = Dice(state: UInt64(1000 + seed))
    for _ in 0..<50 {
      let text = SafeText(dice.hostileText())
      let other = SafeText(dice.hostileText())
      let broken = (-1..<(text.width + 2)).filter { cells in
        let start = text.prefix(cells: cells)
        return text.cut(to: cells).width > max(0, cells)
          || text.cutMiddle(to: cells).width > max(0, cells)
          || text.padded(to: cells).width != max(0, cells)
          || start.width > max(0, cells)
          || start + text.dropping(cells: start.width) != text
      }
      #expect(broken.isEmpty, "\(Array(text.text.unicodeScalars))")
      let joined = text + other
      #expect(joined.width == text.width + other.width)
      #expect(SafeText(joined.text).width == joined.width)
    }
  }
}
