internal import Domain
internal import Frames
internal import SafeText

/// What stands beside and under the table of features.
extension DriftScreen {
  static func drawHistogram(_ state: State, _ content: Content, in rect: Rect, on frame: inout Frame) {
    let columns = (rect.column == 0 ? 0 : rect.column + 1)..<rect.endColumn
    guard let feature = shownFeature(state), rect.rows > 3 else {
      Chrome.rule(.empty, row: rect.row, columns: columns, on: &frame)
      return
    }
    let reference = content.reference?.features.first { $0.name == feature.name }
    let base = "░ n_ref ".safe + Numeral.count(content.reference?.count)
    let counts = feature.current.isEmpty ? base : base + "  █ n " + Numeral.count(feature.current.reduce(0, +))
    Chrome.rule(
      feature.name.safe.cut(to: max(6, columns.count - counts.width - 8)), right: counts, row: rect.row,
      columns: columns,
      on: &frame)
    let inner = Rect(row: rect.row + 1, column: columns.lowerBound + 1, rows: rect.rows - 1, columns: columns.count - 2)
    guard let reference else {
      frame.write(
        "the detector publishes no reference", row: inner.row, column: inner.column, limit: inner.columns, style: .dim)
      return
    }
    Histograms.draw(reference, current: feature.current, in: inner, on: &frame)
  }

  /// The rows for the strips of all features, their rule among them: what the histogram leaves, or none.
  static func stripRows(_ state: State, _ content: Content, in rect: Rect) -> Int {
    // On a line that is slow they cost more than a screen of 120 columns may.
    guard state.features.count > 1, rect.endColumn >= 160 else { return 0 }
    let bins = shownFeature(state).flatMap { feature in
      content.reference?.features.first { $0.name == feature.name }.map {
        Histograms.bins($0.distribution).labels.count
      }
    }
    let left = rect.rows - 4 - 2 * (bins ?? 0)
    return left >= 4 ? min(left, state.features.count + 1) : 0
  }

  /// Every feature's effect window by window, in the order of the table: which moved, and since when.
  static func drawStrips(_ state: State, _ content: Content, in rect: Rect, on frame: inout Frame) {
    let columns = rect.column + 1..<rect.endColumn
    let strip = strip(state, content)
    let scale = "░ 0  █ ".safe + Numeral.decimal(strip.top)
    Chrome.rule("effect by window", right: scale, row: rect.row, columns: columns, on: &frame)
    let inner = Rect(row: rect.row + 1, column: columns.lowerBound + 1, rows: rect.rows - 1, columns: columns.count - 2)
    strip.draw(on: &frame, in: inner, labelWidth: max(8, min(24, inner.columns - content.windows.count - 1)))
  }

  static func strip(_ state: State, _ content: Content) -> HeatStrip {
    let names = state.rows.indices.compactMap { index in
      state.features.indices.contains(Int(index)) ? state.features[Int(index)].name : nil
    }.prefix(64)
    // A window's effects by name, once: a look-up for each cell would go through all features.
    let windows = content.windows.map { window in
      Dictionary((window.result?.features ?? []).map { ($0.name, $0.effect) }) { first, _ in first }
    }
    let series = names.map { name in HeatStrip.Series(name.safe, windows.map { $0[name] }) }
    return HeatStrip(series, top: series.flatMap { $0.values.compactMap(\.self) }.max() ?? 0)
  }

  /// What the model answered in the window in view, and the share of outliers over all.
  static func drawSummary(
    _ state: State, _ content: Content, _ hints: Hints, _ layout: DriftLayout, on frame: inout Frame
  ) {
    let columns = 0..<layout.tableWidth
    var row = layout.summaryRow
    Chrome.rule("answers", right: state.shownWindow?.titleText.safe ?? .empty, row: row, columns: columns, on: &frame)
    frame.write(answers(state, content), row: row + 1, column: 2, limit: layout.tableWidth - 3)
    row += 3
    let hasOutliers = content.outlierShares.contains { $0 != nil }
    let charts = hasOutliers ? hints(.outliers, "charts it") : .empty
    Chrome.rule("outliers, share flagged", right: charts, row: row, columns: columns, on: &frame)
    guard hasOutliers else {
      frame.write("·  " + DriftChart.noOutliers, row: row + 1, column: 2, style: .dim)
      return
    }
    let top = max(0.15, content.outlierShares.compactMap(\.self).max() ?? 0)
    // Where there is no room beside the words the line of shares is under them.
    let isBeside = layout.tableWidth >= 46 || row + 2 >= frame.rows - 2
    let shares = content.outlierShares.suffix(max(0, layout.tableWidth - (isBeside ? 40 : 4)))
    let line = Sparkline(Array(shares), range: 0...top).text
    let used = frame.write(line, row: row + (isBeside ? 1 : 2), column: 2)
    let start = isBeside ? 2 + used : 0
    let now = content.outlierShares.indices.contains(state.window) ? content.outlierShares[state.window] : nil
    let text = "in view ".safe + Numeral.decimal(now, places: 3) + "  scale 0–" + Numeral.decimal(top)
    frame.write(text, row: row + 1, column: start + 2, limit: layout.tableWidth - start - 3)
  }

  static func answers(_ state: State, _ content: Content) -> SafeText {
    guard content.answers.indices.contains(state.window), !content.answers[state.window].isEmpty else { return "·" }
    let counts = content.answers[state.window].sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let shares = Numeral.percents(counts.map { Double($0.value) })
    return zip(counts, shares).map { $0.key.safe + " \($1) %".safe }.joined(separator: "   ")
  }
}
