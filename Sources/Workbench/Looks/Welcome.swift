public import Domain
public import Frames
internal import SafeText

/// The first screen of somebody without a context: three ways to start. Nothing is read or sent before one is chosen.
public struct Welcome: Equatable, Sendable {
  /// What was chosen.
  public enum Choice: Equatable, Sendable {
    case demo
    /// A service that was given, and the file with what it asks for.
    case connect(address: String, tokenFile: String?)
    /// A configuration that was given.
    case open(path: String)
    case quit
  }

  /// What is being typed.
  private enum Question: Equatable, Sendable {
    case address
    case tokenFile(address: String)
    case path

    var words: SafeText {
      switch self {
      case .address: "Where does it answer? https://…, or http on this machine"
      case .tokenFile: "Which file holds its token? ⏎ where it asks for none"
      case .path: "Which file? It becomes your configuration"
      }
    }
  }

  private static let ways: [(name: SafeText, meaning: SafeText)] = [
    (
      "demo",
      "a service on this machine, with real models, explanations, drift and a collector; everything is gone when you quit"
    ),
    (
      "connect",
      "a service you were given: URL and credentials; tries it and writes ~/.config/mds/config.toml"
    ),
    ("open a file", "a configuration (.toml) from your researchers"),
  ]

  /// Who, and what the terminal can, as the screen says it.
  private let analyst: String
  private let terminal: [String]
  private var selected = 0
  private var question: Question?
  private var input = TextInput("")
  private var problem: Problem?

  /// `terminal` describes the terminal, a line each.
  public init(analyst: String, terminal: [String]) {
    self.analyst = analyst
    self.terminal = terminal
  }

  /// Why what was chosen could not be done: said until the next key.
  public mutating func fail(_ problem: Problem) { self.problem = problem }

  /// Takes a key; gives what was chosen by it.
  public mutating func take(_ key: Key) -> Choice? {
    problem = nil
    if key == .control("C") { return .quit }
    return question == nil ? choose(key) : type(key)
  }

  /// Takes a paste, where something is asked.
  public mutating func paste(_ text: String) {
    if question != nil { input.insert(text) }
  }

  private mutating func choose(_ key: Key) -> Choice? {
    switch key {
    case .down, .text("j"): selected = min(selected + 1, Self.ways.count - 1)
    case .up, .text("k"): selected = max(selected - 1, 0)
    case .text("q"): return .quit
    case .enter: return begin()
    default:
      guard let digit = key.digit, Self.ways.indices.contains(digit - 1) else { return nil }
      selected = digit - 1
      return begin()
    }
    return nil
  }

  private mutating func begin() -> Choice? {
    guard selected > 0 else { return .demo }
    ask(selected == 1 ? .address : .path)
    return nil
  }

  private mutating func ask(_ next: Question?) {
    question = next
    input = TextInput("")
  }

  private mutating func type(_ key: Key) -> Choice? {
    switch key {
    case .escape: ask(nil)
    case .enter:
      let text = input.text
      switch question {
      case .address where !text.isEmpty: ask(.tokenFile(address: text))
      case .tokenFile(let address): return .connect(address: address, tokenFile: text.isEmpty ? nil : text)
      case .path where !text.isEmpty: return .open(path: text)
      default: break
      }
    default: _ = input.apply(key)
    }
    return nil
  }

  // MARK: Drawing

  /// Draws the screen; what has no room from below is left out.
  public func draw(on frame: inout Frame, now: Timestamp) {
    Header(crumbs: ["no context yet"], user: analyst.safe, clock: now.clockText.safe).draw(on: &frame)
    Chrome.rule(
      "Welcome", right: "nothing has been read or sent", row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
    let isLow = frame.rows < 16
    var row = drawQuestion(row: isLow ? 2 : 3, on: &frame) + (isLow ? 0 : 1)
    for (index, way) in Self.ways.enumerated() {
      if index == selected { frame.draw("▌", row: row, column: 0, style: .select) }
      frame.write(way.name, row: row, column: 2, style: index == selected ? .bold : .plain)
      let lines = way.meaning.wrapped(to: frame.columns - 17).prefix(isLow ? 1 : 3)
      for (line, text) in lines.enumerated() {
        frame.write(text, row: row + line, column: 15, limit: frame.columns - 16, style: .dim)
      }
      row += max(1, lines.count)
    }
    row += 1
    let lines = App.tour(.standard).flatMap { SafeText.lines(of: $0, width: frame.columns - 4) }
    row = drawPart("In three lines", lines, row: row, on: &frame)
    _ = drawPart("This terminal", terminal.map(\.safe), row: row, on: &frame)
    drawFooter(on: &frame)
  }

  /// What is asked, or why nothing came of it; gives the row after.
  private func drawQuestion(row: Int, on frame: inout Frame) -> Int {
    if let problem {
      let lines = ("✗ ".safe + problem.summary.safe).wrapped(to: frame.columns - 4).prefix(frame.rows < 20 ? 2 : 5)
      for (line, text) in lines.enumerated() { frame.write(StyledText(signs: text), row: row + line, column: 2) }
      frame.write(problem.advice.safe, row: row + lines.count, column: 4, limit: frame.columns - 6, style: .dim)
      return row + lines.count + 1
    }
    guard let question else {
      frame.write("Three ways to start:", row: row, column: 2)
      return row + 1
    }
    frame.write(question.words, row: row, column: 2, limit: frame.columns - 3)
    input.draw(on: &frame, row: row + 1, column: 4, columns: frame.columns - 6)
    return row + 2
  }

  /// A part with its rule, where all of it has room over the footer; gives the row after it.
  private func drawPart(_ title: SafeText, _ lines: [SafeText], row: Int, on frame: inout Frame) -> Int {
    guard row + lines.count + 1 < frame.rows - 1 else { return row }
    Chrome.rule(title, row: row, columns: 0..<frame.columns, on: &frame)
    for (line, text) in lines.enumerated() {
      frame.write(text, row: row + 1 + line, column: 2, limit: frame.columns - 3)
    }
    return row + lines.count + 2
  }

  private func drawFooter(on frame: inout Frame) {
    let hints: [Footer.Hint] =
      question == nil
      ? [.init("⏎", "choose"), .init("j k", "move"), .init("q", "quit")]
      : [.init("⏎", "go on"), .init("Esc", "back"), .init("^U", "clear")]
    Footer(hints, right: "\(selected + 1)/\(Self.ways.count)".safe).draw(on: &frame)
  }
}
