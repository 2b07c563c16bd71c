internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

/// The panels above the list of slices; each gets its rectangle with the row of its rule.
enum FeedbackPanels {
  private static func rule(_ title: SafeText, right: SafeText, _ rect: Rect, on frame: inout Frame) {
    Chrome.rule(title, right: right, row: rect.row, columns: rect.column..<rect.endColumn, on: &frame)
  }

  /// How often the model was right, over time.
  static func trend(_ figures: ReportFigures, _ news: SafeText, _ rect: Rect, on frame: inout Frame) {
    let (width, buckets) = TrendBucket.buckets(figures.report, atMost: rect.rows - 1)
    let count: SafeText = "n ".safe + Numeral.count(figures.report.accuracy?.trials)
    rule("right by ".safe + width.rawValue.safe, right: news.isEmpty ? count : news, rect, on: &frame)
    let countEnd = rect.endColumn - 2
    let (spanEnd, percentEnd) = (countEnd - 7, countEnd - 14)
    let bar = rect.column + 10
    for (line, bucket) in buckets.enumerated() {
      let row = rect.row + 1 + line
      frame.write(bucket.name.safe, row: row, column: rect.column + 2, limit: 7)
      let isKnown = figures.report.shows(bucket.count)
      if isKnown, let share = bucket.share?.value {
        frame.write(Bar.text(share, cells: max(0, percentEnd - 6 - bar)), row: row, column: bar)
      }
      frame.write(figures.percent(bucket.share), row: row, endingAt: percentEnd, style: isKnown ? .plain : .dim)
      frame.write(figures.span(bucket.share), row: row, endingAt: spanEnd, style: isKnown ? .plain : .dim)
      frame.write(Numeral.count(bucket.count), row: row, endingAt: countEnd)
    }
  }

  /// What the model said against what analysts hold for true, and how often both are the same.
  static func confusion(_ figures: ReportFigures, _ rect: Rect, on frame: inout Frame) {
    let report = figures.report
    let kappa = figures.decimal(CohenKappa(report.confusion)?.value, of: report.confusion.total)
    rule("confusion, rows truth", right: "κ ".safe + kappa, rect, on: &frame)
    let inner = Rect(row: rect.row + 1, column: rect.column + 1, rows: rect.rows - 1, columns: rect.columns - 2)
    let used = ConfusionPicture(figures, inner.rows - 2, inner.columns).draw(inner, on: &frame)
    let drawn = figures.weighted
    let blind = report.blindAccuracy
    let lines: [(SafeText, SafeText)] = [
      (
        "right",
        figures.percent(report.accuracy) + "  " + figures.span(report.accuracy) + "  n "
          + Numeral.count(report.accuracy?.trials)
      ),
      ("all cases", drawn.share + "  " + drawn.span + "  n " + drawn.count),
      ("blind", figures.percent(blind) + "  " + figures.span(blind) + "  n " + Numeral.count(blind?.trials)),
    ]
    // What was said of all cases stands where there is room for it, the accuracy always.
    let free = inner.rows - used
    for (line, text) in lines.prefix(max(1, free)).enumerated() {
      let row = inner.endRow - min(lines.count, max(1, free)) + line
      frame.write(text.0, row: row, column: inner.column, style: .dim)
      frame.write(text.1, row: row, column: inner.column + 11, limit: inner.columns - 11)
    }
  }

  /// What the model said of its own answers, and how often it was right.
  static func calibration(_ figures: ReportFigures, _ whole: Rect, on frame: inout Frame) {
    // The diagram stands beside the bars where there is room for both, or under them.
    let (rect, beside) = whole.split(right: whole.columns >= 92 && whole.rows >= 10 ? 34 : 0)
    let diagram = figures.report.calibration
    let plot = plot(figures)
    if !beside.isEmpty {
      // Higher it would be a line upwards.
      let rows = min(17, whole.rows - 1)
      plot?.draw(on: &frame, in: Rect(row: whole.row + 1, column: beside.column, rows: rows, columns: 34))
    } else if whole.rows >= 20, whole.columns >= 38 {
      plot?.draw(on: &frame, in: Rect(row: whole.endRow - 12, column: whole.column + 2, rows: 12, columns: 36))
    }
    let error: SafeText =
      "ECE ".safe + figures.decimal(diagram.expectedError, of: diagram.count, places: 3)
      + " Brier ".safe + figures.decimal(diagram.brier, of: diagram.count)
    rule("calibration", right: error, whole, on: &frame)
    let bins = diagram.bins.filter { $0.count > 0 }
    let room = rect.rows - 1
    let countEnd = rect.endColumn - 3
    let (spanEnd, rightEnd, saidEnd) = (countEnd - 6, countEnd - 15, countEnd - 21)
    var row = rect.row + 1
    guard !bins.isEmpty else {
      frame.write("no answer came with a probability", row: row, column: rect.column + 2, style: .dim)
      return
    }
    if bins.count < room {
      for (title, end) in [("SAID", saidEnd), ("RIGHT", rightEnd), ("95 %", spanEnd), ("N", countEnd)]
        as [(SafeText, Int)]
      {
        frame.write(title, row: row, endingAt: end, style: .dim)
      }
      row += 1
    }
    let cells = max(0, saidEnd - 5 - (rect.column + 9))
    for bin in bins.suffix(room) {
      let isKnown = figures.report.shows(bin.count)
      frame.write(figures.name(bin), row: row, column: rect.column + 2)
      if isKnown, let accuracy = bin.accuracy, let said = bin.confidence, cells > 0 {
        frame.write(Bar.text(accuracy, cells: cells), row: row, column: rect.column + 9)
        let mark = Int(min(Double(cells - 1), max(0, said * Double(cells))))
        frame.draw("┃", row: row, column: rect.column + 9 + mark, style: .accent)
      }
      let style: Style = isKnown ? .plain : .dim
      frame.write(figures.decimal(bin.confidence, of: bin.count), row: row, endingAt: saidEnd, style: style)
      frame.write(figures.decimal(bin.accuracy, of: bin.count), row: row, endingAt: rightEnd, style: style)
      frame.write(
        span(isKnown ? bin.proportion?.wilson() : nil), row: row, endingAt: spanEnd, style: style)
      frame.write(Numeral.count(bin.count), row: row, endingAt: countEnd)
      if figures.isOff(bin) { frame.draw("▲", row: row, column: countEnd + 1, style: .warn) }
      row += 1
    }
  }

  /// The bins that say something, on the diagonal of an answer that says how often it is right.
  static func plot(_ figures: ReportFigures) -> CalibrationPlot? {
    let points = figures.report.calibration.bins.compactMap { bin -> CalibrationPlot.Point? in
      guard figures.report.shows(bin.count), let said = bin.confidence, let right = bin.accuracy,
        let interval = bin.proportion?.wilson()
      else { return nil }
      return .init(said: said, right: right, interval: interval, isOff: figures.isOff(bin))
    }
    return points.isEmpty ? nil : CalibrationPlot(points)
  }

  /// `.35–.65`.
  private static func span(_ range: ClosedRange<Double>?) -> SafeText {
    guard let range else { return Numeral.absent }
    return Numeral.decimal(range.lowerBound) + "–" + Numeral.decimal(range.upperBound)
  }

  /// How far analysts agree, how they took the model's advice, and how long they took.
  static func facts(_ figures: ReportFigures, _ rect: Rect, on frame: inout Frame) {
    let report = figures.report
    let agreement = report.agreement
    let reliance = report.reliance
    rule(
      "analysts ".safe + Numeral.count(report.analysts.count), right: "shared n ".safe + Numeral.count(agreement.units),
      rect, on: &frame)
    func of(_ value: Double?, _ count: Int) -> SafeText {
      Numeral.percent(report.shows(count) ? value : nil) + " of " + Numeral.count(count)
    }
    let lines: [(SafeText, SafeText)] = [
      (
        "agree",
        "Po ".safe + figures.decimal(agreement.observed, of: agreement.units) + " α "
          + figures.decimal(agreement.alpha?.value, of: agreement.units) + " AC1 "
          + figures.decimal(agreement.gwet?.value, of: agreement.units)
      ),
      ("switched", of(reliance.switched.value, reliance.switched.total)),
      ("over-relied", of(reliance.overReliance, reliance.relativeSelfReliance.total)),
      ("under-relied", of(reliance.underReliance, reliance.relativeAIReliance.total)),
      ("time a case", time(figures)),
    ]
    for (line, text) in lines.prefix(rect.rows - 1).enumerated() {
      frame.write(text.0, row: rect.row + 1 + line, column: rect.column + 1, style: .dim)
      frame.write(text.1, row: rect.row + 1 + line, column: rect.column + 14, limit: rect.columns - 14)
    }
    // What is not in the numbers, where there is room to say so.
    var row = rect.row + 1 + lines.count
    for text in Self.lines(figures.gaps, columns: rect.columns - 2) where row < rect.endRow {
      frame.write(text, row: row, column: rect.column + 1, style: .dim)
      row += 1
    }
  }

  /// `14 s  8–31  n 1 204`: the median, the quartiles and how many.
  static func time(_ figures: ReportFigures) -> SafeText {
    let times = figures.report.times
    guard figures.report.shows(times.count) else { return Numeral.absent + "  n ".safe + Numeral.count(times.count) }
    // As fine as the median is told, which lies between them.
    let places = times.median.map { $0 < 10 ? 1 : 0 } ?? 0
    let quartiles = [times.lowerQuartile, times.upperQuartile].map { Numeral.decimal($0, places: places) }
    return figures.seconds(times.median, of: times.count) + "  " + quartiles[0] + "–" + quartiles[1] + "  n ".safe
      + Numeral.count(times.count)
  }

  /// Parts joined by dots into lines that fit.
  static func lines(_ parts: [SafeText], columns: Int) -> [SafeText] {
    var lines: [SafeText] = []
    for part in parts {
      if let last = lines.last, last.width + 3 + part.width <= columns {
        lines[lines.count - 1] = last + " · " + part
      } else {
        lines.append(part.cut(to: columns))
      }
    }
    return lines
  }

  /// What each analyst did, and how every two of them agree.
  static func analysts(_ figures: ReportFigures, _ rect: Rect, on frame: inout Frame) {
    let report = figures.report
    rule("who judged", right: "κ by pairs", rect, on: &frame)
    let left = rect.column + 1
    let ends = [rect.endColumn - 19, rect.endColumn - 10, rect.endColumn - 1]
    let nameWidth = max(6, ends[0] - 7 - left)
    var row = rect.row + 1
    func line(_ name: SafeText, _ cells: [SafeText], _ style: Style = .plain) {
      guard row < rect.endRow else { return }
      frame.write(name, row: row, column: left, limit: nameWidth, style: style)
      for (cell, end) in zip(cells, ends) { frame.write(cell, row: row, endingAt: end, style: style) }
      row += 1
    }
    line("ANALYST", ["CASES", "AGREES", "TIME"], .dim)
    let agreeing = Dictionary((report.slices[.analyst] ?? []).map { ($0.name, $0.right) }) { first, _ in first }
    let room = max(1, (rect.rows - 4) / 2)
    let names = ShortNames.cut(report.analysts.map(\.name.safe), to: nameWidth)
    for work in report.analysts.prefix(room) {
      line(
        names?[work.name.safe] ?? work.name.safe,
        [
          Numeral.count(work.count), figures.percent(agreeing[work.name]),
          figures.seconds(work.times.median, of: work.times.count),
        ])
    }
    if report.analysts.count > room { line("and \(report.analysts.count - room) more".safe, [], .dim) }
    guard !report.agreement.pairs.isEmpty else { return }
    row += 1
    line("TOGETHER", ["CASES", "PO", "κ"], .dim)
    let pairs = report.agreement.pairs
    let paired = pairs.flatMap { [$0.first.safe, $0.second.safe] }
    for pair in pairs {
      let lines = ShortNames.pair(pair.first.safe, pair.second.safe, among: paired, cells: nameWidth)
      // A pair that would be half there says nothing.
      guard row + lines.count <= rect.endRow else { break }
      for text in lines.dropLast() { line(text, []) }
      line(
        lines.last ?? .empty,
        [
          Numeral.count(pair.count), figures.decimal(pair.kappa.observed, of: pair.count),
          figures.decimal(pair.kappa.value, of: pair.count),
        ])
    }
  }
}
