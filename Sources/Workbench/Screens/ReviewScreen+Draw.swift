internal import Domain
internal import Frames
internal import SafeText

/// Where the parts of the review screen stand.
struct ReviewLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  /// Rows of the case, its rule among them.
  var caseHeight: Int { size.rows >= 36 ? 10 : 7 }
  var callHeight: Int { 3 }
  var paceHeight: Int { size.rows >= 24 ? 3 : 0 }
  var listHeight: Int { max(1, size.rows - 3 - caseHeight - callHeight - paceHeight - 2) }
  var caseRow: Int { 3 + listHeight }
  var callRow: Int { caseRow + caseHeight }
  var paceRow: Int { callRow + callHeight }
}

extension ReviewScreen {
  static func draw(_ state: State, now: Timestamp, on frame: inout Frame) {
    let layout = ReviewLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    Chrome.rule(title(state), right: heading(state), row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
    drawList(state, now: now, on: &frame)
    guard let item = state.selected else {
      drawEmpty(state, on: &frame)
      return
    }
    drawCase(state, item, layout, on: &frame)
    if let editor = state.editor {
      JudgementPanel.draw(
        editor, title: callTitle(state, item), others: state.isHidden(item) ? .empty : CaseScreen.others(item.content),
        row: layout.callRow, lines: layout.callHeight - 1, now: now, on: &frame)
    }
    if layout.paceHeight > 0 { drawPace(state, layout, on: &frame) }
    if let selected = state.composing { drawComposer(selected, on: &frame) }
  }

  private static func title(_ state: State) -> SafeText {
    var text = "Queue \(state.waiting)   done today \(state.doneToday)".safe
    if !state.marked.isEmpty { text += "   marked \(state.marked.count)".safe }
    return text
  }

  private static func heading(_ state: State) -> SafeText {
    if state.order.isBlind { return "blind until you answer" }
    switch state.order.sampler {
    case .mixed: return "drift, uncertain, outlier, sample"
    case .uncertain, .drifted, .outlying, .random: return state.order.sampler.rawValue.safe
    }
  }

  private static func callTitle(_ state: State, _ item: Item) -> SafeText {
    switch state.progress[item.id] {
    case .revealed: "Your answer now: final, assist explanation"
    case .done, nil: state.isHidden(item) ? "Your answer: initial, assist blind" : "Your call"
    }
  }

  private static func drawEmpty(_ state: State, on frame: inout Frame) {
    if let problem = state.queue.problem {
      frame.write(problem.summary.safe, row: 4, column: 2)
      frame.write(problem.advice.safe, row: 5, column: 2, style: .dim)
    } else if state.queue.isLoading {
      frame.write("Composing the queue…", row: 4, column: 2, style: .dim)
    } else {
      frame.write("Nothing waits. Q composes another queue, g m goes to the models.", row: 4, column: 2)
    }
  }

  private static func drawList(_ state: State, now: Timestamp, on frame: inout Frame) {
    let shift = max(0, frame.columns - 80)
    for (title, column) in [("CASE", 6), ("MODEL", 13), ("PRED", 32), ("WHY", 49), ("NOTE", 66)] {
      frame.write(SafeText(title), row: 2, column: column, style: .dim)
    }
    frame.write("P", row: 2, endingAt: 46, style: .dim)
    frame.write("AGE", row: 2, endingAt: 64, style: .dim)
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      let item = state.items[index]
      let y = 3 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .accent) }
      frame.write(box(state, item), row: y, column: 2, style: .plain)
      frame.write("\(item.content.case.number)".safe, row: y, column: 6)
      frame.write(item.content.case.model.name.safe, row: y, column: 13, limit: 18)
      if state.isHidden(item) {
        for column in [32, 45, 49] { frame.write("·", row: y, column: column, style: .dim) }
      } else {
        let prediction = item.content.case.prediction
        frame.write(prediction.label.safe, row: y, column: 32, limit: 10)
        frame.write(
          prediction.chosen?.probability.map { Numeral.decimal($0) } ?? "·", row: y, endingAt: 46)
        frame.write(item.why.safe, row: y, column: 49, limit: 11)
      }
      frame.write(now.age(since: item.content.case.at).safe, row: y, endingAt: 64)
      let note = item.content.own?.judgement.note ?? ""
      frame.write(note.safe, row: y, column: 66, limit: 13 + shift)
    }
  }

  private static func box(_ state: State, _ item: Item) -> SafeText {
    if case .done = state.progress[item.id] { return " ✓ " }
    if item.content.own != nil, state.progress[item.id] == nil, !state.order.isBlind { return " ✓ " }
    return state.marked.contains(item.id) ? "[x]" : "[ ]"
  }

  private static func drawCase(_ state: State, _ item: Item, _ layout: ReviewLayout, on frame: inout Frame) {
    let current = item.content.case
    let isHidden = state.isHidden(item)
    Chrome.rule(
      current.title, right: isHidden ? "hidden: answer, why, signals, others" : .empty, row: layout.caseRow,
      columns: 0..<frame.columns, on: &frame)
    let lines = isHidden ? blindLines(item) : openLines(item)
    let available = layout.caseHeight - 1
    for (line, text) in lines.prefix(available).enumerated() {
      frame.write(text, row: layout.caseRow + 1 + line, column: 2, limit: frame.columns - 3)
    }
  }

  /// The record alone: nothing that tells the model's answer.
  private static func blindLines(_ item: Item) -> [StyledText] {
    let values = record(item)
    var lines: [StyledText] = values.prefix(4).map { StyledText([.init($0)]) }
    let question = item.content.signature?.question ?? "Which label is right?"
    lines.append(StyledText([.init(question.safe), .init("   d and its digit, then s", .dim)]))
    return lines
  }

  private static func openLines(_ item: Item) -> [StyledText] {
    let current = item.content.case
    let prediction = current.prediction
    var head = StyledText([.init(prediction.label.safe, .bold)])
    if let probability = prediction.chosen?.probability {
      head += StyledText([.init(" ".safe + Numeral.decimal(probability))])
    }
    for score in prediction.ranked.dropFirst().prefix(2) {
      let text = score.label.safe + " " + (score.probability.map { Numeral.decimal($0) } ?? "·")
      head += StyledText([.init("   ".safe + text, .dim)])
    }
    var lines = [head]
    for explanation in current.explanations {
      switch explanation.content {
      case .attributions(let attributions):
        lines.append(StyledText([.init("why  ", .dim), .init(why(attributions, prediction))]))
      case .anchor(let anchor):
        let rule = anchor.predicates.map(\.safe).joined(separator: " AND ")
        lines.append(
          StyledText([
            .init("anchor  ", .dim), .init(rule + "   precision ".safe + Numeral.decimal(anchor.precision)),
          ]))
      case .other: break
      }
    }
    lines.append(CaseScreen.signals(item.content))
    lines += record(item).prefix(3).map { StyledText([.init($0, .plain)]) }
    return lines
  }

  /// The four largest shares of the chosen class.
  private static func why(_ attributions: Attributions, _ prediction: Prediction) -> SafeText {
    let index = min(prediction.chosenIndex ?? 0, max(0, attributions.classes.count - 1))
    guard attributions.classes.indices.contains(index) else { return "·" }
    let shares = attributions.classes[index].shares
    return attributions.ranked(class: index).prefix(4).map { feature in
      Numeral.decimal(shares[feature], signed: true) + " " + attributions.features[feature].name.safe
    }.joined(separator: "  ")
  }

  /// The record's values, several to a line.
  static func record(_ item: Item) -> [SafeText] {
    guard let signature = item.content.signature else {
      return item.content.case.record.tensors.map { $0.name.safe + " " + $0.text(at: 0).safe }
    }
    let values = signature.values(in: item.content.case.record)
    var lines: [SafeText] = []
    var line: SafeText = .empty
    for (field, value) in zip(signature.fields, values) {
      if case .image(let rows, let columns, _) = field.kind {
        lines.append(field.name.safe + " \(rows) × \(columns), ⏎ shows it".safe)
        continue
      }
      if case .text = field.kind {
        lines += value.text.safe.wrapped(to: 76)
        continue
      }
      let part = field.name.safe + " " + value.text.safe
      if !line.isEmpty, line.width + 3 + part.width > 76 {
        lines.append(line)
        line = .empty
      }
      line = line.isEmpty ? part : line + "   " + part
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func drawPace(_ state: State, _ layout: ReviewLayout, on frame: inout Frame) {
    let perHour = state.pace.perHour.map { "\(Int($0.rounded())) cases/h   ".safe } ?? .empty
    let median = state.pace.medianSeconds.map { "median \(Int($0.rounded())) s active".safe } ?? .empty
    Chrome.rule("Pace", right: perHour + median, row: layout.paceRow, columns: 0..<frame.columns, on: &frame)
    let recent = state.pace.recent.suffix(24)
    let largest = recent.max() ?? 1
    let spark = Sparkline(recent.map { Optional($0) }, range: 0...max(1, largest)).text
    let today = Verdict.allCases.compactMap { verdict -> SafeText? in
      guard let count = state.pace.today[verdict], count > 0 else { return nil }
      return verdict.word + " \(count)".safe
    }.joined(separator: "  ")
    frame.write(spark, row: layout.paceRow + 1, column: 2)
    frame.write(
      today.isEmpty ? "no judgements today" : "today: ".safe + today, row: layout.paceRow + 1, column: 28)
    let note: SafeText =
      state.order.isBlind
      ? "B shows the prediction before your answer; v looks first: that is recorded"
      : "the prediction is shown before your verdict; B hides it until you answered"
    frame.write(note, row: layout.paceRow + 2, column: 2, limit: frame.columns - 3, style: .dim)
  }

  private static func drawComposer(_ selected: Int, on frame: inout Frame) {
    let all = QueueSampler.allCases
    let rect = Chrome.dialog("Compose a queue", rows: all.count + 4, columns: 60, on: &frame)
    for (index, sampler) in all.enumerated() {
      if index == selected { frame.draw("▌", row: rect.row + 1 + index, column: rect.column, style: .accent) }
      frame.write("\(index + 1)  ".safe + sampler.rawValue.safe, row: rect.row + 1 + index, column: rect.column + 2)
      frame.write(
        sampler.meaning.safe, row: rect.row + 1 + index, column: rect.column + 16, limit: rect.columns - 17, style: .dim
      )
    }
  }
}

extension QueueSampler {
  /// What the sampler picks, in a few words.
  public var meaning: String {
    switch self {
    case .mixed: "some of each; each case keeps its chance"
    case .uncertain: "where the model's lead is smallest"
    case .drifted: "from windows that drifted"
    case .outlying: "far from the training data"
    case .random: "an even sample, for an unbiased accuracy"
    }
  }
}

extension Signature {
  /// The question that the model's makers put to a reviewer.
  var question: String? { parameters.first { $0.key == "task_question" }?.value.string }
}
