internal import Domain
internal import Frames
internal import SafeText

/// Where the parts of the drift screen stand.
struct DriftLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  var isWide: Bool { size.columns >= 110 }
  /// The chart's rows, its time axis and the counts under it not among them.
  var chartHeight: Int { size.rows >= 24 ? 7 : max(3, size.rows - 17) }
  var tableRow: Int { 2 + chartHeight + 2 }
  var tableWidth: Int { isWide ? 82 : size.columns }
  /// The histogram stands below the table where it does not fit beside it and there are rows to spare.
  var tableHeight: Int { max(1, size.rows - tableRow - 2 - 2 - (isWide ? 0 : histogramHeight)) }
  var histogramHeight: Int { !isWide && size.rows >= 36 ? 14 : 0 }
}

/// How the windows fall on the columns of the chart.
struct Plot: Equatable {
  /// Columns of the chart, the labels' among them.
  let width: Int
  /// Dots of a window, of which a cell has two.
  let dotsPerValue: Int

  init(count: Int, width: Int) {
    self.width = width
    dotsPerValue = min(6, max(1, (width - 6) * 2 / max(1, count)))
  }

  func column(of index: Int) -> Int { 6 + index * dotsPerValue / 2 }
}

extension DriftScreen {
  static func draw(_ state: State, on frame: inout Frame) {
    let layout = DriftLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    guard let content = state.content.value, !content.windows.isEmpty else {
      drawAbsent(state, on: &frame)
      return
    }
    drawChart(state, content, layout, on: &frame)
    drawTable(state, content, layout, on: &frame)
    if layout.isWide {
      let rect = Rect(
        row: layout.tableRow, column: layout.tableWidth, rows: frame.rows - layout.tableRow - 2,
        columns: frame.columns - layout.tableWidth)
      drawHistogram(state, content, in: rect, hasEdge: true, on: &frame)
    } else if layout.histogramHeight > 0 {
      let rect = Rect(
        row: frame.rows - 2 - layout.histogramHeight, column: 0, rows: layout.histogramHeight, columns: frame.columns)
      drawHistogram(state, content, in: rect, hasEdge: false, on: &frame)
    }
  }

  private static func drawAbsent(_ state: State, on frame: inout Frame) {
    Chrome.rule(
      "Drift", right: state.width.rawValue.safe + " windows", row: 1, columns: 0..<frame.columns, focused: true,
      on: &frame)
    if let problem = state.content.problem {
      frame.write(problem.summary.safe, row: 3, column: 2, limit: frame.columns - 4)
      frame.write(problem.advice.safe, row: 4, column: 2, limit: frame.columns - 4, style: .dim)
    } else if let progress = state.progress {
      frame.write(progress.safe, row: 3, column: 2)
    } else if state.content.isLoading {
      frame.write("Reading the windows…", row: 3, column: 2, style: .dim)
    } else {
      frame.write("No cases of this model yet: a window needs \(Window.smallestCount) of them.".safe, row: 3, column: 2)
      frame.write(
        "Ask the model (i), or score a file with `mds infer`.", row: 4, column: 2, style: .dim)
    }
  }

  /// The selected feature as the chart names it.
  static func shownFeature(_ state: State) -> FeatureDrift? {
    guard let index = state.followed ?? state.rows.selected, state.features.indices.contains(index) else {
      return state.features.first
    }
    return state.features[index]
  }

  private static func drawChart(_ state: State, _ content: Content, _ layout: DriftLayout, on frame: inout Frame) {
    let feature = shownFeature(state)
    let effects = content.windows.map { window -> Double? in
      guard let feature else { return window.result.map(\.driftedShare) }
      return window.result?.features.first { $0.name == feature.name }?.effect
    }
    let limit = feature.flatMap { content.limits[$0.name] }
    let span = content.windows.count * Int(state.width.seconds) / 86_400
    let name = feature.map { $0.name.safe + ": " + ($0.method == .kolmogorovSmirnov ? "KS D" : "Cramér’s V") }
    let title =
      (name ?? "share of drifted features") + ", \(max(1, span)) days, ".safe + state.width.rawValue.safe + " windows"
    Chrome.rule(title, right: now(state, content, feature), row: 1, columns: 0..<frame.columns, on: &frame)
    let legend = 18
    let plot = Plot(count: content.windows.count, width: frame.columns - legend)
    let largest = max(effects.compactMap(\.self).max() ?? 0, (limit ?? 0) * 1.25, 0.05)
    var labels: [BrailleLine.Label] = [.init(0, "0")]
    if let limit { labels.append(.init(limit, Numeral.decimal(limit))) }
    if let top = effects.compactMap(\.self).max(), abs(top - (limit ?? -1)) > largest / 6 {
      labels.append(.init(top, Numeral.decimal(top)))
    }
    let days = content.windows.indices.filter { index in
      index > 0 && content.windows[index].from.dayText != content.windows[index - 1].from.dayText
    }
    let every = max(1, days.count * 7 / max(1, plot.width) + 1)
    let ticks = days.enumerated().filter { $0.offset % every == 0 }
      .map { BrailleLine.Tick($0.element, content.windows[$0.element].from.weekdayText.safe) }
    BrailleLine(
      effects, range: 0...largest, threshold: limit, labels: labels, ticks: ticks, dotsPerValue: plot.dotsPerValue
    ).draw(on: &frame, in: Rect(row: 2, column: 0, rows: layout.chartHeight + 1, columns: frame.columns - legend))
    let mark = plot.column(of: state.window)
    if mark < frame.columns - legend { frame.draw("▲", row: 2 + layout.chartHeight + 2, column: mark, style: .accent) }
    drawLegend(state, content, column: frame.columns - legend + 1, on: &frame)
    drawCounts(content, row: 2 + layout.chartHeight, plot, on: &frame)
  }

  private static func now(_ state: State, _ content: Content, _ feature: FeatureDrift?) -> SafeText {
    guard let window = state.shownWindow, let result = window.result else { return "fewer than 30 cases" }
    var text: SafeText = .empty
    if let feature { text = Numeral.decimal(feature.effect) + "  " }
    guard result.isDrift else {
      return text + "● no drift, " + window.from.weekdayText.safe + " " + window.spanText.safe
    }
    var first = state.window
    while first > 0,
      content.windows[first - 1].result?.isDrift ?? (content.windows[first - 1].count < Window.smallestCount)
    {
      first -= 1
    }
    return text + "▲ drift since " + content.windows[first].from.weekdayText.safe + " "
      + content.windows[first].from.clockText.safe
  }

  private static func drawLegend(_ state: State, _ content: Content, column: Int, on frame: inout Frame) {
    guard let window = state.shownWindow else { return }
    var lines: [SafeText] = [
      window.from.weekdayText.safe + " " + window.spanText.safe, "n     ".safe + Numeral.count(window.count),
    ]
    if let result = window.result {
      lines.append("n_ref ".safe + Numeral.count(result.referenceCount))
      let limit = result.features.count > 1 ? "p < .05/\(result.features.count)" : "p < .05"
      lines.append("╌ ".safe + limit.safe)
      lines.append("from: ".safe + result.source.rawValue.safe)
      if !result.features.isEmpty {
        lines.append("\(result.driftedCount) of \(result.features.count) drifted".safe)
      }
    } else {
      lines.append("fewer than \(Window.smallestCount)".safe)
    }
    for (line, text) in lines.prefix(7).enumerated() { frame.write(text, row: 2 + line, column: column) }
  }

  /// How many features drifted, a digit under each window.
  private static func drawCounts(_ content: Content, row: Int, _ plot: Plot, on frame: inout Frame) {
    let features = content.windows.compactMap { $0.result?.features.count }.max() ?? 0
    guard features > 0 else { return }
    frame.write("of \(features)".safe, row: row + 1, column: 0, style: .dim)
    for (index, window) in content.windows.enumerated() {
      let column = plot.column(of: index)
      guard column < plot.width else { break }
      guard let result = window.result else {
        frame.write("·", row: row + 1, column: column, style: .dim)
        continue
      }
      let count = result.driftedCount
      if plot.dotsPerValue >= 4 || index % 2 == 0 {
        frame.write("\(count)".safe, row: row + 1, column: column, style: count > 0 ? .warn : .dim)
      }
    }
  }

  private static func drawTable(_ state: State, _ content: Content, _ layout: DriftLayout, on frame: inout Frame) {
    let window = state.shownWindow
    let result = window?.result
    let columns = 0..<layout.tableWidth
    Chrome.rule(
      "features by p", right: method(result, window), row: layout.tableRow, columns: columns, focused: true, on: &frame)
    let count = state.features.count
    let row = layout.tableRow + 1
    frame.write("FEATURE", row: row, column: 2, style: .dim)
    frame.write("METHOD", row: row, column: 18, style: .dim)
    for (title, end) in [("STATISTIC", 35), ("EFFECT", 43), ("p × \(count)", 53)] {
      frame.write(SafeText(title), row: row, endingAt: end, style: .dim)
    }
    frame.write("WINDOWS", row: row, column: 57, style: .dim)
    frame.write("SHIFT", row: row, column: 66, style: .dim)
    if result == nil {
      frame.write(
        "This window has fewer than \(Window.smallestCount) cases: nothing was tested. h l turns the window.".safe,
        row: row + 1, column: 2, style: .dim)
    }
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      if position == state.rows.selection { frame.draw("▌", row: row + 1 + line, column: 0, style: .accent) }
      drawFeature(state.features[index], content, state, row: row + 1 + line, limit: layout.tableWidth, on: &frame)
    }
  }

  private static func method(_ result: Window.Result?, _ window: Window?) -> SafeText {
    guard let result, let window else { return .empty }
    return result.method.safe + " · " + result.correction.safe + " × \(result.features.count) · n ".safe
      + Numeral.count(window.count) + " · n_ref " + Numeral.count(result.referenceCount)
  }

  private static func drawFeature(
    _ feature: FeatureDrift, _ content: Content, _ state: State, row: Int, limit: Int, on frame: inout Frame
  ) {
    frame.write(feature.name.safe, row: row, column: 2, limit: 15)
    frame.write(feature.method.text.safe, row: row, column: 18)
    let digits = feature.method == .kolmogorovSmirnov ? 2 : 1
    let statistic = digits == 2 ? Numeral.decimal(feature.statistic) : Numeral.decimal(feature.statistic, places: 1)
    frame.write(statistic, row: row, endingAt: 35)
    frame.write(Numeral.decimal(feature.effect), row: row, endingAt: 43)
    let corrected = min(1, feature.pValue * Double(max(1, state.features.count)))
    frame.write(Numeral.pValue(corrected), row: row, endingAt: 53)
    if feature.isDrifted { frame.write("▲", row: row, column: 54, style: .warn) }
    let effects = daily(feature.name, content)
    frame.write(
      Sparkline(effects, range: 0...max(0.25, effects.compactMap(\.self).max() ?? 0)).text, row: row, column: 57)
    if let reference = content.reference?.features.first(where: { $0.name == feature.name }) {
      frame.write(shift(feature, reference), row: row, column: 66, limit: limit - 67)
    }
  }

  /// The feature's effect in the newest eight windows.
  private static func daily(_ name: RawText, _ content: Content) -> [Double?] {
    content.windows.suffix(8).map { window in window.result?.features.first { $0.name == name }?.effect }
  }

  /// The means, or the category that moved most.
  static func shift(_ feature: FeatureDrift, _ reference: Reference.Feature) -> SafeText {
    let total = feature.current.reduce(0, +)
    guard total > 0 else { return .empty }
    switch reference.distribution {
    case .numeric(let edges, let counts):
      let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
      guard middles.count == feature.current.count, counts.count == middles.count else { return .empty }
      let mean = { (counts: [Int]) in
        zip(middles, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(max(1, counts.reduce(0, +)))
      }
      return Numeral.short(mean(counts)) + " → " + Numeral.short(mean(feature.current))
    case .categorical(let labels, let counts):
      let referenceTotal = Double(max(1, counts.reduce(0, +)))
      guard labels.count == feature.current.count, counts.count == labels.count else { return .empty }
      let changes = labels.indices.map {
        Double(feature.current[$0]) / Double(total) - Double(counts[$0]) / referenceTotal
      }
      guard let largest = changes.indices.max(by: { abs(changes[$0]) < abs(changes[$1]) }) else { return .empty }
      let points = Int((100 * changes[largest]).rounded())
      return labels[largest].safe.cut(to: 8) + (points < 0 ? " −\(-points) pp".safe : " +\(points) pp".safe)
    }
  }

  private static func drawHistogram(
    _ state: State, _ content: Content, in rect: Rect, hasEdge: Bool, on frame: inout Frame
  ) {
    guard let feature = shownFeature(state),
      let reference = content.reference?.features.first(where: { $0.name == feature.name }), rect.rows > 3
    else { return }
    let window = state.shownWindow
    let counts =
      "░ n_ref ".safe + Numeral.count(content.reference?.count ?? 0) + "  █ n " + Numeral.count(window?.count ?? 0)
    Chrome.rule(
      feature.name.safe, right: counts, row: rect.row, columns: rect.column..<rect.endColumn, on: &frame)
    if hasEdge {
      for row in rect.row..<rect.endRow {
        frame.draw(row == rect.row ? "┬" : "│", row: row, column: rect.column, style: .dim)
      }
    }
    let inner = Rect(
      row: rect.row + 1, column: rect.column + 2, rows: rect.rows - 1, columns: rect.columns - 3)
    Histograms.draw(reference.distribution, current: feature.current, in: inner, on: &frame)
  }
}
