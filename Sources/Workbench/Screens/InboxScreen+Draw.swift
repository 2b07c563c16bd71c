internal import Domain
internal import Feedback
internal import Frames
internal import SafeText

extension InboxScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let waiting = state.waiting
    let heading: SafeText =
      if state.items.value == nil {
        "from the researchers"
      } else if state.items.problem != nil {
        hints.stale("reads it again")
      } else {
        state.items.isLoading ? "reading…" : "from the researchers"
      }
    Chrome.rule(
      waiting == 0 ? "Inbox" : "Inbox   ".safe + Numeral.count(waiting) + " for you", right: heading, row: 1,
      columns: 0..<frame.columns,
      focused: true, on: &frame)
    // By all items, not by those in view: nothing moves when they do.
    let known = state.items.value ?? []
    let needs = (about: known.map { about($0).width }.max() ?? 0, what: known.map { what($0).width }.max() ?? 0)
    let columns = Columns(width: frame.columns, needs: needs)
    columns.drawTitles(on: &frame)
    guard let items = state.items.value, !items.isEmpty else {
      drawEmpty(state, hints, on: &frame)
      return
    }
    for (line, position) in state.rows.visible.enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      if position == state.rows.selection { frame.draw("▌", row: 3 + line, column: 0, style: .select) }
      columns.draw(items[index], state.taking, now: now, row: 3 + line, on: &frame)
    }
    if let item = state.selected { drawPane(state, item, hints, now: now, on: &frame) }
  }

  private static func drawEmpty(_ state: State, _ hints: Hints, on frame: inout Frame) {
    let limit = frame.columns - 4
    let layout = InboxLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    Chrome.rule(.empty, row: layout.paneRow, columns: 0..<frame.columns, on: &frame)
    if let problem = state.items.problem {
      Chrome.absence(
        problem, hints.afterFailure("reads it again"), row: 3, end: layout.paneRow, columns: 2..<frame.columns,
        on: &frame)
    } else if state.items.value == nil {
      frame.write("Reading the ledger…", row: 3, column: 2, style: .dim)
    } else {
      frame.write("The researchers have published nothing for you yet.", row: 3, column: 2, limit: limit)
      let help = hints.row([(.sync, "syncs now"), (.goReview, "goes to the review queue")])
      frame.write(help, row: 5, column: 2, limit: limit, style: .dim)
    }
  }

  // MARK: The list

  private struct Columns {
    let width: Int
    /// Cells of the longest item's subject, and of what it says, of all that there are.
    var needs = (about: 0, what: 0)

    private var about: Int { 15 }
    /// Where what is said leaves room, a longer subject has it.
    private var aboutWidth: Int {
      let wanted = width >= 100 ? 28 : width >= 70 ? 18 : 14
      let room = (hasAge ? ageEnd - 6 : state) - 4 - about
      return ColumnShare.first(wanted, needs: max(wanted, needs.about), beside: max(6, needs.what), of: room)
    }
    private var what: Int { about + aboutWidth + 2 }
    private var stateWidth: Int { 15 }
    private var state: Int { width - stateWidth - 1 }
    private var ageEnd: Int { state - 2 }
    /// A narrow screen gives up the age.
    private var hasAge: Bool { width >= 70 }
    /// A very narrow one gives up what it says, which stands whole under the list.
    private var whatWidth: Int { (hasAge ? ageEnd - 6 : state) - 2 - what }
    private var hasWhat: Bool { whatWidth >= 6 }

    func drawTitles(on frame: inout Frame) {
      frame.write("KIND", row: 2, column: 2, style: .dim)
      frame.write("ABOUT", row: 2, column: about, style: .dim)
      if hasWhat { frame.write("WHAT", row: 2, column: what, style: .dim) }
      if hasAge { frame.write("AGE", row: 2, endingAt: ageEnd, style: .dim) }
      frame.write("STATE", row: 2, column: state, style: .dim)
    }

    func draw(_ item: Item, _ taking: Taking?, now: Timestamp, row: Int, on frame: inout Frame) {
      frame.write(InboxScreen.word(of: item), row: row, column: 2, limit: 12)
      frame.write(InboxScreen.about(item), row: row, column: about, limit: aboutWidth)
      if hasWhat { frame.write(InboxScreen.what(item), row: row, column: what, limit: whatWidth) }
      if hasAge { frame.write(now.age(since: item.publishedAt).safe, row: row, endingAt: ageEnd) }
      frame.write(InboxScreen.standing(item, taking), row: row, column: state, limit: stateWidth)
    }
  }

  /// The kind as a reader says it.
  static func word(of item: Item) -> SafeText {
    if case .adjudication = item.content { return "decision" }
    return item.kind.safe
  }

  private static func title(of item: Item) -> SafeText {
    switch item.content {
    case .question: "Question"
    case .adjudication: "Decision"
    case .queue: "Queue"
    case .guideline: "Guideline"
    case .catalogue: "Catalogue"
    case .unreadable: "Item"
    }
  }

  static func about(_ item: Item) -> SafeText {
    switch item.content {
    case .question(let question, let name): name?.safe ?? question.caseID.map { "case ".safe + $0.short.safe } ?? "·"
    case .adjudication(let decision, let name): name?.safe ?? "case ".safe + decision.caseID.short.safe
    case .queue(let queue, _): queue.model.name.safe
    case .guideline(let guideline): guideline.name.safe
    case .catalogue: item.name.safe
    case .unreadable: item.name.isEmpty ? "·" : item.name.safe
    }
  }

  static func what(_ item: Item) -> SafeText {
    switch item.content {
    case .question(let question, _): question.text.safe
    case .adjudication(let decision, _): "→ ".safe + answer(decision)
    case .queue(let queue, _): queue.title.isEmpty ? item.name.safe : queue.title.safe
    case .guideline(let guideline):
      guideline.version.safe + (guideline.question.isEmpty ? .empty : "  ".safe + guideline.question.safe)
    case .catalogue(let bytes): Numeral.bytes(bytes)
    case .unreadable(let reason): reason.safe
    }
  }

  static func answer(_ decision: Adjudication) -> SafeText {
    decision.label?.safe ?? decision.value.map { Numeral.exact($0) } ?? "·"
  }

  /// Whether it waits, and how far it is.
  static func standing(_ item: Item, _ taking: Taking?) -> StyledText {
    switch item.content {
    case .question: return StyledText(signs: item.answeredAt == nil ? "◐ asks you" : "● answered")
    case .queue(let queue, let taken):
      if let taking, taking.id == item.id { return StyledText("◐ taking \(percent(taking.done, taking.of))".safe) }
      guard let taken else { return StyledText("◐ ".safe + Numeral.count(queue.count) + " wait") }
      guard taken.isWhole else { return StyledText("◐ \(taken.cases) of \(queue.count)".safe) }
      guard taken.cases > 0 else { return StyledText(signs: "▲ none of its records is a case") }
      let isDone = taken.judged >= taken.cases
      return StyledText(signs: (isDone ? "● " : "◐ ").safe + "\(taken.judged)/\(taken.cases) done".safe)
    case .guideline, .catalogue: return StyledText(signs: "● in force")
    case .adjudication: return StyledText("decided")
    case .unreadable: return StyledText(signs: "▲ unreadable")
    }
  }

  private static func percent(_ done: Int, _ of: Int) -> String { "\(of > 0 ? done * 100 / of : 0) %" }

  // MARK: The item

  private static func drawPane(_ state: State, _ item: Item, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let layout = InboxLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    Chrome.rule(
      title(of: item) + "  " + about(item), right: item.publishedAt.shortText(asOf: now).safe,
      row: layout.paneRow, columns: 0..<frame.columns, on: &frame)
    let width = frame.columns - 4
    var lines = lines(item, hints, width: width)
    guard let answering = state.answering, answering.id == item.id else {
      if let begun = state.begun[item.id], !begun.isEmpty {
        lines.append(StyledText("begun, not saved  ", .warn) + StyledText(begun.safe))
      }
      for (line, text) in lines.prefix(layout.paneLines).enumerated() {
        frame.write(text, row: layout.paneRow + 1 + line, column: 2, limit: width)
      }
      return
    }
    // Under the question, where a terminal that has room for little shows it too.
    let shown = lines.prefix(layout.paneLines - 1)
    for (line, text) in shown.enumerated() {
      frame.write(text, row: layout.paneRow + 1 + line, column: 2, limit: width)
    }
    let row = layout.paneRow + min(layout.paneLines, shown.count + 2)
    frame.write("answer  ", row: row, column: 2, style: .bold)
    answering.input.draw(on: &frame, row: row, column: 10, columns: frame.columns - 12)
  }

  /// What an item says, as lines of a width; without keys where nobody can press one.
  static func lines(_ item: Item, _ hints: Hints?, width: Int) -> [StyledText] {
    func wrapped(_ text: RawText) -> [StyledText] {
      SafeText.lines(of: text.string, width: width).map { StyledText($0) }
    }
    func dim(_ text: SafeText) -> StyledText { StyledText(text, .dim) }
    func open(_ words: SafeText, or without: SafeText = .empty) -> [StyledText] {
      let hint = hints.map { $0(.open, words) } ?? .empty
      let text = hint.isEmpty ? without : hint
      return text.isEmpty ? [] : [dim(text)]
    }
    switch item.content {
    case .question(let question, let name):
      var lines = wrapped(question.text)
      if question.caseID != nil {
        lines += name == nil ? [dim("the case is not in this ledger")] : open("opens the case")
      }
      if !item.answer.isEmpty { lines.append(StyledText("your answer  ", .dim) + StyledText(item.answer.safe)) }
      return lines
    case .adjudication(let decision, let name):
      var lines = [StyledText("decided  ", .dim) + StyledText(answer(decision), .bold)]
      if !decision.by.isEmpty { lines.append(StyledText("by  ", .dim) + StyledText(decision.by.safe)) }
      lines += wrapped(decision.note)
      let stands = open("opens the case; your judgement stands", or: "your judgement stands")
      return lines + (name == nil ? [dim("the case is not in this ledger")] : stands)
    case .queue(let queue, let taken):
      let size = "\(queue.count) of \(queue.population) records".safe
      var lines = wrapped(queue.title)
      lines.append(
        StyledText(
          ["drawn ".safe + queue.sampler.safe, size, queue.isBlind ? "blind" : "answers shown"].joined(separator: "   ")
        ))
      if let due = queue.due { lines.append(StyledText("wanted by ".safe + String(due.description.prefix(10)).safe)) }
      let isHere = taken?.isWhole == true
      return lines + open(isHere ? "reviews it" : "takes it: records, answers and why, to work offline")
    case .guideline(let guideline):
      let question = guideline.question.isEmpty ? [] : [StyledText(guideline.question.safe, .bold)]
      return question + wrapped(guideline.text) + open("shows it whole")
    case .catalogue: return [dim("signatures use it; mds signature MODEL shows what came from it")]
    case .unreadable(let reason): return [StyledText(reason.safe)]
    }
  }
}
