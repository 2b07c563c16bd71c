public import Domain
public import Frames
internal import Glibc
internal import Terminal
public import Workbench

/// How the screen looks.
public struct Looks: Sendable {
  public var theme: Theme
  /// The theme for a light background, where the terminal is to be asked: nobody has chosen one.
  public var themeOnLight: Theme?
  public var isASCII: Bool
  /// The most colours to use: 256, 16 or 0; nil for as many as the terminal has.
  public var colours: Int?
  /// Whether there is no screen at all: lines in, lines out.
  public var isPlain = false
  /// Why the theme of the configuration is not the one above.
  public var problem: Problem?
  /// How what is shown is to be handled: above and below every screen.
  public var banner: Banner?

  public init(theme: Theme = .standard, isASCII: Bool = false, colours: Int? = nil, banner: Banner? = nil) {
    self.banner = banner
    self.theme = theme
    self.isASCII = isASCII
    self.colours = colours
  }
}

extension Looks {
  /// Takes the terminal over, for whoever loops on it; the screen is to be closed by them.
  func open() throws(Problem) -> (Wake, Screen) {
    var options = Screen.Options()
    options.theme = theme
    options.isASCII = isASCII
    options.colours = colours
    do throws(TerminalError) {
      // Signals first: ncurses takes those that nobody has.
      let wake = try Wake()
      return (wake, try Screen(options))
    } catch {
      throw Problem(error.summary, advice: error.advice)
    }
  }
}

/// The one loop: waits, reads, updates, draws; on the thread that runs it, until the end.
public final class Loop {
  private let wake: Wake
  private let screen: Screen
  /// Where answers are posted, from any thread.
  public let mailbox: Mailbox
  private let performer: any EffectPerformer
  private let wallClock: () -> Timestamp
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var parser = InputParser()
  private let banner: Banner?
  /// What the terminal is still to be asked for, after the first frame.
  private var themeOnLight: Theme?
  private var isAsked = false
  /// Everything on screen.
  public private(set) var state: AppState
  /// The theme that the screen has.
  private var theme: Theme
  /// What is on screen: equality decides whether to draw.
  private var drawn: AppState?
  private var pace: FramePace
  /// Whether somebody sits at the other end of a line, which may be a slow one.
  private let isRemote: Bool
  private var lastKey: (key: Key, at: ContinuousClock.Instant, repeats: Int)?
  private var restAt: ContinuousClock.Instant?
  private var escapeAt: ContinuousClock.Instant?
  private var status: Int32?

  /// Opens the screen. `wallClock` tells the time of day; moments are milliseconds since `start`.
  public init(
    state: AppState, performer: any EffectPerformer, looks: Looks, since start: ContinuousClock.Instant,
    wallClock: @escaping () -> Timestamp
  ) throws(Problem) {
    self.state = state
    self.state.theme = looks.theme
    theme = looks.theme
    self.performer = performer
    self.wallClock = wallClock
    banner = looks.banner
    themeOnLight = looks.themeOnLight
    (wake, screen) = try looks.open()
    mailbox = Mailbox(wake: wake)
    self.start = start
    // At most 30 frames a second, over ssh 20. On a line of 64 kbit/s thirty scrolled rows a second, each in a packet of its
    // own, are all that the line carries: what is drawn would fall behind a key that is held.
    isRemote = getenv("SSH_CONNECTION") != nil
    let interval = Duration.milliseconds(isRemote ? 50 : 33)
    pace = FramePace(interval: interval, now: clock.now - start)
  }

  /// The size that the workbench has of the terminal: without the banner's rows.
  private var size: ScreenSize {
    let rows = screen.size.rows
    return ScreenSize(columns: screen.size.columns, rows: rows - (banner == nil ? 0 : Banner.rows(of: rows)))
  }

  private var milliseconds: Int { Int((clock.now - start) / .milliseconds(1)) }

  /// Runs until the analyst quits or the terminal goes.
  /// - Returns: the exit status: 0, or 128 and the signal that ended it.
  public func run() -> Int32 {
    defer { screen.close() }
    tellSize()
    apply(.started(now: wallClock(), milliseconds: milliseconds))
    while status == nil {
      drawIfDue()
      wait()
    }
    return status ?? 0
  }

  /// Draws what has changed where a frame is due; the last is never lost.
  private func drawIfDue() {
    guard drawn != state, clock.now - start >= pace.due else { return }
    if state.theme != theme {
      theme = state.theme
      screen.use(theme)
    }
    let isFramed = size.rows < screen.size.rows
    var frame = Frame(columns: size.columns, rows: size.rows)
    App.draw(state, on: &frame)
    screen.show(isFramed ? banner?.framing(frame) ?? frame : frame)
    drawn = state
    if themeOnLight != nil, !isAsked {
      isAsked = true
      screen.askBackground()
    }
    pace.drew(now: clock.now - start, transit: isRemote ? SlowestLine.transit(of: screen.lastBytes) : .zero)
  }

  /// Whether a key is held down: keyboards repeat one faster than fingers do.
  private func isHeld(_ key: Key) -> Bool {
    let now = clock.now
    let isRepeated = lastKey.map { $0.key == key && now - $0.at < .milliseconds(120) } ?? false
    let repeats = isRepeated ? (lastKey?.repeats ?? 0) + 1 : 0
    lastKey = (key, now, repeats)
    return repeats > 1
  }

  private func wait() {
    let now = clock.now
    var deadline = now + wallClock().untilMinute
    if drawn != state { deadline = min(deadline, start + pace.due) }
    for other in [restAt, escapeAt] { if let other { deadline = min(deadline, other) } }
    // Rounded up: a timeout cut to 0 ms would spin until the deadline.
    let timeout = max(0, ((deadline - now) / .milliseconds(1)).rounded(.up))
    var waits = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&waits, 2, Int32(timeout))
    if waits[1].revents != 0 { for signal in wake.drain() { heed(signal) } }
    for action in mailbox.take() { apply(action) }
    if waits[0].revents != 0 { readKeys() }
    fireTimers()
  }

  private func fireTimers() {
    let now = clock.now
    if let escapeAt, now >= escapeAt {
      self.escapeAt = nil
      for input in parser.timeout() { take(input) }
    }
    if let restAt, now >= restAt {
      self.restAt = nil
      apply(.rested(milliseconds: milliseconds))
    }
    // Not by when the wait was to end: what takes long may span the minute, and no later wait would end at it.
    let time = wallClock()
    if time.isInAnotherMinute(than: state.now) { apply(.ticked(time, milliseconds: milliseconds)) }
  }

  private func readKeys() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) {
      // The terminal is gone: no key will ever come.
      status = 128 + SIGHUP
      return
    }
    for input in parser.feed(bytes[..<max(0, count)]) { take(input) }
    escapeAt = parser.patience.map { clock.now + .milliseconds($0) }
  }

  private func heed(_ signal: Int32) {
    switch signal {
    case SIGWINCH:
      screen.resize()
      redraw()
    case SIGTSTP: suspend()
    case SIGCONT:
      screen.resume()
      redraw()
    default: status = 128 + signal
    }
  }

  private func suspend() {
    screen.suspend()
    redraw()
  }

  private func redraw() {
    drawn = nil
    pace.hurry(now: clock.now - start)
    tellSize()
  }

  private func tellSize() {
    performer.resized(ScreenSize(columns: screen.size.columns, rows: screen.size.rows))
    apply(.resized(size))
  }

  private func take(_ input: Input) {
    switch input {
    case .key(let key): pace.keyed(isHeld: isHeld(key))
    default: pace.keyed()
    }
    switch input {
    case .key(let key): apply(.key(key, milliseconds: milliseconds))
    case .paste(let text): apply(.pasted(text))
    case .answered: screen.noteAnswer()
    case .background(let isLight):
      // Who has chosen a theme meanwhile keeps it.
      guard isLight, let light = themeOnLight, state.theme == theme else { return }
      themeOnLight = nil
      state.theme = light
    case .mouse(var event):
      // The banner's row is not the workbench's.
      if size.rows < screen.size.rows { event.position.row -= 1 }
      apply(.mouse(event, milliseconds: milliseconds))
    case .focus(let hasFocus): apply(.focused(hasFocus))
    case .unknown: break
    }
  }

  /// Lets another program have the terminal.
  private func lend<Result>(_ body: () -> Result) -> Result {
    let result = screen.lend(body)
    // ^C and ^Z there were meant for that program.
    for signal in wake.drain().subtracting([SIGINT, SIGQUIT, SIGTSTP, SIGCONT]) { heed(signal) }
    redraw()
    return result
  }

  /// Has text edited, and takes what came of it.
  private func edit(_ text: String, suffix: String, _ changed: (String) -> Action) {
    switch lend({ performer.edit(text, suffix: suffix) }) {
    case .changed(let text): apply(changed(text))
    case .same: break
    case .failed(let reason): apply(.notified(Message(.failed, reason)))
    }
  }

  private func copy(_ text: String) -> Message {
    if performer.copy(text) { return Message(.notice, "copied by tmux, and by the terminal where it allows that") }
    let asked = screen.copy(text)
    if asked == .sent { return Message(.notice, "copied by the terminal, where it allows that") }
    let reason =
      asked == .tooLong ? "a terminal copies \(Screen.longestCopy) bytes" : "this terminal has no clipboard"
    guard let path = performer.keep(text) else { return Message(.failed, "not copied, and no file written: \(reason)") }
    return Message(.notice, "\(reason): see \(path)")
  }

  private func apply(_ action: Action) {
    state.moment = milliseconds
    for effect in App.update(&state, action) {
      switch effect {
      case .quit: status = 0
      case .rest(let milliseconds): restAt = clock.now + .milliseconds(milliseconds)
      case .redraw:
        screen.repaint()
        redraw()
      case .suspend: suspend()
      case .edit(let text):
        edit(text, suffix: ".json") { .infer(.edited($0)) }
      case .editText(let text): edit(text, suffix: ".txt") { .textEdited($0) }
      case .view(let text):
        if let reason = lend({ performer.view(text) }) { apply(.notified(Message(.failed, reason))) }
      case .copy(let text): apply(.notified(copy(text)))
      default: performer.perform(effect, mailbox)
      }
    }
  }
}
