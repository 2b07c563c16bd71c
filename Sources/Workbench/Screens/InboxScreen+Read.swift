public import Domain
internal import Feedback
internal import Frames
internal import SafeText

extension InboxScreen {
  /// What the researchers say of a case, as lines of text.
  static func lines(about content: CaseContent) -> [String] {
    var lines: [SafeText] = []
    if let decision = content.decision {
      let by = decision.by.isEmpty ? SafeText.empty : ", by ".safe + decision.by.safe
      let note = decision.note.isEmpty ? SafeText.empty : ": ".safe + decision.note.safe
      lines.append("decided: ".safe + answer(decision) + by + note)
    }
    lines += content.questions.map { "asks you: ".safe + $0.text.safe }
    if let guideline = content.guideline { lines.append("guideline ".safe + guideline.version.safe) }
    return lines.map(\.text)
  }

  static func read(_ state: State) -> Outline {
    let rows = (state.items.value ?? []).map { item in
      [
        word(of: item).text, about(item).text, what(item).text, item.publishedAt.description,
        standing(item, state.taking).text.text,
      ]
    }
    var sections = [
      Outline.Section(
        "From the researchers", lines: state.items.standing, columns: ["KIND", "ABOUT", "WHAT", "PUBLISHED", "STATE"],
        rows: rows, selected: state.rows.selected)
    ]
    if let item = state.selected {
      sections.append(Outline.Section(word(of: item).text, lines: lines(item, nil, width: 76).map(\.text.text)))
    }
    return Outline("Inbox", sections)
  }

  /// An item in a line, made safe: for a table without a screen.
  public static func line(of item: Item) -> (kind: String, about: String, what: String, standing: String) {
    (word(of: item).text, about(item).text, what(item).text, standing(item, nil).text.text)
  }

  /// The whole of an item as lines of text, made safe.
  public static func text(of item: Item) -> [String] {
    if case .guideline(let guideline) = item.content { return guideline.outline(width: 76).lines }
    return lines(item, nil, width: 76).map(\.text.text)
  }

  /// What an item says, as JSON; nil where it is no JSON.
  public static func json(of content: Content) -> JSON? {
    switch content {
    case .question(let question, _): question.json
    case .adjudication(let decision, _): decision.json
    case .queue(let queue, _): queue.json
    case .guideline(let guideline): guideline.json
    case .catalogue, .unreadable: nil
    }
  }
}

extension Guideline {
  /// The whole of it, to read over a screen.
  func outline(width: Int) -> Outline {
    var sections: [Outline.Section] = []
    if !question.isEmpty { sections.append(Outline.Section("", lines: [question.safe.text])) }
    sections.append(Outline.Section("", lines: SafeText.lines(of: text.string, width: width).map(\.text)))
    if !reasons.isEmpty {
      let numbered = reasons.enumerated().map { "\($0.offset + 1)  \($0.element.safe.text)" }
      sections.append(Outline.Section("Reasons", lines: numbered))
    }
    return Outline("Guideline \(version.safe.text)", sections)
  }
}
