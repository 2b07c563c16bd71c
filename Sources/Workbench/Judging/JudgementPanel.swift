internal import Domain
internal import Frames
internal import SafeText

/// The analyst's call as it stands: the draft, what the next key means, and what colleagues said.
enum JudgementPanel {
  /// Where the answer of the model is not on screen, only a label can be given: whether it agrees follows from it.
  enum Manner: Equatable {
    case open, blind
  }

  static func draw(
    _ editor: JudgementEditor, _ hints: Hints, title: SafeText = "Your call", manner: Manner = .open,
    others: SafeText = .empty, remark: SafeText = .empty,
    row: Int, lines: Int, now: Timestamp, on frame: inout Frame
  ) {
    Chrome.rule(title, right: status(editor, hints, now: now), row: row, columns: 0..<frame.columns, on: &frame)
    let marks = lines >= 8 || manner == .blind ? .empty : marks(editor)
    if lines > 1 {
      frame.write(marks, row: row + 2, column: 2, limit: frame.columns - 3)
      let isRemarked = !editor.isAsking && (editor.draft.marks.isEmpty || manner == .blind)
      if isRemarked { frame.write(remark, row: row + lines, column: 2, limit: frame.columns - 3, style: .dim) }
    }
    if lines >= 8 {
      JudgementForm.draw(editor, hints, manner, row: row + 1, on: &frame)
    } else if editor.mode == .idle {
      let isFree = lines > 1 && remark.isEmpty && marks.isEmpty
      drawDraft(editor, hints, manner, others: others, hasFreeRow: isFree, row: row + 1, on: &frame)
    } else {
      drawQuestion(editor, in: Rect(row: row + 1, column: 2, rows: lines, columns: frame.columns - 3), on: &frame)
    }
  }

  /// Over an open call, with the analyst's flag where it is up.
  static func title(_ content: CaseContent?) -> SafeText {
    content?.isFlagged == true ? "Your call   ! flagged" : "Your call"
  }

  /// Whether the draft is saved, kept, or nothing yet.
  static func status(_ editor: JudgementEditor, _ hints: Hints, now: Timestamp) -> SafeText {
    if let saved = editor.saved, editor.isSaved { return "saved #\(saved)".safe }
    if let savedAt = editor.draft.savedAt { return "draft kept ".safe + savedAt.shortText(asOf: now).safe }
    if editor.canSave { return hints(.save, "saves") }
    return editor.guideline.isEmpty ? .empty : note(of: editor.guideline, hints)
  }

  /// Which guideline is in force, and the key that shows it.
  static func note(of guideline: RawText, _ hints: Hints) -> SafeText {
    let reads = hints(.guideline, "reads")
    return "guideline ".safe + guideline.safe.cut(to: 12) + (reads.isEmpty ? .empty : ", " + reads)
  }

  /// What gives a verdict, and as keys alone; blind, a label does.
  static func keys(
    _ editor: JudgementEditor, _ hints: Hints, _ manner: Manner
  ) -> (words: SafeText, short: SafeText) {
    switch manner {
    case .open:
      (
        hints.row([(.agree, "agree"), (.disagree, "disagree"), (.unsure, "unsure"), (.skip, "skip")]),
        hints.keys([.agree, .disagree, .unsure, .skip])
      )
    case .blind:
      (
        [answers(editor, hints), hints.row([(.unsure, "unsure"), (.skip, "skip")])].joined(separator: "   "),
        hints.keys([.disagree, .unsure, .skip])
      )
    }
  }

  /// The draft in a line; blind, the label alone.
  static func summary(_ editor: JudgementEditor, _ manner: Manner) -> SafeText {
    guard manner == .blind else { return editor.draft.judgement.summary }
    var judgement = editor.draft.judgement
    if judgement.verdict == .agree || judgement.verdict == .disagree { judgement.verdict = nil }
    return judgement.summary
  }

  /// The draft, or the keys that begin one, and what others said: beside it where both fit, else in the row under it.
  private static func drawDraft(
    _ editor: JudgementEditor, _ hints: Hints, _ manner: Manner, others: SafeText, hasFreeRow: Bool, row: Int,
    on frame: inout Frame
  ) {
    let summary = summary(editor, manner)
    let isGiven = !summary.isEmpty
    let style: Style = isGiven ? .plain : .dim
    let keys = keys(editor, hints, manner)
    let room = frame.columns - 3
    var said = isGiven ? summary : keys.words
    let fits = others.isEmpty || said.width + 3 + others.width <= room
    if !fits, hasFreeRow {
      frame.write(said, row: row, column: 2, limit: room, style: style)
      frame.write(others.cut(to: room), row: row + 1, endingAt: frame.columns - 1)
      return
    }
    // The footer says what the keys mean; of the draft nothing is left out for what others said.
    if !fits, !isGiven { said = keys.short }
    let used = frame.write(said, row: row, column: 2, limit: room, style: style)
    let rest = room - used - 3
    if rest >= min(others.width, 12) { frame.write(others.cut(to: rest), row: row, endingAt: frame.columns - 1) }
  }

  /// What is asked just now; answers to choose from take the rows that they need.
  private static func drawQuestion(_ editor: JudgementEditor, in rect: Rect, on frame: inout Frame) {
    let row = rect.row
    switch editor.mode {
    case .idle: break
    case .label(let selected):
      let lead = frame.write("right label?  ", row: row, column: 2, style: .bold)
      labels(editor.labels, selected).draw(on: &frame, in: rect, after: lead)
    case .number(let input):
      let start = 2 + frame.write("right number?  ", row: row, column: 2, style: .bold)
      drawNumber(input, row: row, column: start, end: frame.columns - 1, on: &frame)
    case .confidence:
      frame.write("confidence?  ", row: row, column: 2, style: .bold)
      frame.write("1 guess   2   3   4   5 certain", row: row, column: 15)
    case .skip:
      frame.write("skip?  ", row: row, column: 2, style: .bold)
      frame.write("1 for me   2 for others too", row: row, column: 9)
    case .reasons:
      let lead = frame.write("reasons?  ", row: row, column: 2, style: .bold)
      reasons(editor).draw(on: &frame, in: rect, after: lead)
    case .note(let input):
      frame.write("note  ", row: row, column: 2, style: .bold)
      input.draw(on: &frame, row: row, column: 8, columns: frame.columns - 10)
    }
  }

  /// What gives an answer where the model's is hidden.
  static func answers(_ editor: JudgementEditor, _ hints: Hints) -> SafeText {
    hints(.disagree, editor.isOfNumber ? "gives your number" : "and its digit gives a label")
  }

  /// A number being typed, and what is no number.
  static func drawNumber(_ input: TextInput, row: Int, column: Int, end: Int, on frame: inout Frame) {
    let isNumber = input.text.isEmpty || Field.decimal(input.text)?.isFinite == true
    let remark: SafeText = isNumber ? .empty : "a number, as 17.5"
    input.draw(on: &frame, row: row, column: column, columns: max(8, end - column - remark.width - 1))
    frame.write(remark, row: row, endingAt: end, style: .warn)
  }

  /// Labels with their digits, the selected one in view.
  static func labels(_ labels: [RawText], _ selected: Int) -> Choices {
    let texts = labels.indices.map { index in
      StyledText(text(of: index, among: labels, cells: .max), index == selected ? .reverse : .plain)
    }
    return Choices(texts: texts, selected: selected)
  }

  /// A label with the digit that picks it; a label that is that digit stands alone, one past the tenth has none.
  static func text(of index: Int, among labels: [RawText], cells: Int = 16) -> SafeText {
    let label = labels[index].safe.cut(to: cells)
    guard let digit = JudgementEditor.digit(of: index, among: labels) else { return "  " + label }
    return "\(digit)".safe == label ? label : "\(digit) ".safe + label
  }

  /// Reasons with their digits, those that are set reversed.
  static func reasons(_ editor: JudgementEditor) -> Choices {
    Choices(
      texts: editor.reasons.enumerated().map { index, reason in
        let isSet = editor.draft.judgement.reasons.contains(reason)
        return StyledText("\(index + 1) ".safe + reason.safe, isSet ? .reverse : .plain)
      })
  }

  /// Marks on parts of the explanation: `capital_gain = agrees`.
  static func marks(_ editor: JudgementEditor) -> SafeText {
    editor.draft.marks.map { mark in
      if let rating = mark.rating { return "explanation: useful \(rating)/5".safe }
      let text = mark.text(beside: editor.answer)
      return (mark.part?.text.safe ?? .empty) + (text.isEmpty ? .empty : " " + text)
    }.joined(separator: "   ")
  }
}
