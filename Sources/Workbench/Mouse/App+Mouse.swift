internal import Frames

extension App {
  /// Rows that a turn of the wheel moves.
  private static let wheelStep = 3

  /// A click selects a row, the next one on it opens it, the wheel moves; nothing else of the mouse means anything.
  static func take(_ state: inout AppState, _ event: MouseEvent, _ milliseconds: Int) -> [Effect] {
    guard state.hasMouse else { return [] }
    switch event.kind {
    case .wheelUp, .wheelDown: return turn(&state, event.kind == .wheelUp ? .up : .down, milliseconds)
    case .press where event.button == 0: return click(&state, event.position, milliseconds)
    case .press, .release: return []
    }
  }

  static func toggleMouse(_ state: inout AppState) {
    state.hasMouse.toggle()
    state.toast =
      state.hasMouse
      ? Message(.notice, "mouse on: a click selects, the next opens, the wheel moves", hint: Hint(.mouse, "off"))
      : Message(.notice, "mouse off: the terminal selects and copies as usual")
  }

  /// The wheel is the arrow keys, over whatever takes them.
  private static func turn(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    if state.overlay == .tour { return [] }
    if state.overlay != nil || state.filter != nil {
      return (0..<wheelStep).flatMap { _ in take(&state, key, milliseconds) }
    }
    guard isListening(state) else { return [] }
    return take(&state, key == .up ? .moveUp : .moveDown, by: key, count: wheelStep, milliseconds)
  }

  private static func click(_ state: inout AppState, _ position: Position, _ milliseconds: Int) -> [Effect] {
    guard state.overlay == nil, state.filter == nil, isListening(state), let rows = state.rows,
      let row = row(at: position, rows, state)
    else { return [] }
    let clicked = ClickedRow(place: state.place, row: row)
    if row == rows.selection, state.clicked == clicked {
      state.clicked = nil
      return take(&state, .open, by: .enter, count: nil, milliseconds)
    }
    state.clicked = clicked
    let step = row - rows.selection
    guard step != 0 else { return [] }
    return take(&state, step > 0 ? .moveDown : .moveUp, by: .enter, count: abs(step), milliseconds)
  }

  /// Whether keys are commands just now: a click must not answer what is asked.
  private static func isListening(_ state: AppState) -> Bool {
    !state.isAsking && state.pending.isEmpty && state.bookmarks.asking == nil
  }

  /// The row of the list on screen at a place. The picture itself tells: the selected row has its mark in the first
  /// column, the rows above and below it are its neighbours, and a column rule ends the list.
  private static func row(at position: Position, _ rows: Rows, _ state: AppState) -> Int? {
    var frame = Frame(columns: state.size.columns, rows: state.size.rows)
    draw(state, on: &frame)
    guard frame.columns > 0, (0..<frame.rows).contains(position.row),
      let marked = (0..<frame.rows).first(where: { frame[$0, 0].scalar == "▌" && frame[$0, 0].style == .select })
    else { return nil }
    let isBeyond = (0..<min(position.column + 1, frame.columns)).contains { frame[position.row, $0].scalar == "│" }
    let row = rows.selection + position.row - marked
    return !isBeyond && rows.visible.contains(row) ? row : nil
  }
}

extension AppState {
  /// The list of the screen on top.
  var rows: Rows? {
    switch place {
    case .models: models.rows
    case .infer: infer?.rows
    case .case: self.case?.rows
    case .drift: drift?.rows
    case .review: review.rows
    case .outbox: outbox.rows
    case .inbox: inbox.rows
    case .feedback: feedback.rows
    case .search: search.rows
    case .log: log.rows
    }
  }
}
