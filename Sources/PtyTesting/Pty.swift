internal import CPty
public import Frames
internal import Glibc

/// A program in a pseudo-terminal, with the screen that it drew. Ends with the value: nothing is left behind.
public final class Pty {
  /// How a program ended.
  public enum Exit: Hashable, Sendable {
    case code(Int)
    case signal(Int)
  }

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// What has been drawn so far.
  public private(set) var screen: VirtualScreen
  /// Bytes that the program has written.
  public private(set) var received = 0
  /// Those bytes, for tests of what was sent rather than of what it looks like.
  public private(set) var output: [UInt8] = []
  /// When they came to the screen, piece by piece: seconds of the clock `now`, and how many had come by then.
  public private(set) var arrivals: [(at: Double, received: Int)] = []
  /// When the program was started, by the same clock.
  public let startedAt: Double
  /// Answers to give when the program asks for its terminal; nil gives none, as over a dead line.
  public var answersQuestions = true
  public var process: Int32 { pty.program }
  var master: Int32 { pty.master }
  /// What is between the program and the screen, to be changed only while nothing is under way; nil is nothing.
  public var line: SlowLine?
  /// Whether the program has closed its terminal, as a slow line has it.
  var hasClosed = false
  private let pty: mds_pty
  private var exit: Exit?
  private var isCut = false
  private var answered = 0

  /// Starts a program. The environment is what is given over a plain one: TERM, LANG, PATH, HOME. Over a line, the screen
  /// is what its far end shows, and keys are typed there.
  public init(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80, rows: Int = 24,
    over line: SlowLine? = nil
  ) throws {
    var variables = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/nonexistent"]
    for name in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "TMPDIR"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    variables.merge(environment) { $1 }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var pairs: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + pairs { free(word) } }
    var pty = mds_pty()
    startedAt = Self.now()
    guard mds_pty_spawn(path, &words, &pairs, Int32(rows), Int32(columns), &pty) == 0 else {
      throw Failure(description: "cannot start \(path): errno \(errno)")
    }
    self.pty = pty
    self.line = line
    screen = VirtualScreen(columns: columns, rows: rows)
  }

  deinit {
    var pty = pty
    mds_pty_end(&pty)
    if !isCut { close(master) }
  }

  /// Types text, or bytes of any kind.
  public func send(_ text: String) throws {
    if line != nil { line?.type(Array(text.utf8), at: Self.now()) } else { try write(Array(text.utf8)) }
  }

  func write(_ bytes: [UInt8]) throws {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { throw Failure(description: "the program takes no input: errno \(errno)") }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  /// Pastes text, as a terminal does while bracketed paste is on; reads meanwhile, so that neither side blocks.
  public func paste(_ text: String) throws {
    var rest = Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)[...]
    while !rest.isEmpty {
      var wait = pollfd(fd: master, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&wait, 1, 20_000) > 0 else { throw Failure(description: "the program takes no input") }
      if wait.revents & Int16(POLLIN) != 0 { _ = read(until: Self.now()) }
      guard wait.revents & Int16(POLLOUT) != 0 else { continue }
      let count = rest.withUnsafeBytes { Glibc.write(master, $0.baseAddress, min(1024, $0.count)) }
      if count < 0, errno != EINTR { throw Failure(description: "the program takes no input: errno \(errno)") }
      rest = rest.dropFirst(max(0, count))
    }
  }

  /// The program of that name that was built beside the running tests.
  public static func product(_ name: String) -> String {
    var path = [CChar](repeating: 0, count: 4097)
    let length = readlink("/proc/self/exe", &path, 4096)
    let own = String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 } + "/" + name
  }

  /// Presses keys, as xterm sends them.
  public func press(_ keys: Key...) throws {
    for key in keys { try send(key.sequence) }
  }

  /// Reads until the screen is as wanted; fails with the screen as it is when the time is over or the program ended.
  @discardableResult
  public func wait(
    for what: String, within seconds: Int = 20, until isTrue: (VirtualScreen) -> Bool
  ) throws -> VirtualScreen {
    let deadline = Self.now() + Double(seconds)
    while !isTrue(screen) {
      let isAlive = read(until: deadline)
      if isTrue(screen) { break }
      let isLate = Self.now() >= deadline
      if !isAlive || isLate {
        let reason = isLate ? "did not come within \(seconds) s" : "never came: the program has ended"
        throw Failure(description: "\(what) \(reason); the screen is\n\(screen.text)")
      }
    }
    return screen
  }

  /// Reads what comes within so many milliseconds; false when the program has closed its terminal.
  @discardableResult
  public func listen(milliseconds: Int) -> Bool {
    let deadline = Self.now() + Double(milliseconds) / 1000
    while Self.now() < deadline {
      if !read(until: deadline), Self.now() < deadline { return false }
    }
    return true
  }

  /// Reads until a row holds the text.
  @discardableResult
  public func expect(_ text: String, within seconds: Int = 20) throws -> VirtualScreen {
    try wait(for: "“\(text)”", within: seconds) { $0.contains(text) }
  }

  /// Gives the terminal a new size.
  public func resize(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    mds_pty_resize(master, Int32(rows), Int32(columns))
  }

  /// Sends a signal to the program.
  public func signal(_ number: Int32) {
    kill(process, number)
  }

  /// Reads until the program has ended.
  public func waitForExit(within seconds: Int = 20) throws -> Exit {
    let deadline = Self.now() + Double(seconds)
    while exit == nil {
      try next(until: deadline, "did not end within \(seconds) s")
    }
    if !isCut { while isReadable() || line?.isQuiet == false, read(until: Self.now() + 1) {} }
    guard let exit else { throw Failure(description: "the program vanished") }
    return exit
  }

  /// Reads until the program is stopped, as ^Z does it.
  public func waitForStop(within seconds: Int = 20) throws {
    let deadline = Self.now() + Double(seconds)
    while try next(until: deadline, "did not stop within \(seconds) s") != 3 {
      if let exit { throw Failure(description: "the program ended: \(exit)") }
    }
  }

  /// Cuts the line: the program finds its terminal gone.
  public func hangUp() {
    isCut = true
    close(master)
  }

  /// What became of the program, reading what it writes meanwhile.
  @discardableResult
  private func next(until deadline: Double, _ failure: String) throws -> Int32 {
    var pty = pty
    var code: Int32 = 0
    while true {
      let kind = mds_pty_next(&pty, 0, &code)
      switch kind {
      case 1: exit = .code(Int(code))
      case 2: exit = .signal(Int(code))
      case -1: throw Failure(description: "the program vanished")
      default: break
      }
      if kind != 0 { return kind }
      guard Self.now() < deadline else {
        throw Failure(description: "the program \(failure); the screen is\n\(screen.text)")
      }
      // Whichever comes first: output, or the news.
      var waits = [
        pollfd(fd: pty.events, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isCut || line != nil ? -1 : master, events: Int16(POLLIN), revents: 0),
      ]
      if line != nil, !isCut, readOverLine(until: min(deadline, Self.now() + 0.01)) || !hasClosed { continue }
      _ = poll(&waits, 2, Int32(max(0, ((deadline - Self.now()) * 1000).rounded(.up))))
      if waits[1].revents & Int16(POLLIN) != 0 {
        _ = read(until: deadline)
      } else if waits[1].revents != 0 {
        // All ends of the terminal are closed: only the news is left to wait for.
        _ = poll(&waits, 1, Int32(max(0, ((deadline - Self.now()) * 1000).rounded(.up))))
      }
    }
  }

  /// Waits for output until the deadline and takes what there is.
  /// - Returns: false when no more can come, or nothing came in time.
  private func read(until deadline: Double) -> Bool {
    if line != nil { return readOverLine(until: deadline) }
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let ready = poll(&wait, 1, Int32(max(0, ((deadline - Self.now()) * 1000).rounded(.up))))
    guard ready > 0 else { return ready == 0 && Self.now() < deadline || ready < 0 && errno == EINTR }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(master, &bytes, bytes.count)
    guard count > 0 else { return count < 0 && errno == EINTR }
    take(bytes.prefix(count), at: Self.now())
    return true
  }

  /// Shows what came.
  func take(_ bytes: ArraySlice<UInt8>, at time: Double) {
    received += bytes.count
    arrivals.append((time, received))
    output += bytes
    screen.feed(bytes)
    answer()
  }

  private func isReadable() -> Bool {
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) > 0 && wait.revents & Int16(POLLIN) != 0
  }

  private func answer() {
    let questions = screen.questions.dropFirst(answered)
    answered = screen.questions.count
    guard answersQuestions else { return }
    for question in questions {
      switch question {
      case "OSC 11": try? send("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\")
      case "DA1": try? send("\u{1B}[?62;22c")
      case "DSR 6": try? send("\u{1B}[\(screen.cursor.row + 1);\(screen.cursor.column + 1)R")
      default: break
      }
    }
  }

  /// Seconds of a clock that only goes on.
  public static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Key {
  /// What xterm sends for the key.
  public var sequence: String {
    switch self {
    case .text(let scalar): String(scalar)
    case .control(let scalar): String(Unicode.Scalar(UInt8(scalar.value & 0x1F)))
    case .alt(let scalar): "\u{1B}" + String(scalar)
    case .up: "\u{1B}[A"
    case .down: "\u{1B}[B"
    case .right: "\u{1B}[C"
    case .left: "\u{1B}[D"
    case .home: "\u{1B}[H"
    case .end: "\u{1B}[F"
    case .insert: "\u{1B}[2~"
    case .delete: "\u{1B}[3~"
    case .pageUp: "\u{1B}[5~"
    case .pageDown: "\u{1B}[6~"
    case .enter: "\r"
    case .tab: "\t"
    case .backTab: "\u{1B}[Z"
    case .backspace: "\u{7F}"
    case .escape: "\u{1B}"
    case .function(let number):
      switch number {
      case 1...4: "\u{1B}O" + String(Unicode.Scalar(UInt8(0x4F + number)))
      case 5: "\u{1B}[15~"
      case 6...10: "\u{1B}[\(number + 11)~"
      default: "\u{1B}[\(number + 12)~"
      }
    }
  }
}
