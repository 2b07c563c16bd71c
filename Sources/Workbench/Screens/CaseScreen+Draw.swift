internal import Domain
internal import Frames
internal import SafeText

extension CaseScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    guard let content = state.content.value else {
      drawAbsent(state, hints, on: &frame)
      return
    }
    let layout = CaseLayout(state)
    drawPrediction(state, content, hints, layout, now: now, on: &frame)
    if let row = layout.textRow, let attributions = state.attributions {
      TextPanel.draw(
        attributions, class: state.classIndex, of: content.case.record, hints, row: row, lines: layout.textLines,
        on: &frame)
    }
    drawWhy(state, hints, layout, on: &frame)
    for (panel, rect) in layout.panels { draw(panel, state, content, hints, now: now, in: rect, on: &frame) }
    if state.isAskingWithoutPanel {
      // What is typed is seen: where the panel of it has no rows it stands where the call does.
      let rect = Rect(row: layout.callRow, column: 0, rows: layout.callLines + 1, columns: frame.columns)
      ProbePanel.drawWhatIf(state, content, hints, in: rect, on: &frame)
    } else if let editor = state.editor {
      JudgementPanel.draw(
        editor, hints, title: JudgementPanel.title(content),
        others: layout.isWide ? .empty : others(content, hints, now: now), row: layout.callRow,
        lines: layout.callLines,
        now: now,
        on: &frame)
    }
    if layout.isWide {
      ColumnRule(column: layout.leftWidth, rows: layout.whyRow..<layout.callRow + 1).draw(on: &frame)
    }
  }

  /// The panels that every case has, where they will stand.
  private static func drawAbsent(_ state: State, _ hints: Hints, on frame: inout Frame) {
    let layout = CaseLayout(state)
    Chrome.rule("Prediction", row: layout.predictionRow, columns: 0..<frame.columns, on: &frame)
    Chrome.rule("Why", row: layout.whyRow, columns: 0..<layout.leftWidth, focused: true, on: &frame)
    Chrome.rule("Your call", row: layout.callRow, columns: 0..<frame.columns, on: &frame)
    if layout.isWide {
      Chrome.rule(.empty, row: layout.whyRow, columns: layout.leftWidth + 1..<frame.columns, on: &frame)
      ColumnRule(column: layout.leftWidth, rows: layout.whyRow..<layout.callRow + 1).draw(on: &frame)
    }
    let row = layout.whyRow + 1
    guard let problem = state.content.problem else {
      frame.write("Opening…", row: row, column: 2, style: .dim)
      return
    }
    Chrome.absence(
      problem, hints.afterFailure("opens it again"), row: row, columns: 2..<layout.leftWidth, on: &frame)
  }

  /// Judgements of colleagues, as one line.
  static func others(_ content: CaseContent, _ hints: Hints, now: Timestamp) -> SafeText {
    var said: [SafeText] = []
    if let decision = content.decision { said.append("decided: ".safe + InboxScreen.answer(decision)) }
    if !content.questions.isEmpty {
      let shows = hints(.goInbox, "shows it")
      said.append(shows.isEmpty ? "you are asked" : "you are asked, " + shows)
    }
    said += content.case.judgements.map { other in
      let what = other.judgement.verdict?.word ?? "judged"
      let label = other.judgement.rightText.map { " → " + $0.safe } ?? .empty
      return other.analyst.safe + ": " + what + label + " " + other.at.shortText(asOf: now).safe
    }
    return said.joined(separator: "  ")
  }

  private static func drawPrediction(
    _ state: State, _ content: CaseContent, _ hints: Hints, _ layout: CaseLayout, now: Timestamp,
    on frame: inout Frame
  ) {
    let prediction = content.case.prediction
    // How often it was right stands beside two classes where there is room, else on the rule.
    let isShort = prediction.classes.count == 2 && frame.columns >= 76
    let record = isShort ? nil : content.record.map(track)
    let news: SafeText? = state.content.problem == nil ? nil : hints.stale("tries again")
    let said = [news, prediction.doubt(content.signature), record, source(of: prediction)].compactMap(\.self)
    let right = said.filter { !$0.isEmpty }.joined(separator: "  ")
    Chrome.rule("Prediction", right: right, row: layout.predictionRow, columns: 0..<frame.columns, on: &frame)
    let row = layout.predictionRow + 1
    switch prediction.answer {
    case .classes:
      if layout.predictionLines == 3 {
        drawFewClasses(prediction, row: row, on: &frame)
      } else {
        let beside = isShort ? content.record.map(track) ?? .empty : .empty
        let end = frame.columns - 1 - (beside.isEmpty ? 0 : beside.width + 3)
        drawManyClasses(prediction, row: row, end: end, on: &frame)
        frame.write(beside, row: row, endingAt: frame.columns - 1)
      }
    case .value:
      frame.write(prediction.number ?? .empty, row: row, column: 1, style: .bold)
    case .opaque:
      let shows = hints(.table, "shows the outputs")
      if prediction.text == nil {
        frame.write(
          shows.isEmpty ? "the answer has no class" : "the answer has no class: " + shows, row: row, column: 1,
          style: .dim)
      } else {
        frame.write(
          prediction.shown, row: row, column: 1, limit: frame.columns - 3 - (shows.isEmpty ? 0 : shows.width + 2),
          style: .bold)
        frame.write(shows, row: row, endingAt: frame.columns - 1, style: .dim)
      }
    }
    frame.write(signals(content, columns: frame.columns - 2, now: now), row: row + layout.predictionLines, column: 1)
  }

  private static func source(of prediction: Prediction) -> SafeText {
    var parts: [SafeText] = []
    if let fit = MarginFit(prediction.classes) { parts.append(fit.text.safe) }
    if let route = prediction.answeredBy { parts.append("answered by ".safe + route.safe) }
    if let latency = prediction.latency { parts.append(Numeral.milliseconds(latency)) }
    return parts.joined(separator: "  ")
  }

  private static func drawFewClasses(_ prediction: Prediction, row: Int, on frame: inout Frame) {
    let ranked = prediction.ranked
    let nameWidth = min(18, ranked.map { $0.label.safe.width }.max() ?? 0)
    let barStart = 1 + nameWidth + 2
    // The margin gives up its place before the bar does.
    let hasMargin = frame.columns >= 76
    let barWidth = max(4, min(36, frame.columns - barStart - (hasMargin ? 25 : 8)))
    for (line, score) in ranked.enumerated() {
      let isChosen = score.label == prediction.chosen?.label
      frame.write(
        score.label.safe, row: row + line, column: 1, limit: nameWidth, style: isChosen ? .bold : .plain)
      if isChosen, prediction.isOfLabelAlone {
        frame.write(labelAlone, row: row + line, column: barStart, limit: frame.columns - barStart - 1, style: .dim)
      }
      guard let probability = score.probability else { continue }
      frame.write(Bar.text(probability, cells: barWidth), row: row + line, column: barStart)
      frame.write(Numeral.decimal(probability), row: row + line, endingAt: barStart + barWidth + 5)
      if hasMargin, let margin = score.margin {
        let column = barStart + barWidth + 10
        frame.write("margin", row: row + line, column: column, style: .dim)
        frame.write(Numeral.decimal(margin, signed: true), row: row + line, endingAt: column + 14)
      }
    }
  }

  /// What stands beside the class of a model that names no probabilities.
  private static let labelAlone: SafeText = "the answer, without a probability"

  /// `at .7–.8: 84/120 right [61–77 %]`.
  static func track(_ record: TrackRecord) -> SafeText {
    let low = Numeral.decimal(record.lower, places: 1)
    let high = Numeral.decimal(record.upper, places: 1)
    let interval =
      "\(Int((100 * record.interval.lowerBound).rounded()))–\(Int((100 * record.interval.upperBound).rounded()))"
    return "at ".safe + low + "–" + high + ": \(record.right)/\(record.judged) right [\(interval) %]".safe
  }

  private static func drawManyClasses(_ prediction: Prediction, row: Int, end: Int, on frame: inout Frame) {
    // The answer stands first, also where it is not the most probable.
    let all = prediction.ranked
    let ranked =
      all.filter { $0.label == prediction.chosen?.label } + all.filter { $0.label != prediction.chosen?.label }
    guard let first = ranked.first else { return }
    var column = 1 + frame.write(first.label.safe, row: row, column: 1, limit: 18, style: .bold) + 2
    if let probability = first.probability {
      // On a narrow screen the other classes need the room more.
      let bar = frame.columns < 76 && ranked.count > 2 ? 10 : 20
      frame.write(Bar.text(probability, cells: bar), row: row, column: column)
      column += bar
      frame.write(Numeral.decimal(probability), row: row, column: column + 2)
      column += 5
    }
    if prediction.isOfLabelAlone {
      frame.write(labelAlone, row: row, column: column, limit: end - column, style: .dim)
      return
    }
    let others = ranked.dropFirst().map(\.probability)
    var rest = others.contains(nil) ? 1 - (first.probability ?? 0) : others.reduce(0) { $0 + ($1 ?? 0) }
    for (index, score) in ranked.dropFirst().enumerated() {
      let left = ranked.count - 1 - index
      let text = "  ".safe + score.label.safe + " " + (score.probability.map { Numeral.decimal($0) } ?? "·")
      let others = "  \(left) others ".safe + Numeral.decimal(rest)
      // How many the rest are and what they share has its room kept, whatever stands before it.
      let kept = left > 1 ? others.width : 0
      if index >= 3, left > 1 || column + text.width > end {
        if others.width <= end - column { frame.write(others, row: row, column: column) }
        return
      }
      // A class that is cut keeps its number.
      let name = column + text.width + kept <= end ? text : shortened(score, to: end - kept - column)
      guard !name.isEmpty || left == 1 else {
        if others.width <= end - column { frame.write(others, row: row, column: column) }
        return
      }
      column += frame.write(name, row: row, column: column)
      rest -= score.probability ?? 0
    }
  }

  /// A class cut to so many cells, or nothing where not even its number fits.
  private static func shortened(_ score: ClassScore, to cells: Int) -> SafeText {
    let number = " ".safe + Numeral.decimal(score.probability)
    let room = cells - 2 - number.width
    return room >= 4 ? "  " + score.label.safe.cut(to: room) + number : .empty
  }
}
