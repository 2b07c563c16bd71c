public import SafeText

/// One line above the footer: what happened, and the key that tells more.
public struct Toast: Hashable, Sendable {
  /// Starts with a state sign: `● collector: 12 received`.
  public var text: SafeText
  /// `z undo`, `gl detail`.
  public var hint: SafeText

  public init(_ text: SafeText, hint: SafeText = .empty) {
    self.text = text
    self.hint = hint
  }

  /// Draws on the row above the last, or on `row`, clearing it; the hint stays where the text is cut.
  public func draw(on frame: inout Frame, row: Int? = nil) {
    let row = row ?? frame.rows - 2
    frame.fill(Rect(row: row, column: 0, rows: 1, columns: frame.columns))
    let room = frame.columns - 2 - (hint.isEmpty ? 0 : hint.width + 3)
    let used = frame.write(StyledText(signs: text), row: row, column: 1, limit: max(0, room))
    if !hint.isEmpty { frame.write(hint, row: row, column: 1 + used + 3, style: .dim) }
  }
}
