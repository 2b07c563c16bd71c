internal import Domain
internal import Frames
internal import SafeText

/// What stands around every screen: the header row, rules, the toast and the footer.
enum Chrome {
  /// Row 0: where the analyst is; who, whether the lines are up, what waits, the minute.
  static func header(_ state: AppState, on frame: inout Frame) {
    Header(
      crumbs: [state.context.safe] + path(state), user: state.analyst.safe, link: link(state, frame.columns),
      outbox: state.waiting > 0 ? state.waiting : nil, clock: state.now.clockText.safe
    ).draw(on: &frame)
  }

  /// On a very narrow screen since when a line is down stands in its own place, not in the header.
  private static func link(_ state: AppState, _ columns: Int) -> SafeText {
    switch (state.service, state.collector) {
    case (.down, _) where columns < 50: "✗ service"
    case (_, .down) where columns < 50 && state.syncStop == nil: "○ offline"
    case (.down(let since), _): "✗ service since ".safe + since.clockText.safe
    case (_, .down) where state.syncStop != nil:
      state.hints.key(.goOutbox).map { "✗ not synced: ".safe + $0 } ?? "✗ not synced"
    case (_, .down(let since)): "○ offline since ".safe + since.clockText.safe
    case (.up, _): "● online"
    case (.unknown, _): "◐ connecting"
    }
  }

  private static func path(_ state: AppState) -> [SafeText] {
    switch state.place {
    case .models: ["Models"]
    case .infer(let id): ["Models", id.title, "Infer"]
    case .case(let id):
      [state.case?.case?.model.title, state.case?.case?.title ?? ("case ".safe + id.short.safe)].compactMap(\.self)
    case .drift(let id): [id.title, "Drift"]
    case .review: state.review.order.model.map { [$0.safe, "Review"] } ?? ["Review"]
    case .outbox: ["Outbox"]
    case .inbox: ["Inbox"]
    case .feedback:
      (state.model.map { [$0.title] } ?? []) + ["Feedback"]
        + (state.feedback.shown.period == .all ? [] : [state.feedback.shown.period.rawValue.safe])
    case .search: ["Search"]
    case .log: ["Log"]
    }
  }

  /// A panel's top rule over some columns.
  static func rule(
    _ title: SafeText, right: SafeText = .empty, row: Int, columns: Range<Int>, focused: Bool = false,
    on frame: inout Frame
  ) {
    guard row >= 0, row < frame.rows else { return }
    Rule(title, right: right, isFocused: focused)
      .draw(on: &frame, row: row, column: columns.lowerBound, columns: columns.count)
  }

  /// The row above the footer: a prompt while one is open, else the newest message.
  static func message(_ state: AppState, on frame: inout Frame) {
    let row = frame.rows - 2
    guard row > 0 else { return }
    if let filter = state.filter {
      Prompt("/", filter).draw(on: &frame, row: row)
      return
    }
    if state.place == .models, let question = state.models.question {
      // What is agreed to is read whole: it takes rows of the panels above for as long as it is asked.
      let lines = ("▲ ".safe + question).wrapped(to: frame.columns - 1).prefix(max(1, row - 1))
      let first = row - lines.count + 1
      frame.fill(Rect(row: first, column: 0, rows: lines.count, columns: frame.columns))
      for (line, text) in lines.enumerated() { frame.write(text, row: first + line, column: 1, style: .warn) }
      return
    }
    guard let message = state.toast else {
      if state.hasOnePanel { draft(state, row: row, on: &frame) }
      return
    }
    let sign: SafeText =
      switch message.kind {
      case .done: "● "
      case .notice: "· "
      case .failed: "✗ "
      }
    let hint = message.hint ?? (message.kind == .failed ? Hint(.goLog, "detail") : nil)
    Frames.Toast(sign + message.text.safe, hint: hint.map { state.hints($0) } ?? .empty).draw(on: &frame, row: row)
  }

  /// The judgement in the making, where the panel that has it may be out of view.
  private static func draft(_ state: AppState, row: Int, on frame: inout Frame) {
    guard let editor = state.editor, !editor.isAsking else { return }
    let isBlind = state.place == .review && state.review.isBlindNow
    let summary = JudgementPanel.summary(editor, isBlind ? .blind : .open)
    // Marks alone are a draft too.
    let said = summary.isEmpty ? JudgementPanel.marks(editor) : summary
    guard !said.isEmpty else { return }
    let status = JudgementPanel.status(editor, state.hints, now: state.now)
    let room = frame.columns - 4 - status.width
    frame.write(said, row: row, column: 1, limit: max(8, room - 1))
    frame.write(status, row: row, endingAt: frame.columns - 1, style: .dim)
  }

  /// Why there is nothing to show and the keys that help, in the rows from `row` to before `end`; how many it took.
  @discardableResult static func absence(
    _ problem: Problem, _ hint: SafeText, row: Int, end: Int = .max, columns: Range<Int>, on frame: inout Frame
  ) -> Int {
    let width = columns.count - 3
    frame.write("✗", row: row, column: columns.lowerBound, style: .bad)
    var lines = SafeText.lines(of: problem.summary, width: width, rows: 3).map { StyledText($0) }
    let advice = SafeText.lines(of: problem.advice, width: width, rows: 2).map { StyledText($0, .dim) }
    // The keys that help are never what has no room.
    if row + lines.count + advice.count < end { lines += advice }
    if !hint.isEmpty { lines.append(StyledText(hint, .dim)) }
    for (line, text) in lines.enumerated() where row + line < end {
      frame.write(text, row: row + line, column: columns.lowerBound + 2, limit: width)
    }
    return lines.count
  }

  /// As many of the parts as fit whole.
  static func fitting(_ parts: [SafeText], by separator: SafeText = "   ", columns: Int) -> SafeText {
    var line = SafeText.empty
    for part in parts where !part.isEmpty {
      let longer = line.isEmpty ? part : line + separator + part
      guard longer.width <= columns else { return line.isEmpty ? part.cut(to: columns) : line }
      line = longer
    }
    return line
  }

  /// An empty dialog in the middle; gives its inside.
  static func dialog(_ title: SafeText, rows: Int, columns: Int, on frame: inout Frame) -> Rect {
    let outer = frame.bounds.inset(rows: 1, columns: 2).centered(rows: rows, columns: columns)
    return Dialog(title).draw(on: &frame, in: outer)
  }
}
