/// A terminal in memory, as far as ncurses and mds use one: xterm's sequences in, cells out.
public struct VirtualScreen: Sendable {
  /// How a cell is drawn.
  public struct Look: Hashable, Sendable {
    public var bold: Bool
    public var dim: Bool
    public var underline: Bool
    public var reverse: Bool
    /// 0–255; nil for the terminal's own.
    public var foreground: Int?
    public var background: Int?

    public init(
      bold: Bool = false, dim: Bool = false, underline: Bool = false, reverse: Bool = false, foreground: Int? = nil,
      background: Int? = nil
    ) {
      self.bold = bold
      self.dim = dim
      self.underline = underline
      self.reverse = reverse
      self.foreground = foreground
      self.background = background
    }
  }

  public struct Cell: Hashable, Sendable {
    /// A character with its marks; empty in the right half of a wide one.
    public var text = " "
    public var look = Look()

    public init(text: String = " ", look: Look = Look()) {
      self.text = text
      self.look = look
    }
  }

  public private(set) var columns: Int
  public private(set) var rows: Int
  public var cells: [[Cell]]
  public var cursor = (row: 0, column: 0)
  /// Private modes that are on: 25 cursor, 1049 other screen, 2004 paste, 1000 mouse, 1004 focus, …
  public var modes: Set<Int> = [7, 25]
  public var title = ""
  /// What OSC 52 put on the clipboard, as it came.
  public var clipboard = ""
  public var bells = 0
  /// The last APC string: terminals ignore it, tests mark places in the output with it.
  public var applicationText = ""
  /// Questions that a terminal would answer: `OSC 11`, `DA1`, `DSR 6`.
  public var questions: [String] = []
  /// Sequences that no program of ours should send.
  public var strangers: [String] = []

  var look = Look()
  /// First and last row that scroll.
  var region: ClosedRange<Int>
  var saved = (row: 0, column: 0, look: Look())
  var main: [[Cell]]?
  var mainCursor = (row: 0, column: 0)
  /// The last column is filled; the next character goes to the next row.
  var wrapIsDue = false
  var inserts = false
  /// Whether G0 and G1 are line drawing, and which is in use.
  var drawsLines = [false, false]
  var shift = 0
  var last: Unicode.Scalar = " "
  var parser = VirtualParser()

  public init(columns: Int = 80, rows: Int = 24) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    region = 0...(rows - 1)
  }

  /// Takes what a program wrote.
  public mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if let command = parser.step(byte) { perform(command) }
    }
  }

  /// The rows as text, spaces at the end included.
  public var lines: [String] { cells.map { $0.map(\.text).joined() } }
  public var text: String { lines.joined(separator: "\n") }

  /// Whether any row holds the text.
  public func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// As a terminal does it: rows and columns are cut off or added at the end.
  public mutating func resize(columns: Int, rows: Int) {
    let fit = { (grid: [[Cell]]) -> [[Cell]] in
      let wide = grid.map { Array($0.prefix(columns)) + Array(repeating: Cell(), count: max(0, columns - $0.count)) }
      let more = Array(repeating: Array(repeating: Cell(), count: columns), count: max(0, rows - wide.count))
      return Array(wide.prefix(rows)) + more
    }
    cells = fit(cells)
    main = main.map(fit)
    self.columns = columns
    self.rows = rows
    region = 0...(rows - 1)
    cursor = (min(cursor.row, rows - 1), min(cursor.column, columns - 1))
    wrapIsDue = false
  }
}
