extension Frame {
  /// The same picture with lines of half blocks in place of braille, for terminals whose font has no braille.
  public func blocks() -> Frame {
    var frame = self
    for index in frame.cells.indices where (0x2801...0x28FF).contains(frame.cells[index].scalar.value) {
      frame.cells[index].scalar = Self.block(frame.cells[index].scalar.value - 0x2800)
    }
    return frame
  }

  /// A braille cell by the half in which its dots are.
  private static func block(_ dots: UInt32) -> Unicode.Scalar {
    switch (dots & 0x1B != 0, dots & 0xE4 != 0) {
    case (true, true): "█"
    case (true, false): "▀"
    case (false, _): "▄"
    }
  }
}
