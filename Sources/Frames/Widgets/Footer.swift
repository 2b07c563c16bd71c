public import SafeText

/// The last row: what the keys do here, and the position.
public struct Footer: Hashable, Sendable {
  /// A key, or a few, and what it does.
  public struct Hint: Hashable, Sendable {
    public var keys: SafeText
    public var label: SafeText

    public init(_ keys: SafeText, _ label: SafeText) {
      self.keys = keys
      self.label = label
    }

    var text: SafeText { label.isEmpty ? keys : keys + " " + label }
  }

  /// The most hints that a footer shows.
  public static let mostHints = 6

  public var hints: [Hint]
  public var right: SafeText

  public init(_ hints: [Hint], right: SafeText = .empty) {
    self.hints = hints
    self.right = right
  }

  /// Draws on the frame's last row, or on `row`; where there is no room the hints before the last go.
  public func draw(on frame: inout Frame, row: Int? = nil) {
    let row = row ?? frame.rows - 1
    let room = frame.columns - 2 - (right.isEmpty ? 0 : right.width + 2)
    var shown = hints.map(\.text)
    if shown.count > Self.mostHints { shown.removeSubrange((Self.mostHints - 1)..<(shown.count - 1)) }
    while shown.count > 1, shown.joined(separator: "  ").width > room { shown.remove(at: shown.count - 2) }
    frame.write(shown.joined(separator: "  "), row: row, column: 1, limit: max(0, room), style: .dim)
    frame.write(StyledText(signs: right), row: row, endingAt: frame.columns - 1)
  }
}
