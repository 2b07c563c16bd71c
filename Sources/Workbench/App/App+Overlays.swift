internal import Domain
internal import Frames
internal import SafeText

extension App {
  static func draw(_ overlay: Overlay, _ state: AppState, on frame: inout Frame) {
    switch overlay {
    case .palette(let palette): drawPalette(palette, on: &frame)
    case .help(let scroll): help(state).draw(on: &frame, top: scroll)
    case .themes(let picker): drawThemes(picker, on: &frame)
    case .tour: drawTour(state, on: &frame)
    case .problem, .outline, .table:
      guard let text = text(of: overlay, state) else { return }
      let rect = Chrome.dialog(text.title, rows: height(text, frame.rows), columns: text.columns, on: &frame)
      let top = min(text.scroll, max(0, text.lines.count - rect.rows))
      Dialog.place(first: top, shown: rect.rows, of: text.lines.count, in: rect, on: &frame)
      for (line, text) in text.lines.dropFirst(top).prefix(rect.rows).enumerated() {
        frame.write(text, row: rect.row + line, column: rect.column + 1, limit: rect.columns - 2)
      }
    }
  }

  /// How far the overlay on top can be scrolled.
  static func lastScroll(_ state: AppState) -> Int {
    switch state.overlay {
    case nil, .palette, .themes, .tour: return 0
    case .help:
      var frame = Frame(columns: state.size.columns, rows: state.size.rows)
      return help(state).draw(on: &frame)
    case .problem, .outline, .table:
      guard let overlay = state.overlay, let text = text(of: overlay, state) else { return 0 }
      return max(0, text.lines.count - (height(text, state.size.rows) - 2))
    }
  }

  /// What a dialog of lines shows.
  private struct LongText {
    var title: SafeText
    var lines: [StyledText]
    var columns: Int
    var scroll: Int
  }

  private static func text(of overlay: Overlay, _ state: AppState) -> LongText? {
    let columns = state.size.columns
    switch overlay {
    case .palette, .help, .themes, .tour: return nil
    case .problem(let problem, let scroll):
      let lines = problemLines(problem, width: min(76, columns - 8))
      let widest = lines.map(\.width).max() ?? 0
      return LongText(title: "Problem", lines: lines, columns: min(columns - 4, max(40, widest + 4)), scroll: scroll)
    case .outline(let outline, let scroll), .table(let outline, let scroll):
      return LongText(
        title: outline.title.safe, lines: state.wrapping(of: outline).lines, columns: columns - 4, scroll: scroll)
    }
  }

  private static func height(_ text: LongText, _ rows: Int) -> Int { min(text.lines.count + 2, rows - 2) }

  private static func drawPalette(_ palette: Palette, on frame: inout Frame) {
    let rect = Chrome.dialog("Command", rows: 14, columns: 70, on: &frame)
    frame.write(":", row: rect.row, column: rect.column + 2)
    palette.input.draw(on: &frame, row: rect.row, column: rect.column + 4, columns: rect.columns - 6)
    let room = rect.rows - 4
    let top = max(0, palette.selected - room + 1)
    let meaning = min(26, rect.columns / 3)
    for (line, match) in palette.matches.dropFirst(top).prefix(max(0, room)).enumerated() {
      let entry = palette.entries[match]
      let row = rect.row + 2 + line
      if top + line == palette.selected { frame.draw("▌", row: row, column: rect.column + 1, style: .select) }
      frame.write(entry.name.safe, row: row, column: rect.column + 3, limit: meaning - 4)
      let limit = rect.columns - meaning - entry.key.safe.width - 3
      frame.write(entry.meaning.safe, row: row, column: rect.column + meaning, limit: limit, style: .dim)
      frame.write(entry.key.safe, row: row, endingAt: rect.endColumn - 2)
    }
    if palette.matches.isEmpty {
      frame.write("no such command", row: rect.row + 2, column: rect.column + 3, style: .dim)
    }
    let count = "\(palette.matches.count) of \(palette.entries.count)".safe
    frame.write(count, row: rect.endRow - 1, endingAt: rect.endColumn - 2)
  }

  /// The keys of the screen, then everybody's, from the keymap in force; a changed one is bold.
  private static func help(_ state: AppState) -> Help {
    let scope = state.place.scope
    let (own, shared) = (
      section(.empty, scope, scope, state.keymap), section("everywhere", .everywhere, scope, state.keymap)
    )
    let changed = (own.entries + shared.entries).count(where: \.isChanged)
    let note = changed == 0 ? "the keys as shipped" : "\(changed) of the keys are yours, shown bold"
    return Help("Keys: ".safe + scope.title.safe, [own, shared], note: note.safe)
  }

  /// The bindings of a scope with the keys that reach them on a screen: one of the screen's own stands before everybody's.
  private static func section(_ title: SafeText, _ scope: Scope, _ screen: Scope, _ keymap: Keymap) -> Help.Section {
    Help.Section(
      title,
      keymap.bindings(in: scope).map { binding in
        var reached = binding
        reached.keys = binding.keys.filter { keymap.reached(by: $0, in: screen) == binding.command }
        let shipped = Keymap.standard.binding(of: binding.command, in: binding.scope)
        return Help.Entry(keys(reached).padded(to: 7), binding.hint.safe, isChanged: shipped?.keys != binding.keys)
      })
  }

  /// As many of a binding's keys as fit whole, in ASCII too: two cells stay before what they do.
  private static func keys(_ binding: Binding) -> SafeText {
    if binding.keys.isEmpty { return binding.notation.safe }
    var text: SafeText = .empty
    for sequence in binding.keys {
      let key = Binding.notation(of: sequence).safe
      let longer = text.isEmpty ? key : text + " " + key
      let twin = Frame.asciiWidth(of: longer)
      if text.isEmpty || twin <= (twin > longer.width ? 6 : 7) { text = longer }
    }
    return text
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
