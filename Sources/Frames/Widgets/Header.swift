public import SafeText

/// Row 0: the program, where the analyst is, who, whether the service answers, what waits to be sent, the time.
public struct Header: Hashable, Sendable {
  /// Context first, then the way to this screen.
  public var crumbs: [SafeText]
  public var user: SafeText?
  /// A sign and a word: `● online`.
  public var link: SafeText?
  /// Events that no collector has yet; nil shows nothing, 0 shows `↑0`.
  public var outbox: Int?
  /// Minutes, UTC: `12:04Z`.
  public var clock: SafeText?

  public init(
    crumbs: [SafeText], user: SafeText? = nil, link: SafeText? = nil, outbox: Int? = nil, clock: SafeText? = nil
  ) {
    self.crumbs = crumbs
    self.user = user
    self.link = link
    self.outbox = outbox
    self.clock = clock
  }

  /// Where there is no room the user goes first, then crumbs in the middle, the time, and all but the last crumb.
  public func draw(on frame: inout Frame, row: Int = 0) {
    let start = 6
    let columns = frame.columns
    let room = { (status: StyledText) in columns - start - 3 - status.width }
    var status = right(withUser: true)
    if joined(crumbs).width > room(status) { status = right(withUser: false) }
    var path = fitting(room(status))
    if let last = crumbs.last, !says(path, last) {
      status = right(withUser: false, withClock: false)
      path = fitting(room(status))
      if !says(path, last) { path = last.cut(to: max(0, room(status))) }
    }
    frame.write("mds", row: row, column: 1, style: .bold)
    frame.write(path, row: row, column: start)
    frame.write(status, row: row, endingAt: frame.columns - 1)
  }

  /// Whether a path tells the screen by as much of its name as it can be known by.
  private func says(_ path: SafeText, _ last: SafeText) -> Bool {
    let name = last.width <= 8 ? last : last.cut(to: 8)
    return path.text.hasSuffix(last.text) || (last.width > 8 && path.text.contains(name.text.dropLast()))
  }

  private func right(withUser: Bool, withClock: Bool = true) -> StyledText {
    var parts: [StyledText] = []
    if withUser, let user { parts.append(StyledText(user)) }
    if let link { parts.append(StyledText(signs: link)) }
    if let outbox { parts.append(StyledText("↑" + Numeral.count(outbox))) }
    if withClock, let clock { parts.append(StyledText(clock)) }
    return parts.enumerated().reduce(into: StyledText()) { text, part in
      text += part.offset == 0 ? part.element : "  " + part.element
    }
  }

  private func fitting(_ cells: Int) -> SafeText {
    var crumbs = crumbs
    while crumbs.count > 2, joined(crumbs).width > cells {
      // One in the middle is cut where enough of it is left to be known by.
      let middle = crumbs[1] == "…" ? 2 : 1
      let room = crumbs[middle].width - (joined(crumbs).width - cells)
      if middle < crumbs.count - 1, room >= 8 {
        crumbs[middle] = crumbs[middle].cut(to: room)
        break
      }
      if crumbs[1] != "…" {
        crumbs[1] = "…"
      } else if crumbs.count > 3 {
        crumbs.remove(at: 2)
      } else {
        // The last one says what is on screen: it is cut, and left out only where nothing of it can be read.
        if cells < joined([crumbs[0], crumbs[1]]).width + 8 { crumbs.removeLast() }
        break
      }
    }
    return joined(crumbs).cut(to: max(0, cells))
  }

  private func joined(_ crumbs: [SafeText]) -> SafeText { crumbs.joined(separator: " ▸ ") }
}
