public import Domain
internal import Frames
internal import Glibc
internal import Terminal
public import Workbench

/// The loop without a screen: lines in, lines out, for screen readers, braille displays, and pipes.
///
/// It joins the same state, keys and effects as `Loop`; a typed line is read as keys, and what changed is said.
public final class PlainLoop {
  /// The size that lists page by, and that every part of a screen has room on: all of it is said.
  static let size = ScreenSize(columns: 120, rows: 50)
  /// The longest line that is read.
  static let longestLine = 1 << 20

  private let wake: Wake
  /// Where answers are posted, from any thread.
  public let mailbox: Mailbox
  private let performer: any EffectPerformer
  private let wallClock: () -> Timestamp
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let banner: String?
  /// Everything that could be on a screen.
  public private(set) var state: AppState
  private var speaker: Speaker
  /// What was read and is in no line yet that was taken.
  private var unread: [UInt8] = []
  private var input: [UInt8] = []
  private var isAtEnd = false
  private var status: Int32?

  /// Takes the signals and says nothing yet. `wallClock` tells the time of day; moments are milliseconds since `start`.
  public init(
    state: AppState, performer: any EffectPerformer, isASCII: Bool, banner: String?,
    since start: ContinuousClock.Instant, wallClock: @escaping () -> Timestamp
  ) throws(Problem) {
    self.state = state
    self.performer = performer
    self.wallClock = wallClock
    self.banner = banner
    do throws(TerminalError) { wake = try Wake() } catch { throw Problem(error.summary, advice: error.advice) }
    mailbox = Mailbox(wake: wake)
    self.start = start
    setlocale(LC_ALL, "")
    let codeset = nl_langinfo(Int32(CODESET)).map { String(cString: $0) }
    speaker = Speaker(isASCII: isASCII || codeset != "UTF-8")
  }

  private var milliseconds: Int { Int((clock.now - start) / .milliseconds(1)) }

  /// Runs until the analyst quits, the input ends, or a signal ends it.
  /// - Returns: the exit status: 0, or 128 and the signal that ended it.
  public func run() -> Int32 {
    say(speaker.greeting(banner: banner))
    _ = apply(.resized(Self.size))
    _ = apply(.started(now: wallClock(), milliseconds: milliseconds))
    say(speaker.changes(to: state))
    while status == nil { wait() }
    return status ?? 0
  }

  private func wait() {
    let untilMinute = wallClock().untilMinute
    // A line after a save is about the case that comes then: it is read when that is there.
    var waits = [
      pollfd(fd: state.isBetweenCases || isAtEnd ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&waits, 2, Int32((untilMinute / .milliseconds(1)).rounded(.up)))
    if waits[1].revents != 0 { for signal in wake.drain() { heed(signal) } }
    let answers = mailbox.take()
    for action in answers { _ = apply(action) }
    if !answers.isEmpty {
      sayChanges()
      closeOverlay()
    }
    if waits[0].revents != 0 { read() }
    takeLines()
    let time = wallClock()
    if time.isInAnotherMinute(than: state.now) {
      _ = apply(.ticked(time, milliseconds: milliseconds))
      speaker.passOver(state)
    }
  }

  private func heed(_ signal: Int32) {
    switch signal {
    case SIGWINCH, SIGCONT: break
    case SIGTSTP: Wake.stop()
    default: status = 128 + signal
    }
  }

  /// Without a terminal no shell has put this program into a job of its own, and whoever feeds it would be stopped with it.
  private func stop() {
    guard isatty(STDIN_FILENO) == 1 else {
      return say(["notice: only a program on a terminal can be stopped and gone on with"])
    }
    Wake.stop()
  }

  private func read() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    isAtEnd = count <= 0
    unread += bytes[..<max(0, count)]
  }

  /// Takes the lines that were read, as far as one that is about a case still to come.
  private func takeLines() {
    var taken = 0
    while taken < unread.count, status == nil, !state.isBetweenCases {
      let byte = unread[taken]
      taken += 1
      if byte == UInt8(ascii: "\n") {
        let line = String(decoding: input.last == UInt8(ascii: "\r") ? input.dropLast() : input[...], as: UTF8.self)
        let isWhole = input.count < Self.longestLine
        input.removeAll(keepingCapacity: true)
        if isWhole {
          take(line)
        } else {
          say(["failed: a line has at most \(Self.longestLine) bytes"])
        }
      } else if input.count < Self.longestLine {
        input.append(byte)
      }
    }
    unread.removeFirst(taken)
    guard isAtEnd, unread.isEmpty, status == nil, !state.isBetweenCases else { return }
    // Nobody types any more; a last line without its end counts.
    let last = String(decoding: input, as: UTF8.self)
    input = []
    if !last.isEmpty { take(last) }
    if status == nil, !state.isBetweenCases { status = 0 }
  }

  /// Does what a line asks, and says what came of it.
  private func take(_ line: String) {
    switch PlainLine(line, state) {
    case .read: say(speaker.screen())
    case .more: say(speaker.more())
    case .keys: say(speaker.keys())
    case .unknown(let what): say(speaker.refusal(what))
    case .steps(let steps):
      let hasAsked = steps.map(take).contains(true)
      if !sayChanges(), status == nil {
        say([hasAsked ? "taken" : "notice: that changes nothing here; ? says the keys"])
      }
      closeOverlay()
    }
  }

  /// Whether the step asked anything of the world.
  private func take(_ step: PlainLine.Step) -> Bool {
    switch step {
    case .key(let key): apply(.key(key, milliseconds: milliseconds))
    case .text(let text): apply(.pasted(text))
    }
  }

  /// What lies over a screen has been said: the next line is about the screen.
  private func closeOverlay() {
    switch state.overlay {
    case .help, .problem, .outline, .table, .tour: _ = apply(.key(.escape, milliseconds: milliseconds))
    case .palette, .themes, nil: return
    }
    speaker.passOver(state)
  }

  @discardableResult
  private func sayChanges() -> Bool {
    let lines = speaker.changes(to: state)
    say(lines)
    return !lines.isEmpty
  }

  private func say(_ lines: [String]) {
    var bytes = Array(lines.map { $0 + "\n" }.joined().utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        // Nobody listens any more.
        status = 128 + SIGPIPE
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private func edit(_ text: String, suffix: String, _ changed: (String) -> Action) {
    switch performer.edit(text, suffix: suffix) {
    case .changed(let text): _ = apply(changed(text))
    case .same: break
    case .failed(let reason): say(["failed: \(reason)"])
    }
  }

  private func apply(_ action: Action) -> Bool {
    state.moment = milliseconds
    let effects = App.update(&state, action)
    for effect in effects {
      switch effect {
      case .quit: status = 0
      // A line is a whole move: what follows the cursor catches up at once.
      case .rest: _ = apply(.rested(milliseconds: milliseconds))
      case .redraw: say(speaker.screen())
      case .suspend: stop()
      case .edit(let text):
        guard isatty(STDIN_FILENO) == 1 else {
          say(["failed: an editor needs a terminal; type the fields, or :open-file reads them from a file"])
          continue
        }
        edit(text, suffix: ".json") { .infer(.edited($0)) }
      case .editText(let text):
        guard isatty(STDIN_FILENO) == 1 else {
          say(["failed: an editor needs a terminal; a text is typed on one line"])
          continue
        }
        edit(text, suffix: ".txt") { .textEdited($0) }
      case .view, .copy: say(speaker.screen())
      default: performer.perform(effect, mailbox)
      }
    }
    return !effects.isEmpty
  }
}
