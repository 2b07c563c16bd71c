internal import Domain
internal import Feedback
internal import Frames

extension App {
  /// A key goes to what lies on top: an overlay, a prompt, a question of the screen, else the keymap.
  static func take(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    if key == .control("L") { return [.redraw] }
    if key == .control("Z") { return [.suspend] }
    if key == .control("C") { return [.quit] }
    // Nothing is done with what is not on screen.
    guard state.isDrawn else { return [] }
    state.clicked = nil
    if state.overlay == .tour {
      // Whoever knows the way already is not held up: the key does what it does.
      state.overlay = nil
      if key == .enter || key == .escape { return [] }
    }
    if state.overlay != nil { return takeOverlay(&state, key, milliseconds) }
    if let filter = state.filter { return takeFilter(&state, key, filter) }
    endQuestion(&state, before: key)
    if state.isAsking || startsEditing(state, key) {
      state.toast = nil
      if let effects = takeEditorKey(&state, key) { return effects }
      return type(&state, key, milliseconds)
    }
    if let asking = state.bookmarks.asking { return takeLetter(&state, key, asking, milliseconds) }
    if key == .escape, state.count != nil || !state.pending.isEmpty {
      state.count = nil
      state.pending = []
      return []
    }
    if state.pending.isEmpty, let digit = key.digit, digit > 0 || state.count != nil {
      state.count = min((state.count ?? 0) * 10 + digit, 1_000_000)
      return []
    }
    let sequence = state.pending + [key]
    if state.pending.isEmpty, state.keymap.isPrefix(key, in: state.place.scope) {
      state.pending = [key]
      return []
    }
    state.pending = []
    let count = state.count
    state.count = nil
    guard let command = state.keymap.command(for: sequence, in: state.place.scope) else { return [] }
    return take(&state, command, by: key, count: count, milliseconds)
  }

  /// Whether a key does anything just now: it answers what is asked, is part of a longer one, or has a command.
  static func hears(_ key: Key, _ state: AppState) -> Bool {
    if [.control("L"), .control("Z"), .control("C"), .escape].contains(key) { return true }
    if state.overlay != nil || state.filter != nil || state.isAsking || startsEditing(state, key)
      || state.bookmarks.asking != nil || (state.pending.isEmpty && key.digit != nil)
    {
      return true
    }
    if state.pending.isEmpty, state.keymap.isPrefix(key, in: state.place.scope) { return true }
    return state.keymap.command(for: state.pending + [key], in: state.place.scope) != nil
  }

  /// A digit answers what a verdict asks; a key that is no answer is not lost on the question.
  private static func endQuestion(_ state: inout AppState, before key: Key) {
    switch state.place {
    case .review where state.review.composing == nil && state.review.editor?.wants(key) == false:
      state.review.editor?.mode = .idle
    case .case where state.case?.whatIf == nil && state.case?.editor?.wants(key) == false:
      state.case?.editor?.mode = .idle
    default: break
    }
  }

  /// Does what a command asks, as a key or the mouse gave it.
  static func take(
    _ state: inout AppState, _ command: Command, by key: Key, count: Int?, _ milliseconds: Int
  ) -> [Effect] {
    state.toast = nil
    if command == .back, state.places.count <= 1, !state.hasLargePanel {
      if !state.models.filter.isEmpty { return route(&state, .models(.filtered(""))) }
      return key == .text("q") ? [.quit] : []
    }
    if command == .back, key == .escape, case .infer = state.place, state.infer?.scoring?.isRunning == true {
      return route(&state, .infer(.commanded(.back, count: nil)))
    }
    // A key is about the case under the cursor: that is on the table before anything is done with it.
    let settled = state.place == .review && !command.isMove ? rest(&state, milliseconds) : []
    return settled + run(&state, command, count: count, milliseconds)
  }

  /// In a form, a digit or a sign starts to edit the number under the selection.
  static func startsEditing(_ state: AppState, _ key: Key) -> Bool {
    guard case .infer = state.place, let field = state.infer?.selectedField, state.pending.isEmpty else { return false }
    switch field.kind {
    case .number, .integer: return key.beginsNumber
    case .list(let datatype): return datatype != .bytes && key.beginsNumber
    case .flag, .category, .text, .image, .open: return false
    }
  }

  private static func type(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .infer: route(&state, .infer(.typed(key)))
    case .case: route(&state, .case(.typed(key, milliseconds: milliseconds)))
    case .review:
      route(&state, .review(.typed(key, milliseconds: milliseconds, now: state.time(at: milliseconds))))
    case .models: route(&state, .models(.typed(key)))
    case .inbox: route(&state, .inbox(.typed(key)))
    case .outbox: route(&state, .outbox(.typed(key)))
    case .search: typeSearch(&state, key)
    case .drift, .feedback, .log: []
    }
  }

  static func paste(_ state: inout AppState, _ text: String) -> [Effect] {
    guard state.isDrawn else { return [] }
    if case .palette(var palette) = state.overlay {
      palette.insert(text)
      state.overlay = .palette(palette)
      return []
    }
    // What lies on top hides the rest: nothing is filled in unseen.
    guard state.overlay == nil else { return [] }
    if var filter = state.filter {
      filter.insert(text)
      state.filter = filter
      return route(&state, .models(.filtered(filter.text)))
    }
    switch state.place {
    case .infer:
      if state.infer?.fields.isEmpty != false {
        state.toast = Message(.notice, "the form has no fields yet: paste again when it has")
      }
      return route(&state, .infer(.pasted(text)))
    case .case: return route(&state, .case(.pasted(text)))
    case .review: return route(&state, .review(.pasted(text)))
    case .inbox: return route(&state, .inbox(.pasted(text)))
    case .search: return route(&state, .search(.pasted(text, now: state.now)))
    case .models, .drift, .outbox, .feedback, .log: return []
    }
  }

  private static func takeFilter(_ state: inout AppState, _ key: Key, _ filter: TextInput) -> [Effect] {
    var filter = filter
    switch key {
    case .enter:
      state.filter = nil
      return []
    case .escape:
      state.filter = nil
      return route(&state, .models(.filtered("")))
    case .down, .up:
      return route(&state, .models(.commanded(key == .down ? .moveDown : .moveUp, count: nil)))
    default:
      _ = filter.apply(key)
      state.filter = filter
      return route(&state, .models(.filtered(filter.text)))
    }
  }

  private static func takeOverlay(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    switch state.overlay {
    case .palette(var palette):
      switch key {
      case .escape:
        state.overlay = nil
        return []
      case .enter:
        // It says already that there is no such command: what was typed stays.
        guard let chosen = palette.chosen else { return [] }
        state.overlay = nil
        return run(&state, chosen.run, milliseconds)
      default:
        palette.take(key)
        state.overlay = .palette(palette)
        return []
      }
    case .help(let scroll):
      // What is looked for among the keys may be a command of any screen, which the palette lists with its keys.
      if state.keymap.command(for: [key], in: .models) == .filter {
        state.overlay = .palette(Palette(entries: entries(for: state)))
        return []
      }
      scrollOverlay(&state, key, scroll) { .help(scroll: $0) }
    case .problem(let problem, let scroll):
      if overlayCommand(key, state) == .copy { return [.copy(leaving(problem.plainText, state))] }
      scrollOverlay(&state, key, scroll) { .problem(problem, scroll: $0) }
    case .outline(let outline, let scroll):
      if overlayCommand(key, state) == .copy { return [.copy(leaving(outline.text, state))] }
      scrollOverlay(&state, key, scroll) { .outline(outline, scroll: $0) }
    case .table(let outline, let scroll):
      if overlayCommand(key, state) == .copy { return [.copy(leaving(outline.text, state))] }
      scrollOverlay(&state, key, scroll) { .table(outline, scroll: $0) }
    case .themes(let picker): return takeTheme(&state, key, picker)
    case .tour, nil: break
    }
    return []
  }

  /// What a key means over a screen: the moves that everybody's keymap has for it.
  static func overlayCommand(_ key: Key, _ state: AppState) -> Command? {
    if let command = state.keymap.command(for: [key], in: .everywhere) { return command }
    let top = state.keymap.binding(of: .top, in: .everywhere)?.keys ?? []
    // The first of two keys is enough where no text is asked for.
    return top.contains { $0.first == key } ? .top : nil
  }

  private static func scrollOverlay(
    _ state: inout AppState, _ key: Key, _ scroll: Int, _ make: (Int) -> Overlay
  ) {
    let last = lastScroll(state)
    let scroll = min(scroll, last)
    switch key == .text(" ") ? .pageDown : overlayCommand(key, state) {
    case .moveDown: state.overlay = make(min(last, scroll + 1))
    case .moveUp: state.overlay = make(max(0, scroll - 1))
    case .halfPageDown, .pageDown: state.overlay = make(min(last, scroll + state.size.rows / 2))
    case .halfPageUp, .pageUp: state.overlay = make(max(0, scroll - state.size.rows / 2))
    case .top: state.overlay = make(0)
    case .bottom: state.overlay = make(last)
    default: state.overlay = nil
    }
  }

  private static func run(_ state: inout AppState, _ run: PaletteEntry.Run, _ milliseconds: Int) -> [Effect] {
    switch run {
    case .command(let command): return self.run(&state, command, count: nil, milliseconds)
    case .go(let place): return open(&state, place, milliseconds)
    case .rate(let rating):
      guard state.place != .review || !state.review.isBlindNow else {
        state.toast = Message(.notice, "the explanation is hidden until you have answered")
        return []
      }
      if let obstacle = obstacleToRating(state) {
        state.toast = Message(.notice, obstacle.words, hint: obstacle.hint)
        return []
      }
      if case .case = state.place {
        let explainer = state.case?.shownExplanation?.explainer
        return state.case?.editor?.rate(rating, of: explainer) ?? []
      }
      let explainer = state.review.markedExplanation?.explainer
      return state.review.editor?.rate(rating, of: explainer) ?? []
    }
  }

  /// Does what a command asks: what concerns every screen here, the rest on the screen.
  static func run(_ state: inout AppState, _ command: Command, count: Int?, _ milliseconds: Int) -> [Effect] {
    let (isUndoWanted, isRedoWanted) = (state.isUndoOffered, state.isRedoOffered)
    (state.isUndoOffered, state.isRedoOffered) = (false, false)
    if let obstacle = obstacle(state, command) {
      state.toast = Message(.notice, obstacle.words, hint: obstacle.hint)
      return []
    }
    if command.isSeenInList { state.panel = nil }
    switch command {
    case .back:
      // Whoever waits for an answer stops waiting first.
      if case .infer = state.place, state.infer?.answer.isLoading == true { return route(&state, .infer(.stopped)) }
      if state.hasLargePanel { return toggleOnePanel(&state) }
      guard state.places.count > 1 else { return [] }
      state.places.removeLast()
      return returned(&state, milliseconds)
    case .jumpBack: return jump(&state, to: state.trail.back(from: spot(state)), "nothing to go back to", milliseconds)
    case .jumpOn: return jump(&state, to: state.trail.on(from: spot(state)), "nothing to go on to", milliseconds)
    case .setMark, .goToMark:
      state.bookmarks.asking = command == .setMark ? .set : .go
      state.toast = Message(.notice, command == .setMark ? "a letter for this place" : "to which letter's place")
      return []
    case .palette:
      state.overlay = .palette(Palette(entries: entries(for: state)))
      return []
    case .help:
      state.overlay = .help(scroll: 0)
      return []
    case .table:
      state.overlay = .table(read(state), scroll: 0)
      return []
    case .copy: return [.copy(leaving(read(state).text, state))]
    case .plainView: return [.view(leaving(read(state).text, state))]
    case .filter:
      if state.place == .search { return runOnScreen(&state, command, count, milliseconds) }
      guard case .models = state.place else { return [] }
      // What is typed is what is looked for: nothing of the last filter stands before it.
      state.filter = TextInput("")
      return route(&state, .models(.filtered("")))
    case .goLog: return open(&state, .log, milliseconds)
    case .goSearch: return openSearch(&state, milliseconds)
    case .theme: return [.loadThemes]
    case .tour:
      state.overlay = .tour
      return []
    case .mouse:
      toggleMouse(&state)
      return []
    case .onePanel: return toggleOnePanel(&state)
    case .nextPanel, .previousPanel: return turnPanel(&state, by: command == .nextPanel ? 1 : -1, milliseconds)
    case .repeatVerdict: return repeatVerdict(&state, milliseconds)
    case .undo: return [.undo(isWanted: isUndoWanted)]
    case .redo: return [.redo(isWanted: isRedoWanted)]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return [.quit]
    case .sync:
      state.toast = syncing
      state.asksForSync = true
      return route(&state, .outbox(.syncing(true))) + [.sync]
    case .goModels:
      state.places = [.models]
      return returned(&state, milliseconds)
    case .goReview: return openReview(&state, of: nil, milliseconds)
    case .goOutbox: return open(&state, .outbox, milliseconds)
    case .goInbox: return open(&state, .inbox, milliseconds)
    case .guideline: return showGuideline(&state)
    case .goFeedback:
      let model = state.model ?? state.models.selected?.id
      if state.place != .feedback { _ = route(&state, .feedback(.pointed(model))) }
      return open(&state, .feedback, milliseconds)
    case .goDrafts: return [.loadDrafts(opens: true)]
    case .goDrift, .drift:
      guard let model = state.model ?? state.models.selected?.id else {
        state.toast = Message(.notice, "drift is a model's", hint: Hint(.goModels, "goes to the models"))
        return []
      }
      return open(&state, .drift(model), milliseconds)
    case .infer:
      guard let model = state.model else { return [] }
      return open(&state, .infer(model), milliseconds)
    case .review where state.place == .models:
      return openReview(&state, of: state.models.selected?.id.name, milliseconds)
    case .review where state.place.scope == .infer:
      if let cases = state.infer?.scoring?.cases, let first = cases.first {
        return openCase(&state, first, among: cases)
      }
      guard let answer = state.infer?.answer.value else {
        state.toast = Message(.notice, "nothing was answered here yet", hint: Hint(.send, "sends the input"))
        return []
      }
      return openCase(&state, answer.caseID, among: [])
    case .composeQueue where state.place.scope == .drift:
      return openReview(&state, of: state.model?.name, sampler: .drifted, milliseconds)
    case .open where state.place == .models:
      guard let model = state.models.selected?.id else { return [] }
      return open(&state, .infer(model), milliseconds)
    case .open where state.place == .review:
      guard let item = state.review.selected, !state.review.isHidden(item) else { return [] }
      let listed = state.review.ordered
      let stamps = Dictionary(listed.map { ($0.id, $0.stamp) }) { first, _ in first }
      return openCase(&state, item.id, among: listed.map(\.id), stamps: stamps)
    case .openCase where state.place == .outbox:
      guard let id = state.outbox.selected?.caseID else {
        state.toast = Message(.notice, "this event is about no case")
        return []
      }
      return openCase(&state, id, among: [])
    case .open where state.place == .search: return openHit(&state)
    case .open where state.place == .log: return openEntry(&state)
    case .open where state.place == .inbox: return openItem(&state, milliseconds)
    case .nextCase where state.place.scope == .case, .previousCase where state.place.scope == .case:
      let step = (command == .nextCase ? 1 : -1) * (count ?? 1)
      guard let current = state.case, let next = sibling(of: current, by: step) else { return [] }
      return openCase(&state, next, among: current.siblings, stamps: current.stamps)
    case .top, .bottom:
      let before = spot(state)
      let effects = runOnScreen(&state, command, count, milliseconds)
      noteMove(&state, from: before)
      return effects
    default: return runOnScreen(&state, command, count, milliseconds)
    }
  }

  static func runOnScreen(
    _ state: inout AppState, _ command: Command, _ count: Int?, _ milliseconds: Int
  ) -> [Effect] {
    switch state.place {
    case .models: return route(&state, .models(.commanded(command, count: count)))
    case .infer: return route(&state, .infer(.commanded(command, count: count)))
    case .case: return route(&state, .case(.commanded(command, count: count, milliseconds: milliseconds)))
    case .drift: return route(&state, .drift(.commanded(command, count: count)))
    case .review:
      let now = state.time(at: milliseconds)
      let marked = state.review.marked
      let effects = route(&state, .review(.commanded(command, count: count, milliseconds: milliseconds, now: now)))
      if command == .toggleMarked, let stands = state.review.marksOver(marked) {
        state.toast = Message(.notice, stands)
      }
      if command == .blind, state.review.order.isBlind, !effects.isEmpty {
        state.toast = Message(.notice, "another queue, of cases whose answer was not on screen")
      }
      return effects
    case .outbox: return route(&state, .outbox(.commanded(command, count: count)))
    case .inbox: return route(&state, .inbox(.commanded(command, count: count)))
    case .feedback: return route(&state, .feedback(.commanded(command, count: count)))
    case .search: return route(&state, .search(.commanded(command, count: count, now: state.now)))
    case .log: return route(&state, .log(.commanded(command, count: count)))
    }
  }

  /// Opens the queue of a model, or of all; another queue than the one on screen begins empty.
  private static func openReview(
    _ state: inout AppState, of model: RawText?, sampler: Sampler? = nil, _ milliseconds: Int
  ) -> [Effect] {
    var order = state.review.order
    order.model = model
    if let sampler { order.sampler = sampler }
    // A queue of the researchers' is not one model's, and not a sampler's.
    if order.taken != nil, model != nil || sampler != nil {
      order.taken = nil
      order.isBlind = state.review.isBlindByChoice
    }
    return openReview(&state, order, milliseconds)
  }

  static func openReview(_ state: inout AppState, _ order: QueueOrder, _ milliseconds: Int) -> [Effect] {
    if order.taken != nil, state.review.order.taken == nil { state.review.isBlindByChoice = state.review.order.isBlind }
    if order != state.review.order {
      _ = route(&state, .review(.ordered(order)))
      if state.place == .review { return enter(&state, milliseconds) }
    }
    return open(&state, .review, milliseconds)
  }

  static func jump(_ state: inout AppState, _ places: [Place], _ milliseconds: Int) -> [Effect] {
    state.places = places
    let effects = returned(&state, milliseconds)
    return effects + leaveHidden(&state, milliseconds)
  }

  /// No way leads to a case whose answer is hidden: neither a mark nor the session before.
  static func leaveHidden(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    guard case .case(let id) = state.place, state.hiddenCases.contains(id) else { return [] }
    state.places.removeLast()
    state.toast = hiddenAnswer
    return returned(&state, milliseconds)
  }

  /// A screen that was left and is on top again shows what it had; lists are read anew.
  private static func returned(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    if prepare(&state, state.place) { return enter(&state, milliseconds) }
    switch state.place {
    // A screen that was left in an earlier session has not been read yet in this one.
    case .review where state.review.queue == .idle: return enter(&state, milliseconds)
    case .drift where state.drift?.content == .idle: return enter(&state, milliseconds)
    case .infer where state.infer?.signature == .idle: return enter(&state, milliseconds)
    case .models: return route(&state, .models(.appeared))
    case .outbox: return route(&state, .outbox(.appeared))
    case .inbox: return route(&state, .inbox(.appeared))
    case .feedback: return route(&state, .feedback(.appeared))
    case .search: return route(&state, .search(.appeared(now: state.now)))
    case .log: return route(&state, .log(.appeared))
    case .infer, .case, .drift, .review: return []
    }
  }
}

extension Problem {
  /// The whole problem as text to copy.
  var plainText: String { [summary, advice, detail].filter { !$0.isEmpty }.joined(separator: "\n") + "\n" }
}
