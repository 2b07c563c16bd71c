internal import CNcurses
public import Frames
internal import Glibc

/// The terminal as a place for frames: ncurses, for output only, on the thread that made it.
public final class Screen {
  private var shown: Frame?
  private var pairs: [UInt8: Int32] = [:]
  private var theme: Theme
  private var isOpen = true
  private var leavesCursor = true
  private let colours: Int
  /// Whether frames are drawn in ASCII: asked for, or because the locale is not UTF-8.
  public let isASCII: Bool

  /// Opens the alternate screen; nothing of the terminal is changed when it throws.
  public init(theme: Theme = .standard, ascii: Bool = false, colour: Bool = true) throws(TerminalError) {
    setlocale(LC_ALL, "")
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    guard !name.isEmpty, name != "dumb", mds_newterm() != nil else { throw .unknownTerminal(name) }
    isASCII = ascii || mds_is_utf8() == 0
    raw()
    noecho()
    nonl()
    intrflush(nil, false)
    keypad(mds_stdscr(), false)
    // Otherwise an update stops halfway when a key waits.
    typeahead(-1)
    idlok(mds_stdscr(), true)
    scrollok(mds_stdscr(), false)
    leaveok(mds_stdscr(), true)
    curs_set(0)
    if has_colors() {
      start_color()
      use_default_colors()
    }
    colours = colour ? Int(mds_colors()) : 0
    self.theme = theme
    send("\u{1B}[?2004h")
  }

  public var size: (columns: Int, rows: Int) { (Int(mds_columns()), Int(mds_rows())) }

  /// Puts the cells that differ from the last frame; ncurses turns them into bytes.
  public func show(_ frame: Frame) {
    let frame = isASCII ? frame.ascii() : frame
    let last = shown?.columns == frame.columns && shown?.rows == frame.rows ? shown : nil
    if last == nil { werase(mds_stdscr()) }
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        let cell = frame[row, column]
        if cell.span == .continuation || (last.map { $0[row, column] == cell } ?? cell.isDefault) { continue }
        put(cell, row: row, column: column)
      }
    }
    place(frame.cursor)
    wnoutrefresh(mds_stdscr())
    doupdate()
    shown = frame
  }

  /// After SIGWINCH: the size is the kernel's, not ncurses'.
  public func resize() {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 {
      resizeterm(Int32(size.ws_row), Int32(size.ws_col))
    }
    shown = nil
  }

  /// Draws everything anew with the next frame.
  public func repaint() {
    clearok(mds_stdscr(), true)
    shown = nil
  }

  /// Gives the terminal back while `body` runs: an editor, the shell.
  public func lend<Result>(_ body: () -> Result) -> Result {
    leave()
    let result = body()
    reset_prog_mode()
    send("\u{1B}[?2004h")
    resize()
    repaint()
    return result
  }

  /// Stops the process as the shell's job control expects; returns when it goes on.
  public func suspend() {
    lend {
      signal(SIGTSTP, SIG_DFL)
      kill(getpid(), SIGTSTP)
      Wake.take(SIGTSTP)
    }
  }

  /// Restores the terminal; harmless the second time.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    leave()
  }

  /// Writes an allow-listed sequence past ncurses, for example a copy to the clipboard (OSC 52).
  public func copy(base64: String) {
    guard base64.utf8.count <= 100_000, base64.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return }
    send("\u{1B}]52;c;\(base64)\u{7}")
  }

  private func leave() {
    send("\u{1B}[?2004l")
    endwin()
  }

  private func place(_ cursor: Position?) {
    let leaves = cursor == nil
    if leaves != leavesCursor {
      leavesCursor = leaves
      leaveok(mds_stdscr(), leaves)
      curs_set(leaves ? 0 : 1)
    }
    if let cursor { wmove(mds_stdscr(), Int32(cursor.row), Int32(cursor.column)) }
  }

  private func send(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }

  private func put(_ cell: Cell, row: Int, column: Int) {
    let ink = theme[cell.style.role]
    var attributes = attr_t(0)
    if ink.bold || cell.style.bold { attributes |= mds_bold() }
    if ink.dim { attributes |= mds_dim() }
    if ink.underline || cell.style.underline { attributes |= mds_underline() }
    if ink.reverse != cell.style.reverse { attributes |= mds_reverse() }
    var wide = [wchar_t(bitPattern: cell.scalar.value)]
    wide += cell.marks.unicodeScalars.prefix(4).map { wchar_t(bitPattern: $0.value) }
    wide.append(0)
    _ = mds_put(Int32(row), Int32(column), wide, attributes, pair(ink))
  }

  private func pair(_ ink: Ink) -> Int32 {
    guard colours > 0, let colour = ink.colour(of: colours) else { return 0 }
    if let pair = pairs[colour] { return pair }
    let pair = Int32(pairs.count + 1)
    guard init_extended_pair(pair, Int32(colour), -1) != ERR else { return 0 }
    pairs[colour] = pair
    return pair
  }
}

extension Cell {
  /// Whether the cell is what an erased screen already shows.
  fileprivate var isDefault: Bool { isBlank && style == .plain }
}
