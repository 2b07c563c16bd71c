internal import Domain
internal import Frames
internal import SafeText

/// What plain mode says: lines that follow from the state and from what was said before, and are never taken back.
public struct Speaker: Sendable {
  /// Rows of a list that are said before `more` is asked for.
  static let page = 20
  /// Rows that changed by themselves and are said one by one; more are only counted.
  private static let fewRows = 3

  private let text: PlainText
  private var state: AppState?
  private var outline = Outline("", [])
  private var question: [String] = []
  /// What `more` goes on with.
  private var waiting: [String] = []

  public init(isASCII: Bool) { text = PlainText(isASCII: isASCII) }

  /// The first lines: how it is used, and how what is shown is to be handled.
  public func greeting(banner: String? = nil) -> [String] {
    let lines = [
      "mds in plain mode. Type a key or several (j, gm, 3j, an empty line for Enter) or a command by name (:sync), then "
        + "Enter. ? says the keys, read says the screen, more goes on with a list, :quit ends."
    ]
    return said((banner.map { ["handling: \($0)"] } ?? []) + lines)
  }

  /// What is to be said now that the state is this one.
  public mutating func changes(to state: AppState) -> [String] {
    let before = self.state
    let outline = App.read(state)
    var lines: [String] = []
    if before?.places != state.places {
      lines += whole(outline)
    } else if outline != self.outline {
      if outline.title != self.outline.title { lines.append(outline.title) }
      lines += differences(from: self.outline, to: outline)
    }
    // What comes while the table form is open is said by what is new on the screen.
    let isSaid = before?.overlay?.isTable == true && state.overlay?.isTable == true
    if let overlay = state.overlay, overlay != before?.overlay, !isSaid { lines += self.lines(of: overlay, state) }
    lines += links(before, state)
    if let toast = state.toast, toast != before?.toast { lines.append(Speaker.line(of: toast, state.hints)) }
    let question = App.question(state)
    if question != self.question { lines += question }
    lines += Speaker.noLabel(before, state) + Speaker.reasonsGiven(before, state)
    lines += Speaker.marksTakenOff(before, state)
    // Whoever answers a question with what stood there already, or leaves it, hears that it is over.
    if lines.isEmpty, question.isEmpty, !self.question.isEmpty { lines = ["notice: left as it was"] }
    self.state = state
    self.outline = outline
    self.question = question
    return said(lines)
  }

  /// Takes a state as said: a minute that passed makes no words.
  public mutating func passOver(_ state: AppState) {
    self.state = state
    outline = App.read(state)
    question = App.question(state)
  }

  /// Why a line could not be read: it holds what was typed, so it is made safe as all else is.
  public func refusal(_ what: String) -> [String] { said(["failed: " + what]) }

  /// The whole screen again.
  public mutating func screen() -> [String] { said(whole(outline) + question) }

  /// The next rows of the list that was not said to its end.
  public mutating func more() -> [String] {
    guard !waiting.isEmpty else { return ["notice: there is no more"] }
    let lines = Array(waiting.prefix(Speaker.page))
    waiting.removeFirst(lines.count)
    return said(lines + (waiting.isEmpty ? ["end"] : ["\(waiting.count) more lines; more goes on"]))
  }

  /// The keys that act here, with the names that a colon runs, and what they do.
  public mutating func keys() -> [String] {
    guard let state else { return [] }
    waiting = []
    let scope = state.place.scope
    let lines = [scope, .everywhere].flatMap { scope in
      ["Keys: \(scope.title)"]
        + state.keymap.bindings(in: scope).map { binding in
          let keys = binding.keys.map { $0.map(\.spoken).joined() }.joined(separator: " or ")
          return "\(keys.isEmpty ? "no key" : keys), :\(binding.command.rawValue): \(binding.meaning)"
        }
    }
    return said(lines)
  }

  /// The reasons as they stand when no more are asked for: the line that ends them changes nothing else.
  private static func reasonsGiven(_ before: AppState?, _ state: AppState) -> [String] {
    guard before?.editor?.mode == .reasons, let editor = state.editor, editor.mode == .idle,
      editor.draft.caseID == before?.editor?.draft.caseID
    else { return [] }
    let reasons = editor.draft.judgement.reasons.map(\.safe.text)
    return ["reasons: " + (reasons.isEmpty ? "none" : reasons.joined(separator: "; "))]
  }

  /// That no label is right, where what is right was asked for: that the model is wrong stood there before.
  private static func noLabel(_ before: AppState?, _ state: AppState) -> [String] {
    guard let old = before?.editor, case .label = old.mode, let editor = state.editor, editor.mode == .idle,
      editor.draft.caseID == old.draft.caseID, editor.draft.judgement.verdict == .disagree,
      editor.draft.judgement.right == nil
    else { return [] }
    return ["right label: none"]
  }

  /// The marks that a line took off: where one was, nothing on the screen is new.
  private static func marksTakenOff(_ before: AppState?, _ state: AppState) -> [String] {
    guard let old = before?.editor, let new = state.editor, old.draft.caseID == new.draft.caseID else { return [] }
    let left = old.draft.marks.filter { mark in
      !new.draft.marks.contains { $0.part == mark.part && $0.explainer == mark.explainer && $0.label == mark.label }
    }
    return Outline.Section.marks(left, answer: new.answer).map { "taken off: " + $0 }
  }

  private func said(_ lines: [String]) -> [String] { lines.map(text.line).filter { !$0.isEmpty } }
}

// What the parts of a screen become.
extension Speaker {
  private mutating func whole(_ outline: Outline) -> [String] {
    waiting = []
    var lines = [outline.title]
    for section in outline.sections { lines += whole(section) }
    return lines
  }

  private mutating func whole(_ section: Outline.Section) -> [String] {
    var lines = paged((section.title.isEmpty ? [] : [section.title + "."]) + section.lines)
    guard !section.columns.isEmpty else { return lines }
    let count = section.rows.count
    lines.append("\(count) \(count == 1 ? "row" : "rows"). Columns: \(names(section).joined(separator: ", "))")
    lines += paged(section.rows.map { $0.map(text.cell).joined(separator: ", ") })
    return lines + selection(section)
  }

  /// One page of lines; the rest waits for `more`.
  private mutating func paged(_ lines: [String]) -> [String] {
    guard lines.count > Speaker.page else { return lines }
    waiting += lines.dropFirst(Speaker.page)
    return lines.prefix(Speaker.page) + ["\(lines.count - Speaker.page) more; more goes on"]
  }

  private func names(_ section: Outline.Section) -> [String] { section.columns.map { $0.isEmpty ? "what" : $0 } }

  /// The selected row, each cell with its column's name.
  private func selection(_ section: Outline.Section) -> [String] {
    guard let row = section.selected, section.rows.indices.contains(row) else { return [] }
    return ["selected, row \(row + 1) of \(section.rows.count): \(named(section.rows[row], section))"]
  }

  private func named(_ row: [String], _ section: Outline.Section) -> String {
    zip(names(section), row).map { $0.0 + " " + text.cell($0.1) }.joined(separator: ", ")
  }

  private mutating func differences(from old: Outline, to new: Outline) -> [String] {
    var known: [String: [Outline.Section]] = [:]
    for section in old.sections { known[section.title, default: []].append(section) }
    var lines: [String] = []
    for section in new.sections {
      guard known[section.title]?.isEmpty == false, let before = known[section.title]?.removeFirst() else {
        lines += whole(section)
        continue
      }
      if before != section { lines += differences(from: before, to: section) }
    }
    return lines
  }

  private mutating func differences(from old: Outline.Section, to new: Outline.Section) -> [String] {
    let isFilled = old.rows.isEmpty && !new.rows.isEmpty
    if isFilled || old.columns != new.columns { return whole(new) }
    let known = Set(old.lines)
    var lines = paged(new.lines.filter { !known.contains($0) })
    if lines.count == 1, !new.title.isEmpty { lines[0] = new.title + ": " + lines[0] }
    if old.rows != new.rows { lines += rowChanges(old, new) }
    let before = old.selected.flatMap { old.rows.indices.contains($0) ? old.rows[$0].first : nil }
    let now = new.selected.flatMap { new.rows.indices.contains($0) ? new.rows[$0].first : nil }
    if before != now || (old.selected != new.selected && old.rows.count == new.rows.count) { lines += selection(new) }
    return lines
  }

  private mutating func rowChanges(_ old: Outline.Section, _ new: Outline.Section) -> [String] {
    let title = new.title.isEmpty ? "" : new.title + ": "
    guard old.rows.count == new.rows.count else {
      let known = Set(old.rows)
      let fresh = new.rows.filter { !known.contains($0) }
      let some = fresh.count <= Speaker.fewRows ? fresh.map { "new: " + named($0, new) } : []
      return ["\(title)\(new.rows.count) \(new.rows.count == 1 ? "row" : "rows") now"] + some
    }
    // What is no list but an answer is said whole where it is another one.
    if new.selected == nil, old.rows.map(\.first) != new.rows.map(\.first) { return whole(new) }
    let changed = new.rows.indices.filter { old.rows[$0] != new.rows[$0] }
    guard changed.count <= Speaker.fewRows else {
      let isOrder = Set(old.rows) == Set(new.rows)
      return ["\(title)\(isOrder ? "the rows are in another order" : "\(changed.count) rows changed"); read says them"]
    }
    return changed.map { index in
      let (before, now) = (old.rows[index], new.rows[index])
      guard before.first == now.first, before.count == now.count else { return title + named(now, new) }
      let cells = now.indices.dropFirst().filter { before[$0] != now[$0] && $0 < new.columns.count }
        .map { names(new)[$0] + " " + text.cell(now[$0]) }
      return "\(text.cell(now.first ?? "")): \(cells.joined(separator: ", "))"
    }
  }

  private mutating func lines(of overlay: Overlay, _ state: AppState) -> [String] {
    switch overlay {
    case .palette(let palette): palette.chosen.map { ["command: \($0.name), \($0.meaning)"] } ?? ["no such command"]
    case .help: keys()
    case .problem(let problem, _):
      ["problem: \(problem.summary)"] + Speaker.lines(of: problem.advice) + Speaker.lines(of: problem.detail)
    case .outline(let outline, _), .table(let outline, _): whole(outline)
    case .themes(let picker):
      picker.chosen.map { ["theme: \($0.name), \($0.origin.rawValue), \($0.problem?.summary ?? $0.summary)"] } ?? []
    case .tour: App.tour(state.keymap)
    }
  }

  private static func lines(of text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  private func links(_ before: AppState?, _ state: AppState) -> [String] {
    var lines: [String] = []
    if before?.service != state.service, let word = Speaker.word(of: state.service) { lines.append("service: \(word)") }
    if before?.collector != state.collector, let word = Speaker.word(of: state.collector) {
      // What only a person can mend is no silence: the collector may well answer, and say so.
      lines.append("collector: \(state.collector.isDown && state.syncStop != nil ? "not synced" : word)")
    }
    if before?.models.preparing != state.models.preparing, let preparing = state.models.preparing {
      lines.append("notice: \(preparing)")
    }
    if let before, before.waiting != state.waiting {
      lines.append(state.waiting == 0 ? "outbox: nothing waits" : "outbox: \(state.waiting) wait to be sent")
    }
    return lines
  }

  private static func word(of link: Link) -> String? {
    switch link {
    case .unknown: nil
    case .up: "answers"
    case .down(let since): "does not answer since \(since.clockText)"
    }
  }

  /// A message as a line that begins with what kind it is.
  private static func line(of message: Message, _ hints: Hints) -> String {
    let hint = message.hint.map { hints($0).text } ?? ""
    let text = hint.isEmpty ? message.text : message.text + "   " + hint
    return switch message.kind {
    case .failed: "failed: " + text
    case .notice: "notice: " + text
    case .done where text.hasPrefix("saved "): "saved: " + text.dropFirst(6)
    case .done: "done: " + text
    }
  }
}
