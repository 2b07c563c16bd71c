internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

extension FeedbackScreen {
  static func draw(_ state: State, on frame: inout Frame) {
    let layout = FeedbackLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    guard let report = state.content.value?.report, report.cases > 0 else {
      drawAbsent(state, on: &frame)
      return
    }
    let figures = ReportFigures(report)
    if layout.isCompact {
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
    if !layout.isCompact { ColumnRule(column: layout.split, rows: 1..<layout.listRow).draw(on: &frame) }
  }

  /// What is happening to the numbers on screen; nothing where they are the newest.
  private static func news(_ state: State) -> SafeText {
    if state.content.isLoading { return "counting…" }
    return state.content.problem == nil ? .empty : "✗ not renewed"
  }

  private static func drawAbsent(_ state: State, on frame: inout Frame) {
    Chrome.rule("Feedback", row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
    let limit = frame.columns - 4
    func line(_ text: SafeText, _ row: Int, dim: Bool = false) {
      frame.write(text, row: row, column: 2, limit: limit, style: dim ? .dim : .plain)
    }
    if let problem = state.content.problem {
      frame.write(StyledText(signs: "✗ ") + StyledText(problem.summary.safe), row: 3, column: 2, limit: limit)
      frame.write(problem.advice.safe, row: 4, column: 4, limit: limit - 2, style: .dim)
      frame.write("R tries again   gl shows it in full", row: 6, column: 4, style: .dim)
      return
    }
    guard let content = state.content.value else {
      line("Counting the judgements of this ledger…", 3, dim: true)
      return
    }
    let period = content.order.period
    let model = content.order.model.map { " of ".safe + $0.safe } ?? .empty
    line(
      "No judgement".safe + model + (period == .all ? " yet." : " in the last ".safe + period.rawValue.safe + "."), 3)
    line("gr reviews cases; S fetches what colleagues judged, where the token may read", 4, dim: true)
    if period != .all { line("p looks further back", 5, dim: true) }
    let judged = Dictionary(content.report.models.map { ($0.key.name, $0.value) }, uniquingKeysWith: +)
      .sorted { $0.key < $1.key }.map { $0.key.safe + " " + Numeral.count($0.value) }
    if !judged.isEmpty { line("h l turn to what was judged: ".safe + judged.joined(separator: " · "), 6) }
    let gaps = ReportFigures(content.report).gaps
    if !gaps.isEmpty { line("not counted: ".safe + gaps.joined(separator: " · "), 7, dim: true) }
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
    frame.write("SLICE", row: row, column: columns.name, style: .dim)
    for (title, end) in [
      ("N", columns.count), ("RIGHT", columns.percent), ("95 %", columns.span), ("GAP", columns.gap),
    ]
      as [(SafeText, Int)]
    {
      frame.write(title, row: row, endingAt: end, style: .dim)
    }
    if columns.reasonWidth >= 6 {
      frame.write("WHY NOT", row: row, column: columns.reason, limit: columns.reasonWidth, style: .dim)
    }
    for (line, position) in state.rows.visible.prefix(layout.listHeight).enumerated() {
      guard let index = state.rows.item(inRow: position), state.slices.indices.contains(index) else { continue }
      let y = row + 1 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      draw(state.slices[index], state.kind, figures, columns, row: y, on: &frame)
    }
    if state.rows.isEmpty {
      let nothing: SafeText =
        state.kind != .input
        ? "no case with a truth"
        : state.content.isLoading ? "reading the records…" : "no record with named inputs was kept"
      frame.write(nothing, row: row + 1, column: 2, style: .dim)
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
