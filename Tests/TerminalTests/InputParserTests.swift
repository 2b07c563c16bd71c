import Frames
import Terminal
import Testing

@Suite("Input parser")
struct InputParserTests {
  static func inputs(_ text: String) -> [Input] {
    var parser = InputParser()
    return parser.feed(Array(text.utf8)) + parser.timeout()
  }

  @Test(
    "knows keys in all the forms that terminals send",
    arguments: [
      ("j", .text("j")), ("é", .text("é")), ("日", .text("日")), ("👍", .text("👍")), ("\r", .enter), ("\t", .tab),
      ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\u{4}", .control("D")), ("\0", .control("@")),
      ("\u{1F}", .control("_")), ("\u{1B}[A", .up), ("\u{1B}OA", .up), ("\u{1B}[1;5B", .down), ("\u{1B}[H", .home),
      ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}[4~", .end), ("\u{1B}OF", .end),
      ("\u{1B}[5~", .pageUp), ("\u{1B}[6;2~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
      ("\u{1B}OP", .function(1)), ("\u{1B}[11~", .function(1)), ("\u{1B}[[A", .function(1)),
      ("\u{1B}[[E", .function(5)),
      ("\u{1B}[15~", .function(5)), ("\u{1B}[24~", .function(12)), ("\u{1B}[24;2~", .function(12)),
      ("\u{1B}x", .alt("x")), ("\u{1B}é", .alt("é")), ("\u{1B}\u{7F}", .alt("\u{7F}")), ("\u{1B}", .escape),
      ("\u{1B}[", .alt("[")), ("\u{1B}O", .alt("O")), ("\u{1B}]", .alt("]")), ("\u{1B}OM", .enter),
      ("\u{1B}Oq", .text("1")), ("\u{1B}[97;5u", .control("A")), ("\u{1B}[27;5;105~", .tab),
      ("\u{1B}[9;2u", .backTab), ("\u{1B}[27u", .escape), ("\u{1B}[120;3u", .alt("x")), ("\u{1B}[233u", .text("é")),
    ] as [(String, Key)])
  func keys(text: String, key: Key) {
    #expect(Self.inputs(text) == [.key(key)])
  }

  @Test("takes a paste whole, keys inside it too, and at most 1 MiB of it")
  func pastes() {
    #expect(Self.inputs("\u{1B}[200~q\r\u{1B}[A:q!\u{1B}[201~x") == [.paste("q\r\u{1B}[A:q!"), .key(.text("x"))])
    #expect(Self.inputs("\u{1B}[200~日\u{1B}[201~") == [.paste("日")])
    #expect(Self.inputs("\u{1B}[200~never closed") == [.paste("never closed")])
    let long = String(repeating: "a", count: InputParser.longestPaste + 1000)
    guard case .paste(let text) = Self.inputs("\u{1B}[200~\(long)\u{1B}[201~").first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == InputParser.longestPaste)
  }

  @Test(
    "hears clicks, the wheel and the focus, never motion",
    arguments: [
      ("\u{1B}[<0;5;3M", .mouse(MouseEvent(.press, position: Position(row: 2, column: 4)))),
      ("\u{1B}[<2;1;1m", .mouse(MouseEvent(.release, button: 2, position: Position(row: 0, column: 0)))),
      ("\u{1B}[<64;9;9M", .mouse(MouseEvent(.wheelUp, position: Position(row: 8, column: 8)))),
      ("\u{1B}[<65;9;9M", .mouse(MouseEvent(.wheelDown, position: Position(row: 8, column: 8)))),
      ("\u{1B}[I", .focus(true)), ("\u{1B}[O", .focus(false)), ("\u{1B}[?62;22c", .answered),
      ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\", .background(isLight: true)),
      ("\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{7}", .background(isLight: false)),
      ("\u{1B}]11;rgb:fd/f6/e3\u{7}", .background(isLight: true)),
    ] as [(String, Input)])
  func reports(text: String, input: Input) {
    #expect(Self.inputs(text) == [input])
  }

  @Test(
    "swallows what it does not know, whole",
    arguments: [
      "\u{1B}[<35;5;3M", "\u{1B}[<0;0;3M", "\u{1B}[99~", "\u{1B}[?1;2$y", "\u{1B}[M !!", "\u{1B}[12;40R", "\u{1B}[5u",
    ])
  func unknown(text: String) {
    #expect(Self.inputs(text) == [.unknown(Array(text.utf8))])
    #expect(Self.inputs(text + "j").last == .key(.text("j")))
  }

  @Test(
    "answers of the terminal never turn into keys",
    arguments: [
      "\u{1B}]52;c;aGVsbG8=\u{7}", "\u{1B}P>|xterm(390)\u{1B}\\", "\u{1B}_Gi=1;OK\u{1B}\\",
      "\u{1B}]4;1;rgb:0/0/0\u{1B}\\",
    ])
  func answers(text: String) {
    #expect(Self.inputs(text + "j") == [.key(.text("j"))])
  }

  @Test("a string that nobody ends does not eat the keyboard")
  func endless() {
    #expect(Self.inputs("\u{1B}]abc\rj") == [.key(.enter), .key(.text("j"))])
    #expect(
      Self.inputs("\u{1B}]" + String(repeating: "a", count: 5000) + "\rj").suffix(2) == [
        .key(.enter), .key(.text("j")),
      ])
  }

  @Test("shows broken UTF-8 and lets no C1 control through")
  func brokenText() {
    var parser = InputParser()
    #expect(parser.feed([0xC3, 0x41]) == [.key(.text("\u{FFFD}")), .key(.text("A"))])
    #expect(parser.feed([0xFF]) == [.key(.text("\u{FFFD}"))])
    #expect(parser.feed([0xC2, 0x9B]) == [.unknown([0xC2, 0x9B])])
    #expect(parser.feed([0xED, 0xA0, 0x80]).allSatisfy { $0 == .key(.text("\u{FFFD}")) })
  }

  @Test("says how long to wait for the rest")
  func patience() {
    var parser = InputParser()
    #expect(parser.patience == nil)
    _ = parser.feed([0x1B])
    #expect(parser.patience == 25)
    #expect(parser.timeout() == [.key(.escape)])
    #expect(parser.patience == nil)
    _ = parser.feed(Array("\u{1B}]11;rgb".utf8))
    #expect(parser.patience ?? 0 > 25)
  }

  @Test("gives the same whatever the pieces, and is at rest after a timeout", arguments: 0..<40)
  func anyBytes(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    let favourites: [UInt8] = [
      0x1B, 0x5B, 0x4F, 0x5D, 0x3B, 0x30, 0x32, 0x7E, 0x07, 0x5C, 0x3C, 0x4D, 0x6D, 0xC3, 0xA9, 0x9B, 0x0D, 0x3F, 0x75,
      0x50, 0xE2, 0x82,
    ]
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 0..<60, using: &dice)).map { _ in
        Bool.random(using: &dice)
          ? favourites[Int.random(in: 0..<favourites.count, using: &dice)] : UInt8.random(in: 0...255, using: &dice)
      }
      var whole = InputParser()
      let once = whole.feed(bytes)
      var parts = InputParser()
      var pieces: [Input] = []
      for byte in bytes { pieces += parts.feed([byte]) }
      #expect(once == pieces)
      #expect(whole == parts)
      _ = whole.timeout()
      #expect(whole.patience == nil)
      #expect(whole.feed([0x6A]) == [.key(.text("j"))])
    }
  }
}
