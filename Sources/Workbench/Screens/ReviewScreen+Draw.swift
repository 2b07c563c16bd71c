internal import Domain
public import Feedback
internal import Frames
internal import SafeText

/// Where the parts of the review screen stand. From 118 columns on the case stands beside the list.
struct ReviewLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  var isWide: Bool { size.columns >= 118 }
  var listWidth: Int { isWide ? min(size.columns - 42, 100) : size.columns }
  /// Rows under the queue, from the bottom: footer, toast, pace, the analyst's call, the case.
  private var bottom: Int { size.rows - 2 }
  /// On a low screen the pace stands where the call will stand.
  var showsPaceApart: Bool { size.rows >= 30 }
  var callLines: Int { size.rows >= 36 ? 9 : size.rows >= 20 ? 2 : 1 }
  var paceRow: Int { bottom - 3 }
  var callRow: Int { (showsPaceApart ? paceRow : bottom) - callLines - 1 }
  /// Rows of the case under its rule.
  var caseLines: Int {
    isWide ? callRow - 2 : size.rows >= 60 ? 14 : size.rows >= 36 ? 7 : size.rows >= 20 ? 5 : 3
  }
  var caseRow: Int { isWide ? 1 : callRow - caseLines - (size.rows >= 20 ? 2 : 1) }
  var listHeight: Int { max(1, isWide ? callRow - 3 : caseRow - 3 - (size.rows >= 20 ? 1 : 0)) }
  var caseColumns: Range<Int> { isWide ? listWidth + 1..<size.columns : 0..<size.columns }
}

extension ReviewScreen {
  static func draw(_ state: State, _ hints: Hints, now: Timestamp, on frame: inout Frame) {
    let layout = ReviewLayout(ScreenSize(columns: frame.columns, rows: frame.rows))
    let title = title(state)
    let right = heading(state, hints, columns: layout.listWidth - title.width - 9)
    Chrome.rule(title, right: right, row: 1, columns: 0..<layout.listWidth, focused: true, on: &frame)
    if let item = state.selected {
      drawList(state, layout, now: now, on: &frame)
      ReviewCase.draw(state, item, hints, layout, now: now, on: &frame)
      drawCall(state, item, hints, layout, now: now, on: &frame)
    } else {
      drawEmpty(state, hints, layout, on: &frame)
    }
    if layout.isWide { ColumnRule(column: layout.listWidth, rows: 1..<layout.callRow + 1).draw(on: &frame) }
  }

  private static func title(_ state: State) -> SafeText {
    guard let queue = state.queue.value else { return "Queue" }
    let all = queue.more == 0 ? SafeText.empty : " of ".safe + Numeral.count(state.waiting + queue.more)
    var text = "Queue ".safe + Numeral.count(state.waiting) + all + "   done today " + Numeral.count(state.doneToday)
    if !state.marked.isEmpty { text += "   marked ".safe + Numeral.count(state.marked.count) }
    return text
  }

  /// What the queue was drawn by; a sample where nothing was what the sampler looks for.
  private static func samplerText(_ state: State) -> SafeText {
    let wanted = state.order.sampler
    let isSample = !state.items.isEmpty && state.items.allSatisfy { $0.stamp.sampler == Sampler.random.rawValue }
    return wanted.rawValue.safe + (isSample && wanted != .random ? ": none, a sample" : "")
  }

  private static func heading(_ state: State, _ hints: Hints, columns: Int) -> SafeText {
    if state.queue.isLoading, state.queue.value != nil { return "composing…" }
    if state.queue.problem != nil, state.queue.value != nil { return hints.stale("tries again") }
    let sorted: SafeText =
      switch state.sort {
      case .queue: .empty
      case .newest: "newest first"
      case .probability: state.order.isBlind ? .empty : "least certain first"
      }
    let kind: SafeText =
      if let taken = state.order.taken {
        taken.name.safe + (state.order.isBlind ? ", blind" : .empty)
      } else if state.order.isBlind {
        "blind until you answer"
      } else {
        state.order.sampler == .mixed && columns >= 33
          ? "drift, uncertain, outlier, sample" : samplerText(state)
      }
    // The queue's own order needs no word; another one stands where the kinds stood.
    return sorted.isEmpty ? kind : state.order.isBlind ? kind + ", " + sorted : sorted
  }

  /// The panels stand where they will stand; why they are empty is said in the first.
  private static func drawEmpty(_ state: State, _ hints: Hints, _ layout: ReviewLayout, on frame: inout Frame) {
    let limit = layout.listWidth - 4
    Columns(width: layout.listWidth).drawTitles(on: &frame)
    Chrome.rule("Case", row: layout.caseRow, columns: layout.caseColumns, on: &frame)
    if layout.showsPaceApart {
      Chrome.rule("Your call", row: layout.callRow, columns: 0..<frame.columns, on: &frame)
      drawPace(state, hints, row: layout.paceRow, lines: 2, on: &frame)
    } else {
      drawPace(state, hints, row: layout.callRow, lines: layout.callLines, on: &frame)
    }
    if let problem = state.queue.problem {
      Chrome.absence(
        problem, hints.afterFailure("tries again"), row: 3, columns: 2..<layout.listWidth, on: &frame)
    } else if state.queue.isLoading || state.queue == .idle {
      frame.write("Composing the queue…", row: 3, column: 2, style: .dim)
    } else {
      let why = state.emptyQueue.wrapped(to: limit)
      for (line, text) in why.enumerated() { frame.write(text, row: 3 + line, column: 2, limit: limit) }
      var row = 3 + why.count
      if state.order.isBlind, state.order.taken == nil {
        frame.write(
          hints(.blind, "shows those whose answer you have seen"), row: row, column: 2, limit: limit, style: .dim)
        row += 1
      }
      let help = hints.row([(.composeQueue, "composes another queue"), (.goModels, "goes to the models")])
      frame.write(help, row: max(5, row), column: 2, limit: limit, style: .dim)
    }
  }

  // MARK: The list

  private static func drawList(_ state: State, _ layout: ReviewLayout, now: Timestamp, on frame: inout Frame) {
    let columns = Columns(width: layout.listWidth)
    columns.drawTitles(on: &frame)
    for (line, position) in state.rows.visible.prefix(layout.listHeight).enumerated() {
      guard let index = state.rows.item(inRow: position) else { continue }
      let item = state.items[index]
      if position == state.rows.selection { frame.draw("▌", row: 3 + line, column: 0, style: .select) }
      columns.draw(item, box(state, item), isHidden: state.isHidden(item), now: now, row: 3 + line, on: &frame)
    }
  }

  /// The columns of the list; a narrow screen gives up notes and reasons.
  private struct Columns {
    let width: Int

    private var extra: Int { max(0, width - 80) }
    private var hasWhy: Bool { width >= 64 }
    private var model: Int { 13 }
    private var modelWidth: Int { hasWhy ? 18 : 16 }
    private var label: Int { hasWhy ? 32 : 30 }
    private var labelWidth: Int { hasWhy ? 9 : 8 }
    private var probabilityEnd: Int { label + labelWidth + 5 }
    private var why: Int { probabilityEnd + 3 }
    private var whyWidth: Int { 11 + extra / 2 }
    private var ageEnd: Int { hasWhy ? why + whyWidth + 7 : probabilityEnd + 8 }
    /// A very narrow screen gives up the age as well.
    private var hasAge: Bool { ageEnd < width }
    private var note: Int { ageEnd + 2 }

    func drawTitles(on frame: inout Frame) {
      frame.write("CASE", row: 2, column: 6, style: .dim)
      frame.write("MODEL", row: 2, column: model, style: .dim)
      frame.write("PRED", row: 2, column: label, style: .dim)
      frame.write("P", row: 2, endingAt: probabilityEnd, style: .dim)
      if hasWhy { frame.write("WHY", row: 2, column: why, style: .dim) }
      if hasAge { frame.write("AGE", row: 2, endingAt: ageEnd, style: .dim) }
      if width - note > 8 { frame.write("NOTE", row: 2, column: note, style: .dim) }
    }

    func draw(_ item: Item, _ box: SafeText, isHidden: Bool, now: Timestamp, row: Int, on frame: inout Frame) {
      frame.write(box, row: row, column: 2)
      if item.content.isFlagged { frame.write("!", row: row, column: 1, style: .accent) }
      frame.write("\(item.content.case.number)".safe, row: row, column: 6, limit: 6)
      frame.write(item.content.case.model.name.safe, row: row, column: model, limit: modelWidth)
      if isHidden {
        for column in [label, probabilityEnd - 1] { frame.write("·", row: row, column: column, style: .dim) }
        if hasWhy { frame.write("·", row: row, column: why, style: .dim) }
      } else {
        let prediction = item.content.case.prediction
        frame.write(prediction.shown, row: row, column: label, limit: labelWidth)
        frame.write(Numeral.decimal(prediction.chosen?.probability), row: row, endingAt: probabilityEnd)
        if hasWhy { frame.write(item.why.safe, row: row, column: why, limit: whyWidth) }
      }
      if hasAge { frame.write(now.age(since: item.content.case.at).safe, row: row, endingAt: ageEnd) }
      if width - note > 8 { frame.write(item.content.note.safe, row: row, column: note, limit: width - note - 1) }
    }
  }

  private static func box(_ state: State, _ item: Item) -> SafeText {
    if state.marked.contains(item.id) { return "[x]" }
    return state.isJudged(item) ? " ✓ " : "[ ]"
  }

  // MARK: The call and the pace

  private static func drawCall(
    _ state: State, _ item: Item, _ hints: Hints, _ layout: ReviewLayout, now: Timestamp, on frame: inout Frame
  ) {
    if layout.showsPaceApart { drawPace(state, hints, row: layout.paceRow, lines: 2, on: &frame) }
    guard let editor = state.editor else { return }
    let isHidden = state.isHidden(item)
    let begun = editor.isAsking || !editor.draft.judgement.isEmpty || !editor.draft.marks.isEmpty
    guard layout.showsPaceApart || isHidden || state.isRevealedNow || begun else {
      drawPace(state, hints, row: layout.callRow, lines: layout.callLines, on: &frame)
      return
    }
    let title: SafeText =
      isHidden
      ? "Your answer: initial, assist blind"
      : state.isRevealedNow ? "Your answer now: final" : JudgementPanel.title(item.content)
    JudgementPanel.draw(
      editor, hints, title: title, manner: isHidden ? .blind : .open,
      others: isHidden ? .empty : CaseScreen.others(item.content, hints, now: now),
      remark: remark(state, item, hints, isHidden: isHidden), row: layout.callRow, lines: layout.callLines, now: now,
      on: &frame)
  }

  /// What becomes of an answer that is given blind, or beside one that was.
  private static func remark(_ state: State, _ item: Item, _ hints: Hints, isHidden: Bool) -> SafeText {
    if isHidden {
      return hints.row(
        [(.save, "saves one event, then the model answers"), (.reveal, "looks first: that is recorded")], by: "; ")
    }
    guard case .revealed(let first) = state.progress(of: item) else { return .empty }
    return first.judgement == nil
      ? "you looked before you answered: this answer counts as one with assistance"
      : "both answers are kept: this one is your last word, the first counts as blind"
  }

  private static func drawPace(_ state: State, _ hints: Hints, row: Int, lines: Int, on frame: inout Frame) {
    let perHour = state.pace.perHour.map { Numeral.whole($0) + " cases/h   " } ?? .empty
    let median = state.pace.medianSeconds.map { "median \(Int($0.rounded())) s active".safe } ?? .empty
    Chrome.rule("Pace", right: perHour + median, row: row, columns: 0..<frame.columns, on: &frame)
    // Before the queue came nothing is known of the day.
    guard state.queue.value != nil else { return }
    let recent = state.pace.recent.suffix(24)
    let spark = Sparkline(recent.map { Optional($0) }, range: 0...max(1, recent.max() ?? 1)).text
    let today = Verdict.allCases.compactMap { verdict -> SafeText? in
      guard let count = state.pace.today[verdict], count > 0 else { return nil }
      return verdict.word + " \(count)".safe
    }.joined(separator: "  ")
    let said = today.isEmpty ? "no judgements today" : "today: ".safe + today
    let start = 2 + frame.write(spark, row: row + 1, column: 2)
    frame.write(said, row: row + 1, column: spark.isEmpty ? 2 : start + 2, limit: frame.columns - start - 3)
    guard lines > 1 else { return }
    let shown: [SafeText] = [
      "the prediction is shown before your verdict", hints(.blind, "hides it until you answered"),
    ]
    let note =
      state.order.isBlind
      ? hints.row(
        [(.blind, "shows the prediction before your answer"), (.reveal, "looks first: that is recorded")], by: "; ")
      : shown.filter { !$0.isEmpty }.joined(separator: "; ")
    frame.write(note, row: row + 2, column: 2, limit: frame.columns - 3, style: .dim)
  }

  static func drawComposer(_ selected: Int, on frame: inout Frame) {
    let all = Sampler.allCases
    let rect = Chrome.dialog("Compose a queue", rows: all.count + 4, columns: 64, on: &frame)
    for (index, sampler) in all.enumerated() {
      let row = rect.row + 1 + index
      if index == selected { frame.draw("▌", row: row, column: rect.column + 1, style: .select) }
      frame.write("\(index + 1)  ".safe + sampler.rawValue.safe, row: row, column: rect.column + 3)
      frame.write(sampler.meaning.safe, row: row, column: rect.column + 17, limit: rect.columns - 18, style: .dim)
    }
  }
}

extension Sampler {
  /// What the sampler picks, in a few words.
  public var meaning: String {
    switch self {
    case .mixed: "by what speaks loudest; chances are kept"
    case .uncertain: "where the probabilities are most spread"
    case .drifted: "from windows that drifted"
    case .outlying: "far from the training data"
    case .random: "an even sample, for an unbiased accuracy"
    }
  }
}
