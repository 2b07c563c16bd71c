internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

/// The confusion of model and analysts: the matrix where it fits, else what was taken for what most often.
struct ConfusionPicture {
  private let figures: ReportFigures
  private let matrix: ConfusionMatrix<RawText>
  private let rows: Int
  private let columns: Int

  init(_ figures: ReportFigures, _ rows: Int, _ columns: Int) {
    self.figures = figures
    matrix = figures.report.confusion
    self.rows = rows
    self.columns = columns
  }

  private var labelWidth: Int { min(14, max(7, matrix.labels.map(\.safe.width).max() ?? 0)) }
  private var cellWidth: Int { min(11, (columns - labelWidth - 8) / max(1, matrix.labels.count)) }
  private var widest: Int { Numeral.count(matrix.counts.joined().max()).width }
  private var fits: Bool { matrix.labels.count < rows && cellWidth >= max(5, widest + 1) }

  /// Gives the rows that were used.
  func draw(_ rect: Rect, on frame: inout Frame) -> Int {
    guard matrix.total > 0 else {
      frame.write("no case whose classes are known", row: rect.row, column: rect.column, style: .dim)
      return 1
    }
    return fits ? drawMatrix(rect, on: &frame) : drawMistakes(rect, on: &frame)
  }

  private func drawMatrix(_ rect: Rect, on frame: inout Frame) -> Int {
    let totals = matrix.truthTotals
    let end = { (column: Int) in rect.column + labelWidth + (column + 1) * cellWidth }
    frame.write("truth ↓".safe.cut(to: labelWidth), row: rect.row, column: rect.column, style: .dim)
    for (column, label) in matrix.labels.enumerated() {
      // Classes often differ at their ends: `class_0`, `class_1`.
      frame.write(label.safe.cutMiddle(to: cellWidth - 1), row: rect.row, endingAt: end(column), style: .dim)
    }
    let recall = end(matrix.labels.count - 1) + 8
    frame.write("recall", row: rect.row, endingAt: recall, style: .dim)
    for (line, label) in matrix.labels.enumerated() {
      let row = rect.row + 1 + line
      frame.write(label.safe, row: row, column: rect.column, limit: labelWidth)
      for (column, count) in matrix.counts[line].enumerated() {
        let isRight = line == column
        frame.write(
          Numeral.count(count), row: row, endingAt: end(column), style: isRight ? .bold : count == 0 ? .dim : .plain)
      }
      let share = Proportion(matrix.counts[line][line], of: totals[line])
      frame.write(
        figures.percent(share), row: row, endingAt: recall, style: figures.report.shows(totals[line]) ? .plain : .dim)
    }
    return matrix.labels.count + 1
  }

  /// Wrong answers by how often, for more classes than a screen has rows.
  private func drawMistakes(_ rect: Rect, on frame: inout Frame) -> Int {
    let mistakes = Self.mistakes(matrix)
    let room = max(1, rows - 1)
    let count = rect.column + 6
    frame.write("TIMES", row: rect.row, endingAt: count, style: .dim)
    frame.write("TRUTH → MODEL SAID", row: rect.row, column: count + 2, limit: rect.columns - 8, style: .dim)
    for (line, mistake) in mistakes.prefix(room).enumerated() {
      let row = rect.row + 1 + line
      frame.write(Numeral.count(mistake.count), row: row, endingAt: count)
      frame.write(
        mistake.truth.safe + " → " + mistake.model.safe, row: row, column: count + 2, limit: rect.columns - 8)
    }
    if mistakes.isEmpty { frame.write("none was wrong", row: rect.row + 1, column: count + 2, style: .dim) }
    return 1 + max(1, min(room, mistakes.count))
  }

  /// What was taken for what, the most often first.
  static func mistakes(_ matrix: ConfusionMatrix<RawText>) -> [(truth: RawText, model: RawText, count: Int)] {
    var found: [(truth: RawText, model: RawText, count: Int)] = []
    for (row, truth) in matrix.labels.enumerated() {
      for (column, model) in matrix.labels.enumerated() where row != column && matrix.counts[row][column] > 0 {
        found.append((truth, model, matrix.counts[row][column]))
      }
    }
    return found.sorted { $0.count == $1.count ? ($0.truth, $0.model) < ($1.truth, $1.model) : $0.count > $1.count }
  }
}
