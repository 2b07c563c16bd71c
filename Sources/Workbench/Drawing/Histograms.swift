internal import Domain
internal import Frames
internal import SafeText
internal import Statistics

/// The reference and the window side by side, bin by bin: shares that each add up to 100 %.
enum Histograms {
  static func draw(_ feature: Reference.Feature, current: [Int], in rect: Rect, on frame: inout Frame) {
    let (labels, reference) = bins(feature.distribution)
    guard !labels.isEmpty, rect.rows > 2 else { return }
    let hasCurrent = current.count == labels.count
    let pairs = labels.indices.map { index in
      HistogramPair.Bin(
        labels[index], reference: share(of: index, in: reference),
        current: hasCurrent ? share(of: index, in: current) : 0)
    }
    let widest = labels.map(\.width).max() ?? 7
    // A number that is cut is another one: bins of numbers have the room that they need, as long as bars have some.
    let isNumeric = if case .numeric = feature.distribution { true } else { false }
    let label = max(7, isNumeric ? min(widest + 1, rect.columns - 18) : min(16, widest + 1, rect.columns / 4))
    let histogram = HistogramPair(
      pairs, title: .empty, reach: max(8, min(60, rect.columns - label - 8)), labelWidth: label, hasCurrent: hasCurrent)
    let each = hasCurrent ? 2 : 1
    let notes = hasCurrent ? [note(reference, current)] : reasons(feature.name, columns: rect.columns)
    // A bin is shown whole or not at all, with its share of all of them; the note stays.
    let shown = min(pairs.count, max(0, rect.rows - 1 - notes.count) / each)
    var bars = rect
    bars.rows = 1 + shown * each
    histogram.draw(on: &frame, in: bars)
    let left = pairs.count - shown
    if left > 0 { frame.write("t shows \(left) more".safe, row: rect.row, endingAt: rect.endColumn, style: .dim) }
    let row = rect.row + 1 + shown * each
    for (line, text) in notes.enumerated() where row + line < rect.endRow {
      frame.write(text, row: row + line, column: rect.column, limit: rect.columns, style: .dim)
    }
  }

  private static func share(of index: Int, in counts: [Int]) -> Double {
    Double(counts[index]) / Double(max(1, counts.reduce(0, +)))
  }

  /// How far the shares are from each other, before what could be cut: a number without its end is another one.
  static func note(_ reference: [Int], _ current: [Int]) -> SafeText {
    let stability = BinnedShares(reference: reference, current: current).populationStability
    return "PSI ".safe + Numeral.decimal(stability) + " base e, \(reference.count) bins; each 100 %".safe
  }

  /// Why the window has no bars.
  private static func reasons(_ name: RawText, columns: Int) -> [SafeText] {
    let text = "The reference alone: the detector draws ".safe + name.safe
    return (text + " from each record by itself and does not say how the window fell.").wrapped(to: columns)
  }

  /// Labels and counts of the reference's bins.
  static func bins(_ distribution: Reference.Distribution) -> (labels: [SafeText], counts: [Int]) {
    switch distribution {
    case .numeric(let edges, let counts):
      // Whole edges are whole on screen, however large.
      let isWhole = edges.allSatisfy { $0 == $0.rounded() }
      let text = { (edge: Double) in isWhole ? Numeral.decimal(edge, places: 0) : Numeral.short(edge) }
      let labels = zip(edges, edges.dropFirst()).map { text($0) + "–" + text($1) }
      return (Array(labels.prefix(counts.count)), counts)
    case .categorical(let labels, let counts): return (labels.map(\.safe), counts)
    }
  }
}
