internal import Domain
internal import Frames
internal import SafeText

extension OutboxScreen {
  static func draw(_ state: State, link: Link, now: Timestamp, on frame: inout Frame) {
    guard let content = state.content.value else {
      Chrome.rule("Sync", row: 1, columns: 0..<frame.columns, focused: true, on: &frame)
      if let problem = state.content.problem {
        frame.write(
          StyledText(signs: "✗ ") + StyledText(problem.summary.safe), row: 3, column: 2, limit: frame.columns - 4)
        frame.write(problem.advice.safe, row: 4, column: 4, limit: frame.columns - 6, style: .dim)
        frame.write("R reads it again   gl shows it in full", row: 6, column: 4, style: .dim)
      } else {
        frame.write("Reading the ledger…", row: 3, column: 2, style: .dim)
      }
      return
    }
    drawSync(state, content, link, now: now, on: &frame)
    drawRows(state, content, now: now, on: &frame)
    drawNeeds(content, row: needsRow(rows: frame.rows), on: &frame)
    if let selected = state.choosing, let conflict = state.conflict {
      drawChoice(conflict, selected, now: now, on: &frame)
    }
  }

  private static func drawSync(
    _ state: State, _ content: Content, _ link: Link, now: Timestamp, on frame: inout Frame
  ) {
    let next = content.nextTry.map { "next try ".safe + $0.shortText(asOf: now).safe } ?? .empty
    Chrome.rule("Sync", right: state.isSyncing ? "syncing…" : next, row: 1, columns: 0..<frame.columns, on: &frame)
    var row = 2
    func line(_ name: SafeText, _ text: StyledText) {
      frame.write(name, row: row, column: 2, style: .dim)
      frame.write(text, row: row, column: 13, limit: frame.columns - 14)
      row += 1
    }
    line("collector", collector(content, link))
    let chain = content.verifiedAt.map { "   chain whole ".safe + $0.shortText(asOf: now).safe } ?? .empty
    line("ledger", StyledText([.init(content.ledgerPath.safe + "   " + Numeral.bytes(content.ledgerBytes) + chain)]))
    let waiting = content.waiting.values.reduce(0, +)
    let kinds = content.waiting.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .prefix(5).map { "\($0.value) ".safe + $0.key.safe }.joined(separator: "  ")
    line("waiting", StyledText([.init(waiting == 0 ? "nothing" : "\(waiting) events   ".safe + kinds)]))
    line("last sync", lastSync(content, now: now))
  }

  private static func collector(_ content: Content, _ link: Link) -> StyledText {
    guard let address = content.collector else {
      return StyledText([.init("none: what you save stays in this ledger")])
    }
    if let problem = content.problem {
      return StyledText([.init(address.safe + "   "), .init("✗", .bad), .init(" ".safe + problem.summary.safe)])
    }
    switch link {
    case .up: return StyledText([.init(address.safe + "   "), .init("●", .ok), .init(" answers")])
    case .down(let since):
      return StyledText([
        .init(address.safe + "   "), .init("✗", .bad), .init(" no answer since ".safe + since.clockText.safe),
      ])
    case .unknown: return StyledText([.init(address.safe)])
    }
  }

  private static func lastSync(_ content: Content, now: Timestamp) -> StyledText {
    guard let last = content.lastSync else { return StyledText([.init("·", .dim)]) }
    let text =
      last.at.shortText(asOf: now).safe
      + "   \(last.sent) sent, \(last.received) received, \(last.fetched) fetched   ".safe
      + Numeral.milliseconds(Double(last.milliseconds)) + "   " + Numeral.bytes(last.bytes)
    return StyledText([.init(text)])
  }

  private static func drawRows(_ state: State, _ content: Content, now: Timestamp, on frame: inout Frame) {
    let order: [EventState] = [.saved, .sent, .received, .wedged]
    let counts = order.map { "\($0.rawValue) \(content.counts[$0] ?? 0)".safe }.joined(separator: " · ")
    Chrome.rule(
      "Not archived \(content.rows.count)".safe, right: counts, row: 7, columns: 0..<frame.columns, focused: true,
      on: &frame)
    let shift = max(0, frame.columns - 80)
    for (title, column) in [("SEQ", 2), ("KIND", 9), ("CASE", 22), ("MODEL", 36), ("WHAT", 51), ("STATE", 69 + shift)] {
      frame.write(SafeText(title), row: 8, column: column, style: .dim)
    }
    if content.rows.isEmpty {
      let nothing: SafeText =
        content.collector == nil ? "Nothing was saved yet." : "Everything saved is with the researchers."
      frame.write(nothing, row: 9, column: 2, style: .dim)
    }
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position), 9 + line < needsRow(rows: frame.rows) else { continue }
      let row = content.rows[index]
      let y = 9 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      frame.write("\(row.sequence)".safe, row: y, column: 2)
      frame.write(row.kind.safe, row: y, column: 9, limit: 12)
      frame.write(row.caseName.safe, row: y, column: 22, limit: 13)
      frame.write(row.model.safe, row: y, column: 36, limit: 14)
      frame.write(row.what.safe, row: y, column: 51, limit: 17 + shift)
      let sign = row.state.sign
      frame.write(sign.glyph, row: y, column: 69 + shift, style: sign.style)
      frame.write(row.state.rawValue.safe, row: y, column: 71 + shift)
    }
  }

  /// Where the lower pane begins: a low screen keeps one line of it, for the list's sake.
  static func needsRow(rows: Int) -> Int { rows < 20 ? rows - 5 : rows - 8 }

  private static func drawNeeds(_ content: Content, row: Int, on frame: inout Frame) {
    let wedged = content.rows.filter { $0.state == .wedged }
    let hints: [SafeText] = [content.conflicts.isEmpty ? "" : "c chooses", wedged.isEmpty ? "" : "r retry"]
    Chrome.rule(
      "Needs you \(wedged.count + content.conflicts.count)".safe,
      right: hints.filter { !$0.isEmpty }.joined(separator: "   "), row: row, columns: 0..<frame.columns, on: &frame)
    let room = frame.rows < 20 ? 1 : 4
    for (line, conflict) in content.conflicts.prefix(room).enumerated() {
      frame.write(conflict.caseName.safe, row: row + 1 + line, column: 2, limit: 14)
      frame.write("▲", row: row + 1 + line, column: 17, style: .warn)
      let versions = conflict.versions.map(\.what.safe).joined(separator: " or ")
      frame.write(
        "made on \(conflict.versions.count) devices: ".safe + versions, row: row + 1 + line, column: 19,
        limit: frame.columns - 20)
    }
    let start = row + 1 + min(room, content.conflicts.count)
    for (line, event) in wedged.prefix(max(0, row + 1 + room - start)).enumerated() {
      frame.write("\(event.sequence)".safe, row: start + line, column: 2)
      frame.write("✗", row: start + line, column: 9, style: .bad)
      frame.write("wedged   ".safe + event.reason.safe, row: start + line, column: 11, limit: frame.columns - 12)
    }
    if wedged.isEmpty, content.conflicts.isEmpty {
      frame.write("Nothing: no event was refused.", row: row + 1, column: 2, style: .dim)
    }
    guard frame.rows >= 20 else { return }
    let kept: SafeText =
      content.collector == nil
      ? "Kept in this ledger; a collector that is bound to it later gets all of them."
      : "Kept here until the collector has archived them, and 90 days more."
    frame.write(kept, row: row + 5, column: 2, limit: frame.columns - 3, style: .dim)
  }

  /// The versions of one's own word, to pick the one that stands.
  private static func drawChoice(_ conflict: Conflict, _ selected: Int, now: Timestamp, on frame: inout Frame) {
    let rect = Chrome.dialog(
      "Which of your words stands? ".safe + conflict.caseName.safe, rows: conflict.versions.count + 4, columns: 68,
      on: &frame)
    for (index, version) in conflict.versions.enumerated() {
      let row = rect.row + 1 + index
      if index == selected { frame.draw("▌", row: row, column: rect.column + 1, style: .select) }
      let place: SafeText = version.isHere ? "on this device" : "on another device"
      let when = place + ", " + version.at.shortText(asOf: now).safe
      frame.write(
        "\(index + 1)  ".safe + version.what.safe, row: row, column: rect.column + 3, limit: rect.columns - 36)
      frame.write(when, row: row, endingAt: rect.endColumn - 2, style: .dim)
    }
  }
}
