internal import Domain
internal import Frames
internal import SafeText

extension OutboxScreen {
  static func draw(_ state: State, _ hints: Hints, link: Link, now: Timestamp, on frame: inout Frame) {
    guard let content = state.content.value else {
      drawAbsent(state, hints, on: &frame)
      return
    }
    drawSync(state, content, hints, link, now: now, on: &frame)
    drawRows(state, content, now: now, on: &frame)
    drawNeeds(content, hints, row: needsRow(rows: frame.rows), on: &frame)
  }

  /// Which of two versions of one's word stands, while that is asked.
  static func drawQuestion(_ state: State, now: Timestamp, on frame: inout Frame) {
    guard let selected = state.choosing, let conflict = state.conflict else { return }
    drawChoice(conflict, selected, now: now, on: &frame)
  }

  /// The panels stand where they will stand; why they are empty is said in the list.
  private static func drawAbsent(_ state: State, _ hints: Hints, on frame: inout Frame) {
    let needs = needsRow(rows: frame.rows)
    Chrome.rule("Sync", row: 1, columns: 0..<frame.columns, on: &frame)
    for (line, name) in ["collector", "ledger", "waiting", "last sync"].enumerated() {
      frame.write(SafeText(name), row: 2 + line, column: 2, style: .dim)
      frame.write("·", row: 2 + line, column: 13, style: .dim)
    }
    Chrome.rule("Not archived", row: 7, columns: 0..<frame.columns, focused: true, on: &frame)
    Columns(width: frame.columns).drawTitles(on: &frame)
    Chrome.rule("Needs you", row: needs, columns: 0..<frame.columns, on: &frame)
    if let problem = state.content.problem {
      Chrome.absence(
        problem, hints.afterFailure("reads it again"), row: 9, end: needs, columns: 2..<frame.columns, on: &frame)
    } else {
      frame.write("Reading the ledger…", row: 9, column: 2, style: .dim)
    }
  }

  private static func drawSync(
    _ state: State, _ content: Content, _ hints: Hints, _ link: Link, now: Timestamp, on frame: inout Frame
  ) {
    let next = content.nextTry.map { "next try ".safe + $0.shortText(asOf: now).safe } ?? .empty
    let isStale = state.content.problem != nil
    let right = state.isSyncing ? "syncing…" : isStale ? hints.stale("reads it again") : next
    Chrome.rule("Sync", right: right, row: 1, columns: 0..<frame.columns, on: &frame)
    var row = 2
    func line(_ name: SafeText, _ text: StyledText) {
      frame.write(name, row: row, column: 2, style: .dim)
      frame.write(text, row: row, column: 13, limit: frame.columns - 14)
      row += 1
    }
    line("collector", collector(content, link, columns: frame.columns - 14))
    let chain = content.verifiedAt.map { "chain whole ".safe + $0.shortText(asOf: now).safe } ?? .empty
    let size = Numeral.bytes(content.ledgerBytes)
    // Of a long path the ends say most; how large and how whole it is stands whole.
    let path = content.ledgerPath.safe.cutMiddle(to: max(12, frame.columns - 20 - size.width - chain.width))
    line("ledger", StyledText(Chrome.fitting([path, size, chain], columns: frame.columns - 14)))
    line("waiting", StyledText(waiting(content, columns: frame.columns - 14)))
    line("last sync", lastSync(content, now: now, columns: frame.columns - 14))
    if let newest = content.former.first {
      let text = former(newest, content, now: now, columns: frame.columns - 14)
      line(newest.reason == nil ? "before" : "ended", StyledText(text))
    }
  }

  /// The events that wait, and the large records that go beside them.
  static func waiting(_ content: Content, columns: Int) -> SafeText {
    let records = content.waitingRecords
    let large = Numeral.count(records) + (records == 1 ? " large record" : " large records")
    if content.waiting.values.allSatisfy({ $0 == 0 }) { return records == 0 ? "nothing" : large }
    guard records > 0 else { return kinds(content.waiting, columns: columns) }
    return large + "   " + kinds(content.waiting, columns: columns - large.width - 3)
  }

  /// How many events wait and of what kinds, the most frequent first; those without room are counted together.
  static func kinds(_ waiting: [RawText: Int], columns: Int) -> SafeText {
    let all = waiting.values.reduce(0, +)
    let ranked = waiting.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let events = Numeral.count(all) + (all == 1 ? " event" : " events")
    for count in stride(from: ranked.count, to: 0, by: -1) {
      let rest = ranked.dropFirst(count).reduce(0) { $0 + $1.value }
      let parts =
        ranked.prefix(count).map { Numeral.count($0.value) + " " + $0.key.safe }
        + (rest > 0 ? [Numeral.count(rest) + (rest == 1 ? " other" : " others")] : [])
      let text = ([events + " "] + parts).joined(separator: "  ")
      if text.width <= columns { return text }
    }
    return events
  }

  /// Streams of before that are not done with, the newest in words.
  static func former(_ newest: Former, _ content: Content, now: Timestamp, columns: Int) -> SafeText {
    let waiting = content.former.reduce(0) { $0 + $1.waiting }
    let wedged = content.former.reduce(0) { $0 + $1.wedged }
    var parts: [SafeText] = []
    if newest.isListed { parts.append("the next save begins a new stream") }
    if waiting > 0 { parts.append(Numeral.count(waiting) + (waiting == 1 ? " event waits" : " events wait")) }
    if wedged > 0 { parts.append(Numeral.count(wedged) + " refused") }
    if content.former.count > 1 { parts.append("\(content.former.count) streams".safe) }
    let rest = parts.joined(separator: ", ")
    let time = newest.at.shortText(asOf: now).safe + "  "
    let words = newest.reason?.safe ?? "the last of another stream"
    let reason = words.cut(to: max(8, columns - time.width - rest.width - 3))
    return Chrome.fitting([time + reason, rest], columns: columns)
  }

  private static func collector(_ content: Content, _ link: Link, columns: Int) -> StyledText {
    guard let address = content.collector else {
      return StyledText([.init("none: what you save stays in this ledger")])
    }
    let state: SafeText =
      if let problem = content.problem {
        "✗ ".safe + problem.summary.safe
      } else {
        switch link {
        case .up: "● answers"
        case .down(let since): "✗ no answer since ".safe + since.clockText.safe
        case .unknown: .empty
        }
      }
    guard !state.isEmpty else { return StyledText(address.safe.cut(to: columns)) }
    // Whether it answers is never cut for where it is.
    let room = max(16, columns - 3 - state.width)
    return StyledText(address.safe.cut(to: room) + "   ") + StyledText(signs: state)
  }

  private static func lastSync(_ content: Content, now: Timestamp, columns: Int) -> StyledText {
    guard let last = content.lastSync else { return StyledText([.init("·", .dim)]) }
    let counts = [(last.sent, " sent"), (last.received, " received"), (last.fetched, " fetched")]
      .map { Numeral.count($0.0) + SafeText($0.1) }.joined(separator: ", ")
    return StyledText(
      Chrome.fitting(
        [
          last.at.shortText(asOf: now).safe, counts, Numeral.milliseconds(Double(last.milliseconds)),
          Numeral.bytes(last.bytes),
        ], columns: columns))
  }

  private static func drawRows(_ state: State, _ content: Content, now: Timestamp, on frame: inout Frame) {
    let title = "Not archived ".safe + Numeral.count(content.rows.count)
    Chrome.rule(
      title, right: counts(content, columns: frame.columns - title.width - 9), row: 7, columns: 0..<frame.columns,
      focused: true, on: &frame)
    let columns = Columns(width: frame.columns)
    columns.drawTitles(on: &frame)
    if content.rows.isEmpty {
      let nothing: SafeText =
        content.collector == nil ? "Nothing was saved yet." : "Everything saved is with the researchers."
      frame.write(nothing, row: 9, column: 2, limit: frame.columns - 3, style: .dim)
    }
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position), 9 + line < needsRow(rows: frame.rows) else { continue }
      let row = content.rows[index]
      let y = 9 + line
      if position == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      columns.draw(row, row: y, on: &frame)
    }
  }

  /// How many events are how far; on a narrow rule by their signs alone.
  private static func counts(_ content: Content, columns: Int) -> SafeText {
    let order: [EventState] = [.saved, .sent, .received, .wedged]
    let numbers = order.map { ($0, Numeral.count(content.counts[$0] ?? 0)) }
    let words = numbers.map { $0.rawValue.safe + " " + $1 }.joined(separator: " · ")
    return words.width <= columns ? words : numbers.map { $0.sign.glyph + " " + $1 }.joined(separator: "  ")
  }

  /// The columns of the list: a narrow screen gives up the model, a wide one gives it and the words more room.
  private struct Columns {
    let width: Int

    private var extra: Int { max(0, width - 80) }
    private var hasModel: Bool { width >= 76 }
    private var hasCase: Bool { width >= 60 }
    private var kind: Int { 9 }
    private var caseName: Int { 22 }
    private var model: Int { 36 }
    private var modelWidth: Int { 14 + min(20, extra / 3) }
    private var what: Int { hasModel ? model + modelWidth + 1 : hasCase ? 36 : caseName }
    private var state: Int { width - 11 }
    private var whatWidth: Int { max(0, state - what - 1) }

    func drawTitles(on frame: inout Frame) {
      var titles: [(SafeText, Int)] = [
        ("SEQ", 2), ("KIND", kind), ("WHAT", what), ("STATE", state),
      ]
      if hasCase { titles.append(("CASE", caseName)) }
      if hasModel { titles.append(("MODEL", model)) }
      for (title, column) in titles { frame.write(title, row: 8, column: column, style: .dim) }
    }

    func draw(_ row: Row, row y: Int, on frame: inout Frame) {
      frame.write("\(row.sequence)".safe, row: y, column: 2)
      frame.write(row.kind.safe, row: y, column: kind, limit: 12)
      if hasCase { frame.write(row.caseName.safe, row: y, column: caseName, limit: 13) }
      if hasModel { frame.write(row.model.safe, row: y, column: model, limit: modelWidth) }
      frame.write(row.what.safe, row: y, column: what, limit: whatWidth)
      let sign = row.state.sign
      frame.write(sign.glyph, row: y, column: state, style: sign.style)
      frame.write(row.state.rawValue.safe, row: y, column: state + 2)
    }
  }

  /// Where the lower pane begins: a low screen keeps one line of it, for the list's sake, and the lowest not the blank
  /// under that: the list has a row.
  static func needsRow(rows: Int) -> Int { rows < 20 ? max(min(rows - 4, 10), rows - 5) : rows - 8 }

  private static func drawNeeds(_ content: Content, _ hints: Hints, row: Int, on frame: inout Frame) {
    let wedged = content.rows.filter { $0.state == .wedged }
    let needed: [(Command, SafeText)] =
      (content.conflicts.isEmpty ? [] : [(.choose, "chooses")]) + (wedged.isEmpty ? [] : [(.retry, "retry")])
    Chrome.rule(
      "Needs you ".safe + Numeral.count(wedged.count + content.conflicts.count + (content.stop == nil ? 0 : 1)),
      right: hints.row(needed), row: row, columns: 0..<frame.columns, on: &frame)
    let end = row + 1 + (frame.rows < 20 ? 1 : 4)
    var start = row + 1
    if let stop = content.stop {
      frame.write("✗", row: start, column: 2, style: .bad)
      let words = [stop.summary, stop.advice].filter { !$0.isEmpty }.map(\.safe)
      frame.write(Chrome.fitting(words, columns: frame.columns - 5), row: start, column: 4)
      start += 1
    }
    for (line, conflict) in content.conflicts.prefix(end - start).enumerated() {
      frame.write(conflict.caseName.safe, row: start + line, column: 2, limit: 14)
      frame.write("▲", row: start + line, column: 17, style: .warn)
      let versions = conflict.versions.map(\.what.safe).joined(separator: " or ")
      let answer = conflict.answer.isEmpty ? "made" : conflict.answer
      frame.write(
        "\(answer) on \(conflict.versions.count) devices: ".safe + versions, row: start + line, column: 19,
        limit: frame.columns - 20)
    }
    start += min(end - start, content.conflicts.count)
    for (line, event) in wedged.prefix(max(0, end - start)).enumerated() {
      frame.write("\(event.sequence)".safe, row: start + line, column: 2)
      frame.write("✗", row: start + line, column: 9, style: .bad)
      frame.write("wedged   ".safe + event.reason.safe, row: start + line, column: 11, limit: frame.columns - 12)
    }
    if wedged.isEmpty, content.conflicts.isEmpty, content.stop == nil {
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
      "Which of your \(conflict.subject)s stands? ".safe + conflict.caseName.safe, rows: conflict.versions.count + 4,
      columns: 68,
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
