/// What came from the terminal.
public enum Input: Hashable, Sendable {
  case key(Key)
  /// Text pasted by the terminal, at most 1 MiB, as it came: controls and all.
  case paste(String)
  case mouse(MouseEvent)
  /// The terminal's window got (true) or lost the focus.
  case focus(Bool)
  /// The terminal's background, from its answer to our question: whether it is light.
  case background(isLight: Bool)
  /// A sequence that means nothing here; swallowed whole, so that its tail is never taken for keys.
  case unknown([UInt8])
}

/// A click or a turn of the wheel, at a cell of the frame.
public struct MouseEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case press, release, wheelUp, wheelDown
  }

  public var kind: Kind
  /// 0 left, 1 middle, 2 right.
  public var button: Int
  public var position: Position

  public init(_ kind: Kind, button: Int = 0, position: Position) {
    self.kind = kind
    self.button = button
    self.position = position
  }
}
