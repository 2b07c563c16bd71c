internal import Domain
internal import Feedback
internal import Frames
internal import SafeText

extension CaseScreen {
  /// Draws one of the panels beside or under the explanation, its rule in the first row of `rect`.
  static func draw(
    _ panel: CaseLayout.Panel, _ state: State, _ content: CaseContent, _ hints: Hints, now: Timestamp, in rect: Rect,
    on frame: inout Frame
  ) {
    let inside = Rect(row: rect.row + 1, column: rect.column, rows: rect.rows - 1, columns: rect.columns)
    switch panel {
    case .classes:
      guard let attributions = state.attributions else { return }
      rule("Each class", right: hints([.moveLeft, .moveRight], "class"), rect, on: &frame)
      drawClasses(attributions, state, in: inside, on: &frame)
    case .anchor:
      guard let anchor = state.anchor, let index = content.case.anchorIndex else { return }
      rule("Anchor", right: AnchorPanel.numbers(anchor, columns: rect.columns), rect, on: &frame)
      let marking = AnchorPanel.Marking(marks: marks(on: content.case.explanations[index], state))
      AnchorPanel.draw(anchor, label: content.case.prediction.label, marking, in: inside, on: &frame)
    case .waterfall:
      guard let attributions = state.attributions, attributions.classes.indices.contains(state.classIndex) else {
        return
      }
      rule("How it adds up", right: sumText(attributions, attributions.classes[state.classIndex]), rect, on: &frame)
      let waterfall = waterfall(attributions, class: state.classIndex).fitting(rows: inside.rows) {
        Numeral.count($0) + ($0 == 1 ? " other" : " others")
      }
      waterfall.draw(on: &frame, in: inside.inset(columns: 2), labelWidth: min(32, rect.columns / 4))
    case .flips: ProbePanel.drawFlips(state, hints, in: rect, on: &frame)
    case .whatIf: ProbePanel.drawWhatIf(state, content, hints, in: rect, on: &frame)
    case .signals:
      rule("Outlier and drift", right: .empty, rect, on: &frame)
      drawSignals(content, now: now, in: inside, on: &frame)
    case .others:
      rule("Others on this case", right: "from the collector", rect, on: &frame)
      drawOthers(content, now: now, in: inside, on: &frame)
    }
  }

  /// What an explanation adds to its base, the largest share first.
  static func waterfall(_ attributions: Attributions, class index: Int) -> Waterfall {
    let shares = attributions.classes[index]
    let steps = attributions.ranked(class: index).map { feature in
      Waterfall.Step(attributions.features[feature].name.safe, amount: shares.shares[feature])
    }
    return Waterfall(base: .init("base", amount: shares.base), steps: steps, total: "f(x)")
  }

  /// A panel's rule; beside a column's edge it begins after it.
  static func rule(_ title: SafeText, right: SafeText, _ rect: Rect, on frame: inout Frame) {
    let start = rect.column == 0 ? 0 : rect.column + 1
    Chrome.rule(title, right: right, row: rect.row, columns: start..<rect.endColumn, on: &frame)
  }

  /// One row a class: base, sum of the shares, f(x), probability, and its largest share.
  private static func drawClasses(_ attributions: Attributions, _ state: State, in rect: Rect, on frame: inout Frame) {
    let isNarrow = rect.columns < 60
    let start = rect.column + (rect.column == 0 ? 2 : 3)
    let name = isNarrow ? 12 : 14
    let ends = isNarrow ? [20, 27, 34, 39] : [20, 28, 37, 43]
    frame.write("CLASS", row: rect.row, column: start, style: .dim)
    for (title, end) in zip(["BASE", "SUM", "F(X)", "P"], ends) {
      frame.write(SafeText(title), row: rect.row, endingAt: rect.column + end + 2, style: .dim)
    }
    let showsLargest = rect.columns > 62
    if showsLargest { frame.write("LARGEST", row: rect.row, column: rect.column + 48, style: .dim) }
    let room = rect.rows - 1
    let top = max(0, min(state.classIndex - room + 1, attributions.classes.count - room))
    for (line, index) in attributions.classes.indices.dropFirst(top).prefix(max(0, room)).enumerated() {
      let shares = attributions.classes[index]
      let y = rect.row + 1 + line
      if index == state.classIndex { frame.draw("▌", row: y, column: start - 2, style: .select) }
      frame.write(shares.label.safe, row: y, column: start, limit: name)
      let numbers = [shares.base, shares.sum - shares.base, shares.output ?? shares.sum]
      for (number, end) in zip(numbers, ends) {
        frame.write(Numeral.decimal(number, signed: true), row: y, endingAt: rect.column + end + 2)
      }
      if let score = state.case?.prediction.classes.first(where: { $0.label == shares.label }) {
        frame.write(Numeral.decimal(score.probability), row: y, endingAt: rect.column + ends[3] + 2)
      }
      if showsLargest, let largest = attributions.ranked(class: index).first {
        let share = Numeral.decimal(shares.shares[largest], signed: true)
        let text = attributions.features[largest].name.safe.cut(to: rect.columns - 50 - share.width) + " " + share
        frame.write(text, row: y, column: rect.column + 48)
      }
    }
  }

  /// What the detectors say, with their method, limit and base.
  private static func drawSignals(_ content: CaseContent, now: Timestamp, in rect: Rect, on frame: inout Frame) {
    var lines: [StyledText] = []
    if let outlier = content.case.outlier {
      let state: StyledText = outlier.isOutlier ? StyledText(signs: "▲ flagged") : StyledText(signs: "● not flagged")
      lines.append(StyledText(outlier.method.safe + "  " + score(outlier.score) + "  ") + state)
      let limit = outlier.threshold.map { "  limit ".safe + score($0) + ", as its metadata says" }
      lines.append(StyledText(limit ?? "  its answer holds no threshold", .dim))
    } else {
      lines.append(StyledText("outlier  ") + StyledText("·", .dim) + StyledText("  no detector has scored it", .dim))
    }
    if let window = content.window, let result = window.result {
      let count = "\(result.driftedCount) of \(result.features.count) drifted, ".safe + window.spanText(asOf: now).safe
      let sign: SafeText = result.isDrift ? "▲ " : "● "
      lines.append(StyledText(result.method.safe + "  ") + StyledText(signs: sign + count))
      for feature in result.features.filter(\.isDrifted).sorted(by: { $0.pValue < $1.pValue }).prefix(3) {
        let effect = feature.method.effectName.safe + " " + Numeral.decimal(feature.effect)
        let p = ", p ".safe + Numeral.pValue(feature.pValue) + " × \(result.features.count)".safe
        lines.append(StyledText("  ".safe + feature.name.safe + " " + effect + p))
      }
    } else {
      lines.append(
        StyledText("drift  ") + StyledText("·", .dim) + StyledText("  no window of its time was compared", .dim))
    }
    let rows = WrappedLines.fitting(lines, width: rect.columns - 3, spare: rect.rows - lines.count)
    for (line, text) in rows.prefix(rect.rows).enumerated() {
      frame.write(text, row: rect.row + line, column: rect.column + 2)
    }
  }

  /// What the researchers decided and ask of the case.
  private static func researchersLines(_ content: CaseContent) -> [StyledText] {
    var lines: [StyledText] = []
    if let decision = content.decision {
      let by = decision.by.isEmpty ? SafeText.empty : " by ".safe + decision.by.safe
      let note = decision.note.isEmpty ? SafeText.empty : "  ".safe + decision.note.safe
      lines.append(
        StyledText("decided  ", .dim) + StyledText(InboxScreen.answer(decision), .bold) + StyledText(by + note))
    }
    for question in content.questions {
      lines.append(StyledText("asks you  ", .dim) + StyledText(question.text.safe))
    }
    return lines
  }

  private static func drawOthers(_ content: CaseContent, now: Timestamp, in rect: Rect, on frame: inout Frame) {
    let said = researchersLines(content)
    let spare = rect.rows - said.count - content.case.judgements.count
    let first = WrappedLines.fitting(said, width: rect.columns - 3, spare: spare)
    for (line, text) in first.prefix(rect.rows).enumerated() {
      frame.write(text, row: rect.row + line, column: rect.column + 2, limit: rect.columns - 3)
    }
    for (line, other) in content.case.judgements.prefix(max(0, rect.rows - first.count)).enumerated() {
      let y = rect.row + first.count + line
      frame.write(other.analyst.safe, row: y, column: rect.column + 2, limit: 15)
      let label = other.judgement.rightText.map { " → " + $0.safe } ?? .empty
      frame.write((other.judgement.verdict?.word ?? "·") + label, row: y, column: rect.column + 18, limit: 20)
      frame.write(other.at.shortText(asOf: now).safe, row: y, column: rect.column + 39)
      frame.write(other.judgement.note.safe, row: y, column: rect.column + 51, limit: max(0, rect.columns - 52))
    }
  }
}

extension FeatureDrift.Method {
  /// What EFFECT is under this method: `KS D`, `χ² V`.
  var effectName: String {
    switch self {
    case .kolmogorovSmirnov: "KS D"
    case .chiSquared: "χ² V"
    case .other(let name, let limit): limit == nil ? "V" : name.string
    }
  }
}
