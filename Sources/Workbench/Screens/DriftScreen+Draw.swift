internal import Domain
internal import Frames
internal import SafeText

/// Where the parts of the drift screen stand. From 118 columns on the histogram stands beside the table.
struct DriftLayout: Equatable {
  let size: ScreenSize
  /// The rows of the panel that stands alone, where one does.
  let panelRows: Int?

  init(_ size: ScreenSize, panelRows: Int? = nil) {
    self.size = size
    self.panelRows = panelRows
  }

  var isWide: Bool { size.columns >= 118 }
  /// The chart's rows, its time axis and the counts under it not among them.
  var chartHeight: Int { size.rows >= 24 ? 7 : max(3, size.rows - 17) }
  var tableRow: Int { 2 + chartHeight + 2 }
  var tableWidth: Int { isWide ? size.columns - max(38, min(64, size.columns - 82)) : size.columns }
  /// Rows under the table: what the model answered and how many outliers there were, where there is room.
  var summaryHeight: Int { size.rows >= 36 ? 6 : 0 }
  /// The histogram stands below the table where it does not fit beside it and there are rows to spare; alone, it has all
  /// that are on screen. What a terminal has more of is half the table's.
  var histogramHeight: Int {
    guard !isWide, size.rows >= 44 else { return 0 }
    return panelRows.map { min($0, size.rows - 30) } ?? 14 + (size.rows - 44) / 2
  }
  var tableHeight: Int { max(1, size.rows - tableRow - 2 - 2 - summaryHeight - histogramHeight) }
  var summaryRow: Int { size.rows - 2 - histogramHeight - summaryHeight }
}

extension DriftScreen {
  static func draw(_ state: State, _ hints: Hints, on frame: inout Frame) {
    let layout = DriftLayout(ScreenSize(columns: frame.columns, rows: frame.rows), panelRows: state.panelRows)
    guard let content = state.content.value, !content.windows.isEmpty else {
      drawAbsent(state, hints, layout, on: &frame)
      return
    }
    DriftChart.draw(state, content, hints, layout, on: &frame)
    drawTable(state, content, hints, layout, on: &frame)
    if layout.summaryHeight > 0 { drawSummary(state, content, hints, layout, on: &frame) }
    if layout.isWide {
      let rect = Rect(
        row: layout.tableRow, column: layout.tableWidth, rows: frame.rows - layout.tableRow - 2,
        columns: frame.columns - layout.tableWidth)
      let strips = stripRows(state, content, in: rect)
      let (upper, lower) = rect.split(bottom: strips)
      drawHistogram(state, content, in: upper, on: &frame)
      if strips > 0 { drawStrips(state, content, in: lower, on: &frame) }
      ColumnRule(column: layout.tableWidth, rows: layout.tableRow..<frame.rows - 2).draw(on: &frame)
    } else if layout.histogramHeight > 0 {
      let rect = Rect(
        row: frame.rows - 2 - layout.histogramHeight, column: 0, rows: layout.histogramHeight, columns: frame.columns)
      drawHistogram(state, content, in: rect, on: &frame)
    }
  }

  /// The panels stand where they will stand; why they are empty is said in the first.
  private static func drawAbsent(_ state: State, _ hints: Hints, _ layout: DriftLayout, on frame: inout Frame) {
    Chrome.rule("Drift", right: state.width.rawValue.safe + " windows", row: 1, columns: 0..<frame.columns, on: &frame)
    let table = 0..<layout.tableWidth
    Chrome.rule("features by p", row: layout.tableRow, columns: table, focused: true, on: &frame)
    Columns(width: layout.tableWidth).drawTitles(row: layout.tableRow + 1, features: nil, days: 7, on: &frame)
    if layout.summaryHeight > 0 {
      Chrome.rule("answers", row: layout.summaryRow, columns: table, on: &frame)
      Chrome.rule("outliers, share flagged", row: layout.summaryRow + 3, columns: table, on: &frame)
    }
    if layout.isWide {
      Chrome.rule(.empty, row: layout.tableRow, columns: layout.tableWidth + 1..<frame.columns, on: &frame)
      ColumnRule(column: layout.tableWidth, rows: layout.tableRow..<frame.rows - 2).draw(on: &frame)
    } else if layout.histogramHeight > 0 {
      Chrome.rule(.empty, row: frame.rows - 2 - layout.histogramHeight, columns: 0..<frame.columns, on: &frame)
    }
    let limit = frame.columns - 4
    if let problem = state.content.problem {
      Chrome.absence(
        problem, hints.afterFailure("tries again"), row: 3, end: layout.tableRow, columns: 2..<frame.columns,
        on: &frame)
    } else if let progress = state.progress {
      frame.write(progress.safe, row: 3, column: 2, limit: limit, style: .dim)
    } else if state.content.isLoading {
      frame.write("Reading the windows…", row: 3, column: 2, style: .dim)
    } else {
      frame.write(
        "No cases of this model yet: a window needs \(Window.smallestCount) of them.".safe, row: 3, column: 2,
        limit: limit)
      let keys = [hints.key(.goModels), hints.on(.models).key(.infer)].compactMap(\.self)
      let asks = keys.count == 2 ? keys.joined(separator: " ") + " asks the model; " : .empty
      frame.write(asks + "`mds infer` scores a file of records", row: 4, column: 2, limit: limit, style: .dim)
    }
  }

  /// The feature that chart and histogram are about.
  static func shownFeature(_ state: State) -> FeatureDrift? {
    guard let index = state.followed ?? state.rows.selected, state.features.indices.contains(index) else {
      return state.features.first
    }
    return state.features[index]
  }

  // MARK: The table

  /// Columns of the table; where there is more room names and shifts get it.
  private struct Columns {
    let width: Int

    private var extra: Int { max(0, width - 80) }
    var name: Int { 2 }
    var nameWidth: Int { 15 + extra / 3 }
    var method: Int { name + nameWidth + 1 }
    /// A very narrow screen gives up how it was tested for what came of it.
    var hasMethod: Bool { width >= 56 }
    var statisticEnd: Int { hasMethod ? method + 17 : method }
    var effectEnd: Int { statisticEnd + 8 }
    var pEnd: Int { effectEnd + 10 }
    var flag: Int { pEnd + 1 }
    var days: Int { flag + 3 }
    var shift: Int { days + 9 }
    var shiftWidth: Int { max(0, width - shift - 1) }
    var hasDays: Bool { days + 7 < width }
    var hasShift: Bool { shiftWidth >= 8 }

    /// `features` counts them where a window was tested.
    func drawTitles(row: Int, features: Int?, days count: Int, on frame: inout Frame) {
      frame.write("FEATURE", row: row, column: name, style: .dim)
      if hasMethod { frame.write("METHOD", row: row, column: method, style: .dim) }
      let all = features.map { "p × ".safe + Numeral.count($0) } ?? "p"
      let p = all.width < pEnd - effectEnd ? all : "p × n"
      if hasMethod { frame.write("STATISTIC", row: row, endingAt: statisticEnd, style: .dim) }
      for (title, end) in [("EFFECT".safe, effectEnd), (p, pEnd)] {
        frame.write(title, row: row, endingAt: end, style: .dim)
      }
      if hasDays { frame.write("\(count) \(count == 1 ? "DAY" : "DAYS")".safe, row: row, column: days, style: .dim) }
      if hasShift { frame.write("SHIFT", row: row, column: shift, style: .dim) }
    }
  }

  private static func drawTable(
    _ state: State, _ content: Content, _ hints: Hints, _ layout: DriftLayout, on frame: inout Frame
  ) {
    let result = state.shownWindow?.result
    let columns = Columns(width: layout.tableWidth)
    let heading = content.baseline.map { "against ".safe + $0.title.safe } ?? "features by p"
    Chrome.rule(
      heading, right: method(result, state.shownWindow, columns: layout.tableWidth - 9 - heading.width),
      row: layout.tableRow, columns: 0..<layout.tableWidth, focused: true, on: &frame)
    let row = layout.tableRow + 1
    let days = Days(content.windows)
    columns.drawTitles(
      row: row, features: result.flatMap { $0.isCorrected ? $0.features.count : nil }, days: days.count, on: &frame)
    guard let result else {
      drawNothingTested(state, hints, row: row + 1, columns: layout.tableWidth, on: &frame)
      return
    }
    let tests = result.isCorrected ? result.features.count : 1
    for (line, position) in state.rows.visible.prefix(layout.tableHeight).enumerated() {
      guard let index = state.rows.item(inRow: position), state.features.indices.contains(index) else { continue }
      let y = row + 1 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      let feature = state.features[index]
      frame.write(feature.name.safe, row: y, column: columns.name, limit: columns.nameWidth)
      if columns.hasMethod {
        frame.write(feature.method.text.safe, row: y, column: columns.method)
        let places = feature.method.isDistance ? 2 : 1
        frame.write(Numeral.decimal(feature.statistic, places: places), row: y, endingAt: columns.statisticEnd)
      }
      frame.write(Numeral.decimal(feature.effect), row: y, endingAt: columns.effectEnd)
      let corrected = min(1, feature.pValue * Double(max(1, tests)))
      frame.write(feature.pValue.isNaN ? "·" : Numeral.pValue(corrected), row: y, endingAt: columns.pEnd)
      if feature.isDrifted { frame.write("▲", row: y, column: columns.flag, style: .warn) }
      let effects = days.effects(of: feature.name, at: index)
      let top = max(0.25, effects.compactMap(\.self).max() ?? 0)
      if columns.hasDays { frame.write(Sparkline(effects, range: 0...top).text, row: y, column: columns.days) }
      if columns.hasShift, let reference = content.reference?.features.first(where: { $0.name == feature.name }) {
        frame.write(Shift.text(feature, reference, columns: columns.shiftWidth), row: y, column: columns.shift)
      }
    }
  }

  private static func drawNothingTested(_ state: State, _ hints: Hints, row: Int, columns: Int, on frame: inout Frame) {
    guard let window = state.shownWindow else { return }
    let count = Numeral.count(window.count)
    let isBaseline = state.content.value?.baseline.map { window.from >= $0.from && window.to <= $0.to } ?? false
    let why: SafeText =
      isBaseline
      ? "n ".safe + count + ": the baseline, with which the other windows are compared."
      : window.count < Window.smallestCount
        ? "n ".safe + count + ": a window needs \(Window.smallestCount) cases, so nothing was tested.".safe
        : "n ".safe + count + ": no detector has compared this window."
    frame.write(why, row: row, column: 2, limit: columns - 3)
    let turn: [Command] = [.moveLeft, .moveRight]
    let advice =
      state.width == .oneDay
      ? hints(turn, "turns to another window")
      : [hints(.windowWidth, "makes windows wider"), hints(turn, "turns to another")].filter { !$0.isEmpty }
        .joined(separator: "   ")
    frame.write(advice, row: row + 1, column: 2, limit: columns - 3, style: .dim)
  }

  /// Method, correction, n and the reference's, as much as fits whole; where it does not, n stands beside the chart.
  private static func method(_ result: Window.Result?, _ window: Window?, columns: Int) -> SafeText {
    guard let result, let window else { return .empty }
    var correction = result.correction.safe
    if result.isCorrected { correction = correction + " × " + Numeral.count(result.features.count) }
    return Chrome.fitting(
      [
        result.method.safe.cut(to: max(12, columns - 50)), correction, "n ".safe + Numeral.count(window.count),
        "n_ref ".safe + (result.referenceCount > 0 ? Numeral.count(result.referenceCount) : "·"),
      ], by: " · ", columns: columns)
  }
}

/// A feature's effect day by day: what was the largest in each day's windows.
struct Days {
  private var groups: [(day: String, windows: [Window])] = []

  /// The newest seven days.
  init(_ windows: [Window]) {
    for window in windows {
      let day = window.from.dayText
      if groups.last?.day != day { groups.append((day, [])) }
      groups[groups.count - 1].windows.append(window)
    }
    groups = groups.suffix(7)
  }

  var count: Int { groups.count }

  func effects(of name: RawText, at place: Int) -> [Double?] {
    groups.map { group in
      group.windows.compactMap { window in window.result?.feature(name, at: place)?.effect }.max()
    }
  }
}

/// How a feature moved, in a few words: the means by the bins' middles, or the category that moved most.
enum Shift {
  static func text(_ feature: FeatureDrift, _ reference: Reference.Feature, columns: Int) -> SafeText {
    let total = feature.current.reduce(0, +)
    guard total > 0, columns > 6 else { return .empty }
    switch reference.distribution {
    case .numeric(let edges, let counts):
      let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
      guard middles.count == feature.current.count, counts.count == middles.count else { return .empty }
      let mean = { (counts: [Int]) in
        zip(middles, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(max(1, counts.reduce(0, +)))
      }
      return Numeral.short(mean(counts)) + " → " + Numeral.short(mean(feature.current))
    case .categorical(let labels, let counts):
      let base = Double(max(1, counts.reduce(0, +)))
      guard labels.count == feature.current.count, counts.count == labels.count else { return .empty }
      let changes = labels.indices.map { Double(feature.current[$0]) / Double(total) - Double(counts[$0]) / base }
      guard let largest = changes.indices.max(by: { abs(changes[$0]) < abs(changes[$1]) }) else { return .empty }
      let points = Int((100 * changes[largest]).rounded())
      let moved = points < 0 ? " −\(-points) pp".safe : " +\(points) pp".safe
      return labels[largest].safe.cut(to: max(2, columns - moved.width)) + moved
    }
  }
}

extension Window.Result {
  /// The feature of a name; as a rule it stands at the same place in every window.
  func feature(_ name: RawText, at place: Int?) -> FeatureDrift? {
    if let place, features.indices.contains(place), features[place].name == name { return features[place] }
    return features.first { $0.name == name }
  }

  /// Whether each p is held against the limit of all features together.
  var isCorrected: Bool { correction == "Bonferroni" || source != .local }
}

extension FeatureDrift.Method {
  /// Whether the statistic lies between 0 and 1, as D does.
  var isDistance: Bool {
    switch self {
    case .kolmogorovSmirnov: true
    case .chiSquared: false
    case .other(_, let limit): limit != nil
    }
  }
}
