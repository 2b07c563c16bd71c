internal import Domain
internal import Frames
internal import SafeText

/// How the windows fall on the columns of the chart.
struct Plot: Equatable {
  /// Columns of the chart, the labels' among them.
  let width: Int
  /// Dots of a window, of which a cell has two.
  let dotsPerValue: Int
  let count: Int

  init(count: Int, width: Int) {
    self.width = width
    self.count = count
    dotsPerValue = min(12, max(1, (width - 6) * 2 / max(1, count)))
  }

  /// Windows that a chart of this width has room for, a dot each.
  static func room(width: Int) -> Int { max(1, (width - 6) * 2) }

  func column(of index: Int) -> Int { 6 + index * dotsPerValue / 2 }
  /// The column after the last window.
  var end: Int { min(width, column(of: count)) }
}

/// The effect of a feature, or the share of outliers, window by window, with its limit and how many features drifted.
enum DriftChart {
  private static let legendWidth = 18
  /// What is said where no share of outliers is known.
  static let noOutliers = "no outlier detector has scored \(Window.smallestCount) cases of a window".safe

  static func draw(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, _ hints: Hints, _ layout: DriftLayout,
    on frame: inout Frame
  ) {
    let feature = DriftScreen.shownFeature(state)
    let news = now(state, content, hints, feature)
    // The newest windows that there is room for; those before, while one of them is in view.
    let room = Plot.room(width: frame.columns - legendWidth)
    let first = min(state.window, max(0, content.windows.count - room))
    let content = content.slice(first..<min(content.windows.count, first + room))
    // What is asked of the state from here on is asked of what is drawn.
    var state = state
    state.content = .loaded(content)
    state.window -= first
    let isOutliers = state.chart == .outliers
    let values = isOutliers ? content.outlierShares : effects(of: feature, at: state.followed, content)
    let limit = isOutliers ? nil : limit(of: feature, state)
    Chrome.rule(
      title(state, content, feature, columns: frame.columns - news.width - 9), right: news, row: 1,
      columns: 0..<frame.columns, on: &frame)
    let plot = Plot(count: content.windows.count, width: frame.columns - legendWidth)
    let peak = values.compactMap(\.self).max()
    let top = max(peak ?? 0, (limit ?? 0) * 1.25, 0.05)
    var labels: [BrailleLine.Label] = [.init(0, "0")]
    if let limit { labels.append(.init(limit, Numeral.decimal(limit, places: limit < 0.01 ? 3 : 2))) }
    if let peak, abs(peak - (limit ?? -1)) * Double(layout.chartHeight) > top, peak * Double(layout.chartHeight) > top {
      labels.append(.init(peak, Numeral.decimal(peak)))
    }
    BrailleLine(
      values, range: 0...top, threshold: limit, labels: labels, ticks: ticks(content, plot),
      dotsPerValue: plot.dotsPerValue
    ).draw(on: &frame, in: Rect(row: 2, column: 0, rows: layout.chartHeight + 1, columns: plot.width))
    drawCounts(state, content, row: 2 + layout.chartHeight + 1, plot, on: &frame)
    let column = max(plot.end + 2, min(frame.columns - legendWidth + 1, plot.end + 6))
    drawLegend(state, content, limit, column: column, rows: layout.chartHeight, on: &frame)
    if peak == nil {
      let lines = absence(state, content, hints).wrapped(to: column - 8).prefix(max(1, layout.chartHeight - 1))
      let first = 2 + (layout.chartHeight - lines.count + 1) / 2
      for (line, text) in lines.enumerated() { frame.write(text, row: first + line, column: 6, style: .dim) }
    }
  }

  private static func effects(of feature: FeatureDrift?, at place: Int?, _ content: DriftScreen.Content) -> [Double?] {
    content.windows.map { window in
      guard let feature else { return window.result.map(\.driftedShare) }
      // What a detector answers may be no number: there is no place for it on a chart.
      return window.result?.feature(feature.name, at: place).flatMap { $0.effect.isFinite ? $0.effect : nil }
    }
  }

  /// The effect at which the feature would drift in the window in view, by its own n.
  private static func limit(of feature: FeatureDrift?, _ state: DriftScreen.State) -> Double? {
    guard let feature, let window = state.shownWindow, let result = window.result else { return nil }
    let limit = WindowComparison.limit(
      of: feature.method, threshold: result.threshold, referenceCount: result.referenceCount, count: window.count)
    return limit.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The limit in words, where the chart has a line for it.
  static func limitText(_ state: DriftScreen.State) -> SafeText? {
    limit(of: DriftScreen.shownFeature(state), state).map {
      "drift from ".safe + Numeral.decimal($0, places: 3) + " on, in the window in view"
    }
  }

  private static func absence(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, _ hints: Hints
  ) -> SafeText {
    if state.chart == .outliers { return noOutliers }
    guard content.windows.allSatisfy({ $0.count < Window.smallestCount }) else {
      return "no detector has compared these windows"
    }
    let wider = hints(.windowWidth, "makes them wider")
    return "no window has \(Window.smallestCount) cases".safe + (wider.isEmpty ? .empty : ": " + wider)
  }

  private static func title(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, _ feature: FeatureDrift?, columns: Int
  ) -> SafeText {
    // The windows on screen may still be those of the width before.
    let width = content.width ?? state.width
    let days = max(1, content.windows.count * Int(width.seconds) / 86_400)
    let span = ", \(days) \(days == 1 ? "day" : "days"), ".safe + width.rawValue.safe + " windows"
    if state.chart == .outliers { return Chrome.fitting(["outliers flagged", span], by: .empty, columns: columns) }
    guard let feature else {
      return Chrome.fitting(["share of features that drifted", span], by: .empty, columns: columns)
    }
    // What the numbers at the right are about stands whole; of a long name as much as there is room for.
    let effect = ": " + feature.method.effectName.safe
    let name = feature.name.safe.cut(to: max(8, min(columns * 2 / 3, columns - effect.width - span.width)))
    return Chrome.fitting([name + effect, span], by: .empty, columns: columns)
  }

  /// The value of the window in view, and since when features drift without a break.
  private static func now(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, _ hints: Hints, _ feature: FeatureDrift?
  ) -> SafeText {
    guard let window = state.shownWindow else { return .empty }
    if state.content.isLoading { return "comparing…" }
    if state.content.problem != nil { return hints.stale("tries again") }
    let isNewest = state.window == content.newestResult
    guard let result = window.result else { return "n ".safe + Numeral.count(window.count) + ", not tested" }
    var number = feature?.effect
    if state.chart == .outliers {
      number = content.outlierShares.indices.contains(state.window) ? content.outlierShares[state.window] : nil
    }
    let value = number.map { (isNewest ? "now " : "") + Numeral.decimal($0) + "  " } ?? .empty
    if state.chart == .outliers { return value }
    guard result.isDrift else { return value + "● no drift" }
    var first = state.window
    while first > 0,
      content.windows[first - 1].result?.isDrift ?? (content.windows[first - 1].count < Window.smallestCount)
    {
      first -= 1
    }
    // Windows too small to be tested neither begin nor break a drift.
    while content.windows[first].result == nil, first < state.window { first += 1 }
    let from = content.windows[first].from
    return value + "▲ drift since " + from.weekdayText.safe + " " + String(from.clockText.prefix(2)).safe + "Z"
  }

  private static func ticks(_ content: DriftScreen.Content, _ plot: Plot) -> [BrailleLine.Tick] {
    let days = content.windows.indices.filter { index in
      index > 0 && content.windows[index].from.dayText != content.windows[index - 1].from.dayText
    }
    var ticks: [BrailleLine.Tick] = []
    var free = 0
    for index in days {
      let label = content.windows[index].from.weekdayText.safe
      let column = plot.column(of: index)
      // A label that would be cut or touch the one before says nothing.
      guard column >= free, column + 1 + label.width <= plot.width else { continue }
      ticks.append(BrailleLine.Tick(index, label))
      free = column + label.width + 2
    }
    return ticks
  }

  /// How many features drifted, a number under each window; the one in view in reverse.
  private static func drawCounts(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, row: Int, _ plot: Plot, on frame: inout Frame
  ) {
    let features = content.windows.compactMap { $0.result?.features.count }.max() ?? 0
    let digits = Numeral.count(content.windows.compactMap { $0.result?.driftedCount }.max() ?? 0).width
    let of = "of ".safe + Numeral.count(features)
    if features > 0, of.width < 6 { frame.write(of, row: row, column: 0, style: .dim) }
    var free = 0
    let shown = plot.column(of: state.window)
    for (index, window) in content.windows.enumerated() {
      let column = plot.column(of: index)
      let isShown = index == state.window
      // The one in view is never covered by its neighbours.
      let isClear = column >= free && (column + digits < shown || column > shown + digits)
      guard isClear || isShown, column + digits <= plot.width else { continue }
      let count = window.result?.driftedCount
      let text = Numeral.count(count)
      let style: Style = isShown ? .reverse : count ?? 0 > 0 ? .warn : .dim
      frame.write(text, row: row, column: column, style: style)
      free = column + digits + 1
    }
    if features > 0, plot.end + 9 <= plot.width + legendWidth {
      frame.write("features", row: row, column: max(plot.end + 1, free), style: .dim)
    }
  }

  private static func drawLegend(
    _ state: DriftScreen.State, _ content: DriftScreen.Content, _ limit: Double?, column: Int, rows: Int,
    on frame: inout Frame
  ) {
    guard let window = state.shownWindow else { return }
    let room = frame.columns - column - 1
    func line(_ name: SafeText, _ number: SafeText) -> StyledText {
      // One under the other, and closer together where a number is long.
      StyledText(name.padded(to: min(6, max(name.width + 1, room - number.width))), .dim) + StyledText(number)
    }
    var lines: [StyledText] = [StyledText(window.titleText.safe), line("n", Numeral.count(window.count))]
    if let result = window.result {
      lines.append(line("n_ref", result.referenceCount > 0 ? Numeral.count(result.referenceCount) : "·"))
      if let limit, case .other = DriftScreen.shownFeature(state)?.method {
        lines.append(StyledText("line: limit", .dim))
        lines.append(StyledText("  ".safe + Numeral.decimal(limit)))
      } else if limit != nil {
        lines.append(StyledText("line: p is ", .dim))
        lines.append(StyledText("  ".safe + corrected(result)))
      }
      if !result.features.isEmpty {
        let drifted = Numeral.count(result.driftedCount)
        let all = drifted + " of " + Numeral.count(result.features.count)
        lines.append(
          StyledText(signs: result.driftedCount > 0 ? "▲ " : "● ") + StyledText(all.width + 2 <= room ? all : drifted))
      }
      let by: SafeText =
        content.baseline == nil ? "by the ".safe + result.source.rawValue.safe : "by ".safe + result.method.safe
      lines.append(StyledText(by, .dim))
    } else {
      let why: SafeText =
        window.count < Window.smallestCount ? "under \(Window.smallestCount)".safe : "not compared"
      lines.append(StyledText(why, .dim))
    }
    for (line, text) in lines.prefix(rows).enumerated() {
      frame.write(text, row: 2 + line, column: column, limit: room)
    }
  }

  /// `.05/11`: the limit before the correction and what divides it.
  private static func corrected(_ result: Window.Result) -> SafeText {
    let count = result.isCorrected ? max(1, result.features.count) : 1
    let level = result.threshold * Double(count)
    return count > 1 ? Numeral.decimal(level) + "/\(count)".safe : Numeral.decimal(level)
  }
}
