internal import Domain
internal import Frames
internal import SafeText

/// What happened in this session: requests, syncs, reloads and saves, and how each ended.
public enum LogScreen {
  public struct State: Equatable, Sendable {
    public var log = SessionLog()
    /// The newest first.
    public var rows = Rows()
    public var size = ScreenSize()
    /// The entry under the cursor, by its number: its index moves when the oldest go.
    var current: Int?

    public init() {}

    public var selected: SessionLog.Entry? {
      rows.selected.flatMap { log.entries.indices.contains($0) ? log.entries[$0] : nil }
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    /// Something was added.
    case grew
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      // A failure that was only a toast is what one comes for.
      order(&state, keeping: state.log.unseen)
      if state.log.unseen == nil { state.rows.select(0) }
      state.log.look()
      state.current = state.selected?.id
    case .grew: order(&state, keeping: state.current)
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: LogLayout(state.size).listHeight)
    case .commanded(let command, let count):
      state.rows.perform(command, count: count)
      state.current = state.selected?.id
    }
    return []
  }

  private static func order(_ state: inout State, keeping id: Int?) {
    let index = id.flatMap { id in state.log.entries.firstIndex { $0.id == id } }
    state.rows.replace(state.log.entries.indices.reversed().map(Int32.init), keeping: index)
  }
}

/// Where the parts of the log stand: the list, and under it the selected line in full where there is room.
struct LogLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  var hasPane: Bool { size.rows >= 20 }
  var paneLines: Int { max(5, (size.rows - 6) * 2 / 5) }
  var paneRow: Int { size.rows - 3 - paneLines }
  var listHeight: Int { max(1, (hasPane ? paneRow - 1 : size.rows - 2) - 3) }
}

extension LogScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let layout = LogLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    let count = state.log.entries.count
    let kept: SafeText =
      count == SessionLog.length ? "the newest \(SessionLog.length) of this session".safe : "this session"
    Chrome.rule("Log \(count)".safe, right: kept, row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
    guard count > 0 else {
      frame.write("Nothing has happened yet.", row: 3, column: 2, style: .dim)
      return
    }
    // By all lines, not by those in view: nothing moves when they do.
    let room = frame.columns - 25
    let whatCells = ColumnShare.first(
      room / 2, needs: max(10, state.log.entries.map { what($0).width }.max() ?? 0),
      beside: state.log.entries.map { self.ending($0).width }.max() ?? 0, of: room)
    let ending = 24 + whatCells
    for (title, column) in [("TIME", 2), ("KIND", 13), ("WHAT", 22), ("ENDED", ending)] {
      frame.write(SafeText(title), row: 2, column: column, style: .dim)
    }
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      let row = 3 + line
      let entry = state.log.entries[index]
      if position == state.rows.selection { frame.draw("▌", row: row, column: 0, style: .select) }
      frame.write(entry.at.shortText(asOf: now).safe, row: row, column: 2)
      frame.write(entry.kind.rawValue.safe, row: row, column: 13)
      frame.write(what(entry), row: row, column: 22, limit: whatCells)
      frame.write(self.ending(entry), row: row, column: ending, limit: frame.columns - ending - 1)
    }
    guard layout.hasPane, let entry = state.selected else { return }
    Chrome.rule(
      what(entry), right: hints(.open, "shows it over the screen"), row: layout.paneRow, columns: 0..<frame.columns,
      on: &frame)
    for (line, text) in lines(entry, width: frame.columns - 4).prefix(layout.paneLines).enumerated() {
      frame.write(text, row: layout.paneRow + 1 + line, column: 2, limit: frame.columns - 4)
    }
  }

  private static func what(_ entry: SessionLog.Entry) -> SafeText {
    entry.what.safe + (entry.count == 1 ? .empty : "  ×\(entry.count)".safe)
  }

  private static func ending(_ entry: SessionLog.Entry) -> StyledText {
    switch entry.ending {
    case .done(let text): StyledText([.init("●", .ok), .init(" ".safe + text.safe)])
    case .notice(let text): StyledText([.init("· ", .dim), .init(text.safe)])
    case .failed(let problem): StyledText([.init("✗", .bad), .init(" ".safe + problem.summary.safe)])
    }
  }

  /// How it ended, told without signs.
  private static func words(of ending: SessionLog.Ending) -> String {
    switch ending {
    case .done(let text), .notice(let text): text
    case .failed(let problem): "failed: " + problem.summary
    }
  }

  /// The whole of an entry as lines of a width.
  static func lines(_ entry: SessionLog.Entry, width: Int) -> [StyledText] {
    func wrapped(_ text: String, _ style: Style = .plain) -> [StyledText] {
      text.isEmpty ? [] : SafeText.lines(of: text, width: width).map { StyledText($0, style) }
    }
    let count = entry.count == 1 ? [] : [StyledText("\(entry.count) times; the time is that of the last".safe, .dim)]
    switch entry.ending {
    case .done(let text), .notice(let text): return wrapped(entry.what, .bold) + wrapped(text) + count
    case .failed(let problem):
      return wrapped(problem.summary, .bold) + wrapped(problem.advice) + wrapped(problem.detail, .dim) + count
    }
  }

  /// An entry that did not fail, to read over the screen.
  static func outline(of entry: SessionLog.Entry, width: Int) -> Outline {
    Outline(
      "\(entry.kind.rawValue) \(entry.at.clockText)",
      [Outline.Section("", lines: lines(entry, width: width).map(\.text.text))])
  }

  static func read(_ state: State) -> Outline {
    let rows = state.log.entries.reversed().map { entry in
      [entry.at.secondText, entry.kind.rawValue, what(entry).text, words(of: entry.ending)]
    }
    var sections = [
      Outline.Section(
        "This session", lines: rows.isEmpty ? ["Nothing has happened yet."] : [],
        columns: ["TIME", "KIND", "WHAT", "ENDED"], rows: Array(rows),
        selected: rows.isEmpty ? nil : state.rows.selection)
    ]
    if let entry = state.selected {
      sections.append(Outline.Section("In full", lines: lines(entry, width: 76).map(\.text.text)))
    }
    return Outline("Log", sections)
  }
}
