internal import Domain
public import Frames
internal import SafeText

extension App {
  /// The smallest terminal that shows a screen.
  static let smallest = ScreenSize(columns: 40, rows: 10)
  /// The least on which several panels stand at once: 60x16 with a banner above and below.
  static let several = ScreenSize(columns: 60, rows: 14)

  /// Draws the whole screen; a pure picture of the state.
  public static func draw(_ state: AppState, on frame: inout Frame) {
    frame.title = ["mds".safe, state.context.safe].joined(separator: " ")
    frame.mouse = state.hasMouse ? .buttons : .off
    guard frame.columns >= smallest.columns, frame.rows >= smallest.rows else {
      let rows = smallest.rows + (state.banner == nil ? 0 : 2)
      frame.write("mds needs \(smallest.columns)x\(rows); ^C ends".safe, row: 0, column: 0)
      return
    }
    Chrome.header(state, on: &frame)
    if state.hasOnePanel { drawPanel(state, on: &frame) } else { drawScreen(state, on: &frame) }
    drawQuestion(state, on: &frame)
    Chrome.message(state, on: &frame)
    // A command without a key is run by its name: the footer has no room for it.
    let hints = hints(state).filter { !$0.key.isEmpty }
    Footer(hints.map { .init($0.key, $0.hint) }, right: position(state)).draw(on: &frame)
    if let overlay = state.overlay { draw(overlay, state, on: &frame) }
  }

  /// What a screen asks in a list over it.
  private static func drawQuestion(_ state: AppState, on frame: inout Frame) {
    switch state.place {
    case .infer: if let infer = state.infer { InferScreen.drawChoices(infer, on: &frame) }
    case .review: if let selected = state.review.composing { ReviewScreen.drawComposer(selected, on: &frame) }
    case .outbox: OutboxScreen.drawQuestion(state.outbox, now: state.now, on: &frame)
    case .case:
      if let content = state.case?.content.value { state.case?.deciding?.draw(content, on: &frame) }
    case .models, .drift, .inbox, .feedback, .search, .log: break
    }
  }

  /// The panels of the screen on top, without header and footer.
  static func drawScreen(_ state: AppState, on frame: inout Frame) {
    let (now, hints) = (state.now, state.hints)
    switch state.place {
    case .models: ModelsScreen.draw(state.models, hints, now: now, on: &frame)
    case .infer: if let infer = state.infer { InferScreen.draw(infer, hints, now: now, on: &frame) }
    case .case: if let current = state.case { CaseScreen.draw(current, hints, now: now, on: &frame) }
    case .drift: if let drift = state.drift { DriftScreen.draw(drift, hints, on: &frame) }
    case .review: ReviewScreen.draw(state.review, hints, now: now, on: &frame)
    case .outbox: OutboxScreen.draw(state.outbox, hints, link: state.collector, now: now, on: &frame)
    case .inbox: InboxScreen.draw(state.inbox, hints, now: now, on: &frame)
    case .feedback: FeedbackScreen.draw(state.feedback, hints, on: &frame)
    case .search: SearchScreen.draw(state.search, hints, hidden: state.hiddenCases, now: now, on: &frame)
    case .log: LogScreen.draw(state.log, hints, now: now, on: &frame)
    }
  }

  /// The hints of the footer: what the keys mean just now.
  static func hints(_ state: AppState) -> [(key: SafeText, hint: SafeText)] {
    if let hints = overlayHints(state) { return hints }
    if state.filter != nil { return [("⏎", "keep"), ("Esc", "clear"), ("Up Down", "move")] }
    if state.isAsking { return askingHints(state) }
    let isBlind = state.place == .review && state.review.isBlindNow
    var panel: [(Command, SafeText)] = state.hasOnePanel ? [(.nextPanel, "panel")] : []
    if state.hasOnePanel, !state.isTooSmall { panel.append((.onePanel, "all panels")) }
    return (panel + commands(state)).map { command, hint in
      switch command {
      case .agree: (state.hints.keys(isBlind ? [.disagree, .unsure] : [.agree, .disagree, .unsure]), hint)
      case .moveLeft: (state.hints.keys([.moveLeft, .moveRight]), hint)
      default: (state.hints.keys([command]), hint)
      }
    }
  }

  /// What the footer names on the screen on top, six at most.
  private static func commands(_ state: AppState) -> [(Command, SafeText)] {
    switch state.place {
    case .models where state.models.unreachableSince != nil:
      [
        (.open, "open"), (.review, "review"), (.drift, "drift"), (.reload, "try now"), (.filter, "filter"),
        (.help, "help"),
      ]
    case .models:
      [
        (.open, "open"), (.infer, "infer"), (.drift, "drift"), (.review, "review"), (.filter, "filter"),
        (.help, "help"),
      ]
    case .infer where state.infer?.answer.isLoading == true:
      [(.back, "stop waiting"), (.open, "edit"), (.history, "history"), (.help, "help")]
    case .infer:
      [
        (.open, "edit"), (.send, "send"),
        state.infer?.signature.value?.textField == nil ? (.editJSON, "JSON") : (.generate, "stream"),
        (.openFile, "file"),
        state.infer?.problems.contains { $0.problem.canBeSentAnyway } == true
          ? (.sendAnyway, "send anyway") : (.history, "history"),
        (.help, "help"),
      ]
    case .case:
      [
        (.agree, "verdict"), (.save, "save, next"), (.note, "note"),
        // A key that does nothing for this case gives its place to one that does.
        obstacle(state, .nextExplanation) == nil
          ? (.nextExplanation, "next why")
          : obstacle(state, .otherFlips) == nil ? (.otherFlips, "flips") : (.onePanel, "one panel"),
        obstacle(state, .whatIf) == nil ? (.whatIf, "what-if") : (.markSpurious, "mark"),
        (.help, "help"),
      ]
    case .drift:
      [
        (.open, "cases"), (.moveLeft, "window"), (.windowWidth, "width"), (.outliers, "outliers"),
        (.composeQueue, "queue"), (.help, "help"),
      ]
    case .review where state.review.isBlindNow:
      [
        (.agree, "answer"), (.confidence, "confidence"), (.note, "note"), (.save, "save, reveal"), (.reveal, "reveal"),
        (.help, "help"),
      ]
    case .review where state.review.isRevealedNow:
      [
        (.agree, "verdict"), (.confidence, "confidence"), (.moveLeft, "feature"), (.save, "save, next"),
        (.blind, "blind"), (.help, "help"),
      ]
    case .review:
      [
        (.agree, "verdict"), (.toggleMarked, "mark"), (.applyToMarked, "to marked"), (.save, "save, next"),
        (.blind, "blind"), (.help, "help"),
      ]
    case .inbox:
      [(.open, "open"), (.note, "answer"), (.take, "take"), (.sync, "sync now"), (.back, "back"), (.help, "help")]
    case .outbox:
      [
        (.open, "event"), (.openCase, "case"), (.retry, "retry"), (.exportOutbox, "export"), (.sync, "sync now"),
        (.help, "help"),
      ]
    case .feedback:
      [
        (.open, "cases"), (.nextSlice, "slice"), (.nextPeriod, "period"), (.nextVersion, "version"),
        (.exportReport, "export"), (.help, "help"),
      ]
    case .search:
      [(.open, "open"), (.filter, "search"), (.reload, "again"), (.table, "table"), (.back, "back"), (.help, "help")]
    case .log: [(.open, "in full"), (.table, "table"), (.copy, "copy"), (.back, "back"), (.help, "help")]
    }
  }

  private static func overlayHints(_ state: AppState) -> [(key: SafeText, hint: SafeText)]? {
    let hints = state.hints.on(.everywhere)
    let keys = hints.keys([.moveDown, .moveUp])
    switch state.overlay {
    case nil: return nil
    case .palette: return [("⏎", "run"), ("⇥", "complete"), ("Up Down", "choose"), ("Esc", "leave")]
    case .help: return [("Esc", "close"), (state.hints.on(.models).keys([.filter]), "find"), (keys, "scroll")]
    case .problem, .outline, .table: return [(hints.keys([.copy]), "copy all"), (keys, "scroll"), ("Esc", "close")]
    case .themes: return [("⏎", "keep"), (keys, "preview"), ("Esc", "as before")]
    case .tour: return [("⏎", "begin")]
    }
  }

  /// The digits that pick a label, from the lowest to the highest.
  private static func digits(of editor: JudgementEditor?) -> SafeText {
    let labels = editor?.labels ?? []
    let digits = labels.indices.compactMap { JudgementEditor.digit(of: $0, among: labels) }
    guard let first = digits.min(), let last = digits.max() else { return .empty }
    return first == last ? "\(first)".safe : "\(first)–\(last)".safe
  }

  /// The keys in a text, besides those that end it.
  private static func typingHints(_ state: AppState) -> [(key: SafeText, hint: SafeText)] {
    (state.longText == nil ? [] : [("^X^E", "$EDITOR")]) + [("^A ^E", "ends"), ("^K ^U", "cut")]
  }

  private static func askingHints(_ state: AppState) -> [(key: SafeText, hint: SafeText)] {
    if state.place == .models { return [("y", "yes"), ("any other key", "no")] }
    if state.place == .search { return [("⏎", "open"), ("Up Down", "choose"), ("Esc", "list"), ("^U", "clear")] }
    if state.place == .inbox { return [("⏎", "save"), ("Esc", "later")] + typingHints(state) }
    if case .infer = state.place {
      switch state.infer?.mode {
      case .editing: return [("⏎", "accept, next"), ("Esc", "leave")] + typingHints(state)
      case .opening: return [("⏎", "open"), ("Esc", "leave")]
      default: return [("⏎", "choose"), ("j k", "move"), ("Esc", "leave")]
      }
    }
    if state.place.scope == .case, let whatIf = state.case?.whatIf {
      let choose: (SafeText, SafeText) =
        if case .choosing = whatIf.entry { ("h l", "choose") } else { typingHints(state)[0] }
      return [("⏎", "ask"), choose, ("⇥", "next field"), ("Esc", "leave")]
    }
    if state.place.scope == .case, let deciding = state.case?.deciding {
      if !deciding.isTyping { return [("1–9", "right"), ("j k ⏎", "choose"), ("Esc", "leave")] }
      return [("⏎", "go on"), ("Esc", "leave")] + typingHints(state)
    }
    let editor = state.place == .review ? state.review.editor : state.case?.editor
    switch editor?.mode {
    case .note: return [("⏎ Esc", "keep")] + typingHints(state)
    case .number: return [("⏎", "the right number, or none"), ("Esc", "leave")] + typingHints(state)
    case .label:
      return [
        (digits(of: editor), "label"), ("j k ⏎", "choose"),
        (state.keymap.key(of: .save, in: state.place.scope).safe, "none"),
        ("Esc", "leave"),
      ]
    case .reasons: return [("1–\(min(9, editor?.reasons.count ?? 9))".safe, "set, unset"), ("⏎", "done")]
    case .confidence: return [("1–5", "confidence"), ("Esc", "leave")]
    case .skip: return [("1", "for me"), ("2", "for others"), ("Esc", "leave")]
    default: return [("⏎", "choose"), ("j k", "move"), ("Esc", "leave")]
    }
  }

  /// Where one is in the list on screen.
  private static func position(_ state: AppState) -> SafeText {
    if let count = state.count { return "\(count)".safe }
    if !state.pending.isEmpty { return state.pending.map(\.description).joined().safe }
    let rows: Rows?
    switch state.place {
    case .models: rows = state.models.rows
    case .infer:
      let problems = state.infer?.problems.count ?? 0
      if problems > 0 { return "✗ \(problems) ".safe + (problems == 1 ? "problem" : "problems") }
      rows = state.infer?.rows
    case .case:
      guard let current = state.case else { return .empty }
      let number = current.case.map { "\($0.number)".safe } ?? .empty
      guard !current.siblings.isEmpty else { return number }
      return number + "  " + place(current.position, of: current.siblings.count)
    case .drift: rows = state.drift?.rows
    case .review: rows = state.review.rows
    case .outbox: rows = state.outbox.rows
    case .inbox: rows = state.inbox.rows
    case .feedback: rows = state.feedback.rows
    case .search: rows = state.search.rows
    case .log: rows = state.log.rows
    }
    guard let rows, !rows.isEmpty else { return .empty }
    return place(rows.selection + 1, of: rows.count)
  }

  private static func place(_ position: Int, of count: Int) -> SafeText {
    Numeral.count(position) + "/" + Numeral.count(count)
  }
}
