internal import Domain
internal import Frames
internal import SafeText

/// What the model answers when one value of the record is another: asked by the analyst, or found by a search.
enum ProbePanel {
  static func drawFlips(_ state: CaseScreen.State, _ hints: Hints, in rect: Rect, on frame: inout Frame) {
    let found = state.flips.value?.found ?? []
    let labels = Set(found.map(\.newLabel))
    var title = "Flips".safe
    // On a short rule the table's titles say what is left of it.
    if let from = found.first?.oldLabel.safe, labels.count > 1 || rect.columns >= 60 { title += " from " + from }
    if let label = labels.first, labels.count == 1 { title += " to ".safe + label.safe }
    CaseScreen.rule(title, right: heading(state.flips, hints, isShort: rect.columns < 60), rect, on: &frame)
    let start = rect.column + 2
    let width = rect.columns - 3
    var row = rect.row + 1
    func say(_ text: SafeText, style: Style = .dim) {
      for line in text.wrapped(to: width) where row < rect.endRow {
        frame.write(line, row: row, column: start, style: style)
        row += 1
      }
    }
    switch state.flips {
    case .idle: say(hints(.otherFlips, "looks for one value whose change flips the answer"))
    case .loading: say("Asking the model about other values, one feature at a time…")
    case .failed(let problem, _):
      frame.write(StyledText(signs: "✗ ") + StyledText(problem.summary.safe), row: row, column: start, limit: width)
      row += 1
      say(hints(.otherFlips, "tries again"))
    case .loaded(let flips):
      let note = note(flips, isShort: rect.columns < 60)
      // The last row says what was searched, unless one more flip needs it.
      let room = rect.endRow - row - (rect.rows > 5 ? 1 : 0)
      row = draw(found.prefix(max(1, room - 1)), showsLabel: labels.count > 1, row: row, rect, on: &frame)
      if flips.found.isEmpty { say("No other value of a single feature flips the answer.", style: .plain) }
      say(note)
    }
  }

  /// On a wide rule what each flip is stands beside how many were found, so that it is never what has no room.
  private static func heading(_ flips: Loadable<Flips>, _ hints: Hints, isShort: Bool) -> SafeText {
    switch flips {
    case .idle: hints(.otherFlips, "other flips")
    case .loading: "asking…"
    case .failed: .empty
    case .loaded(let flips):
      Numeral.count(flips.found.count)
        + (isShort ? " found" : " found, each changes one feature of \(flips.features)".safe)
    }
  }

  /// What the search did, so that nobody takes it for more.
  private static func note(_ flips: Flips, isShort: Bool) -> SafeText {
    let each = "each changes one feature of \(flips.features)".safe
    if isShort { return flips.untried == 0 ? each : each + ", \(flips.untried) untried".safe }
    let tried = Numeral.count(flips.rows) + " rows asked, over the range of each feature"
    return flips.untried == 0 ? tried : tried + "; \(flips.untried) have no range".safe
  }

  static func drawWhatIf(
    _ state: CaseScreen.State, _ content: CaseContent, _ hints: Hints, in rect: Rect, on frame: inout Frame
  ) {
    let kept = content.probes.isEmpty ? .empty : "  \(content.probes.count) kept".safe
    CaseScreen.rule("What-if", right: hints(.whatIf, "another value") + kept, rect, on: &frame)
    var row = rect.row + 1
    let fields = content.signature?.fields ?? []
    if let whatIf = state.whatIf, fields.indices.contains(whatIf.field) {
      row += drawEntry(whatIf, fields[whatIf.field], state, row: row, rect, on: &frame)
    } else if let asking = state.asking {
      let name = asking.name.safe
      frame.write(
        "asking with ".safe + name + " " + asking.value.shown(cells: max(16, rect.columns - 20 - name.width)) + "…",
        row: row, column: rect.column + 2,
        limit: rect.columns - 3, style: .dim)
      row += 1
    } else if content.probes.isEmpty {
      frame.write(
        hints(.whatIf, "asks the model with the selected value changed; the record stays as it is"), row: row,
        column: rect.column + 2,
        limit: rect.columns - 3, style: .dim)
    }
    _ = draw(content.probes[...], showsLabel: true, row: row, rect, on: &frame)
  }

  /// The value being given. - Returns: the rows that it took.
  private static func drawEntry(
    _ whatIf: WhatIf, _ field: Field, _ state: CaseScreen.State, row: Int, _ rect: Rect, on frame: inout Frame
  ) -> Int {
    let start = rect.column + 2
    let name = field.name.safe.cutMiddle(to: rect.columns < 60 ? 16 : 24)
    let present =
      state.values.indices.contains(whatIf.field) ? state.values[whatIf.field].shown(cells: 16) : .empty
    let lead = StyledText(name, .bold) + StyledText("  ".safe + present + " → ")
    let column = start + frame.write(lead, row: row, column: start)
    switch whatIf.entry {
    case .typing(let input):
      let hint = field.expectation.safe.cut(to: 18)
      input.draw(on: &frame, row: row, column: column, columns: max(6, rect.endColumn - column - hint.width - 3))
      frame.write(hint, row: row, endingAt: rect.endColumn - 1, style: .dim)
    case .choosing(let labels, let selected):
      return drawChoices(labels, selected, row: row, column: column, rect, on: &frame)
    }
    guard let problem = whatIf.problem, row + 1 < rect.endRow else { return 1 }
    let advice = problem.canBeSentAnyway ? "   ⏎ again asks anyway" : ""
    frame.write(
      StyledText(signs: "✗ ") + StyledText(problem.text.safe + advice.safe), row: row + 1, column: start,
      limit: rect.columns - 3)
    return 2
  }

  private static func drawChoices(
    _ labels: [RawText], _ selected: Int, row: Int, column: Int, _ rect: Rect, on frame: inout Frame
  ) -> Int {
    var y = row
    var x = column
    for (index, label) in labels.enumerated() {
      let text = label.safe.cut(to: rect.endColumn - column - 1)
      if x > column, x + text.width > rect.endColumn - 1 {
        y += 1
        x = column
      }
      guard y < rect.endRow else { break }
      x += frame.write(text, row: y, column: x, style: index == selected ? .reverse : .plain) + 2
    }
    return y - row + 1
  }

  /// A table of answers as far as there are rows; one row alone has no titles. - Returns: the row after it.
  private static func draw(
    _ probes: ArraySlice<Probe>, showsLabel: Bool, row: Int, _ rect: Rect, on frame: inout Frame
  ) -> Int {
    guard !probes.isEmpty else { return row }
    let (start, end) = (rect.column + 2, rect.endColumn - 1)
    let table = ProbeTable(Array(probes), showsLabel: showsLabel, columns: end - start)
    var row = row
    if row + 1 < rect.endRow {
      table.drawTitles(row: row, column: start, end: end, on: &frame)
      row += 1
    }
    for probe in probes where row < rect.endRow {
      table.draw(probe, row: row, column: start, end: end, on: &frame)
      row += 1
    }
    return row
  }
}

extension SafeText {
  /// `4787 → 3372` in so many columns; each side gets its half where both are long.
  static func change(_ from: SafeText, _ to: SafeText, columns: Int) -> SafeText {
    let room = columns - 3
    let half = room / 2
    let left = from.cut(to: max(half, room - to.width))
    return left + " → " + to.cut(to: max(1, room - left.width))
  }
}
