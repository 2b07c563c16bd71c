internal import Domain
internal import Feedback
public import Frames

/// Keys and texts that answer what the editor asks.
extension JudgementEditor {
  /// The note as it came back from an editor; still being written.
  mutating func replaceNote(_ text: String) -> [Effect] {
    guard case .note(var input) = mode else { return [] }
    input.replace(with: text)
    mode = .note(input)
    return takeNote(input)
  }

  /// The draft follows each key: a lost line loses no word.
  private mutating func takeNote(_ input: TextInput) -> [Effect] {
    let note = RawText(input.text)
    return change { $0.judgement.note = note }
  }

  /// Takes a key while the editor asks; everything else is a command.
  public mutating func take(_ key: Key, at milliseconds: Int) -> [Effect] {
    attention.key(at: milliseconds)
    switch mode {
    case .idle: return []
    case .label(let selected): return chooseLabel(key, selected)
    case .number(let input): return typeNumber(key, input)
    case .confidence:
      guard let digit = key.digit else { return close() }
      guard (1...5).contains(digit) else { return [] }
      mode = .idle
      return change { $0.judgement.confidence = digit }
    case .skip:
      guard let digit = key.digit else { return close() }
      guard (1...2).contains(digit) else { return [] }
      mode = .idle
      return give { judgement in
        judgement.verdict = .skip
        judgement.right = nil
        judgement.skipsForOthers = digit == 2
      }
    case .reasons:
      guard let digit = key.digit else { return close() }
      guard reasons.indices.contains(digit - 1) else { return [] }
      let reason = reasons[digit - 1]
      return change { draft in
        if let index = draft.judgement.reasons.firstIndex(of: reason) {
          draft.judgement.reasons.remove(at: index)
        } else {
          draft.judgement.reasons.append(reason)
        }
      }
    case .note(var input): return typeNote(key, &input)
    }
  }

  private mutating func close() -> [Effect] {
    mode = .idle
    return []
  }

  /// Why a key left a question as it was; nil for a key that is none of its answers.
  func refusal(of key: Key) -> String? {
    switch mode {
    case .number where key == .enter: return "this is no number yet"
    case .idle, .note, .number: return nil
    case _ where key.digit == nil: return nil
    case .label:
      let digits = labels.indices.compactMap { JudgementEditor.digit(of: $0, among: labels) }
      let list = digits.map(String.init).joined(separator: ", ")
      return "no label has this digit: \(digits.count > 3 ? "\(digits[0]) to \(digits[digits.count - 1])" : list)"
    case .confidence: return "1 to 5 say how sure you are"
    case .skip: return "1 skips it for you, 2 for others as well"
    case .reasons: return reasons.count == 1 ? "1 is the only reason" : "1 to \(reasons.count) are the reasons"
    }
  }

  private mutating func chooseLabel(_ key: Key, _ selected: Int) -> [Effect] {
    var choice: Int?
    if let digit = key.digit {
      choice = JudgementEditor.place(of: digit, among: labels)
      if choice == nil { return [] }
    } else if key == .down || key == .text("j") {
      mode = .label(selected: min(selected + 1, labels.count - 1))
      return []
    } else if key == .up || key == .text("k") {
      mode = .label(selected: max(selected - 1, 0))
      return []
    } else if key == .enter {
      choice = selected
    } else if key == .escape {
      return leaveQuestion()
    }
    mode = .idle
    guard let choice, labels.indices.contains(choice) else { return [] }
    let label = labels[choice]
    let agrees = label == answer
    let effects = give { judgement in
      judgement.verdict = agrees ? .agree : .disagree
      judgement.right = agrees ? nil : .label(label)
    }
    named = agrees ? label : nil
    return effects
  }

  /// Enter ends the number; without one it is said only that the model's is wrong.
  private mutating func typeNumber(_ key: Key, _ input: TextInput) -> [Effect] {
    var input = input
    switch key {
    case .escape: return leaveQuestion()
    case .enter:
      let number = Field.decimal(input.text).flatMap { $0.isFinite ? $0 : nil }
      guard number != nil || input.text.isEmpty else { return [] }
      mode = .idle
      let agrees = number != nil && number.map { RawText(Decimal.shortest($0)) } == answer
      return give { judgement in
        judgement.verdict = agrees ? .agree : .disagree
        judgement.right = agrees ? nil : number.map { .value($0) }
      }
    default:
      _ = input.apply(key)
      mode = .number(input)
      return []
    }
  }

  /// The digit that picks a label: the label itself where all of them are digits, else its place, the tenth's being 0.
  static func digit(of index: Int, among labels: [RawText]) -> Int? {
    let digits = labels.compactMap { label in
      label.bytes.count == 1 ? Int(label.string) : nil
    }
    if digits.count == labels.count { return digits[index] }
    return index < 10 ? (index + 1) % 10 : nil
  }

  /// The place of the label that a digit picks; nil where it picks none.
  static func place(of digit: Int, among labels: [RawText]) -> Int? {
    labels.indices.first { JudgementEditor.digit(of: $0, among: labels) == digit }
  }

  private mutating func typeNote(_ key: Key, _ input: inout TextInput) -> [Effect] {
    switch key {
    case .enter, .escape: mode = .idle
    default:
      _ = input.apply(key)
      mode = .note(input)
    }
    return takeNote(input)
  }

  /// Pasted text goes into the note or the number being written.
  public mutating func paste(_ text: String) -> [Effect] {
    if case .number(var input) = mode {
      input.insert(text)
      mode = .number(input)
    }
    guard case .note(var input) = mode else { return [] }
    input.insert(text)
    mode = .note(input)
    return takeNote(input)
  }
}
