public import Frames

/// What a program costs on the line.
extension Pty {
  /// Reads until the program has been silent for so many milliseconds.
  public func settle(milliseconds: Int = 200) {
    var before = -1
    while before != received {
      before = received
      guard listen(milliseconds: milliseconds) else { return }
    }
  }

  /// Bytes that the program writes to draw its whole screen anew on ^L. Where the screen changed by itself meanwhile
  /// (the clock, an answer that came late), the bytes are those of more than that, and it is drawn once more.
  public func repaintBytes() throws -> Int {
    for _ in 0..<10 {
      settle()
      let (before, text) = (received, screen.text)
      try press(.control("L"))
      try wait(for: "the screen anew") { [self] _ in received > before }
      settle()
      if screen.text == text { return received - before }
    }
    throw Failure(description: "the screen does not rest; it is\n\(screen.text)")
  }

  /// Bytes that the program writes on a key: those of the first frame that it changes, and all until it is silent.
  public func bytes(on key: Key) throws -> (first: Int, all: Int) {
    settle()
    let (before, text) = (received, screen.text)
    try press(key)
    try wait(for: "another screen") { $0.text != text }
    let first = received - before
    settle()
    return (first, received - before)
  }
}
