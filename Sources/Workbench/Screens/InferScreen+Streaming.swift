internal import Domain
internal import Frames
internal import SafeText

extension InferScreen {
  /// Sends the text of the form, and what else of it is filled in; what is empty may be optional.
  static func generate(_ state: inout State) -> [Effect] {
    guard let signature = state.signature.value else { return [] }
    guard let field = signature.textField, let place = signature.fields.firstIndex(of: field) else {
      state.notice = InferNotice(
        "\(state.model.name.string) takes no text", hint: Hint(.send, "sends the input"))
      return []
    }
    if state.entries[place].value == nil { state.entries[place] = entry(state.entries[place].text, for: field) }
    for (index, (entry, field)) in zip(state.entries, signature.fields).enumerated() where !entry.text.isEmpty {
      guard let problem = entry.problem, !problem.canBeSentAnyway else { continue }
      state.notice = InferNotice("\(field.name.string) \(problem.text)", hint: Hint(.open, "edits the field"))
      state.rows.select(index)
      return []
    }
    let values = zip(state.entries, signature.fields).map { entry, other in
      entry.text.isEmpty && entry.pixels == nil && other.place != field.place ? .missing : entry.value ?? .missing
    }
    state.order += 1
    state.answer.load()
    state.streamed = StreamedText()
    return [.generate(GenerationOrder(number: state.order, model: state.model, values: values))]
  }

  /// Frees the screen; what still comes of the old order is not shown.
  static func stop(_ state: inout State) -> [Effect] {
    guard case .loading(let last) = state.answer else { return [] }
    state.order += 1
    state.answer = last.map { .loaded($0) } ?? .idle
    state.streamed?.ended = .stopped
    state.notice = InferNotice("Stopped waiting", advice: "the service may still work on it")
    return [.stopInference]
  }

  /// The text so far, its newest lines, under the form or, where that has no room, in place of the last result.
  static func drawStreamed(_ streamed: StreamedText, _ state: State, _ layout: InferLayout, on frame: inout Frame) {
    let width = layout.split ?? frame.columns
    let top = 4 + min(state.rows.count, layout.formHeight)
    // Two lines of notice stand under it.
    let rows = frame.rows - 5 - layout.lowerRows - top
    guard rows >= 3 else { return }
    let right = (streamed.ended == nil ? "◐ " : streamed.ended == .broken ? "✗ " : "").safe + streamed.status.safe
    Chrome.rule("Answer", right: right, row: top, columns: 0..<width, on: &frame)
    let lines = streamed.lines(rows: rows - 1, columns: width - 4)
    for (line, text) in lines.enumerated() { frame.write(text, row: top + 1 + line, column: 2, limit: width - 4) }
  }
}

extension StreamedText {
  /// The last lines of the text, wrapped; only as much of it is looked at as they can hold.
  func lines(rows: Int, columns: Int) -> [SafeText] {
    guard rows > 0, columns > 0 else { return [] }
    let most = rows * columns * 4
    let tail = RawText(bytes: newest.suffix(most).drop { $0 & 0xC0 == 0x80 })
    var lines = SafeText.lines(of: tail.string, width: columns)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines.suffix(rows))
  }
}
