public import Domain
public import Feedback
internal import Frames
internal import SafeText

/// What an analyst says is right of a case that judges see differently.
public struct DecisionOrder: Equatable, Sendable {
  public var caseID: ShortHash
  public var decision: DecisionBody

  public init(caseID: ShortHash, decision: DecisionBody) {
    self.caseID = caseID
    self.decision = decision
  }
}

/// What is asked while an analyst decides between judges: what is right, then why.
public struct Deciding: Equatable, Sendable {
  enum Step: Equatable {
    /// The label under the cursor.
    case label(Int)
    /// The right number, where the answer is one.
    case number(TextInput)
    case note(DecisionBody, TextInput)
  }

  /// What a key led to.
  enum Outcome: Equatable {
    case going, left
    case decided(DecisionBody)
  }

  /// The labels to choose from: those that judges hold first.
  let labels: [RawText]
  var step: Step
  /// Why, as far as it is written: words that were begun are found again.
  private(set) var why: String

  init(_ content: CaseContent, why: String = "") {
    self.why = why
    let isNumber = if case .value = content.case.prediction.answer { true } else { false }
    labels = Deciding.labels(of: content)
    step = isNumber ? .number(TextInput("")) : .label(0)
  }

  private var note: TextInput { TextInput(why, keepsLines: true) }

  /// Whether printable keys are text.
  var isTyping: Bool {
    if case .label = step { false } else { true }
  }

  /// What can be decided of a case: what judges hold for true, then the model's other labels.
  public static func labels(of content: CaseContent) -> [RawText] {
    var labels: [RawText] = []
    for label in content.judges.compactMap(\.stand.label) + content.labels where !labels.contains(label) {
      labels.append(label)
    }
    return labels
  }

  mutating func take(_ key: Key) -> Outcome {
    if key == .escape { return .left }
    switch step {
    case .label(let selected): return choose(key, selected)
    case .number(var input):
      guard key == .enter else {
        _ = input.apply(key)
        step = .number(input)
        return .going
      }
      if let value = Field.decimal(input.text), value.isFinite { step = .note(DecisionBody(value: value), note) }
      return .going
    case .note(var decision, var input):
      guard key == .enter else {
        _ = input.apply(key)
        why = input.text
        step = .note(decision, input)
        return .going
      }
      decision.note = RawText(input.text).trimmed
      return .decided(decision)
    }
  }

  private mutating func choose(_ key: Key, _ selected: Int) -> Outcome {
    var choice: Int?
    switch key {
    case .down, .text("j"): step = .label(min(selected + 1, labels.count - 1))
    case .up, .text("k"): step = .label(max(selected - 1, 0))
    case .enter: choice = selected
    // The same digit as where a verdict is given: the label's own, where labels are digits.
    default:
      choice = key.digit.flatMap { JudgementEditor.place(of: $0, among: labels) }
    }
    if let choice, labels.indices.contains(choice) {
      step = .note(DecisionBody(label: labels[choice]), note)
    }
    return .going
  }

  /// Pasted text goes into what is being written.
  mutating func paste(_ text: String) {
    switch step {
    case .label: break
    case .number(var input):
      input.insert(text)
      step = .number(input)
    case .note(let decision, var input):
      input.insert(text)
      why = input.text
      step = .note(decision, input)
    }
  }

  func draw(_ content: CaseContent, on frame: inout Frame) {
    let shown = min(labels.count, max(1, frame.rows - 8))
    let rows = if case .label = step { shown + 4 } else { 6 }
    let rect = Chrome.dialog("What is right? ".safe + content.case.name.safe, rows: rows, columns: 68, on: &frame)
    let width = rect.columns - 6
    switch step {
    case .label(let selected):
      let first = max(0, min(selected - shown + 1, labels.count - shown))
      for (line, index) in labels.indices.dropFirst(first).prefix(shown).enumerated() {
        let row = rect.row + 1 + line
        if index == selected { frame.draw("▌", row: row, column: rect.column + 1, style: .select) }
        let digit = JudgementEditor.digit(of: index, among: labels).map { "\($0)  ".safe } ?? "   "
        frame.write(digit + labels[index].safe, row: row, column: rect.column + 3, limit: width / 2)
        let holders = content.judges.filter { $0.stand == .label(labels[index]) }.map(\.analyst.safe)
        frame.write(
          holders.joined(separator: ", ").cut(to: width / 2 - 1), row: row, endingAt: rect.endColumn - 2, style: .dim)
      }
    case .number(let input):
      let said = content.judges.map { $0.analyst.safe + " " + ($0.stand.label?.safe ?? "not this") }
      frame.write(said.joined(separator: "  "), row: rect.row + 1, column: rect.column + 3, limit: width, style: .dim)
      ask("number  ", input, row: rect.row + 3, in: rect, on: &frame)
    case .note(let decision, let input):
      frame.write(
        "→ ".safe + decision.text.safe, row: rect.row + 1, column: rect.column + 3, limit: width, style: .bold)
      ask("why  ", input, row: rect.row + 3, in: rect, on: &frame)
    }
  }

  private func ask(_ name: SafeText, _ input: TextInput, row: Int, in rect: Rect, on frame: inout Frame) {
    frame.write(name, row: row, column: rect.column + 3, style: .bold)
    let column = rect.column + 3 + name.width
    input.draw(on: &frame, row: row, column: column, columns: rect.endColumn - 2 - column)
  }
}

extension CaseScreen {
  static func typeDecision(_ state: inout State, _ key: Key) -> [Effect] {
    guard var deciding = state.deciding else { return [] }
    let outcome = deciding.take(key)
    state.begunWhy = deciding.why
    switch outcome {
    case .going:
      state.deciding = deciding
      return []
    case .left:
      state.deciding = nil
      return []
    case .decided(let decision):
      state.deciding = nil
      return [.decide(DecisionOrder(caseID: state.id, decision: decision))]
    }
  }
}
