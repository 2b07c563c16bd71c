internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

extension FeedbackScreen {
  static func draw(_ state: State, _ hints: Hints, on frame: inout Frame) {
    let size = ScreenSize(columns: frame.columns, rows: frame.rows)
    guard let report = state.content.value?.report, report.cases > 0 else {
      drawAbsent(state, hints, FeedbackLayout(size), on: &frame)
      return
    }
    let layout = FeedbackLayout(size, panelRows: state.panelRows)
    let figures = ReportFigures(report)
    if layout.isStacked {
      if layout.hasSummary { drawCompact(state, figures, layout, on: &frame) }
      FeedbackPanels.trend(figures, news(state), layout.stacked(0), on: &frame)
      FeedbackPanels.confusion(figures, layout.stacked(1), on: &frame)
      FeedbackPanels.calibration(figures, layout.stacked(2), on: &frame)
      FeedbackPanels.facts(figures, layout.stacked(3), on: &frame)
      FeedbackPanels.analysts(figures, layout.stacked(4), on: &frame)
    } else if layout.isCompact {
      drawCompact(state, figures, layout, on: &frame)
    } else {
      let right = layout.split + 1
      FeedbackPanels.trend(
        figures, news(state), Rect(row: 1, column: 0, rows: layout.topHeight + 1, columns: layout.split), on: &frame)
      FeedbackPanels.confusion(
        figures, Rect(row: 1, column: right, rows: layout.topHeight + 1, columns: frame.columns - right), on: &frame)
      FeedbackPanels.calibration(
        figures, Rect(row: layout.middleRow, column: 0, rows: layout.middleHeight + 1, columns: layout.split),
        on: &frame)
      FeedbackPanels.facts(
        figures,
        Rect(row: layout.middleRow, column: right, rows: layout.middleHeight + 1, columns: frame.columns - right),
        on: &frame)
    }
    drawSlices(state, figures, layout, on: &frame)
    if layout.isWide {
      let rect = Rect(
        row: layout.listRow, column: layout.listWidth + 1, rows: frame.rows - 2 - layout.listRow,
        columns: frame.columns - layout.listWidth - 1)
      FeedbackPanels.analysts(figures, rect, on: &frame)
      ColumnRule(column: layout.listWidth, rows: layout.listRow..<frame.rows - 2).draw(on: &frame)
    }
    if !layout.isCompact, !layout.isStacked {
      ColumnRule(column: layout.split, rows: 1..<layout.listRow).draw(on: &frame)
    }
  }

  /// What is happening to the numbers on screen; nothing where they are the newest.
  private static func news(_ state: State) -> SafeText {
    if state.content.isLoading { return "counting…" }
    return state.content.problem == nil ? .empty : "✗ not renewed"
  }

  /// The panels stand where they will stand; why they are empty is said in the list.
  private static func drawAbsent(_ state: State, _ hints: Hints, _ layout: FeedbackLayout, on frame: inout Frame) {
    drawPanelsWithout(state, layout, on: &frame)
    let first = layout.listRow + 2
    let limit = layout.listWidth - 3
    var lines: [StyledText] = []
    if let problem = state.content.problem {
      Chrome.absence(
        problem, hints.afterFailure("tries again"), row: first, end: frame.rows - 2, columns: 2..<layout.listWidth,
        on: &frame)
      return
    }
    if let content = state.content.value {
      say(content, hints) { text, isDim in
        lines += text.wrapped(to: limit).map { StyledText($0, isDim ? .dim : .plain) }
      }
    } else {
      lines.append(StyledText("Counting the judgements of this ledger…", .dim))
    }
    for (index, text) in lines.enumerated() where first + index < frame.rows - 2 {
      frame.write(text, row: first + index, column: 2, limit: limit)
    }
  }

  private static func drawPanelsWithout(_ state: State, _ layout: FeedbackLayout, on frame: inout Frame) {
    if layout.isCompact {
      Chrome.rule("Feedback", row: 1, columns: 0..<frame.columns, on: &frame)
    } else {
      let right = layout.split + 1..<frame.columns
      Chrome.rule("right over time", row: 1, columns: 0..<layout.split, on: &frame)
      Chrome.rule("confusion, rows truth", row: 1, columns: right, on: &frame)
      Chrome.rule("calibration", row: layout.middleRow, columns: 0..<layout.split, on: &frame)
      Chrome.rule("analysts", row: layout.middleRow, columns: right, on: &frame)
    }
    Chrome.rule(
      "right by ".safe + state.kind.word, row: layout.listRow, columns: 0..<layout.listWidth, focused: true, on: &frame)
    Columns(width: layout.listWidth, hasLongNames: state.kind == .input).drawTitles(row: layout.listRow + 1, on: &frame)
    if layout.isWide {
      Chrome.rule("who judged", row: layout.listRow, columns: layout.listWidth + 1..<frame.columns, on: &frame)
      ColumnRule(column: layout.listWidth, rows: layout.listRow..<frame.rows - 2).draw(on: &frame)
    }
    if !layout.isCompact { ColumnRule(column: layout.split, rows: 1..<layout.listRow).draw(on: &frame) }
  }

  /// Why there is nothing to count, and which key finds something.
  private static func say(_ content: Content, _ hints: Hints, _ line: (SafeText, Bool) -> Void) {
    let period = content.order.period
    let model = content.order.model.map { " of ".safe + $0.safe } ?? .empty
    line(
      "No judgement".safe + model + (period == .all ? " yet." : " in the last ".safe + period.rawValue.safe + "."),
      false)
    let help = hints.row(
      [(.goReview, "reviews cases"), (.sync, "fetches what colleagues judged, where the token may read")], by: "; ")
    if !help.isEmpty { line(help, true) }
    let further = hints(.nextPeriod, "looks further back")
    if period != .all, !further.isEmpty { line(further, true) }
    let judged = Dictionary(content.report.models.map { ($0.key.name, $0.value) }, uniquingKeysWith: +)
      .sorted { $0.key < $1.key }.map { $0.key.safe + " " + Numeral.count($0.value) }
    let turn = hints([.moveLeft, .moveRight], "turn to what was judged: ")
    if !judged.isEmpty { line((turn.isEmpty ? "judged: " : turn) + judged.joined(separator: " · "), false) }
    let gaps = ReportFigures(content.report).gaps
    if !gaps.isEmpty { line("not counted: ".safe + gaps.joined(separator: " · "), true) }
  }

  // MARK: A small terminal

  private static func drawCompact(
    _ state: State, _ figures: ReportFigures, _ layout: FeedbackLayout, on frame: inout Frame
  ) {
    let report = figures.report
    Chrome.rule("Feedback", right: news(state), row: 1, columns: 0..<frame.columns, on: &frame)
    let drawn = figures.weighted
    let calibration = report.calibration
    let agreement = report.agreement
    let lines: [(SafeText, SafeText)] = [
      (
        "right",
        figures.percent(report.accuracy) + "  " + figures.span(report.accuracy) + "  n "
          + Numeral.count(report.accuracy?.trials) + "   all cases " + drawn.share + "  " + drawn.span
      ),
      (
        "says",
        "ECE ".safe + figures.decimal(calibration.expectedError, of: calibration.count, places: 3) + "  Brier "
          + figures.decimal(calibration.brier, of: calibration.count, places: 3) + "  n "
          + Numeral.count(calibration.count)
      ),
      (
        "analysts",
        "Po ".safe + figures.decimal(agreement.observed, of: agreement.units) + "  α "
          + figures.decimal(agreement.alpha?.value, of: agreement.units) + "  AC1 "
          + figures.decimal(agreement.gwet?.value, of: agreement.units) + "  n " + Numeral.count(agreement.units)
      ),
      ("time", FeedbackPanels.time(figures)),
    ]
    for (index, line) in lines.prefix(layout.topHeight).enumerated() {
      frame.write(line.0, row: 2 + index, column: 2, style: .dim)
      frame.write(line.1, row: 2 + index, column: 12, limit: frame.columns - 13)
    }
  }

  // MARK: The slices

  /// Columns of the list; where there is room names and bars get it, where there is none reasons and bars go first.
  private struct Columns {
    let width: Int
    /// `residual_sugar in (12.4, 13.1]` needs the room of the bar.
    let hasLongNames: Bool

    var name: Int { 2 }
    var nameWidth: Int { max(8, min(40, width - (hasBar ? 60 : hasReason ? 50 : 34))) }
    var count: Int { name + nameWidth + 7 }
    var bar: Int { count + 2 }
    var hasBar: Bool { width >= (hasLongNames ? 96 : 76) }
    var barWidth: Int { hasBar ? 8 + max(0, width - 100) / 2 : 0 }
    var percent: Int { (hasBar ? bar + barWidth : count) + 7 }
    var span: Int { percent + 9 }
    var gap: Int { span + 7 }
    var flag: Int { gap + 1 }
    var reason: Int { flag + 3 }
    var reasonWidth: Int { max(0, width - reason - 1) }
    var hasReason: Bool { width >= 60 }

    func drawTitles(row: Int, on frame: inout Frame) {
      frame.write("SLICE", row: row, column: name, style: .dim)
      let ends: [(SafeText, Int)] = [("N", count), ("RIGHT", percent), ("95 %", span), ("GAP", gap)]
      for (title, end) in ends { frame.write(title, row: row, endingAt: end, style: .dim) }
      if reasonWidth >= 6 { frame.write("WHY NOT", row: row, column: reason, limit: reasonWidth, style: .dim) }
    }
  }

  private static func drawSlices(
    _ state: State, _ figures: ReportFigures, _ layout: FeedbackLayout, on frame: inout Frame
  ) {
    let report = figures.report
    let columns = Columns(width: layout.listWidth, hasLongNames: state.kind == .input)
    let note: SafeText =
      "all ".safe + figures.percent(report.accuracy) + " · 95 % · n ≥ \(report.smallest) · ".safe
      + state.sorting.rawValue.safe
    Chrome.rule(
      "right by ".safe + state.kind.word, right: note, row: layout.listRow, columns: 0..<layout.listWidth,
      focused: true, on: &frame)
    let row = layout.listRow + 1
    columns.drawTitles(row: row, on: &frame)
    for (line, position) in state.rows.visible.prefix(layout.listHeight).enumerated() {
      guard let index = state.rows.item(inRow: position), state.slices.indices.contains(index) else { continue }
      let y = row + 1 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      draw(state.slices[index], state.kind, figures, columns, row: y, on: &frame)
    }
    if state.kind == .version { drawComparisons(state, report, layout, on: &frame) }
    if state.rows.isEmpty {
      let nothing: SafeText =
        state.kind != .input
        ? "no case with a truth"
        : state.content.isLoading ? "reading the records…" : "no record with named inputs was kept"
      frame.write(nothing, row: row + 1, column: 2, style: .dim)
    }
  }

  /// Under the versions, where there is room: two of them on the records that both answered.
  private static func drawComparisons(
    _ state: State, _ report: FeedbackReport, _ layout: FeedbackLayout, on frame: inout Frame
  ) {
    let used = min(state.rows.count, layout.listHeight) + 1
    let lines = report.comparisons.flatMap { $0.ofVersions.lines(columns: layout.listWidth - 3) }
    for (line, text) in lines.prefix(max(0, layout.listHeight - used)).enumerated() {
      frame.write(text, row: layout.listRow + 2 + used + line, column: 2, limit: layout.listWidth - 3, style: .dim)
    }
  }

  private static func draw(
    _ slice: FeedbackSlice, _ kind: SliceKind, _ figures: ReportFigures, _ columns: Columns, row: Int,
    on frame: inout Frame
  ) {
    let isKnown = figures.report.shows(slice.count)
    let name = figures.name(slice, kind)
    frame.write(
      kind == .input ? name.cutMiddle(to: columns.nameWidth) : name, row: row, column: columns.name,
      limit: columns.nameWidth)
    frame.write(Numeral.count(slice.count), row: row, endingAt: columns.count)
    let figure: Style = isKnown ? .plain : .dim
    frame.write(figures.percent(slice.right), row: row, endingAt: columns.percent, style: figure)
    frame.write(figures.span(slice.right), row: row, endingAt: columns.span, style: figure)
    guard isKnown else { return }
    if columns.hasBar, let share = slice.right.value {
      frame.write(Bar.text(share, cells: columns.barWidth), row: row, column: columns.bar)
    }
    if slice.pValue != nil {
      frame.write(
        Numeral.decimal(slice.gap.map { $0 * 100 }, places: 0, signed: true), row: row, endingAt: columns.gap)
    } else {
      frame.write(Numeral.absent, row: row, endingAt: columns.gap, style: .dim)
    }
    if slice.isDifferent { frame.draw("▲", row: row, column: columns.flag, style: .warn) }
    if let reason = slice.reason, columns.reasonWidth >= 6 {
      frame.write(reason.safe, row: row, column: columns.reason, limit: columns.reasonWidth)
    }
  }
}
