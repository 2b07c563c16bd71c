internal import Domain
internal import Frames
internal import SafeText

extension CaseScreen {
  /// Why the model answered so: bars that add up to f(x), an anchor, or what the explainer said.
  static func drawWhy(_ state: State, _ layout: CaseLayout, on frame: inout Frame) {
    let columns = 0..<frame.columns
    guard let explanation = state.shownExplanation else {
      Chrome.rule("Why", row: layout.whyRow, columns: columns, focused: true, on: &frame)
      drawNoExplanation(state, row: layout.whyRow + 1, on: &frame)
      return
    }
    switch explanation.content {
    case .attributions(let attributions):
      let title = whyTitle(explanation, attributions, state)
      let sum =
        attributions.classes.indices.contains(state.classIndex)
        ? sumText(attributions, attributions.classes[state.classIndex]) : .empty
      if case .pixels(let rows, let width) = attributions.layout {
        PicturePanel.draw(
          attributions, state, title: title, sum: sum, size: (rows, width), layout, on: &frame)
        return
      }
      Chrome.rule(title, right: sum, row: layout.whyRow, columns: columns, focused: true, on: &frame)
      drawShares(attributions, state, layout, on: &frame)
    case .anchor(let anchor):
      Chrome.rule(
        "Why: ".safe + explanation.method.safe, right: "estimates", row: layout.whyRow, columns: columns, focused: true,
        on: &frame)
      AnchorPanel.draw(
        anchor, label: state.case?.prediction.label ?? "", row: layout.whyRow + 1, lines: layout.attributionRows,
        on: &frame)
    case .other(let json):
      Chrome.rule(
        "Why: ".safe + explanation.method.safe, right: "as the explainer wrote it", row: layout.whyRow,
        columns: columns, focused: true, on: &frame)
      for (line, text) in json.indented.split(separator: "\n").prefix(layout.attributionRows).enumerated() {
        frame.write(SafeText(String(text)), row: layout.whyRow + 1 + line, column: 2, limit: frame.columns - 3)
      }
    }
  }

  private static func drawNoExplanation(_ state: State, row: Int, on frame: inout Frame) {
    switch state.explaining {
    case .running: frame.write("Asking the explainer…", row: row, column: 2, style: .dim)
    case .failed(let problem):
      frame.write("✗", row: row, column: 2, style: .bad)
      frame.write(problem.summary.safe, row: row, column: 4)
      frame.write("R asks again   g l shows it in full", row: row + 1, column: 4, style: .dim)
    case .idle:
      let canExplain = state.content.value?.canExplain == true
      frame.write(
        canExplain ? "R asks the explainer" : "No explainer serves this model.", row: row, column: 2, style: .dim)
    }
  }

  private static func whyTitle(_ explanation: Explanation, _ attributions: Attributions, _ state: State) -> SafeText {
    var title: SafeText = "Why"
    if attributions.classes.count > 1, attributions.classes.indices.contains(state.classIndex) {
      title += " ".safe + attributions.classes[state.classIndex].label.safe
    }
    title += ": ".safe + explanation.method.safe + (attributions.isExact ? ", exact" : ", sampled")
    if let count = state.case?.explanations.count, count > 1 {
      title += "  \(state.explanation + 1)/\(count)".safe
    }
    return title
  }

  /// `base −.83 → f(x) +1.02 log-odds`; says so where the shares do not add up.
  static func sumText(_ attributions: Attributions, _ shares: Attributions.ClassShares) -> SafeText {
    let output = shares.output ?? shares.sum
    var text =
      "base ".safe + Numeral.decimal(shares.base, signed: true) + " → f(x) " + Numeral.decimal(output, signed: true)
      + " " + unit(attributions.link)
    if let gap = shares.gap, gap > 1e-3 { text += "  ✗ sum off by ".safe + Numeral.decimal(gap, places: 3) }
    return text
  }

  static func unit(_ link: Attributions.Link) -> SafeText {
    switch link {
    case .margin: "margin"
    case .logOdds: "log-odds"
    case .logit: "logit"
    case .identity: "value"
    }
  }

  private static func drawShares(
    _ attributions: Attributions, _ state: State, _ layout: CaseLayout, on frame: inout Frame
  ) {
    guard attributions.classes.indices.contains(state.classIndex) else { return }
    let chosen = attributions.classes[state.classIndex]
    let ranked = state.rows.indices.map { Int($0) }
    let room = layout.attributionRows - 1
    // What does not fit is one row; while the selection is past it, the list scrolls.
    let top = max(0, state.rows.selection - room + 1)
    let shown = top..<min(top + room, ranked.count)
    let rest = ranked.indices.filter { !shown.contains($0) }
    let others =
      rest.isEmpty
      ? nil
      : DivergingBars.Item(
        Numeral.count(rest.count) + (rest.count == 1 ? " other feature" : " other features"),
        amount: rest.reduce(0) { $0 + chosen.shares[ranked[$1]] })
    let isText = if case .tokens = attributions.layout { true } else { false }
    let axis = (isText ? 42 : 46) + max(0, frame.columns - 80) / 3
    let label = chosen.label.safe.cut(to: 10)
    let bars = DivergingBars(
      shown.map { row in
        let feature = attributions.features[ranked[row]]
        return .init(feature.name.safe, isText ? .empty : feature.value.safe, amount: chosen.shares[ranked[row]])
      }, others: others, left: "against ".safe + label, right: "for ".safe + label, axis: axis,
      reach: min(axis - 28, frame.columns - axis - 12), amountEnd: frame.columns - 2, detailColumn: 20)
    bars.draw(
      on: &frame, in: Rect(row: layout.whyRow + 1, column: 0, rows: layout.attributionRows, columns: frame.columns),
      cursor: ListCursor(selection: state.rows.selection - top))
    for (line, row) in shown.enumerated() {
      guard let mark = mark(on: attributions.features[ranked[row]].name, state) else { continue }
      frame.write(mark.sign.safe, row: layout.whyRow + 1 + line, column: frame.columns - 1, style: .bold)
    }
  }

  private static func mark(on name: RawText, _ state: State) -> MarkKind? {
    state.editor?.draft.marks.first { $0.target == name }?.kind
  }

  /// One row a class: base, sum, margin, probability, and its largest share.
  static func drawClasses(_ attributions: Attributions, _ state: State, row: Int, on frame: inout Frame) {
    Chrome.rule("Each class", right: "h l class", row: row, columns: 0..<frame.columns, on: &frame)
    let ends = [22, 30, 39, 45]
    frame.write("CLASS", row: row + 1, column: 2, style: .dim)
    for (title, end) in zip(["BASE", "SUM", "F(X)", "P"], ends) {
      frame.write(SafeText(title), row: row + 1, endingAt: end, style: .dim)
    }
    frame.write("LARGEST", row: row + 1, column: 48, style: .dim)
    for (line, shares) in attributions.classes.enumerated() {
      let y = row + 2 + line
      if line == state.classIndex { frame.draw("▌", row: y, column: 0, style: .accent) }
      frame.write(shares.label.safe, row: y, column: 2, limit: 14)
      let output = shares.output ?? shares.sum
      let numbers = [shares.base, shares.sum - shares.base, output]
      for (number, end) in zip(numbers, ends) {
        frame.write(Numeral.decimal(number, signed: true), row: y, endingAt: end)
      }
      let classes = state.case?.prediction.classes ?? []
      if let probability = classes.first(where: { $0.label == shares.label })?.probability {
        frame.write(Numeral.decimal(probability), row: y, endingAt: ends[3])
      }
      if let top = attributions.ranked(class: line).first {
        let text = attributions.features[top].name.safe + " " + Numeral.decimal(shares.shares[top], signed: true)
        frame.write(text, row: y, column: 48, limit: frame.columns - 49)
      }
    }
  }

  /// The anchor beneath the attributions.
  static func drawAnchor(_ current: Case, row: Int, lines: Int, on frame: inout Frame) {
    for explanation in current.explanations {
      guard case .anchor(let anchor) = explanation.content else { continue }
      let precision = Numeral.decimal(anchor.precision)
      let coverage = Numeral.decimal(anchor.coverage, places: 3)
      Chrome.rule(
        "Anchor", right: "precision ".safe + precision + "  coverage " + coverage + "  estimates", row: row,
        columns: 0..<frame.columns, on: &frame)
      AnchorPanel.draw(anchor, label: current.prediction.label, row: row + 1, lines: lines, on: &frame)
      return
    }
  }
}
