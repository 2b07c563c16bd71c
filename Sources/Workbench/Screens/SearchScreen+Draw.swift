internal import Domain
internal import Frames
internal import SafeText

extension SearchScreen {
  /// `hidden` are cases whose answer is not to be seen before the analyst's own.
  static func draw(_ state: State, _ hints: Hints, hidden: Set<ShortHash>, now: Timestamp, on frame: inout Frame) {
    let layout = SearchLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    Chrome.rule(
      "Search", right: count(state), row: 1, columns: 0..<layout.listWidth, focused: true, on: &frame)
    drawInput(state, layout, on: &frame)
    defer {
      if layout.isWide { ColumnRule(column: layout.listWidth, rows: 1..<frame.rows - 2).draw(on: &frame) }
    }
    if layout.hasPane { drawPane(state, hidden, hints, layout, now: now, on: &frame) }
    guard !state.hits.isEmpty else {
      drawEmpty(state, hints, layout, on: &frame)
      return
    }
    let columns = Columns(width: layout.listWidth, state.hits)
    columns.drawTitles(row: layout.titleRow, on: &frame)
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      let row = layout.titleRow + 1 + line
      if position == state.rows.selection { frame.draw("▌", row: row, column: 0, style: .select) }
      columns.draw(state.hits[index], hidden, now: now, row: row, on: &frame)
      if state.isOfBefore {
        frame.restyle(Rect(row: row, column: 1, rows: 1, columns: layout.listWidth - 1)) { $0 = .dim }
      }
    }
  }

  /// How many were found, in words.
  static func count(_ state: State) -> SafeText {
    if state.isOfBefore { return Numeral.count(state.hits.count) + " of the query before" }
    guard state.query.faults.isEmpty else { return .empty }
    if state.results.isLoading { return "searching…" }
    if state.results.problem != nil { return state.hits.isEmpty ? .empty : "✗ not searched anew" }
    guard let results = state.results.value else { return .empty }
    guard results.cases > 0 else { return .empty }
    let found = Numeral.count(results.hits.count)
    let cases = Numeral.count(results.cases)
    if results.isCut { return "the newest ".safe + found + " of more, in " + cases + " cases" }
    return found + " of " + cases + (results.cases == 1 ? " case" : " cases")
  }

  private static func drawInput(_ state: State, _ layout: SearchLayout, on frame: inout Frame) {
    let width = layout.listWidth
    frame.write("/", row: layout.inputRow, column: 2, style: .bold)
    if state.isTyping {
      state.input.draw(on: &frame, row: layout.inputRow, column: 4, columns: width - 6)
    } else {
      frame.write(state.input.text.safe, row: layout.inputRow, column: 4, limit: width - 6)
    }
    guard let fault = state.query.faults.first else {
      let names = SearchQuery.filters.map(\.name.safe).joined(separator: " ")
      frame.write(
        "words  \"a phrase\"  ".safe + names, row: layout.inputRow + 1, column: 4, limit: width - 6, style: .dim)
      return
    }
    frame.write("▲", row: layout.inputRow + 1, column: 2, style: .warn)
    frame.write(fault.safe, row: layout.inputRow + 1, column: 4, limit: width - 6)
  }

  private static func drawEmpty(_ state: State, _ hints: Hints, _ layout: SearchLayout, on frame: inout Frame) {
    let limit = layout.listWidth - 4
    var row = layout.titleRow + 1
    for (index, text) in nothing(state, hints).enumerated() {
      for line in text.wrapped(to: limit) {
        frame.write(StyledText(signs: line, index == 0 ? .plain : .dim), row: row, column: 2, limit: limit)
        row += 1
      }
    }
  }

  /// Why the list is empty, and what helps.
  static func nothing(_ state: State, _ hints: Hints) -> [SafeText] {
    if let problem = state.results.problem {
      return ["✗ ".safe + problem.summary.safe, problem.advice.safe, hints.afterFailure("searches again")]
    }
    guard let results = state.results.value else { return ["Searching the ledger…"] }
    guard results.cases > 0 else {
      let keys = [hints.key(.goModels), hints.on(.models).key(.infer)].compactMap(\.self)
      let inbox = hints(.goInbox, "shows queues to take")
      return [
        "There are no cases in this ledger yet.",
        "A model that is asked makes one".safe + (keys.count == 2 ? ": " + keys[0] + ", then " + keys[1] + "." : "."),
        (inbox.isEmpty ? .empty : inbox + "; ") + "mds cases import brings in answers given elsewhere.",
      ]
    }
    guard state.query.faults.isEmpty else { return ["Nothing is searched for until this can be read."] }
    if state.results.isLoading { return ["Searching the ledger…"] }
    let words: SafeText =
      state.query.words.count > 1
      ? "All words must stand in one record, or in one note or judgement."
      : "Searched: texts of records, answers, names and ids, notes, judgements, marks."
    return ["No case is found.", words, "What colleagues said is found as far as a collector has sent it."]
  }

  /// Where something was found: the field, else the kind of what was said.
  static func place(_ match: SearchMatch, withName: Bool) -> SafeText {
    let past: SafeText = match.isPast ? "was " : ""
    switch match.place {
    case .field: return match.of.safe
    case .number: return "case"
    case .model, .answer, .source: return match.place.rawValue.safe
    case .verdict, .label, .reason, .note, .mark, .flag, .decision:
      let name = withName && !match.of.isEmpty ? " ".safe + match.of.safe : .empty
      return past + match.place.rawValue.safe + name
    }
  }

  /// The text with what was found in it bold.
  static func text(_ match: SearchMatch) -> StyledText {
    StyledText([
      .init(match.before.safe), .init(match.found.safe, .bold), .init(match.after.safe),
    ])
  }

  private struct Columns {
    let width: Int
    private let modelWidth: Int
    private let hasModel: Bool

    /// By all hits, not by those in view: nothing moves when they do.
    init(width: Int, _ hits: [SearchHit]) {
      self.width = width
      let hasAnswer = width >= 100
      let wanted = hasAnswer ? 20 : 14
      let found = hits.compactMap(\.match).map { match in
        SearchScreen.place(match, withName: hasAnswer).width + 2 + SearchScreen.text(match).width
      }
      // A narrow screen gives up the model for what was found.
      hasModel = width >= 70 || (found.isEmpty && width >= 56)
      modelWidth = ColumnShare.first(
        wanted, needs: max(5, hits.map(\.model.title.width).max() ?? 0), beside: found.max() ?? 0,
        of: width - 28 - (hasAnswer ? 11 : 0) - 9)
    }

    private var hasAnswer: Bool { width >= 100 }
    private var at: Int { 15 }
    private var model: Int { at + 11 }
    private var answer: Int { model + (hasModel ? modelWidth + 1 : 0) }
    private var you: Int { answer + (hasAnswer ? 11 : 0) }
    private var found: Int { you + (hasModel ? 9 : 0) }

    func drawTitles(row: Int, on frame: inout Frame) {
      frame.write("CASE", row: row, column: 2, style: .dim)
      frame.write("AT", row: row, column: at, style: .dim)
      if hasModel { frame.write("MODEL", row: row, column: model, style: .dim) }
      if hasAnswer { frame.write("ANSWER", row: row, column: answer, style: .dim) }
      if hasModel { frame.write("YOU", row: row, column: you, style: .dim) }
      frame.write("FOUND", row: row, column: found, style: .dim)
    }

    func draw(_ hit: SearchHit, _ hidden: Set<ShortHash>, now: Timestamp, row: Int, on frame: inout Frame) {
      let isHidden = hidden.contains(hit.id)
      frame.write(hit.name.safe, row: row, column: 2, limit: at - 3)
      frame.write(hit.at.shortText(asOf: now).safe, row: row, column: at)
      if hasModel { frame.write(hit.model.title, row: row, column: model, limit: modelWidth) }
      if hasAnswer {
        frame.write(isHidden ? "hidden" : hit.label.safe, row: row, column: answer, limit: 10)
      }
      if hasModel {
        let style: Style = hit.verdict == nil ? .dim : .plain
        frame.write(hit.verdict?.word ?? "·", row: row, column: you, limit: 8, style: style)
      }
      guard let match = hit.match, !(isHidden && match.place.tellsAnswer) else { return }
      let place = SearchScreen.place(match, withName: hasAnswer)
      let line = StyledText(place + "  ", .dim) + SearchScreen.text(match)
      frame.write(line, row: row, column: found, limit: width - found - 1)
    }
  }

  private static func drawPane(
    _ state: State, _ hidden: Set<ShortHash>, _ hints: Hints, _ layout: SearchLayout, now: Timestamp,
    on frame: inout Frame
  ) {
    let columns = layout.isWide ? layout.listWidth + 1..<frame.columns : 0..<frame.columns
    guard !state.hits.isEmpty, let found = state.found.value else {
      if layout.isWide { Chrome.rule("Case", row: layout.paneRow, columns: columns, on: &frame) }
      return
    }
    let isHidden = hidden.contains(found.case.id)
    Chrome.rule(
      "Case ".safe + found.case.name.safe, right: isHidden ? "hidden until you answer" : hints(.open, "opens it"),
      row: layout.paneRow, columns: columns, on: &frame)
    let pane = layout.pane
    // Until the selected case is read, the one before is shown, and not with the other's match.
    // Nor is what was found for another query.
    let isCurrent = state.selected?.id == found.case.id && !isHidden && !state.isOfBefore
    let match = isCurrent ? state.selected?.match : nil
    let lines = lines(
      found, match, isHidden: isHidden, now: now, width: pane.columns)
    for (line, text) in lines.prefix(pane.rows).enumerated() {
      frame.write(text, row: pane.row + line, column: pane.column, limit: pane.columns)
    }
  }

  /// The case of a hit as lines: its answer, where it was found, what is said of it, its record.
  static func lines(
    _ found: Found, _ match: SearchMatch?, isHidden: Bool, now: Timestamp, width: Int
  ) -> [StyledText] {
    let current = found.case
    var first = StyledText(current.model.title + "   ")
    if isHidden {
      first += StyledText("answer hidden", .dim)
    } else {
      first += StyledText(current.prediction.shown.cut(to: max(8, width / 2)), .bold)
      if let p = current.prediction.chosen?.probability { first += StyledText(" ".safe + Numeral.decimal(p)) }
      if current.outlier?.isOutlier == true { first += StyledText(signs: "   ▲ outlier") }
    }
    first += StyledText("   ".safe + current.at.shortText(asOf: now).safe, .dim)
    var lines = [first]
    if let match, match.place != .number {
      let heading = StyledText(place(match, withName: true) + "  ", .dim)
      lines += isNarrow(width) ? [heading] + wrapped(match, width: width) : [heading + text(match)]
    }
    let record = RecordLines.lines(of: current.record, found.signature, width: width).map { StyledText($0) }
    guard !isHidden else { return lines + record }
    lines += found.said.prefix(8).flatMap { said -> [StyledText] in
      let when = said.at.shortText(asOf: now).safe.padded(to: 10)
      let who = said.analyst.safe.cut(to: 20)
      let heading = StyledText(when + " " + said.kind.safe.padded(to: 9) + "  " + who + "  ", .dim)
      guard isNarrow(width) else { return [heading + StyledText(said.words.safe)] }
      return [heading] + said.words.safe.wrapped(to: width - 2).map { StyledText("  " + $0) }
    }
    if found.said.isEmpty { lines.append(StyledText("Nobody has said anything of it here.", .dim)) }
    return lines + record
  }

  /// Whether words stand under who said them, not beside.
  private static func isNarrow(_ width: Int) -> Bool { width < 60 }

  /// What was found as lines; in one line what was found is bold.
  private static func wrapped(_ match: SearchMatch, width: Int) -> [StyledText] {
    let lines = match.text.safe.wrapped(to: width - 2).map { StyledText("  " + $0) }
    return lines.count == 1 ? [StyledText("  ") + text(match)] : lines
  }
}
