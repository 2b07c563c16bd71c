internal import Domain
internal import Frames
internal import SafeText
internal import Statistics

/// Where the parts of the models screen stand.
struct ModelsLayout: Equatable {
  let columns: Int
  let rows: Int

  /// A pane at the right where there is room for it, below the list otherwise.
  var isWide: Bool { columns >= 118 }
  var listWidth: Int { isWide ? columns - max(36, min(80, columns - 84)) : columns }
  var listHeight: Int { max(1, isWide ? rows - 5 : rows - (rows >= 16 ? 10 : 5)) }
  var hasPane: Bool { isWide || rows >= 16 }
  var paneRow: Int { isWide ? 1 : 3 + listHeight + 1 }
}

extension ModelsScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let layout = ModelsLayout(columns: frame.columns, rows: frame.rows)
    let isStale = state.unreachableSince != nil && state.listing.value != nil
    Chrome.rule(
      title(state), right: heading(state, hints, now: now), row: 1, columns: 0..<layout.listWidth, focused: true,
      on: &frame)
    let asOf = isStale ? state.listing.value.map { $0.at.shortText(asOf: now).safe } : nil
    drawList(state, layout, asOf: asOf, on: &frame)
    if state.groups.isEmpty {
      drawEmpty(state, hints, layout, on: &frame)
    } else if state.rows.isEmpty {
      frame.write("No model matches.", row: 3, column: 2, limit: layout.listWidth - 3, style: .dim)
    }
    guard layout.hasPane else { return }
    if !state.rows.isEmpty, let index = state.followed, state.groups.indices.contains(index) {
      drawPane(state, state.groups[index], hints, layout, now: now, on: &frame)
    } else {
      drawNoPane(layout, on: &frame)
    }
  }

  private static func title(_ state: State) -> SafeText {
    guard state.listing.value != nil else { return "Models" }
    let count =
      state.rows.count == state.groups.count
      ? Numeral.count(state.groups.count)
      : Numeral.count(state.rows.count) + " of " + Numeral.count(state.groups.count)
    var title = "Models ".safe + count
    if !state.filter.isEmpty { title += "  / ".safe + state.filter.safe }
    return title
  }

  private static func heading(_ state: State, _ hints: Hints, now: Timestamp) -> SafeText {
    if let preparing = state.preparing { return preparing.safe }
    if state.unreachableSince != nil {
      let next = state.nextTry.map { ", next try ".safe + $0.clockText.safe } ?? .empty
      return (state.lastKnown(asOf: now) ?? "no answer yet") + next
    }
    guard let listing = state.listing.value else { return .empty }
    if state.listing.isLoading { return "asking…" }
    let log = hints.key(.goLog).map { ", ".safe + $0 } ?? .empty
    let notice: SafeText = listing.notices.isEmpty ? .empty : "▲ \(listing.notices.count) to note".safe + log + "   "
    let live: SafeText = state.isLive ? "live   " : .empty
    return notice + live + "sort: ".safe + state.sort.rawValue.safe + (state.isReversed ? " ↑" : " ↓")
  }

  private static func drawEmpty(_ state: State, _ hints: Hints, _ layout: ModelsLayout, on frame: inout Frame) {
    let width = layout.listWidth - 6
    switch state.listing {
    case .idle, .loading:
      frame.write("Asking the service what it serves…", row: 3, column: 2, limit: width, style: .dim)
    case .loaded:
      frame.write("The service answers, and serves no models.", row: 3, column: 2, limit: width)
      frame.write(hints(.reload, "asks again"), row: 4, column: 2, style: .dim)
    case .failed(let problem, _):
      var row = 3
      frame.write("✗", row: row, column: 2, style: .bad)
      for line in SafeText.lines(of: problem.summary, width: width).prefix(2) {
        frame.write(line, row: row, column: 4)
        row += 1
      }
      for line in SafeText.lines(of: problem.advice, width: width).prefix(2) {
        frame.write(line, row: row, column: 4, style: .dim)
        row += 1
      }
      let help = hints.row([
        (.reload, "asks again"), (.goLog, "shows it in full"), (.goReview, "reviews what is here"),
      ])
      frame.write(help, row: row, column: 4, limit: width, style: .dim)
    }
  }

  private static func drawList(_ state: State, _ layout: ModelsLayout, asOf: SafeText?, on frame: inout Frame) {
    let columns = Columns(width: layout.listWidth)
    columns.drawTitles(isStale: asOf != nil, on: &frame)
    for (line, row) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: row) else { continue }
      let group = state.groups[index]
      let y = 3 + line
      if row == state.rows.selection { frame.draw("▌", row: y, column: 0, style: .select) }
      columns.draw(group.model, state.facts(of: group), asOf: asOf, row: y, on: &frame)
    }
  }

  /// The columns of the list; those that do not fit are dropped, the least needed first: the sparkline, ERR%, P95, CALLS, and
  /// last how much drifted. What is left then is the name's.
  private struct Columns {
    /// Under so many columns not all have room.
    private static let whole = 80
    /// Cells of a name that the others leave to it, and of version and state.
    private static let leastName = 16
    private static let identity = 2 + 8 + 10

    let width: Int
    private let nameWidth: Int
    private let showsCalls: Bool
    private let showsP95: Bool
    private let showsFailed: Bool
    private let showsDrift: Bool
    private let showsSpark: Bool

    init(width: Int) {
      self.width = width
      var room = width - 1 - Columns.identity - Columns.leastName
      func takes(_ cells: Int) -> Bool {
        guard width < Columns.whole else { return true }
        guard room >= cells else { return false }
        room -= cells
        return true
      }
      showsDrift = takes(7)
      showsCalls = showsDrift && takes(8)
      showsP95 = showsCalls && takes(8)
      showsFailed = showsP95 && takes(6)
      showsSpark = showsFailed && takes(9)
      nameWidth = width < Columns.whole ? max(8, Columns.leastName + room) : 20 + (width - 76) / 3
    }

    private var versionEnd: Int { 2 + nameWidth + 5 }
    private var stateStart: Int { versionEnd + 3 }
    private var callsEnd: Int { stateStart + 18 }
    private var p95End: Int { callsEnd + 8 }
    private var failedEnd: Int { p95End + 6 }
    /// Where the last of the columns before the drift ends.
    private var numbersEnd: Int {
      showsFailed ? failedEnd : showsP95 ? p95End : showsCalls ? callsEnd : stateStart + 10
    }
    private var driftStart: Int { numbersEnd + 2 }
    private var driftEnd: Int { showsSpark ? driftStart + 14 : numbersEnd + 7 }

    func drawTitles(isStale: Bool, on frame: inout Frame) {
      frame.write("NAME", row: 2, column: 2, style: .dim)
      frame.write("VER", row: 2, endingAt: versionEnd, style: .dim)
      frame.write(isStale ? "LAST STATE" : "STATE", row: 2, column: stateStart, style: .dim)
      if showsCalls { frame.write("CALLS", row: 2, endingAt: callsEnd, style: .dim) }
      if showsP95 { frame.write("P95 MS", row: 2, endingAt: p95End, style: .dim) }
      if showsFailed { frame.write("ERR%", row: 2, endingAt: failedEnd, style: .dim) }
      guard showsDrift else { return }
      if showsSpark {
        frame.write(isStale ? "AS OF" : "DRIFT 60 h", row: 2, column: driftStart, style: .dim)
      } else {
        frame.write(isStale ? "AS OF" : "DRIFT", row: 2, endingAt: driftEnd, style: .dim)
      }
    }

    func draw(_ model: Model, _ facts: Facts, asOf: SafeText?, row: Int, on frame: inout Frame) {
      let kind = model.kind.short
      frame.write(kind, row: row, endingAt: 2 + nameWidth - 1, style: .dim)
      frame.write(model.name.safe, row: row, column: 2, limit: nameWidth - 1 - (kind.isEmpty ? 0 : kind.width + 1))
      if let version = model.version {
        frame.write(("v" + version.safe).cut(to: 5), row: row, endingAt: versionEnd)
      }
      if asOf == nil {
        let sign = model.state.sign
        frame.write(sign.glyph, row: row, column: stateStart, style: sign.style)
      } else {
        // Plain: a change of style in each row would be a tenth of what the screen costs on the line.
        frame.write("~", row: row, column: stateStart)
      }
      frame.write(model.state.word.safe, row: row, column: stateStart + 2)
      if showsCalls {
        write(facts.calls == 0 ? nil : Numeral.count(facts.calls), row: row, endingAt: callsEnd, on: &frame)
      }
      if showsP95 { write(facts.p95.map { Numeral.whole($0) }, row: row, endingAt: p95End, on: &frame) }
      if showsFailed {
        let failed = facts.calls == 0 ? nil : facts.failedShare.map { Numeral.decimal(100 * $0, places: 2) }
        write(failed, row: row, endingAt: failedEnd, on: &frame)
      }
      guard showsDrift else { return }
      if let asOf {
        if showsSpark {
          frame.write(asOf, row: row, column: driftStart)
        } else {
          frame.write(asOf, row: row, endingAt: driftEnd)
        }
        return
      }
      drawDrift(facts.driftShares, row: row, on: &frame)
    }

    private func drawDrift(_ shares: [Double?], row: Int, on frame: inout Frame) {
      let newest = shares.last { $0 != nil } ?? nil
      write(newest.map { Numeral.decimal($0) }, row: row, endingAt: driftEnd, on: &frame)
      guard showsSpark else { return }
      if newest == nil {
        frame.write("·", row: row, column: driftStart, style: .dim)
      } else {
        frame.write(Sparkline(shares, range: 0...1).text, row: row, column: driftStart)
      }
    }

    private func write(_ text: SafeText?, row: Int, endingAt end: Int, on frame: inout Frame) {
      frame.write(text ?? "·", row: row, endingAt: end, style: text == nil ? .dim : .plain)
    }
  }
}
