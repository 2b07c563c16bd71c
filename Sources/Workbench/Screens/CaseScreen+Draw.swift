internal import Domain
internal import Frames
internal import SafeText

extension CaseScreen {
  static func draw(_ state: State, now: Timestamp, on frame: inout Frame) {
    guard let content = state.content.value else {
      drawAbsent(state, on: &frame)
      return
    }
    let layout = CaseLayout(state)
    drawPrediction(content, layout, on: &frame)
    if let row = layout.textRow, let attributions = state.attributions {
      TextPanel.draw(attributions, class: state.classIndex, row: row, lines: layout.textLines, on: &frame)
    }
    drawWhy(state, layout, on: &frame)
    if let row = layout.classesRow, let attributions = state.attributions {
      drawClasses(attributions, state, row: row, on: &frame)
    }
    if let row = layout.anchorRow { drawAnchor(content.case, row: row, lines: layout.anchorLines, on: &frame) }
    if let editor = state.editor {
      JudgementPanel.draw(
        editor, others: others(content), row: layout.callRow, lines: layout.callLines, now: now, on: &frame)
    }
  }

  private static func drawAbsent(_ state: State, on frame: inout Frame) {
    Chrome.rule("Case", row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
    if let problem = state.content.problem {
      frame.write(problem.summary.safe, row: 3, column: 2)
      frame.write(problem.advice.safe, row: 4, column: 2, style: .dim)
    } else {
      frame.write("Opening…", row: 3, column: 2, style: .dim)
    }
  }

  /// Judgements of colleagues, as one line.
  static func others(_ content: CaseContent) -> SafeText {
    let given = content.case.judgements
    if given.isEmpty { return .empty }
    return given.map { other in
      let what = other.judgement.verdict?.word ?? "judged"
      let label = other.judgement.label.map { " → " + $0.safe } ?? .empty
      return other.analyst.safe + ": " + what + label
    }.joined(separator: "  ")
  }

  // MARK: Prediction

  private static func drawPrediction(_ content: CaseContent, _ layout: CaseLayout, on frame: inout Frame) {
    let prediction = content.case.prediction
    Chrome.rule(
      "Prediction", right: source(of: prediction), row: layout.predictionRow, columns: 0..<frame.columns, on: &frame)
    let row = layout.predictionRow + 1
    switch prediction.answer {
    case .classes:
      if prediction.classes.count <= 3 {
        drawFewClasses(prediction, content.record, row: row, on: &frame)
      } else {
        drawManyClasses(prediction, row: row, on: &frame)
      }
    case .value(let value):
      frame.write(Numeral.exact(value), row: row, column: 1, style: .bold)
    case .opaque:
      frame.write("the answer has no class: t shows the outputs", row: row, column: 1, style: .dim)
    }
    drawSignals(content, row: row + layout.predictionLines, on: &frame)
  }

  private static func source(of prediction: Prediction) -> SafeText {
    var parts: [SafeText] = []
    let margins = prediction.classes.count { $0.margin != nil }
    if margins > 1 { parts.append("softmax of \(margins) margins".safe) }
    if !prediction.route.isEmpty { parts.append("answered by ".safe + prediction.route.safe) }
    if let latency = prediction.latency { parts.append(Numeral.milliseconds(latency)) }
    return parts.joined(separator: "  ")
  }

  private static func drawFewClasses(
    _ prediction: Prediction, _ record: TrackRecord?, row: Int, on frame: inout Frame
  ) {
    let ranked = prediction.ranked
    let nameWidth = min(18, ranked.map { $0.label.safe.width }.max() ?? 0)
    let barStart = 1 + nameWidth + 2
    let barWidth = 36
    for (line, score) in ranked.enumerated() {
      let isChosen = score.label == prediction.chosen?.label
      frame.write(
        score.label.safe, row: row + line, column: 1, limit: nameWidth, style: isChosen ? .bold : .plain)
      guard let probability = score.probability else { continue }
      frame.write(Bar.text(probability, cells: barWidth), row: row + line, column: barStart)
      frame.write(Numeral.decimal(probability), row: row + line, endingAt: barStart + barWidth + 5)
      if let margin = score.margin {
        let column = barStart + barWidth + 10
        frame.write("margin", row: row + line, column: column, style: .dim)
        frame.write(Numeral.decimal(margin, signed: true), row: row + line, endingAt: column + 14)
      }
      if line == 0, score.margin == nil, let record {
        frame.write(track(record), row: row, endingAt: frame.columns - 1)
      }
    }
  }

  /// `at .7–.8: 84/120 right [61–77 %]`.
  static func track(_ record: TrackRecord) -> SafeText {
    let low = Numeral.decimal(record.lower, places: 1)
    let high = Numeral.decimal(record.upper, places: 1)
    let interval =
      "\(Int((100 * record.interval.lowerBound).rounded()))–\(Int((100 * record.interval.upperBound).rounded()))"
    return "at ".safe + low + "–" + high + ": \(record.right)/\(record.judged) right [\(interval) %]".safe
  }

  private static func drawManyClasses(_ prediction: Prediction, row: Int, on frame: inout Frame) {
    let ranked = prediction.ranked
    guard let first = ranked.first else { return }
    var column = 1 + frame.write(first.label.safe, row: row, column: 1, limit: 18, style: .bold) + 2
    if let probability = first.probability {
      frame.write(Bar.text(probability, cells: 20), row: row, column: column)
      column += 20
      frame.write(Numeral.decimal(probability), row: row, column: column + 2)
      column += 5
    }
    var rest = 1.0 - (first.probability ?? 0)
    for (index, score) in ranked.dropFirst().enumerated() {
      let left = ranked.count - 1 - index
      let text = "  ".safe + score.label.safe + " " + (score.probability.map { Numeral.decimal($0) } ?? "·")
      if index >= 3, left > 1 || column + text.width > frame.columns - 2 {
        frame.write("  \(left) others ".safe + Numeral.decimal(rest), row: row, column: column)
        return
      }
      column += frame.write(text, row: row, column: column)
      rest -= score.probability ?? 0
    }
  }

  private static func drawSignals(_ content: CaseContent, row: Int, on frame: inout Frame) {
    frame.write(signals(content), row: row, column: 1, limit: frame.columns - 2)
  }

  /// Drift and outlier state with their method; `·` where no detector says anything.
  static func signals(_ content: CaseContent) -> StyledText {
    var text = StyledText([])
    if let result = content.window?.result, let window = content.window {
      let span = window.spanText.safe
      let drifted = result.features.filter(\.isDrifted)
      if result.isDrift || !drifted.isEmpty {
        let names = drifted.sorted { $0.pValue < $1.pValue }.prefix(3).map(\.name.safe).joined(separator: ", ")
        let more = drifted.count > 3 ? " and \(drifted.count - 3) more".safe : .empty
        let scope = drifted.isEmpty ? "" : " (\(drifted.count) of \(result.features.count))"
        text += StyledText([
          .init("▲", .warn), .init(" drift ".safe + span + ": " + names + more + scope.safe),
        ])
      } else {
        text += StyledText([
          .init("●", .ok), .init(" no drift ".safe + span + ", \(result.features.count) features".safe),
        ])
      }
    } else {
      text += StyledText([.init("drift: ".safe), .init("·", .dim)])
    }
    text += StyledText([.init("   ")])
    if let outlier = content.case.outlier {
      let score = Numeral.decimal(outlier.score, places: 2)
      let limit = outlier.threshold.map { ", limit ".safe + Numeral.decimal($0, places: 2) } ?? .empty
      let what = " (".safe + outlier.method.safe + " " + score + limit + ")"
      text +=
        outlier.isOutlier
        ? StyledText([.init("▲", .warn), .init(" outlier: yes".safe + what)])
        : StyledText([.init("●", .ok), .init(" outlier: no".safe + what)])
    } else {
      text += StyledText([.init("outlier: ".safe), .init("·", .dim)])
    }
    return text
  }
}

extension Window {
  /// `06–12Z` within a day, `Sat 21` for a whole one.
  var spanText: String {
    let seconds = to.seconds(since: from)
    if seconds >= 86_400 { return from.weekdayText }
    let hour = { (moment: Timestamp) in String(moment.clockText.prefix(2)) }
    return "\(hour(from))–\(hour(to) == "00" ? "24" : hour(to))Z"
  }
}
