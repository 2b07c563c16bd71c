internal import Domain
internal import Frames
internal import SafeText

/// The reference and the window side by side, bin by bin: shares that each add up to 100 %.
enum Histograms {
  static func draw(_ distribution: Reference.Distribution, current: [Int], in rect: Rect, on frame: inout Frame) {
    let (labels, reference) = bins(distribution)
    guard labels.count == current.count, !labels.isEmpty else { return }
    let referenceTotal = Double(max(1, reference.reduce(0, +)))
    let currentTotal = Double(max(1, current.reduce(0, +)))
    let pairs = labels.indices.map { index in
      HistogramPair.Bin(
        labels[index], reference: Double(reference[index]) / referenceTotal,
        current: Double(current[index]) / currentTotal)
    }
    HistogramPair(pairs, title: .empty).draw(on: &frame, in: rect)
    if 1 + 2 * pairs.count > rect.rows {
      frame.write(
        "t shows all ".safe + Numeral.count(pairs.count) + " bins", row: rect.row, endingAt: rect.endColumn, style: .dim
      )
    }
  }

  /// Labels and counts of the reference's bins.
  static func bins(_ distribution: Reference.Distribution) -> (labels: [SafeText], counts: [Int]) {
    switch distribution {
    case .numeric(let edges, let counts):
      let labels = zip(edges, edges.dropFirst()).map { Numeral.short($0) + "–" + Numeral.short($1) }
      return (Array(labels.prefix(counts.count)), counts)
    case .categorical(let labels, let counts): return (labels.map(\.safe), counts)
    }
  }
}
