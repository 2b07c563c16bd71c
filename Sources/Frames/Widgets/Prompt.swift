public import SafeText

/// The `:` or `/` line above the footer.
public struct Prompt: Hashable, Sendable {
  /// `:`, `/`, `?`.
  public var sign: SafeText
  public var input: TextInput

  public init(_ sign: SafeText, _ input: TextInput) {
    self.sign = sign
    self.input = input
  }

  /// Draws on the row above the last, or on `row`, clearing it.
  public func draw(on frame: inout Frame, row: Int? = nil) {
    let row = row ?? frame.rows - 2
    frame.fill(Rect(row: row, column: 0, rows: 1, columns: frame.columns))
    frame.write(sign, row: row, column: 1, style: .bold)
    let start = 1 + sign.width + 1
    input.draw(on: &frame, row: row, column: start, columns: frame.columns - start - 1)
  }
}
