internal import Domain
public import Frames
internal import SafeText

extension App {
  /// The smallest terminal that shows a screen.
  static let smallest = ScreenSize(columns: 40, rows: 10)

  /// Draws the whole screen; a pure picture of the state.
  public static func draw(_ state: AppState, on frame: inout Frame) {
    frame.title = ["mds".safe, state.context.safe].joined(separator: " ")
    guard frame.columns >= smallest.columns, frame.rows >= smallest.rows else {
      frame.write("mds needs 40x10".safe, row: 0, column: 0)
      return
    }
    Chrome.header(state, on: &frame)
    switch state.place {
    case .models: ModelsScreen.draw(state.models, now: state.now, on: &frame)
    case .infer: if let infer = state.infer { InferScreen.draw(infer, now: state.now, on: &frame) }
    case .case: if let current = state.case { CaseScreen.draw(current, now: state.now, on: &frame) }
    case .drift: if let drift = state.drift { DriftScreen.draw(drift, on: &frame) }
    case .review: ReviewScreen.draw(state.review, now: state.now, on: &frame)
    case .outbox: OutboxScreen.draw(state.outbox, link: state.collector, now: state.now, on: &frame)
    }
    Chrome.message(state, on: &frame)
    Footer(hints(state).map { .init($0.key, $0.hint) }, right: position(state)).draw(on: &frame)
    if let overlay = state.overlay { draw(overlay, state, on: &frame) }
  }

  /// The hints of the footer: what the keys mean just now.
  static func hints(_ state: AppState) -> [(key: SafeText, hint: SafeText)] {
    if let hints = overlayHints(state.overlay) { return hints }
    if state.filter != nil { return [("⏎", "keep"), ("Esc", "clear"), ("↑↓", "move")] }
    if state.isAsking { return askingHints(state) }
    let scope = state.place.scope
    let commands: [(Command, SafeText)] =
      switch state.place {
      case .models:
        [
          (.open, "open"), (.infer, "infer"), (.drift, "drift"), (.review, "review"), (.filter, "filter"),
          (.help, "help"),
        ]
      case .infer:
        [
          (.open, "edit"), (.send, "send"), (.sendAndExplain, "explain"), (.openFile, "file"), (.history, "history"),
          (.help, "help"),
        ]
      case .case:
        [
          (.agree, ""), (.save, "save, next"), (.note, "note"), (.nextExplanation, "next why"), (.moveRight, "class"),
          (.help, "help"),
        ]
      case .drift:
        [
          (.open, "cases"), (.moveLeft, "window"), (.windowWidth, "width"), (.table, "table"), (.reload, "reload"),
          (.help, "help"),
        ]
      case .review:
        [
          (.agree, ""), (.toggleMarked, "mark"), (.save, "save, next"), (.blind, "blind"), (.composeQueue, "queue"),
          (.help, "help"),
        ]
      case .outbox:
        [
          (.open, "case"), (.retry, "retry"), (.exportFeedback, "export"), (.sync, "sync now"), (.back, "back"),
          (.help, "help"),
        ]
      }
    return commands.map { command, hint in
      if command == .agree { return ("a d u", "verdict") }
      if command == .moveRight || command == .moveLeft { return ("h l", hint) }
      return (state.keymap.key(of: command, in: scope).safe, hint)
    }
  }

  private static func overlayHints(_ overlay: Overlay?) -> [(key: SafeText, hint: SafeText)]? {
    switch overlay {
    case nil: nil
    case .palette: [("⏎", "run"), ("⇥", "complete"), ("↑↓", "choose"), ("Esc", "leave")]
    case .help: [("Esc", "close"), ("j k", "scroll")]
    case .problem: [("y", "copy all"), ("j k", "scroll"), ("Esc", "close")]
    case .outline: [("y", "copy all"), ("j k", "scroll"), ("Esc", "close")]
    }
  }

  private static func askingHints(_ state: AppState) -> [(key: SafeText, hint: SafeText)] {
    if case .infer = state.place {
      switch state.infer?.mode {
      case .editing: return [("⏎", "accept, next"), ("Esc", "leave"), ("^A ^E", "ends"), ("^K ^U", "cut")]
      case .opening: return [("⏎", "open"), ("Esc", "leave")]
      default: return [("⏎", "choose"), ("j k", "move"), ("Esc", "leave")]
      }
    }
    let editor = state.place == .review ? state.review.editor : state.case?.editor
    switch editor?.mode {
    case .note: return [("⏎", "keep"), ("Esc", "leave"), ("^A ^E", "ends"), ("^K ^U", "cut")]
    case .label: return [("1–9", "label"), ("j k ⏎", "choose"), ("Esc", "none")]
    case .reasons: return [("1–4", "set, unset"), ("⏎", "done")]
    case .confidence: return [("1–5", "confidence"), ("Esc", "leave")]
    case .skip: return [("1", "for me"), ("2", "for others"), ("Esc", "leave")]
    default: return [("⏎", "choose"), ("j k", "move"), ("Esc", "leave")]
    }
  }

  /// Where one is in the list on screen.
  private static func position(_ state: AppState) -> SafeText {
    if let count = state.count { return "\(count)".safe }
    if !state.pending.isEmpty { return state.pending.map(\.description).joined().safe }
    let rows: Rows?
    switch state.place {
    case .models: rows = state.models.rows
    case .infer:
      let problems = state.infer?.problems.count ?? 0
      if problems > 0 { return "✗ \(problems) ".safe + (problems == 1 ? "problem" : "problems") }
      rows = state.infer?.rows
    case .case:
      guard let current = state.case, !current.siblings.isEmpty else {
        return state.case?.case.map { "\($0.number)".safe } ?? .empty
      }
      return "\(current.position)/\(current.siblings.count)".safe
    case .drift: rows = state.drift?.rows
    case .review: rows = state.review.rows
    case .outbox: rows = state.outbox.rows
    }
    guard let rows, !rows.isEmpty else { return .empty }
    return "\(rows.selection + 1)/\(rows.count)".safe
  }

  private static func draw(_ overlay: Overlay, _ state: AppState, on frame: inout Frame) {
    switch overlay {
    case .palette(let palette): drawPalette(palette, on: &frame)
    case .help(let scroll):
      drawLines(helpLines(state), title: "Keys: ".safe + state.place.scope.title.safe, scroll, on: &frame)
    case .problem(let problem, let scroll):
      drawLines(problemLines(problem, width: min(76, frame.columns - 8)), title: "Problem", scroll, on: &frame)
    case .outline(let outline, let scroll):
      drawLines(
        outline.lines.dropFirst().map { StyledText([.init($0.safe)]) }, title: outline.title.safe, scroll, wide: true,
        on: &frame)
    }
  }

  private static func drawPalette(_ palette: Palette, on frame: inout Frame) {
    let rect = Chrome.dialog("Command", rows: 14, columns: 68, on: &frame)
    frame.write(":", row: rect.row, column: rect.column + 1, style: .accent)
    palette.input.draw(on: &frame, row: rect.row, column: rect.column + 3, columns: rect.columns - 5)
    let room = rect.rows - 2
    let top = max(0, palette.selected - room + 1)
    for (line, match) in palette.matches.dropFirst(top).prefix(room).enumerated() {
      let entry = palette.entries[match]
      let row = rect.row + 2 + line
      if top + line == palette.selected { frame.draw("▌", row: row, column: rect.column, style: .accent) }
      frame.write(entry.name.safe, row: row, column: rect.column + 2, limit: 22)
      frame.write(entry.meaning.safe, row: row, column: rect.column + 25, limit: rect.columns - 32, style: .dim)
      frame.write(entry.key.safe, row: row, endingAt: rect.endColumn - 1)
    }
    if palette.matches.isEmpty {
      frame.write("no such command", row: rect.row + 2, column: rect.column + 2, style: .dim)
    }
  }

  private static func drawLines(
    _ lines: [StyledText], title: SafeText, _ scroll: Int, wide: Bool = false, on frame: inout Frame
  ) {
    let widest = lines.map(\.width).max() ?? 0
    let columns = wide ? frame.columns - 4 : min(frame.columns - 4, max(40, widest + 4))
    let rect = Chrome.dialog(title, rows: min(lines.count + 2, frame.rows - 2), columns: columns, on: &frame)
    let top = min(scroll, max(0, lines.count - rect.rows))
    for (line, text) in lines.dropFirst(top).prefix(rect.rows).enumerated() {
      frame.write(text, row: rect.row + line, column: rect.column + 1, limit: rect.columns - 2)
    }
  }

  /// The keys of the screen in two columns, then everybody's.
  private static func helpLines(_ state: AppState) -> [StyledText] {
    let scope = state.place.scope
    var lines = pairs(state.keymap.bindings(in: scope))
    lines.append(StyledText([]))
    lines.append(StyledText([.init("everywhere", .dim)]))
    lines += pairs(state.keymap.bindings(in: .everywhere))
    return lines
  }

  private static func pairs(_ bindings: [Binding]) -> [StyledText] {
    let cells = bindings.map { binding in
      StyledText([.init(binding.notation.safe.padded(to: 10), .bold), .init(binding.hint.safe.padded(to: 22))])
    }
    return stride(from: 0, to: cells.count, by: 2).map { index in
      index + 1 < cells.count ? cells[index] + cells[index + 1] : cells[index]
    }
  }

  private static func problemLines(_ problem: Problem, width: Int) -> [StyledText] {
    var lines = SafeText.lines(of: problem.summary, width: width).map { StyledText([.init($0, .bold)]) }
    if !problem.advice.isEmpty {
      lines.append(StyledText([]))
      lines += SafeText.lines(of: problem.advice, width: width).map { StyledText([.init($0)]) }
    }
    if !problem.detail.isEmpty {
      lines.append(StyledText([]))
      lines += SafeText.lines(of: problem.detail, width: width).map { StyledText([.init($0, .dim)]) }
    }
    return lines
  }
}
