internal import Frames
internal import SafeText

/// Answers to other values, a row each: the field, its value now and then, the probability of the answer to the record itself,
/// and what the answer becomes. What there is too little room for is shortened from the field's name on; answers stay apart.
struct ProbeTable {
  private let names: [SafeText: SafeText]
  private let labels: [SafeText: SafeText]
  private let own: SafeText
  private let showsBefore: Bool
  /// Cells between one column and the next.
  private let gap: Int
  private let labelTitle: SafeText
  private var widths: (name: Int, change: Int, probability: Int)

  /// Lays the rows out in so many columns; where all become the same the rule says what, and no row does.
  init(_ probes: [Probe], showsLabel: Bool, columns: Int) {
    let own = probes.first?.oldLabel.safe ?? .empty
    let before = probes.map(\.field.safe)
    let become = showsLabel ? probes.map(ProbeTable.answer) : []
    var name = max(7, before.map(\.width).max() ?? 0)
    var change = max(10, probes.map { $0.from.safe.width + 3 + $0.to.safe.width }.max() ?? 0)
    var probability = max(9, own.cut(to: 12).width + 3)
    // Where there is too little room the values need every cell that titles and gaps can spare.
    let longest = become.map(\.width).max() ?? 0
    let isTight = name + change + probability + (showsLabel ? max(7, longest) + 6 : 4) > columns
    gap = isTight ? 1 : 2
    labelTitle = isTight && longest < 7 ? "NEW" : "BECOMES"
    var label = showsLabel ? max(labelTitle.width, longest) : 0
    let gaps = gap * (showsLabel ? 3 : 2)
    func excess() -> Int { name + change + probability + label + gaps - columns }
    func less(_ width: Int, to least: Int) -> Int { max(min(width, least), width - max(0, excess())) }
    name = less(name, to: 16)
    change = less(change, to: 21)
    probability = less(probability, to: 9)
    name = less(name, to: 10)
    label = less(label, to: 12)
    showsBefore = excess() <= 0
    if !showsBefore { probability = less(probability, to: 7) }
    name = less(name, to: 8)
    change = less(change, to: 13)
    label = less(label, to: 7)
    change = less(change, to: 9)
    name = less(name, to: 4)
    widths = (name, change, probability)
    self.own = own
    names = ShortNames.cut(before, to: name) ?? [:]
    labels = ShortNames.cut(become, to: label) ?? [:]
  }

  private static func answer(_ probe: Probe) -> SafeText { probe.isFlip ? probe.newLabel.safe : "the same" }

  /// The names of the columns.
  func drawTitles(row: Int, column: Int, end: Int, on frame: inout Frame) {
    let places = places(from: column)
    frame.write("FEATURE", row: row, column: column, limit: widths.name, style: .dim)
    frame.write("NOW → THEN", row: row, column: places.change, limit: widths.change, style: .dim)
    let probability = "P(".safe + own.cut(to: widths.probability - 3) + ")"
    frame.write(probability, row: row, endingAt: places.end, style: .dim)
    guard !labels.isEmpty else { return }
    frame.write(labelTitle, row: row, column: places.label, limit: max(0, end - places.label), style: .dim)
  }

  func draw(_ probe: Probe, row: Int, column: Int, end: Int, on frame: inout Frame) {
    let places = places(from: column)
    let name = probe.field.safe
    frame.write(names[name] ?? name.cutMiddle(to: widths.name), row: row, column: column)
    frame.write(
      SafeText.change(probe.from.safe, probe.to.safe, columns: widths.change), row: row, column: places.change)
    let after = Numeral.decimal(probe.after)
    frame.write(
      showsBefore ? Numeral.decimal(probe.before) + " → " + after : after, row: row, endingAt: places.end)
    guard !labels.isEmpty else { return }
    let answer = ProbeTable.answer(probe)
    frame.write(
      labels[answer] ?? answer, row: row, column: places.label, limit: max(0, end - places.label),
      style: probe.isFlip ? .plain : .dim)
  }

  private func places(from column: Int) -> (change: Int, end: Int, label: Int) {
    let change = column + widths.name + gap
    let end = change + widths.change + gap + widths.probability
    return (change, end, end + gap)
  }
}
