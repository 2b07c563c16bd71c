internal import Domain
internal import Frames
internal import SafeText

/// The analyst's call as it stands: the draft, what the next key means, and what colleagues said.
enum JudgementPanel {
  static func draw(
    _ editor: JudgementEditor, title: SafeText = "Your call", others: SafeText, row: Int, lines: Int, now: Timestamp,
    on frame: inout Frame
  ) {
    Chrome.rule(title, right: status(editor, now: now), row: row, columns: 0..<frame.columns, on: &frame)
    drawQuestion(editor, others: others, row: row + 1, on: &frame)
    guard lines > 1 else { return }
    frame.write(marks(editor), row: row + 2, column: 2, limit: frame.columns - 3)
  }

  private static func status(_ editor: JudgementEditor, now: Timestamp) -> SafeText {
    if let saved = editor.saved, editor.isSaved { return "saved #\(saved)".safe }
    if let savedAt = editor.draft.savedAt { return "draft kept ".safe + savedAt.shortText(asOf: now).safe }
    return editor.canSave ? "s saves" : .empty
  }

  /// One line: what is asked just now, or the draft.
  private static func drawQuestion(_ editor: JudgementEditor, others: SafeText, row: Int, on frame: inout Frame) {
    switch editor.mode {
    case .idle:
      let summary = editor.draft.judgement.summary
      frame.write(summary.isEmpty ? "a agree   d disagree   u unsure   x skip" : summary, row: row, column: 2)
      if !others.isEmpty {
        let room = frame.columns - max(44, summary.width + 6) - 1
        frame.write(others.cut(to: max(10, room)), row: row, endingAt: frame.columns - 1)
      }
    case .label(let selected):
      var column = 2 + frame.write("right label?  ", row: row, column: 2, style: .bold)
      for (index, label) in editor.labels.enumerated() {
        let text = "\((index + 1) % 10) ".safe + label.safe
        guard column + text.width < frame.columns - 1 else { break }
        column += frame.write(text, row: row, column: column, style: index == selected ? .reverse : .plain) + 3
      }
    case .confidence:
      frame.write("confidence?  ", row: row, column: 2, style: .bold)
      frame.write("1 guess   2   3   4   5 certain", row: row, column: 15)
    case .skip:
      frame.write("skip?  ", row: row, column: 2, style: .bold)
      frame.write("1 for me   2 for others too", row: row, column: 9)
    case .reasons:
      var column = 2 + frame.write("reasons?  ", row: row, column: 2, style: .bold)
      for (index, reason) in editor.reasons.enumerated() {
        let isSet = editor.draft.judgement.reasons.contains(reason)
        column +=
          frame.write(
            "\(index + 1) ".safe + reason.safe, row: row, column: column, style: isSet ? .reverse : .plain) + 3
      }
    case .note(let input):
      frame.write("note  ", row: row, column: 2, style: .bold)
      input.draw(on: &frame, row: row, column: 8, columns: frame.columns - 10)
    }
  }

  /// Marks on parts of the explanation: `capital_gain = agrees`.
  private static func marks(_ editor: JudgementEditor) -> SafeText {
    editor.draft.marks.map { mark in
      if let rating = mark.rating { return "explanation: useful \(rating)/5".safe }
      let sign = mark.kind.map { " ".safe + $0.sign.safe + " " + $0.word.safe } ?? .empty
      return (mark.target?.safe ?? .empty) + sign
    }.joined(separator: "   ")
  }
}
