internal import Domain
internal import Feedback
internal import Frames
internal import SafeText

/// One of several that is asked for: in plain mode its name or its number is typed.
struct PlainChoice: Equatable {
  var question: String
  var names: [String]
  var selected: Int
  /// The word that says that it is none of them, by the key that the screen has for it; nil where one has to be it.
  var none: String?
  /// Whether Tab turns to the next of what is asked.
  var turns = false

  /// The keys that pick what was typed; nil where it is neither a name, the beginning of just one, nor a number of one.
  func steps(to word: String) -> [PlainLine.Step]? {
    if word.isEmpty { return [.key(.enter)] }
    let lower = word.lowercased()
    let named = names.firstIndex { $0 == word } ?? names.firstIndex { $0.lowercased() == lower }
    if named == nil, ["esc", "escape"].contains(lower) { return [.key(.escape)] }
    if lower == none { return [.key(.text("s"))] }
    if named == nil, turns, lower == "tab" { return [.key(.tab)] }
    let number = App.whole(word).flatMap { names.indices.contains($0 - 1) ? $0 - 1 : nil }
    let begun = names.indices.filter { names[$0].lowercased().hasPrefix(lower) }
    guard let wanted = named ?? number ?? (begun.count == 1 ? begun.first : nil) else { return nil }
    let way = wanted - selected
    return Array(repeating: .key(way < 0 ? .up : .down), count: abs(way)) + [.key(.enter)]
  }

  /// The question with each answer and its number.
  var lines: [String] {
    let shown = names.enumerated().map { "\($0.offset + 1) \($0.element)" }.joined(separator: "; ")
    let now = names.indices.contains(selected) ? " Enter takes \(names[selected])." : ""
    let other = (none.map { " \($0) says none of them." } ?? "") + (turns ? " Tab goes to the next field," : "")
    return ["\(question) Type the name or the number: \(shown).\(now)\(other) Esc leaves."]
  }
}

extension App {
  /// What is to be chosen just now, among names.
  static func choice(_ state: AppState) -> PlainChoice? {
    if case .themes(let picker) = state.overlay {
      return PlainChoice(
        question: "choose: the theme.", names: picker.choices.map(\.name), selected: picker.selected)
    }
    guard state.overlay == nil, state.filter == nil else { return nil }
    switch state.place {
    case .infer:
      guard case .choosing(let selected) = state.infer?.mode, let field = state.infer?.selectedField,
        case .category(let labels) = field.kind
      else { return nil }
      return PlainChoice(
        question: "choose: \(field.name.safe.text).", names: labels.map(\.safe.text), selected: selected)
    case .case:
      if case .choosing(let labels, let selected) = state.case?.whatIf?.entry {
        return PlainChoice(
          question: "what if: the new value.", names: labels.map(\.safe.text), selected: selected, turns: true)
      }
      if let deciding = state.case?.deciding, case .label(let selected) = deciding.step {
        return PlainChoice(
          question: "decide: what is right.", names: deciding.labels.map(\.safe.text), selected: selected)
      }
    case .review:
      if let selected = state.review.composing {
        return PlainChoice(
          question: "choose: how the queue is composed.", names: Sampler.allCases.map(\.rawValue), selected: selected)
      }
    default: break
    }
    guard let editor = state.editor, case .label(let selected) = editor.mode else { return nil }
    let names = editor.labels.map(\.safe.text)
    // That the model's answer is wrong can be said alone, but where it is hidden. A label may be called as the key is.
    let isHidden = state.place == .review && state.review.isBlindNow
    let none = names.contains { $0.lowercased() == "s" } ? "none" : "s"
    return PlainChoice(
      question: "choose: the right label.", names: names, selected: selected, none: isHidden ? nil : none)
  }

  /// A number of digits alone: `+3` is two keys.
  static func whole(_ word: String) -> Int? {
    word.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(word) : nil
  }

  /// The answer to a question that takes yes or no; nil where none is asked, or the line is none.
  static func yesOrNo(_ state: AppState, _ word: String) -> Key? {
    guard state.overlay == nil, state.filter == nil, state.place == .models, state.models.question != nil else {
      return nil
    }
    return ["y": .text("y"), "yes": .text("y"), "n": .text("n"), "no": .text("n")][word.lowercased()]
  }

  /// Whether a line answers what is asked for with a digit, or in a list, just now; true where nothing is.
  static func answers(_ state: AppState, _ word: String) -> Bool {
    guard state.overlay == nil, state.isAsking, !["", "esc"].contains(word.lowercased()) else { return true }
    if case .infer = state.place, case .recalling = state.infer?.mode {
      return ["enter", "up", "down", "escape"].contains(word.lowercased()) || word.allSatisfy { "jk ".contains($0) }
    }
    guard let editor = state.editor else { return true }
    switch editor.mode {
    case .confidence: return whole(word).map { (1...5).contains($0) } ?? false
    case .skip: return word == "1" || word == "2"
    case .reasons:
      return word.allSatisfy { letter in
        letter == " " || letter.wholeNumberValue.map { editor.reasons.indices.contains($0 - 1) } == true
      }
    case .idle, .label, .number, .note: return true
    }
  }

  /// Whether a whole line is text just now.
  static func isTyping(_ state: AppState) -> Bool {
    guard state.overlay == nil else { return false }
    if state.filter != nil { return true }
    switch state.place {
    case .infer:
      switch state.infer?.mode {
      case .editing, .opening: return true
      default: return false
      }
    case .case:
      if case .typing = state.case?.whatIf?.entry { return true }
      if let deciding = state.case?.deciding { return deciding.isTyping }
      return state.case?.editor?.isTyping ?? false
    case .review: return state.review.composing == nil && state.review.editor?.isTyping ?? false
    case .inbox: return state.inbox.isAsking
    case .search: return state.search.isTyping
    case .models, .drift, .outbox, .feedback, .log: return false
    }
  }

  /// What is asked just now, in words; empty where keys are commands.
  static func question(_ state: AppState) -> [String] {
    if let choice = choice(state) { return choice.lines }
    let text = "An empty line keeps it, Esc leaves."
    if let filter = state.filter { return ["type: what the names hold, now \(shown(filter.text)). \(text)"] }
    if state.bookmarks.asking != nil { return ["type: the letter of a place."] }
    switch state.place {
    case .infer: return formQuestion(state, text)
    case .models: return state.models.question.map { ["asks: \($0.text) y is yes, any other key no."] } ?? []
    case .inbox: return state.inbox.isAsking ? ["type: the answer on one line. \(text)"] : []
    case .outbox: return versions(state.outbox)
    case .case where state.case?.whatIf != nil: return whatIfQuestion(state, text)
    case .case where state.case?.deciding != nil: return decisionQuestion(state.case?.deciding)
    case .case, .review: return state.editor.map { judgementQuestion($0, text) } ?? []
    case .search:
      guard state.search.isTyping else { return [] }
      return [
        "type: what is looked for, words and filters as model:NAME by:ANALYST verdict:disagree since:3d, now "
          + "\(shown(state.search.input.text)). An empty line opens the selected case, Esc leaves to the list."
      ]
    case .drift, .feedback, .log: return []
    }
  }

  private static func shown(_ text: String) -> String { text.isEmpty ? "empty" : text }

  private static func formQuestion(_ state: AppState, _ text: String) -> [String] {
    guard let infer = state.infer else { return [] }
    switch infer.mode {
    case .editing(let input):
      let field = infer.selectedField
      let expected = field?.expectation.safe.text ?? ""
      let what = field?.name.safe.text ?? "the field"
      return ["type: \(what)\(expected.isEmpty ? "" : ", expected \(expected)"), now \(shown(input.text)). \(text)"]
    case .opening(let input): return ["type: the path of a file, now \(shown(input.text)). \(text)"]
    case .recalling(let selected):
      return [
        "choose: an earlier input, \(selected + 1) of \(infer.history.count). j and k move, Enter takes, Esc leaves."
      ]
    case .idle, .choosing: return []
    }
  }

  private static func whatIfQuestion(_ state: AppState, _ text: String) -> [String] {
    guard let whatIf = state.case?.whatIf, let signature = state.case?.content.value?.signature,
      signature.fields.indices.contains(whatIf.field)
    else { return [] }
    let field = signature.fields[whatIf.field]
    let problem = whatIf.problem.map { " \($0.text.safe.text);" } ?? ""
    return ["what if:\(problem) type the new value of \(field.name.safe.text). Tab goes to the next field, Esc leaves."]
  }

  private static func decisionQuestion(_ deciding: Deciding?) -> [String] {
    switch deciding?.step {
    case .number: ["type: the number that is right. Esc leaves."]
    case .note(let decision, _):
      ["type: why \(decision.text.safe.text) is right, on one line. An empty line gives no reason, Esc leaves."]
    case .label, nil: []
    }
  }

  private static func judgementQuestion(_ editor: JudgementEditor, _ text: String) -> [String] {
    switch editor.mode {
    case .idle, .label: return []
    case .number(let input): return ["type: the right number, as 17.5, now \(shown(input.text)). \(text)"]
    case .confidence: return ["type: the confidence, 1 guess to 5 certain."]
    case .skip: return ["type: 1 to skip for me, 2 for others too."]
    case .reasons:
      let given = editor.draft.judgement.reasons
      let reasons = editor.reasons.enumerated().map { index, reason in
        "\(index + 1) \(reason.safe.text)\(given.contains(reason) ? ", set" : "")"
      }
      return ["type: digits set and unset reasons, Enter ends: \(reasons.joined(separator: "; "))."]
    case .note(let input): return ["type: the note on one line, now \(shown(input.text)). \(text)"]
    }
  }

  private static func versions(_ state: OutboxScreen.State) -> [String] {
    guard let selected = state.choosing, let conflict = state.conflict else { return [] }
    let versions = conflict.versions.enumerated().map { index, version in
      "\(index + 1) \(version.what.safe.text), \(version.at), \(version.isHere ? "here" : "from elsewhere")"
    }
    return [
      "choose: your \(conflict.subject) on case \(conflict.caseName), now \(selected + 1): \(versions.joined(separator: "; ")). "
        + "j and k move, Enter takes, Esc leaves."
    ]
  }
}
