internal import Frames

/// Where a terminal is too small for several panels, or one is wanted large, there is one at a time, each as it stands on a
/// taller screen.
extension App {
  /// A panel of a small terminal is at most this wide: on so few columns every screen stands in one.
  private static let widest = 75
  /// So is one that is wanted large on a wide terminal.
  private static let widestLarge = 117

  /// A screen so high has a place for each of its panels; one that is wanted large has more than its place.
  private static func tall(_ state: AppState) -> Int {
    state.isTooSmall ? max(44, state.size.rows + 30) : max(60, state.size.rows + 36)
  }

  /// The rows of a panel that stands alone.
  private static func room(_ state: AppState) -> Int { state.size.rows - 3 }

  /// The size that the screen on top is laid out for: the terminal's; where there is one panel, a taller one on which the
  /// panel with the list has as many rows as there are.
  static func layoutSize(_ state: AppState) -> ScreenSize {
    guard state.hasOnePanel else { return state.size }
    let room = room(state)
    var rows = tall(state)
    while rows > state.size.rows {
      let excess = listRows(state, rows) - room
      if excess <= 0 { break }
      // A lower screen gives other panels fewer rows as well: what is too much is at least what must go.
      rows = max(state.size.rows, rows - excess)
    }
    return size(state, rows)
  }

  /// Lays the screen out anew where what it shows has changed so that its list has too many rows, or could have more.
  static func fitPanels(_ state: inout AppState) -> [Effect] {
    let size = layoutSize(state)
    return size == state.layout ? [] : layOut(&state, size)
  }

  private static func size(_ state: AppState, _ rows: Int) -> ScreenSize {
    ScreenSize(columns: min(state.size.columns, state.isTooSmall ? widest : widestLarge), rows: rows)
  }

  private static func listRows(_ state: AppState, _ rows: Int) -> Int {
    let panels = Panels(picture(state, size(state, rows)))
    return panels.rows(of: panels.main).count
  }

  /// The screen as it is on a terminal of another size.
  private static func picture(_ state: AppState, _ size: ScreenSize) -> Frame {
    var copy = state
    if size != state.layout { _ = layOut(&copy, size) }
    var frame = Frame(columns: size.columns, rows: size.rows)
    drawScreen(copy, on: &frame)
    return frame
  }

  /// The screen on which each of its panels has a place; one that can be long has the rows that are there for it.
  private static func tallPicture(_ state: AppState) -> Frame {
    let room = room(state)
    var state = state
    state.drift?.panelRows = room
    state.feedback.panelRows = room
    var size = size(state, tall(state))
    if state.place == .feedback { size.rows = FeedbackLayout(size, panelRows: room).stackRows }
    return picture(state, size)
  }

  /// Turns to the next panel, or to the one before.
  static func turnPanel(_ state: inout AppState, by step: Int, _ milliseconds: Int) -> [Effect] {
    let command: Command = step > 0 ? .nextPanel : .previousPanel
    guard state.hasOnePanel else {
      if state.place.scope == .case { return runOnScreen(&state, command, nil, milliseconds) }
      let others = otherPanels(state)
      state.toast = Message(.notice, others.words, hint: others.hint)
      return []
    }
    let picture = tallPicture(state)
    let panels = Panels(picture)
    guard panels.count > 1 else { return [] }
    let now = state.panel ?? panels.main
    if let current = state.case, state.place.scope == .case, current.isTurning(by: step),
      picture.line(panels.rows(of: now).lowerBound).contains(current.lower.title)
    {
      // Of those that share a place under the explanation one after the other.
      return runOnScreen(&state, command, nil, milliseconds)
    }
    state.panel = (now + step + panels.count) % panels.count
    return []
  }

  /// Where the panels are that `Tab` does not lead to: on screen as well, or only where one stands alone.
  static func otherPanels(_ state: AppState) -> Obstacle {
    let onScreen = Panels.titles(picture(state, state.size))
    // A title is cut where its panel is narrow.
    let isSame = { (title: String, other: String) in
      title == other || title.hasSuffix("…") && other.hasPrefix(title.dropLast())
        || other.hasSuffix("…") && title.hasPrefix(other.dropLast())
    }
    let missing = Panels.titles(tallPicture(state)).count { title in !onScreen.contains { isSame($0, title) } }
    guard missing > 0 else {
      return Obstacle("every panel is on screen", hint: Hint(.onePanel, "shows one large"))
    }
    let what = missing == 1 ? "1 more panel" : "\(missing) more panels"
    return Obstacle(what, hint: Hint(.onePanel, "shows one at a time"))
  }

  /// Shows one panel at a time, or all of them again.
  static func toggleOnePanel(_ state: inout AppState) -> [Effect] {
    if state.isTooSmall {
      state.wantsOnePanel = false
      state.toast = Message(.notice, "there is room for one panel only", hint: Hint(.nextPanel, "turns to the next"))
      return []
    }
    if !state.wantsOnePanel, Panels(tallPicture(state)).count < 2 {
      state.toast = Message(.notice, "this screen has one panel")
      return []
    }
    state.wantsOnePanel.toggle()
    state.panel = nil
    return fitPanels(&state)
  }

  /// Draws the one panel that is in view.
  static func drawPanel(_ state: AppState, on frame: inout Frame) {
    let list = picture(state, state.layout)
    let listPanels = Panels(list)
    let all = tallPicture(state)
    let panels = Panels(all)
    let asked = panelAsked(state, list, listPanels, all, panels)
    if let panel = asked ?? state.panel, panel != panels.main {
      show(all, panels.rows(of: min(panel, panels.count - 1)), on: &frame)
    } else {
      show(list, listPanels.rows(of: listPanels.main), on: &frame)
    }
  }

  /// The panel in which something is asked or typed: that is what is looked at; nil where nothing is.
  private static func panelAsked(
    _ state: AppState, _ list: Frame, _ listPanels: Panels, _ all: Frame, _ panels: Panels
  ) -> Int? {
    guard state.isAsking else { return nil }
    if let row = list.cursor?.row, listPanels.rows(of: listPanels.main).contains(row) { return panels.main }
    if let row = all.cursor?.row { return panels.panel(at: row) }
    if state.place.scope == .case, state.case?.whatIf != nil {
      return panels.starts.firstIndex { all.line($0).contains(CaseScreen.LowerPanel.whatIf.title) }
    }
    guard state.editor?.isAsking == true else { return nil }
    return panels.starts.firstIndex { all.line($0).contains("Your ") }
  }

  private static func show(_ picture: Frame, _ rows: Range<Int>, on frame: inout Frame) {
    let rows = rows.prefix(frame.rows - 3)
    frame.copy(rows, of: picture, toRow: 1)
    if let cursor = picture.cursor, rows.contains(cursor.row) {
      frame.cursor = Position(row: 1 + cursor.row - rows.lowerBound, column: cursor.column)
    }
  }
}

extension Command {
  /// Whether what it does is seen in the list: where panels stand one at a time that one comes into view.
  var isSeenInList: Bool {
    switch self {
    case .sortColumn, .reverseSort, .sortQueue, .nextSlice, .orderSlices, .filter, .toggleMarked: true
    default: isMove
    }
  }
}

extension AppState {
  /// Whether panels stand one at a time.
  var hasOnePanel: Bool { isTooSmall || hasLargePanel }

  /// Whether that is because one was wanted large: the terminal has room for more.
  var hasLargePanel: Bool { wantsOnePanel && size.columns >= App.several.columns && size.rows >= App.several.rows }

  /// Whether the terminal is too small for several panels.
  var isTooSmall: Bool {
    (size.columns < App.several.columns || size.rows < App.several.rows) && size.columns >= App.smallest.columns
      && size.rows >= App.smallest.rows
  }
}

extension CaseScreen.LowerPanel {
  /// What its rule begins with.
  var title: String {
    switch self {
    case .classes: "Each class"
    case .flips: "Flips"
    case .whatIf: "What-if"
    }
  }
}

extension CaseScreen.State {
  /// Whether there is another panel in that direction, of those that share a place.
  fileprivate func isTurning(by step: Int) -> Bool {
    guard let now = panels.firstIndex(of: lower) else { return false }
    return panels.indices.contains(now + step)
  }
}
