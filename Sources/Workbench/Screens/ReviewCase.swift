internal import Domain
internal import Feedback
internal import Frames
internal import SafeText

/// The case on the table in the queue: enough of it to judge most cases without opening it; blind, the record alone.
enum ReviewCase {
  static func draw(
    _ state: ReviewScreen.State, _ item: ReviewScreen.Item, _ hints: Hints, _ layout: ReviewLayout, now: Timestamp,
    on frame: inout Frame
  ) {
    let isHidden = state.isHidden(item)
    Chrome.rule(
      "Case ".safe + item.content.case.name.safe, right: right(state, item, hints, isHidden: isHidden),
      row: layout.caseRow, columns: layout.caseColumns, on: &frame)
    let room = Room(item, layout)
    if let picture = item.content.picture, let place = room.picture { picture.draw(on: &frame, in: place) }
    let missing = missing(item, room, layout, hints)
    let lines =
      isHidden
      ? blindLines(item, missing, hints, width: room.width, rows: room.rows)
      : openLines(state, item, missing, hints, now: now, width: room.width, rows: room.rows).lines
    for (line, text) in lines.prefix(room.rows).enumerated() {
      frame.write(text, row: room.inside.endRow - room.rows + line, column: room.inside.column + 1, limit: room.width)
    }
  }

  /// The explanations of the case on the table that its lines have rows for, where its answer is not hidden: of the others
  /// nobody can say that they were seen.
  static func explanations(_ state: ReviewScreen.State) -> [Int] {
    guard let item = state.selected, !state.isHidden(item) else { return [] }
    let layout = ReviewLayout(state.size)
    let room = Room(item, layout)
    // Neither the keys nor the time make more lines or fewer.
    let hints = Hints(keymap: .standard, scope: .review)
    return openLines(
      state, item, missing(item, room, layout, hints), hints, now: item.content.case.at, width: room.width,
      rows: room.rows
    ).shown
  }

  /// Where the case's lines and its picture stand.
  private struct Room {
    var inside: Rect
    var picture: Rect?
    var width: Int
    var rows: Int

    init(_ item: ReviewScreen.Item, _ layout: ReviewLayout) {
      let columns = layout.caseColumns
      inside = Rect(
        row: layout.caseRow + 1, column: columns.lowerBound + 1, rows: layout.caseLines, columns: columns.count - 2)
      picture = item.content.picture.flatMap { [inside] in ReviewCase.picturePlace($0.grid, layout, inside) }
      // Above the case's lines on a wide screen, else at their right.
      rows = inside.rows - (layout.isWide ? picture.map { $0.rows + 1 } ?? 0 : 0)
      width = inside.columns - 1 - (layout.isWide ? 0 : picture.map { $0.columns + 2 } ?? 0)
    }
  }

  private static func missing(
    _ item: ReviewScreen.Item, _ room: Room, _ layout: ReviewLayout, _ hints: Hints
  ) -> SafeText? {
    room.picture == nil ? item.content.picture.map { absence(of: $0, layout, hints) } : nil
  }

  private static func right(
    _ state: ReviewScreen.State, _ item: ReviewScreen.Item, _ hints: Hints, isHidden: Bool
  ) -> SafeText {
    if isHidden { return "hidden: answer, why, signals, others" }
    guard case .revealed(let first) = state.progress(of: item) else {
      let note = item.content.guideline.map { JudgementPanel.note(of: $0.version, hints) } ?? .empty
      return [note, hints(.open, "opens it")].filter { !$0.isEmpty }.joined(separator: "   ")
    }
    guard let at = first.at else { return "looked at before" }
    return (first.judgement == nil ? "looked at " : "revealed ") + at.clockText.safe
  }

  // MARK: Pictures

  /// Within the case's own rows, the blank ones around them as well; nil where there are too few.
  private static func picturePlace(_ grid: PixelGrid, _ layout: ReviewLayout, _ inside: Rect) -> Rect? {
    let room =
      layout.isWide
      ? Rect(
        row: inside.row + 1, column: inside.column + 1, rows: min(14, inside.rows / 2),
        columns: min(40, inside.columns - 2))
      : Rect(
        row: inside.row, column: layout.size.columns / 2, rows: layout.callRow - inside.row,
        columns: min(40, layout.size.columns / 2))
    let scale = grid.scale(fitting: room)
    guard scale > 0 else { return nil }
    let size = grid.size(scale: scale)
    let column = layout.isWide ? room.column : layout.size.columns - size.columns - 2
    return Rect(row: room.row, column: column, rows: size.rows, columns: size.columns)
  }

  /// That there is a picture, and the keys that show it where a panel of its own has the rows.
  private static func absence(of picture: RecordPicture, _ layout: ReviewLayout, _ hints: Hints) -> SafeText {
    let size = "picture \(picture.grid.rows) × \(picture.grid.columns)".safe
    let needed = picture.grid.size(scale: 1)
    let fits = needed.rows <= layout.size.rows - 4 && needed.columns <= layout.size.columns / 2
    guard fits, let large = hints.key(.onePanel), let next = hints.key(.nextPanel) else {
      return size + "   a larger terminal shows it"
    }
    return size + "   " + large + ", then " + next + ", shows it"
  }

  // MARK: Lines

  /// The record alone, the question and the keys that answer it: nothing that tells the model's answer.
  private static func blindLines(
    _ item: ReviewScreen.Item, _ missing: SafeText?, _ hints: Hints, width: Int, rows: Int
  ) -> [StyledText] {
    let asked = item.content.guideline.flatMap { $0.question.isEmpty ? nil : $0.question.safe }
    let question = asked ?? (item.content.signature?.question ?? "Which label is right?").safe
    let all = item.content.labels
    let labels = all.indices.map { JudgementPanel.text(of: $0, among: all) }.joined(separator: "  ")
    let disagree = StyledText("  ".safe + (hints.key(.disagree) ?? " ") + "  ", .bold)
    let others = [(Command.unsure, " unsure".safe), (.skip, " skip")].reduce(StyledText()) { text, other in
      guard let key = hints.key(other.0) else { return text }
      return text + StyledText("   ".safe + key, .bold) + StyledText(other.1)
    }
    var keys = [disagree + StyledText(labels.cut(to: max(8, width - 28))) + others]
    if labels.width > width - 28 {
      // Where they do not fit in a line, the labels have one of their own.
      keys = [disagree + StyledText(labels.cut(to: width - 6)), StyledText(" ") + others]
    }
    var asking = StyledText(question, .bold)
    if let version = item.content.guideline?.version {
      let note = JudgementPanel.note(of: version, hints)
      let gap = width - asking.width - note.width
      if gap >= 3 { asking = asking + StyledText(SafeText(String(repeating: " ", count: gap)) + note, .dim) }
    }
    let last = [asking] + keys
    let values = [missing].compactMap(\.self) + record(item, order: nil, width: width)
    // Nobody answers on a part without knowing that there is more.
    var lines = RecordLines.fitting(
      values, rows: max(1, rows - last.count), hints(.table, "shows the whole record"), width: width)
    // The question stands at the bottom, whatever the record's length.
    while lines.count < rows - last.count { lines.append(StyledText()) }
    return lines + last
  }

  /// The lines of a case whose answer is not hidden, and the explanations among them that there are rows for.
  private static func openLines(
    _ state: ReviewScreen.State, _ item: ReviewScreen.Item, _ missing: SafeText?, _ hints: Hints, now: Timestamp,
    width: Int, rows: Int
  ) -> (lines: [StyledText], shown: [Int]) {
    let current = item.content.case
    var lines: [StyledText] = []
    var told: [(explanation: Int?, line: Int)] = []
    if case .revealed(let first) = state.progress(of: item) { lines.append(firstAnswer(first)) }
    lines.append(
      (lines.isEmpty ? StyledText() : StyledText("model  ", .dim)) + answer(current.prediction, item.content.signature))
    let isTall = rows > 12
    if !state.telling.isEmpty {
      told.append((current.explanations.firstIndex { $0 == current.tellingExplanation }, lines.count))
    }
    if isTall {
      lines += bars(state, width: width)
    } else if !state.telling.isEmpty {
      lines.append(why(state, width: width))
    } else if item.content.canExplain == true, anchor(current) == nil {
      // Its place, until it comes: nothing moves then.
      lines.append(StyledText("why    ·", .dim))
    }
    let beforeRule = lines.count
    if isTall {
      lines.append(CaseScreen.driftText(item.content.window, columns: width, now: now))
      lines.append(CaseScreen.outlierText(current.outlier))
    } else {
      lines.append(CaseScreen.signals(item.content, columns: width, now: now))
    }
    let others = CaseScreen.others(item.content, hints, now: now)
    if !others.isEmpty { lines.append(StyledText("others ", .dim) + StyledText(others)) }
    let values = [missing].compactMap(\.self) + record(item, order: state.telling.map(\.part.name), width: width)
    // What is judged has a line whatever else is said of it, and the rule says again what the shares say.
    let least = values.isEmpty ? 0 : min(rows - 1, 1)
    var isLong = false
    let isOnly = state.telling.isEmpty
    if let rule = anchor(current, selected: isOnly ? state.feature : nil, mark: { state.mark(on: $0, ofRule: true) }) {
      isLong = lines.count + 1 + least > rows
      if !isLong || isOnly {
        lines.insert(rule, at: beforeRule)
        told.append((current.explanations.firstIndex { $0 == current.rule }, beforeRule))
      }
    }
    // Lines are cut only where none has been wrapped: there the places above hold.
    let shown = told.filter { $0.line < rows - least }.compactMap(\.explanation)
    let blank = isTall ? [StyledText()] : []
    // On a low screen the least probable classes are worth no row that what others said can have.
    let whole = isTall ? 0 : 1
    let spare = rows - lines.count - blank.count - values.count
    lines =
      lines.prefix(whole) + WrappedLines.fitting(Array(lines.dropFirst(whole)), width: width, spare: spare) + blank
    let room = values.isEmpty ? 0 : max(least, rows - lines.count)
    isLong = isLong || lines.count > rows - room
    let rest = hints(.table, isLong ? "shows the rest" : "shows the whole record")
    let record = RecordLines.fitting(isLong ? values + [""] : values, rows: room, rest, width: width)
    return (lines.prefix(rows - room) + record, shown)
  }

  private static func firstAnswer(_ first: ReviewScreen.FirstAnswer) -> StyledText {
    let saved = first.sequence.map { "saved #\($0)".safe } ?? "being saved"
    guard let judgement = first.judgement else {
      let looked = first.at == nil ? "looked before" : "looked first, ".safe + saved
      return StyledText("you    ", .dim) + StyledText(looked + "; what you answer now is not blind")
    }
    var said = judgement.rightText?.safe ?? judgement.verdict?.word ?? "·"
    if let confidence = judgement.confidence { said += "   confidence \(confidence)/5".safe }
    return StyledText("you    ", .dim) + StyledText(said, .bold) + StyledText("   ".safe + saved + ", initial, blind")
  }

  private static func answer(_ prediction: Prediction, _ signature: Signature?) -> StyledText {
    var text = StyledText(prediction.shown, .bold)
    if let probability = prediction.chosen?.probability { text += StyledText(" ".safe + Numeral.decimal(probability)) }
    if let doubt = prediction.doubt(signature) { text += StyledText("   ".safe + doubt, .warn) }
    for score in prediction.ranked where score.label != prediction.chosen?.label {
      text += StyledText("   ".safe + score.label.safe + " " + Numeral.decimal(score.probability), .dim)
    }
    return text
  }

  /// The largest shares of the chosen class; the one that a mark goes on is underlined, marks stand beside.
  private static func why(_ state: ReviewScreen.State, width: Int) -> StyledText {
    let parts = state.telling.enumerated().map { index, feature -> StyledText in
      let name = StyledText(feature.part.text.safe.cut(to: 22), index == state.feature ? .underline : .plain)
      let mark = state.mark(on: feature.part).map { StyledText(" ".safe + $0.sign.safe, .bold) } ?? StyledText()
      return StyledText(Numeral.decimal(feature.share, signed: true) + " ") + name + mark
    }
    let lead = StyledText("why    ", .dim)
    // The one that a mark goes on is always in view: those before it give way.
    var first = 0
    let widths = parts.map { $0.width + 2 }
    while first < state.feature, first < parts.count,
      widths[first...min(state.feature, parts.count - 1)].reduce(lead.width + (first > 0 ? 3 : 0) - 2, +) > width
    {
      first += 1
    }
    var text = first > 0 ? lead + StyledText("…  ", .dim) : lead
    for (index, part) in parts.enumerated().dropFirst(first) {
      let next = index > first ? StyledText("  ") + part : part
      // A feature cut in its name says nothing: what does not fit is left out.
      guard text.width + next.width <= width || index <= state.feature else { break }
      text += next
    }
    return text
  }

  /// The same one under another, each with its bar: `█` for the answer, `▒` against it.
  private static func bars(_ state: ReviewScreen.State, width: Int) -> [StyledText] {
    let largest = state.telling.map(\.share.magnitude).max() ?? 0
    let name = min(26, max(12, width - 28))
    let lines = state.telling.enumerated().map { index, feature in
      let share = largest > 0 ? feature.share.magnitude / largest : 0
      let bar = Bar.text(share, cells: max(4, width - name - 12), shade: feature.share < 0 ? "▒" : "█")
      let mark = state.mark(on: feature.part)?.sign.safe ?? " "
      return StyledText(Numeral.decimal(feature.share, signed: true).padded(to: 6, .right) + "  ")
        + StyledText(feature.part.text.safe.padded(to: name), index == state.feature ? .underline : .plain)
        + StyledText(" ".safe + mark + " ", .bold) + StyledText(bar, feature.share < 0 ? .negative : .positive)
    }
    if lines.isEmpty, state.selected?.content.canExplain == true {
      // The places of what is to come: nothing moves then.
      return [StyledText(), StyledText("why    ·", .dim)] + Array(repeating: StyledText(), count: 4)
    }
    return lines.isEmpty ? [] : [StyledText()] + lines + [StyledText()]
  }

  /// The rule that holds the answer, in a line; the predicate that a mark goes on is underlined, marks stand beside.
  static func anchor(
    _ current: Case, selected: Int? = nil, mark: (Explanation.Part) -> MarkKind? = { _ in nil }
  ) -> StyledText? {
    guard let rule = current.rule, case .anchor(let anchor) = rule.content else { return nil }
    var text = StyledText("anchor ", .dim)
    for (index, part) in rule.parts.all.enumerated() {
      text += StyledText(index > 0 ? " AND " : "")
      text += StyledText(part.text.safe, index == selected ? .underline : .plain)
      if let mark = mark(part) { text += StyledText(" ".safe + mark.sign.safe, .bold) }
    }
    return text + StyledText("   precision " + Numeral.decimal(anchor.precision))
  }

  /// The record's values, several to a line, those that count most first.
  static func record(_ item: ReviewScreen.Item, order: [RawText]?, width: Int) -> [SafeText] {
    RecordLines.lines(of: item.content.case.record, item.content.signature, first: order ?? [], width: width)
  }
}

extension Signature {
  /// The question that the model's makers put to a reviewer.
  var question: String? { parameters.first { $0.key == "task_question" }?.value.string }
}
