internal import CNcurses
public import Frames
public import Glibc
internal import SafeText

/// The terminal, as a place to show frames: ncurses, for output only, on the thread that made it.
public final class Screen {
  /// What the user or the configuration asks for.
  public struct Options: Hashable, Sendable {
    public var theme = Theme.standard
    /// ASCII twins for lines and signs; also chosen where the locale is not UTF-8.
    public var isASCII = false
    /// At most so many colours; nil for as many as there are, or none under NO_COLOR.
    public var colours: Int?

    public init() {}
  }

  /// Whether frames are shown in ASCII.
  public let isASCII: Bool
  /// The colours in use: 256, 16, 8 or 0.
  public var colours: Int { palette.colours }
  private let kind: TerminalKind
  private let handle: OpaquePointer
  private let input: Int32
  private let output: Int32
  var palette: Palette
  private var shown: Frame?
  /// Bytes that the last frame took on the line.
  public private(set) var lastBytes = 0
  private var isOpen = true
  private var hasCursor = false
  private var mouse = Frame.Mouse.off
  private var title = SafeText.empty
  private var isAnswerDue = false

  /// Takes the terminal over; `close` or the end of the program gives it back. One screen at a time.
  /// - Parameters:
  ///   - input: the descriptor that keys come from.
  ///   - output: the descriptor that is drawn on.
  ///   - name: what `TERM` says.
  ///   - locale: a name for `setlocale`; empty for the environment's.
  public init(
    _ options: Options = Options(), input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO,
    terminal name: String? = getenv("TERM").map { String(cString: $0) }, locale: String = ""
  ) throws(TerminalError) {
    isASCII = !Locale.adopt(locale) || options.isASCII
    self.input = input
    self.output = output
    guard isatty(input) == 1, isatty(output) == 1 else { throw .notATerminal }
    Self.block(input, output)
    kind = try TerminalKind(environment: name, output: output)
    guard let handle = mds_open(kind.name, output, input) else { throw .cannotStart }
    self.handle = handle
    raw()
    noecho()
    nonl()
    intrflush(nil, false)
    typeahead(-1)  // or doupdate stops halfway when a key waits
    idlok(mds_stdscr(), true)
    scrollok(mds_stdscr(), false)
    leaveok(mds_stdscr(), true)
    curs_set(0)
    var available = 0
    if has_colors() {
      start_color()
      use_default_colors()
      available = Int(mds_colours())
    }
    let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    palette = Palette(theme: options.theme, colours: min(available, options.colours ?? (isPlain ? 0 : available)))
    enter()
    resize()
  }

  deinit { close() }

  /// What the terminal can show.
  public var size: (columns: Int, rows: Int) { (Int(mds_columns()), Int(mds_lines())) }

  /// Shows a frame: cells that differ from the last are put, and ncurses makes as few bytes of them as it can.
  public func show(_ frame: Frame) {
    // The fonts of the kernel's console have no braille.
    let frame = joined(isASCII ? frame.ascii() : kind.name.hasPrefix("linux") ? frame.blocks() : frame)
    let previous = shown.flatMap { $0.columns == frame.columns && $0.rows == frame.rows ? $0 : nil }
    if previous == nil { werase(mds_stdscr()) }
    for row in 0..<min(frame.rows, size.rows) {
      for column in 0..<min(frame.columns, size.columns) {
        let cell = frame[row, column]
        if cell.span == .continuation { continue }
        if let previous {
          if previous[row, column] == cell { continue }
        } else if cell == .blank {
          continue
        }
        put(cell, row: row, column: column)
      }
    }
    place(frame.cursor)
    wnoutrefresh(mds_stdscr())
    mds_hold()
    doupdate()
    lastBytes = mds_let_go()
    adopt(frame.mouse)
    adopt(title: frame.title)
    shown = frame
  }

  /// Other colours from the next frame on.
  public func use(_ theme: Theme) {
    palette = Palette(theme: theme, colours: palette.colours)
    shown = nil
  }

  /// After SIGWINCH: the size is the kernel's, not that of ncurses.
  public func resize() {
    var size = winsize()
    if ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 {
      resizeterm(Int32(size.ws_row), Int32(size.ws_col))
      // What gives the terminal back may go to its last row.
      guardTerminal()
    }
    shown = nil
  }

  /// All of it again with the next frame, as `^L` asks.
  public func repaint() {
    clearok(mds_stdscr(), true)
    shown = nil
  }

  /// Gives the terminal back to the shell until it says go on; then reads the size anew.
  public func suspend() {
    leave()
    Wake.stop()
    comeBack()
  }

  /// Takes the terminal back after a stop that nobody announced, as SIGSTOP makes it: the shell had it meanwhile.
  public func resume() { comeBack() }

  /// Gives the terminal to another program, an editor or a pager, while `body` runs it.
  public func lend<Result>(_ body: () throws -> Result) rethrows -> Result {
    leave()
    defer { comeBack() }
    return try body()
  }

  /// Asks the terminal for its background, after the first frame; the answer comes as `Input.background`, late or never.
  public func askBackground() {
    guard kind.hasModes, !isAnswerDue else { return }
    isAnswerDue = true
    // The last question is one that every terminal answers: what comes after its answer is keys again.
    send("\u{1B}]11;?\u{1B}\\\u{1B}[c")
  }

  /// The terminal has answered; to be called for `Input.answered`.
  public func noteAnswer() { isAnswerDue = false }

  /// Bytes of text that a terminal puts on a clipboard: 100 000 of the sequence, as in hterm, kitty and others.
  public static let longestCopy = 74_994

  /// What became of a text that was to be copied.
  public enum Copy: Hashable, Sendable {
    /// The terminal was asked; whether it does it, it does not say.
    case sent
    /// More than `longestCopy`: many terminals would drop it without a word.
    case tooLong
    /// This terminal has no way to a clipboard.
    case impossible
  }

  /// Puts text on the clipboard of the analyst's own machine (OSC 52), where the terminal allows it.
  public func copy(_ text: String) -> Copy {
    guard kind.hasClipboard else { return .impossible }
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longestCopy else { return .tooLong }
    send("\u{1B}]52;c;" + Base64.text(bytes) + "\u{7}")
    return .sent
  }

  /// Gives the terminal back as it was. The second time does nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    leave()
    mds_close(handle)
  }

  private func enter() {
    if kind.hasModes { send("\u{1B}[?2004h\u{1B}[?1004h") }
    guardTerminal()
  }

  private func guardTerminal() {
    mds_guard(kind.hasModes ? "\u{1B}[?2004l\u{1B}[?1004l\u{1B}[?1000l\u{1B}[?1006l" : "", mds_lines())
  }

  private func leave() {
    awaitAnswer()
    adopt(Frame.Mouse.off)
    if !title.isEmpty { send("\u{1B}[23;2t") }
    title = .empty
    if kind.hasModes { send("\u{1B}[?2004l\u{1B}[?1004l") }
    endwin()
    mds_unguard()
    mds_clear_last_row(mds_lines())
  }

  private func comeBack() {
    Self.block(input, output)
    reset_prog_mode()
    if kind.hasModes { send(Self.tidy) }
    enter()
    resize()
    repaint()
  }

  private func place(_ cursor: Position?) {
    let wanted = cursor.flatMap { $0.row < size.rows && $0.column < size.columns ? $0 : nil }
    if (wanted != nil) != hasCursor {
      hasCursor.toggle()
      leaveok(mds_stdscr(), !hasCursor)
      curs_set(hasCursor ? 1 : 0)
    }
    if let wanted { wmove(mds_stdscr(), Int32(max(0, wanted.row)), Int32(max(0, wanted.column))) }
  }

  private func adopt(_ mouse: Frame.Mouse) {
    guard mouse != self.mouse, kind.hasModes else { return }
    self.mouse = mouse
    send(mouse == .off ? "\u{1B}[?1000l\u{1B}[?1006l" : "\u{1B}[?1000h\u{1B}[?1006h")
  }

  private func adopt(title: SafeText) {
    guard title != self.title, !title.isEmpty, kind.hasModes else { return }
    // The terminal keeps the shell's title meanwhile.
    if self.title.isEmpty { send("\u{1B}[22;2t") }
    self.title = title
    send("\u{1B}]2;" + (isASCII ? String(title.text.unicodeScalars.filter(\.isASCII)) : title.text) + "\u{1B}\\")
  }

  /// An answer that comes when the terminal is another's would be typed into the shell, or into an editor.
  private func awaitAnswer() {
    guard isAnswerDue else { return }
    isAnswerDue = false
    var parser = InputParser()
    var bytes = [UInt8](repeating: 0, count: 4096)
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(1)
    while true {
      let left = Int32(max(0, ((deadline - clock.now) / .milliseconds(1)).rounded(.up)))
      var wait = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&wait, 1, left) > 0 else { break }
      let count = read(input, &bytes, bytes.count)
      if count <= 0 || parser.feed(bytes.prefix(max(0, count))).contains(.answered) { break }
    }
    tcflush(input, TCIFLUSH)
  }

  private func put(_ cell: Cell, row: Int, column: Int) {
    let entry = palette[cell.style]
    let scalar = cell.scalar
    if scalar.isASCII, cell.marks.isEmpty {
      mds_put_one(Int32(row), Int32(column), wchar_t(scalar.value), entry.attributes, entry.pair)
      return
    }
    let base = wchar_t(bitPattern: scalar.value)
    // Where the C library counts otherwise ncurses would shift the rest of the row.
    guard mds_cells(base) == Int32(cell.span.rawValue) else {
      for offset in 0..<Int(cell.span.rawValue) {
        mds_put_one(Int32(row), Int32(column + offset), 0x3F, entry.attributes, entry.pair)
      }
      return
    }
    if cell.marks.isEmpty {
      mds_put_one(Int32(row), Int32(column), base, entry.attributes, entry.pair)
    } else {
      let marks = cell.marks.unicodeScalars.map { wchar_t(bitPattern: $0.value) }.filter { mds_cells($0) == 0 }
      mds_put(Int32(row), Int32(column), [base] + marks.prefix(4) + [0], entry.attributes, entry.pair)
    }
  }

  /// What another program may have left: the mouse, rows counted from a margin, no wrapping, insertion, line drawing.
  private static let tidy =
    "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l\u{1B}[?6l\u{1B}[?7h\u{1B}[4l\u{1B}(B\u{F}"

  /// A terminal that another program left without waiting would refuse half of a frame.
  private static func block(_ descriptors: Int32...) {
    for descriptor in descriptors {
      let flags = fcntl(descriptor, F_GETFL)
      if flags >= 0, flags & O_NONBLOCK != 0 { _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
    }
  }

  /// Beside ncurses, whose own output is written by now.
  private func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }
}
