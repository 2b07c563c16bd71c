internal import Domain
internal import Frames
internal import SafeText

/// The analyst's call in full, where a screen is tall enough: what can be said, and what was said so far.
enum JudgementForm {
  private static let start = 15

  static func draw(
    _ editor: JudgementEditor, _ hints: Hints, _ manner: JudgementPanel.Manner = .open, row: Int, on frame: inout Frame
  ) {
    let names: [SafeText] = ["verdict", editor.isOfNumber ? "number" : "label", "confidence", "reasons", "note"]
    let end = frame.columns - 1
    let reasons = reasons(editor)
    // Reasons that need a second row have it: the blank one that stands under the note otherwise.
    let note = reasons.rows(columns: end - start) > 1 ? 5 : 4
    for (line, name) in zip([0, 1, 2, 3, note], names) { frame.write(name, row: row + line, column: 2, style: .dim) }
    if manner == .open { frame.write("explanation", row: row + 6, column: 2, style: .dim) }
    let judgement = editor.draft.judgement
    drawVerdict(editor, hints, manner, row: row, on: &frame)
    switch editor.mode {
    case .label: break
    case .number(let input): JudgementPanel.drawNumber(input, row: row + 1, column: start, end: end, on: &frame)
    case .idle, .confidence, .reasons, .skip, .note: write(judgement.rightText?.safe, row: row + 1, on: &frame)
    }
    if editor.mode == .confidence {
      frame.write("1 guess   2   3   4   5 certain", row: row + 2, column: start, style: .bold)
    } else {
      write(judgement.confidence.map { "\($0) of 5".safe }, row: row + 2, on: &frame)
    }
    if case .note(let input) = editor.mode {
      input.draw(on: &frame, row: row + note, column: start, columns: end - start)
    } else {
      write(judgement.note.isEmpty ? nil : judgement.note.safe, row: row + note, on: &frame)
    }
    if manner == .open { drawMarks(editor, hints, row: row + 6, on: &frame) }
    let places = { (line: Int, rows: Int) in Rect(row: row + line, column: start, rows: rows, columns: end - start) }
    // Answers to choose from stand over what is below, in as many rows as they need.
    reasons.draw(on: &frame, in: places(3, editor.mode == .reasons ? 5 : note - 3))
    if case .label(let selected) = editor.mode {
      JudgementPanel.labels(editor.labels, selected).draw(on: &frame, in: places(1, 7))
    }
  }

  private static func write(_ text: SafeText?, row: Int, on frame: inout Frame) {
    frame.write(
      text ?? "·", row: row, column: start, limit: frame.columns - start - 1, style: text == nil ? .dim : .plain)
  }

  private static func drawVerdict(
    _ editor: JudgementEditor, _ hints: Hints, _ manner: JudgementPanel.Manner, row: Int, on frame: inout Frame
  ) {
    if editor.mode == .skip {
      frame.write("skip   1 for me   2 for others too", row: row, column: start, style: .bold)
      return
    }
    // Blind, agreeing follows from the label that is given.
    let open: [(Verdict, Command)] = [
      (.agree, .agree), (.disagree, .disagree), (.unsure, .unsure), (.skip, .skip),
    ]
    // On a narrow screen the verdicts stand closer.
    let isNarrow = frame.columns < 60
    var column = isNarrow ? start - 1 : start
    if manner == .blind {
      column += frame.write(JudgementPanel.answers(editor, hints), row: row, column: column) + 3
    }
    for (verdict, command) in manner == .open ? open : Array(open.suffix(2)) {
      let name = hints.key(command).map { $0 + " " + verdict.word } ?? verdict.word
      var text = StyledText(name)
      if editor.draft.judgement.verdict == verdict {
        let scope: SafeText = verdict == .skip && editor.draft.judgement.skipsForOthers ? " for others too" : .empty
        text = StyledText(name + scope, .bold) + " ◀"
      }
      column += frame.write(text, row: row, column: column) + (isNarrow ? 1 : 3)
    }
  }

  private static func reasons(_ editor: JudgementEditor) -> Choices {
    if editor.mode == .reasons { return JudgementPanel.reasons(editor) }
    let given = editor.draft.judgement.reasons
    return Choices(
      texts: editor.reasons.enumerated().map { index, reason in
        let isSet = given.contains(reason)
        return StyledText("\(index + 1) ".safe + reason.safe, isSet ? .bold : .plain) + (isSet ? " ◀" : "")
      })
  }

  /// The rating of the whole, and the marks on its parts in the row under it.
  private static func drawMarks(_ editor: JudgementEditor, _ hints: Hints, row: Int, on frame: inout Frame) {
    let rating = editor.draft.marks.compactMap(\.rating).first
    let rate = hints.key(.palette).map { ", ".safe + $0 + "rate 1 to 5" } ?? .empty
    let whole: SafeText = rating.map { "whole: useful \($0) of 5".safe } ?? "whole: not rated" + rate
    frame.write(whole, row: row, column: start, style: rating == nil ? .dim : .plain)
    let marks = editor.draft.marks.compactMap { mark -> SafeText? in
      guard let part = mark.part, mark.kind != nil else { return nil }
      return part.text.safe + "  " + mark.text(beside: editor.answer)
    }
    let kinds = hints.row([
      (.markSpurious, "spurious"), (.markMissing, "missing"), (.markWrongSign, "wrong sign"), (.markAgrees, "agrees"),
    ])
    let text =
      marks.isEmpty
      ? kinds.isEmpty ? .empty : kinds + ", on the selected row" : marks.joined(separator: "     ")
    frame.write(
      text, row: row + 1, column: start, limit: frame.columns - start - 1, style: marks.isEmpty ? .dim : .plain)
  }
}
