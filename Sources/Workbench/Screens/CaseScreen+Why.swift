internal import Domain
internal import Frames
internal import SafeText

extension CaseScreen {
  /// Why the model answered so: bars that add up to f(x), an anchor, or what the explainer said.
  static func drawWhy(_ state: State, _ hints: Hints, _ layout: CaseLayout, on frame: inout Frame) {
    let columns = 0..<layout.leftWidth
    guard let explanation = state.shownExplanation else {
      Chrome.rule("Why", row: layout.whyRow, columns: columns, focused: true, on: &frame)
      let row = layout.whyRow + 1
      let used = drawNoExplanation(state, hints, row: row, on: &frame)
      // A blank between them where the record does not need the row.
      let lines = recordLines(state, columns: layout.leftWidth)
      let gap = lines.count < layout.attributionRows - used ? 1 : 0
      drawRecord(lines, hints, row: row + used + gap, layout, columns: layout.leftWidth, on: &frame)
      return
    }
    switch explanation.content {
    case .attributions(let attributions):
      let title = whyTitle(explanation, attributions, state)
      var sum =
        attributions.classes.indices.contains(state.classIndex)
        ? sumText(
          attributions, attributions.classes[state.classIndex], hasUnit: attributions.layout.isList || layout.isWide)
        : .empty
      if let other = attributions.valueOfAnother(than: state.content.value) { sum = "✗ ".safe + other + "  " + sum }
      if case .pixels(let rows, let width) = attributions.layout {
        PicturePanel.draw(
          attributions, state, title: title, sum: sum, size: (rows, width), layout, on: &frame)
        return
      }
      Chrome.rule(title, right: sum, row: layout.whyRow, columns: columns, focused: true, on: &frame)
      drawShares(attributions, state, layout, on: &frame)
    case .anchor(let anchor):
      Chrome.rule(
        "Why: ".safe + explanation.method.safe, right: AnchorPanel.numbers(anchor, columns: layout.leftWidth),
        row: layout.whyRow, columns: columns, focused: true, on: &frame)
      drawRule(anchor, explanation, state, hints, layout, on: &frame)
    case .other(let json):
      Chrome.rule(
        "Why: ".safe + explanation.method.safe, right: "as the explainer wrote it", row: layout.whyRow,
        columns: columns, focused: true, on: &frame)
      for (line, text) in json.indented.split(separator: "\n").prefix(layout.attributionRows).enumerated() {
        frame.write(SafeText(String(text)), row: layout.whyRow + 1 + line, column: 2, limit: layout.leftWidth - 3)
      }
    }
  }

  /// Why there is no explanation; how many rows that took.
  private static func drawNoExplanation(_ state: State, _ hints: Hints, row: Int, on frame: inout Frame) -> Int {
    switch state.explaining {
    case .running: frame.write("Asking the explainer…", row: row, column: 2, style: .dim)
    case .failed(let problem):
      let columns = 2..<CaseLayout(state).leftWidth
      return Chrome.absence(problem, hints.afterFailure("asks again"), row: row, columns: columns, on: &frame)
    case .idle:
      let why: SafeText =
        switch state.content.value?.canExplain {
        case true?: hints(.reload, "asks the explainer")
        case false?: "No explainer serves this model."
        // Of what nobody was asked nothing is said.
        case nil: "Not asked yet whether it can be explained.  ".safe + hints(.reload, "asks")
        }
      frame.write(why, row: row, column: 2, limit: CaseLayout(state).leftWidth - 3, style: .dim)
    }
    return 1
  }

  /// A rule, the record under it, and where that is a picture what is kept of it beside both.
  private static func drawRule(
    _ anchor: Anchor, _ explanation: Explanation, _ state: State, _ hints: Hints, _ layout: CaseLayout,
    on frame: inout Frame
  ) {
    let all = Rect(row: layout.whyRow + 1, column: 0, rows: layout.attributionRows, columns: layout.leftWidth)
    let marking = AnchorPanel.Marking(selection: state.rows.selected, marks: marks(on: explanation, state))
    let picture = AnchorPicture(
      anchor, state.content.value?.picture, selection: marking.selection, beside: min(44, all.columns / 2), in: all)
    let columns = all.columns - (picture?.columns ?? 0)
    AnchorPanel.draw(
      anchor, label: state.case?.prediction.label ?? "", marking,
      in: Rect(row: all.row, column: 0, rows: all.rows, columns: columns), on: &frame)
    picture?.draw(on: &frame)
    let lines = recordLines(state, columns: columns)
    drawRecord(lines, hints, row: all.row + AnchorPanel.rows(anchor) + 1, layout, columns: columns, on: &frame)
  }

  /// The record where no explanation shows it: nobody judges what they have not seen.
  private static func drawRecord(
    _ lines: [SafeText], _ hints: Hints, row: Int, _ layout: CaseLayout, columns: Int, on frame: inout Frame
  ) {
    let room = layout.whyRow + 1 + layout.attributionRows - row
    for (line, text) in lines.prefix(max(0, room)).enumerated() {
      let isCut = line == room - 1 && lines.count > room
      frame.write(
        isCut ? "…  " + hints(.table, "shows all of it") : text, row: row + line, column: 2, limit: columns - 3)
    }
  }

  private static func recordLines(_ state: State, columns: Int) -> [SafeText] {
    guard let content = state.content.value else { return [] }
    return RecordLines.lines(of: content.case.record, content.signature, width: columns - 4)
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
  static func sumText(
    _ attributions: Attributions, _ shares: Attributions.ClassShares, hasUnit: Bool = true
  ) -> SafeText {
    let output = shares.output ?? shares.sum
    let text =
      "base ".safe + Numeral.decimal(shares.base, signed: true) + " → f(x) " + Numeral.decimal(output, signed: true)
      + (hasUnit ? " " + unit(attributions.link) : .empty)
    guard let gap = shares.gap, gap > 1e-3 else { return text }
    // First, so that it is not what is cut.
    return "✗ sum off by ".safe + Numeral.decimal(gap, places: 3) + "  " + text
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
    let isText = if case .tokens = attributions.layout { true } else { false }
    let noun: SafeText = (isText ? " other word" : " other feature") + (rest.count == 1 ? "" : "s")
    let others =
      rest.isEmpty
      ? nil
      : DivergingBars.Item(
        Numeral.count(rest.count) + noun, amount: rest.reduce(0) { $0 + chosen.shares[ranked[$1]] })
    let extra = max(0, layout.leftWidth - 80)
    let isNarrow = layout.leftWidth < 76
    let axis = isNarrow ? max(16, layout.leftWidth - 24) : (isText ? 42 : 50) + extra / 3
    let reach = isNarrow ? 8 : (isText ? 20 : 16) + extra / 8
    let amountEnd = min(layout.leftWidth - 2, axis + reach + 20)
    let sides = sides(attributions, chosen, state)
    let parts = ExplanationParts(attributions.features.map(\.name)).all
    let bars = DivergingBars(
      shown.map { row in
        let feature = attributions.features[ranked[row]]
        return .init(
          parts[ranked[row]].text.safe, isText ? .empty : feature.value.safe, amount: chosen.shares[ranked[row]])
      }, others: others, left: sides.left, right: sides.right, axis: axis, reach: reach,
      amountEnd: amountEnd, detailColumn: 20 + extra / 8,
      scale: chosen.shares.map(\.magnitude).filter(\.isFinite).max())
    bars.draw(
      on: &frame, in: Rect(row: layout.whyRow + 1, column: 0, rows: layout.attributionRows, columns: layout.leftWidth),
      cursor: ListCursor(selection: state.rows.selection - top))
    for (line, row) in shown.enumerated() {
      guard let mark = mark(on: parts[ranked[row]], state) else { continue }
      frame.write(mark.sign.safe, row: layout.whyRow + 1 + line, column: amountEnd + 1, style: .bold)
    }
  }

  /// What a share on each side speaks for: for log-odds of two classes the classes themselves.
  private static func sides(
    _ attributions: Attributions, _ chosen: Attributions.ClassShares, _ state: State
  ) -> (left: SafeText, right: SafeText) {
    let classes = state.case?.prediction.classes ?? []
    if attributions.link == .logOdds, attributions.classes.count == 1, classes.count == 2 {
      return ("towards ".safe + classes[0].label.safe.cut(to: 10), "towards " + classes[1].label.safe.cut(to: 10))
    }
    let label = chosen.label.safe.cut(to: 10)
    return ("against ".safe + label, "for ".safe + label)
  }

  /// The mark on a part of the explanation on screen, for the class on screen.
  static func mark(on part: Explanation.Part, _ state: State) -> MarkKind? {
    state.editor?.mark(on: part, of: state.shownExplanation?.explainer, class: state.markLabel)
  }

  /// The marks on the predicates of a rule, in their order.
  static func marks(on rule: Explanation, _ state: State) -> [MarkKind?] {
    rule.parts.all.map { state.editor?.mark(on: $0, of: rule.explainer, class: nil) }
  }
}

extension Attributions.Layout {
  /// Whether the features stand in a list, words of a text among them; not as pixels.
  var isList: Bool {
    if case .pixels = self { false } else { true }
  }
}
