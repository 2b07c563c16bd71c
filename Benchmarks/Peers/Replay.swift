import PtyTesting

/// What a screen showed when: the output again, piece by piece, as it came.
struct Replay {
  private(set) var screen: VirtualScreen
  private let pieces: [(at: Double, bytes: ArraySlice<UInt8>)]

  /// All that came after the first `count` pieces, onto the screen as it was then.
  init(_ terminal: Pty, onto screen: VirtualScreen, after count: Int = 0) {
    self.screen = screen
    var start = count == 0 ? 0 : terminal.arrivals[count - 1].received
    pieces = terminal.arrivals[count...].map { piece in
      defer { start = piece.received }
      return (piece.at, terminal.output[start..<piece.received])
    }
  }

  /// When the first character stood, and when nearly all of the last screen's stood in their places, with the bytes till
  /// then.
  func frame() -> (first: Double, full: Double, bytes: Int)? {
    let last = Self.characters(whole.screen)
    let enough = last.joined().count { $0 != " " } * 95 / 100
    var (replay, bytes, first) = (screen, 0, Double?.none)
    for piece in pieces {
      replay.feed(piece.bytes)
      bytes += piece.bytes.count
      let shown = Self.characters(replay)
      if first == nil, shown.joined().contains(where: { $0 != " " }) { first = piece.at }
      let right = zip(shown.joined(), last.joined()).count { $0 == $1 && $0 != " " }
      if let first, right >= enough { return (first, piece.at, bytes) }
    }
    return nil
  }

  /// When the column at the left, where a list says which row is selected, stood as it stands in the end; nil where it
  /// never changed.
  func listRest() -> Double? {
    let column = { (screen: VirtualScreen) in screen.cells.map { $0.first?.text ?? "" } }
    let last = column(whole.screen)
    var (replay, rest, before) = (screen, Double?.none, column(screen))
    for piece in pieces {
      replay.feed(piece.bytes)
      let now = column(replay)
      if now == last, before != last { rest = piece.at }
      before = now
    }
    return rest
  }

  private var whole: Replay {
    var whole = self
    for piece in pieces { whole.screen.feed(piece.bytes) }
    return whole
  }

  private static func characters(_ screen: VirtualScreen) -> [[String]] { screen.cells.map { $0.map(\.text) } }
}
