internal import Domain
internal import Frames
internal import SafeText

/// Where the parts of the form stand.
struct InferLayout: Equatable {
  let columns: Int
  let rows: Int

  /// The column of the edge between the form and what is known of the model.
  var split: Int? { columns >= 76 ? max(min(columns - 33, 60), columns * 45 / 100) : nil }
  /// On a narrow screen what stands at the right elsewhere stands under the form: lines of the answer, of the signature.
  var answerLines: Int { split != nil || rows < 16 ? 0 : rows >= 20 ? 4 : 1 }
  var signatureLines: Int { split == nil && rows >= 36 ? 8 : 0 }
  /// Their rows, rules among them.
  var lowerRows: Int { [answerLines, signatureLines].filter { $0 > 0 }.reduce(0) { $0 + $1 + 1 } }
  /// Rows of the form: header, rule, a blank, two lines of notice, toast and footer are not among them.
  var formHeight: Int { max(1, rows - 8 - lowerRows) }
}

extension Field {
  /// What the field expects: its range and unit, or how many values it may have.
  var expectation: String {
    switch kind {
    case .category(let labels): "\(labels.count) values"
    case .flag: "true, false"
    case .text: "text"
    case .image(let rows, let columns, _): "\(rows) × \(columns)"
    case .list: ["list", range?.text ?? "", unit.string].filter { !$0.isEmpty }.joined(separator: " ")
    case .open: "by request"
    case .number, .integer: [range?.text ?? "", unit.string].filter { !$0.isEmpty }.joined(separator: " ")
    }
  }
}

extension InferScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let layout = InferLayout(columns: frame.columns, rows: frame.rows)
    let width = layout.split ?? frame.columns
    Chrome.rule(inputTitle(state), right: inputSource(state), row: 1, columns: 0..<width, focused: true, on: &frame)
    if let split = layout.split {
      drawSide(state, hints, layout, split: split, now: now, on: &frame)
    } else {
      drawLower(state, hints, layout, now: now, on: &frame)
    }
    guard state.signature.value != nil else {
      drawAbsent(state, hints, width: width, on: &frame)
      return
    }
    drawForm(state, width: width, on: &frame)
    if let streamed = state.streamed { drawStreamed(streamed, state, layout, on: &frame) }
    drawNotice(state, hints, layout, width: width, on: &frame)
    drawBatch(state, hints, width: width, on: &frame)
  }

  private static func inputTitle(_ state: State) -> SafeText {
    guard let batch = state.batch else { return "Input" }
    return "Input  row \(batch.index + 1) of \(batch.records.count)".safe
  }

  private static func inputSource(_ state: State) -> SafeText { state.batch?.name.safe ?? .empty }

  private static func drawAbsent(_ state: State, _ hints: Hints, width: Int, on frame: inout Frame) {
    if let problem = state.signature.problem {
      frame.write("✗", row: 3, column: 2, style: .bad)
      let lines = SafeText.lines(of: problem.summary, width: width - 6).prefix(3)
      for (line, text) in lines.enumerated() { frame.write(text, row: 3 + line, column: 4) }
      let help = hints.row([(.reload, "asks again"), (.goLog, "in full")])
      frame.write(help, row: 3 + lines.count, column: 4, limit: width - 5, style: .dim)
    } else {
      frame.write("Asking for the model's fields…", row: 3, column: 2, style: .dim)
    }
  }

  /// The cells of what a field expects, at the right of the form.
  private static let hintWidth = 14

  private static func drawForm(_ state: State, width: Int, on frame: inout Frame) {
    let nameWidth = min(width > 80 ? 32 : 20, max(8, state.fields.map { $0.name.safe.width }.max() ?? 8))
    let valueStart = 2 + nameWidth + 1
    let choices = state.fields.compactMap { field -> Int? in
      guard case .category(let labels) = field.kind else { return nil }
      return labels.map(\.safe.width).max()
    }
    let choiceWidth = max(12, choices.max() ?? 0)
    for (line, row) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: row), state.entries.indices.contains(index) else { continue }
      let field = state.fields[index]
      let entry = state.entries[index]
      let y = 3 + line
      let isSelected = row == state.rows.selection
      if isSelected { frame.draw("▌", row: y, column: 0, style: .select) }
      frame.write(field.name.safe, row: y, column: 2, limit: nameWidth)
      let hint = field.expectation.safe.cut(to: hintWidth)
      let room = max(4, width - valueStart - hint.width - 4)
      // The last one's text goes on in the rows under it that are free.
      let free = line == state.rows.visible.count - 1 ? freeRows(state).count : 0
      if isSelected, case .editing(let input) = state.mode {
        input.draw(on: &frame, in: Rect(row: y, column: valueStart, rows: 1 + free, columns: room))
      } else if isSelected, free > 0, field.kind == .text, entry.text.safe.width > room {
        let lines = StyledText(entry.text.safe).wrapped(to: room, rows: 1 + free)
        for (index, text) in lines.enumerated() { frame.write(text, row: y + index, column: valueStart) }
      } else {
        if isSelected, field.kind == .text, entry.text.safe.width > room {
          drawWhole(field, entry, in: freeRows(state), width: width, on: &frame)
        }
        drawValue(field, entry, choiceWidth, row: y, column: valueStart, width: room, on: &frame)
      }
      if entry.problem != nil { frame.write("✗", row: y, column: width - hint.width - 4, style: .bad) }
      frame.write(hint, row: y, endingAt: width - 1, style: .dim)
    }
    if case .image(let rows, let columns, _) = state.selectedField?.kind, let index = state.rows.selected,
      let pixels = state.entries[index].pixels
    {
      let largest = state.fields[index].range?.upperBound ?? pixels.max() ?? 1
      HalfBlockImage(PixelGrid(rows: rows, columns: columns, values: pixels), white: largest)
        .draw(on: &frame, in: Rect(row: 5, column: 2, rows: frame.rows - 9, columns: width - 4))
    }
  }

  /// The rows of the form that no field stands in.
  private static func freeRows(_ state: State) -> Range<Int> {
    let first = 3 + state.rows.visible.count
    return state.streamed == nil ? first..<max(first, 3 + state.rows.height) : first..<first
  }

  /// A text that its row has no room for, under the form.
  private static func drawWhole(_ field: Field, _ entry: Entry, in rows: Range<Int>, width: Int, on frame: inout Frame)
  {
    guard rows.count > 2 else { return }
    frame.write(field.name.safe, row: rows.lowerBound + 1, column: 4, limit: width - 5, style: .dim)
    let lines = StyledText(entry.text.safe).wrapped(to: width - 5, rows: rows.count - 2)
    for (index, text) in lines.enumerated() { frame.write(text, row: rows.lowerBound + 2 + index, column: 4) }
  }

  private static func drawValue(
    _ field: Field, _ entry: Entry, _ choiceWidth: Int, row: Int, column: Int, width: Int, on frame: inout Frame
  ) {
    if entry.pixels != nil {
      frame.write("(picture)", row: row, column: column, style: .dim)
      return
    }
    var text = entry.text.isEmpty ? "·".safe : entry.text.safe
    if case .list? = entry.value { text = entry.value?.shown(cells: width) ?? text }
    var limit = width
    if case .category = field.kind {
      limit = min(width - 2, choiceWidth)
      frame.write("▾", row: row, column: column + limit + 1, style: .dim)
    }
    frame.write(text, row: row, column: column, limit: limit, style: entry.text.isEmpty ? .dim : .plain)
  }

  /// What does not fit, and what helps: under the form, three lines at most.
  private static func drawNotice(
    _ state: State, _ hints: Hints, _ layout: InferLayout, width: Int, on frame: inout Frame
  ) {
    let bottom = frame.rows - layout.lowerRows - (state.scoring == nil ? 0 : batchHeight)
    if let notice = state.notice {
      write(notice.words.safe, notice.advice(hints), above: bottom, width: width, on: &frame)
      return
    }
    guard let index = state.rows.selected, state.entries.indices.contains(index), let field = state.selectedField
    else { return }
    guard let problem = state.entries[index].problem else {
      // What the form has no room for.
      guard field.expectation.safe.width > hintWidth else { return }
      frame.write(field.name.safe, row: bottom - 4, column: 4, limit: width - 5, style: .dim)
      frame.write(field.expectation.safe, row: bottom - 3, column: 4, limit: width - 5, style: .dim)
      return
    }
    let source: SafeText = field.range == nil ? .empty : "range: ".safe + field.layer.word.safe
    let anyway = problem.canBeSentAnyway ? hints(.sendAnyway, "sends it anyway") : .empty
    let advice = [source, anyway].filter { !$0.isEmpty }.joined(separator: "; ")
    write(field.name.safe + " ".safe + problem.text.safe, advice, above: bottom, width: width, on: &frame)
  }

  private static func write(
    _ what: SafeText, _ advice: SafeText, above bottom: Int, width: Int, on frame: inout Frame
  ) {
    let lines = what.wrapped(to: width - 5).prefix(2)
    let row = bottom - 3 - lines.count
    frame.write("✗", row: row, column: 2, style: .bad)
    for (line, text) in lines.enumerated() { frame.write(text, row: row + line, column: 4, limit: width - 5) }
    frame.write(advice, row: row + lines.count, column: 4, limit: width - 5, style: .dim)
  }

  // MARK: The right side

  private static func drawSide(
    _ state: State, _ hints: Hints, _ layout: InferLayout, split: Int, now: Timestamp, on frame: inout Frame
  ) {
    let columns = split + 1..<frame.columns
    Chrome.rule("Signature", row: 1, columns: columns, on: &frame)
    var row = 3
    // The answer keeps a row of its own on the lowest screen.
    for line in signatureLines(state, hints, rows: frame.rows < 36 ? 5 : frame.rows / 3).prefix(max(0, frame.rows - 8))
    {
      frame.write(line, row: row, column: split + 2, limit: frame.columns - split - 3)
      row += 1
    }
    row = max(row + 1, 10)
    Chrome.rule("Last result", row: row, columns: columns, on: &frame)
    let help = frame.rows - 5
    let hasHelp = row + 1 < help
    let answer = Rect(
      row: row + 1, column: split + 2, rows: (hasHelp ? help : frame.rows - 2) - row - 1,
      columns: frame.columns - split - 3)
    drawAnswer(state, hints, in: answer, now: now, on: &frame)
    if hasHelp { drawHelp(state, hints, row: help, split: split, on: &frame) }
    ColumnRule(column: split, rows: 1..<frame.rows - 2).draw(on: &frame)
  }

  private static func drawHelp(_ state: State, _ hints: Hints, row help: Int, split: Int, on frame: inout Frame) {
    let columns = split + 1..<frame.columns
    Chrome.rule(.empty, row: help, columns: columns, on: &frame)
    let count = state.history.count
    let last: SafeText =
      count == 0 ? "no inputs of yours yet" : count == 1 ? "your last input" : "your last \(count) inputs".safe
    for (line, (command, words)) in [(Command.sendAndExplain, "send and explain"), (.history, last)].enumerated() {
      guard let key = hints.key(command) else { continue }
      let used = frame.write(key, row: help + 1 + line, column: split + 2, style: .bold)
      frame.write(
        words, row: help + 1 + line, column: split + 4 + used, limit: frame.columns - split - 5 - used)
    }
  }

  /// The same under the form, where there is no room beside it.
  private static func drawLower(
    _ state: State, _ hints: Hints, _ layout: InferLayout, now: Timestamp, on frame: inout Frame
  ) {
    var row = frame.rows - 2 - layout.lowerRows - (state.scoring == nil ? 0 : batchHeight)
    let width = frame.columns - 3
    if layout.signatureLines > 0 {
      Chrome.rule("Signature", row: row, columns: 0..<frame.columns, on: &frame)
      let rect = Rect(row: row + 1, column: 2, rows: layout.signatureLines, columns: width)
      for (line, text) in signatureLines(state, hints, rows: rect.rows).prefix(rect.rows).enumerated() {
        frame.write(text, row: rect.row + line, column: rect.column, limit: rect.columns)
      }
      row += 1 + layout.signatureLines
    }
    guard layout.answerLines > 0 else { return }
    Chrome.rule("Last result", row: row, columns: 0..<frame.columns, on: &frame)
    let rect = Rect(row: row + 1, column: 2, rows: layout.answerLines, columns: width)
    drawAnswer(state, hints, in: rect, now: now, on: &frame)
  }

  /// What goes in and comes out: of many inputs as many as some rows hold, two at least.
  private static func signatureLines(_ state: State, _ hints: Hints, rows: Int) -> [SafeText] {
    guard let signature = state.signature.value else { return [] }
    var lines = [("POST v2/models/".safe + state.model.name.safe + "/infer")]
    let outputs = min(2, signature.outputs.count)
    // Beside the request's line, the outputs, and where the fields came from.
    let room = max(2, rows - 2 - outputs)
    let shown = signature.inputs.count <= room ? room : max(2, room - 1)
    for input in signature.inputs.prefix(shown) { lines.append("in  ".safe + input.name.safe + " " + input.text.safe) }
    let more = signature.inputs.count - shown
    if more > 0 { lines.append("    and ".safe + Numeral.count(more) + (more == 1 ? " more input" : " more inputs")) }
    for output in signature.outputs.prefix(2) { lines.append("out ".safe + output.name.safe + " " + output.text.safe) }
    let layers = Set(signature.fields.map(\.layer)).sorted().map(\.word.safe).joined(separator: ", ")
    if !signature.fields.isEmpty { lines.append("names, types, ranges: ".safe + layers) }
    if signature.isUnknown {
      lines += [
        "Nobody published its inputs.", hints(.editJSON, "writes the request as JSON"), "a catalogue makes it a form",
      ]
    }
    return lines.filter { !$0.isEmpty }
  }

  private static func drawAnswer(
    _ state: State, _ hints: Hints, in rect: Rect, now: Timestamp, on frame: inout Frame
  ) {
    let (row, column, width) = (rect.row, rect.column, rect.columns)
    if state.answer.isLoading {
      let status = state.streamed.map { $0.status.safe } ?? "asking…"
      frame.write(status, row: row, column: column, limit: width - 16, style: .info)
    } else if let problem = state.answer.problem {
      frame.write("✗", row: row, column: column, style: .bad)
      let lines = SafeText.lines(of: problem.summary, width: width - 2, rows: rect.rows)
      for (line, text) in lines.enumerated() { frame.write(text, row: row + line, column: column + 2) }
      let said = SafeText.lines(of: problem.said, width: width - 2, rows: rect.rows - lines.count)
      for (line, text) in said.enumerated() {
        frame.write(text, row: row + lines.count + line, column: column + 2, style: .dim)
      }
      // An answer belongs to its input: beside a failure the one before might be taken for this one's.
      return
    }
    guard let answer = state.answer.value else {
      if !state.answer.isLoading {
        frame.write(hints(.send, "sends the input"), row: row, column: column, limit: width, style: .dim)
      }
      return
    }
    if let number = answer.prediction.number, !state.answer.isLoading {
      drawNumber(number, answer, in: rect, now: now, on: &frame)
      return
    }
    if case .opaque = answer.prediction.answer, !state.answer.isLoading {
      drawText(answer, hints, in: rect, now: now, on: &frame)
      return
    }
    if !state.answer.isLoading {
      let used = frame.write(answer.prediction.label.safe, row: row, column: column, limit: width - 22, style: .bold)
      if rect.rows == 1, let probability = answer.prediction.chosen?.probability {
        frame.write(Numeral.decimal(probability), row: row, column: column + used + 1)
      }
    }
    frame.write(when(answer, now: now), row: row, endingAt: frame.columns - 1)
    var room = rect.rows - 1
    if let route = answer.prediction.answeredBy, room > 1 {
      room -= 1
      frame.write("answered by ".safe + route.safe, row: row + 1 + room, column: column, limit: width, style: .dim)
    }
    if let doubt = answer.prediction.doubt(state.signature.value), room > 1 {
      room -= 1
      frame.write(doubt, row: row + 1 + room, column: column, limit: width, style: .warn)
    }
    for (line, score) in answer.prediction.ranked.prefix(max(0, room)).enumerated() {
      guard let probability = score.probability else { continue }
      let barWidth = max(4, width - 16)
      frame.write(score.label.safe, row: row + 1 + line, column: column, limit: 9)
      frame.write(Bar.text(probability, cells: barWidth), row: row + 1 + line, column: column + 10)
      frame.write(Numeral.decimal(probability), row: row + 1 + line, endingAt: frame.columns - 1)
    }
  }

  /// When it came, and how long that took.
  private static func when(_ answer: Answer, now: Timestamp) -> SafeText {
    answer.at.shortText(asOf: now).safe + "   " + (answer.prediction.latency.map { Numeral.milliseconds($0) } ?? .empty)
  }

  /// An answer without a class: the text that the model wrote, or how its outputs are seen.
  private static func drawText(
    _ answer: Answer, _ hints: Hints, in rect: Rect, now: Timestamp, on frame: inout Frame
  ) {
    let when = when(answer, now: now)
    if rect.rows > 1 { frame.write(when, row: rect.row, endingAt: frame.columns - 1) }
    let first = rect.row + (rect.rows > 1 ? 1 : 0)
    guard answer.prediction.text != nil else {
      let shows = hints(.table, "shows the outputs")
      frame.write(
        shows.isEmpty ? "the answer has no class" : shows, row: first, column: rect.column, limit: rect.columns,
        style: .dim)
      return
    }
    let lines = answer.prediction.shown.wrapped(to: rect.columns)
    for (line, text) in lines.prefix(rect.endRow - first).enumerated() {
      let isCut = first + line == rect.endRow - 1 && line < lines.count - 1
      frame.write(
        isCut ? text.cut(to: rect.columns - 1) + "…" : text, row: first + line, column: rect.column, style: .bold)
    }
  }

  /// An answer that is a number, whole: its first digits would be another number. When it came gives way to it.
  private static func drawNumber(
    _ number: SafeText, _ answer: Answer, in rect: Rect, now: Timestamp, on frame: inout Frame
  ) {
    let when = when(answer, now: now)
    let isBeside = number.width + 2 + when.width <= rect.columns
    if isBeside || rect.rows > 1 { frame.write(when, row: rect.row, endingAt: frame.columns - 1) }
    let row = rect.row + (isBeside || rect.rows == 1 ? 0 : 1)
    frame.write(number, row: row, column: rect.column, limit: rect.columns, style: .bold)
    guard let route = answer.prediction.answeredBy, rect.rows > 2 else { return }
    frame.write(
      "answered by ".safe + route.safe, row: rect.endRow - 1, column: rect.column, limit: rect.columns, style: .dim)
  }

  // MARK: Lists over the form

  static func drawChoices(_ state: State, on frame: inout Frame) {
    switch state.mode {
    case .choosing(let selected):
      guard case .category(let labels) = state.selectedField?.kind else { return }
      drawList(labels.map(\.safe), selected, title: state.selectedField?.name.safe ?? "", on: &frame)
    case .recalling(let selected):
      let lines = state.history.map { values in
        zip(state.fields, values).map { $0.name.safe + " " + $1.shown(cells: 20) }.joined(separator: "  ")
      }
      drawList(lines, selected, title: "Your last inputs", on: &frame)
    case .opening(let input):
      let rect = Chrome.dialog("Open a file: CSV, JSON, JSONL, text", rows: 5, columns: 60, on: &frame)
      input.draw(on: &frame, row: rect.row + 1, column: rect.column + 2, columns: rect.columns - 4)
    case .idle, .editing: break
    }
  }

  private static func drawList(_ lines: [SafeText], _ selected: Int, title: SafeText, on frame: inout Frame) {
    let width = min(frame.columns - 8, max(30, (lines.map(\.width).max() ?? 0) + 6))
    let rect = Chrome.dialog(title, rows: min(lines.count + 2, frame.rows - 6), columns: width, on: &frame)
    let top = max(0, selected - rect.rows + 1)
    for (line, text) in lines.dropFirst(top).prefix(rect.rows).enumerated() {
      if top + line == selected { frame.draw("▌", row: rect.row + line, column: rect.column, style: .select) }
      frame.write(text, row: rect.row + line, column: rect.column + 2, limit: rect.columns - 3)
    }
  }
}
