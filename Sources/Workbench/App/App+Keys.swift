internal import Domain
internal import Frames

extension App {
  /// A key goes to what lies on top: an overlay, a prompt, a question of the screen, else the keymap.
  static func take(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    if key == .control("L") { return [.redraw] }
    if key == .control("Z") { return [.suspend] }
    if key == .control("C") { return [.quit] }
    if state.overlay != nil { return takeOverlay(&state, key, milliseconds) }
    if let filter = state.filter { return takeFilter(&state, key, filter) }
    if state.isAsking || startsEditing(state, key) {
      state.toast = nil
      return type(&state, key, milliseconds)
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
    state.toast = nil
    if command == .back, state.places.count <= 1 {
      if !state.models.filter.isEmpty { return route(&state, .models(.filtered(""))) }
      return key == .text("q") ? [.quit] : []
    }
    return run(&state, command, count: count, milliseconds)
  }

  /// In a form, a digit or a sign starts to edit the number under the selection.
  private static func startsEditing(_ state: AppState, _ key: Key) -> Bool {
    guard case .infer = state.place, let field = state.infer?.selectedField, state.pending.isEmpty else { return false }
    switch field.kind {
    case .number, .integer: return key.beginsNumber
    case .flag, .category, .text, .image: return false
    }
  }

  private static func type(_ state: inout AppState, _ key: Key, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .infer: route(&state, .infer(.typed(key)))
    case .case: route(&state, .case(.typed(key, milliseconds: milliseconds)))
    case .review: route(&state, .review(.typed(key, milliseconds: milliseconds, now: state.now)))
    case .models, .drift, .outbox: []
    }
  }

  static func paste(_ state: inout AppState, _ text: String) -> [Effect] {
    if case .palette(var palette) = state.overlay {
      palette.insert(text)
      state.overlay = .palette(palette)
      return []
    }
    if var filter = state.filter {
      filter.insert(text)
      state.filter = filter
      return route(&state, .models(.filtered(filter.text)))
    }
    switch state.place {
    case .infer: return route(&state, .infer(.pasted(text)))
    case .case: return route(&state, .case(.pasted(text)))
    case .review: return route(&state, .review(.pasted(text)))
    case .models, .drift, .outbox: return []
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
        state.overlay = nil
        guard let chosen = palette.chosen else { return [] }
        return run(&state, chosen.run, milliseconds)
      default:
        palette.take(key)
        state.overlay = .palette(palette)
        return []
      }
    case .help(let scroll): scrollOverlay(&state, key, scroll) { .help(scroll: $0) }
    case .problem(let problem, let scroll):
      if key == .text("y") { return [.copy(problem.plainText)] }
      scrollOverlay(&state, key, scroll) { .problem(problem, scroll: $0) }
    case .outline(let outline, let scroll):
      if key == .text("y") { return [.copy(outline.text)] }
      scrollOverlay(&state, key, scroll) { .outline(outline, scroll: $0) }
    case nil: break
    }
    return []
  }

  private static func scrollOverlay(
    _ state: inout AppState, _ key: Key, _ scroll: Int, _ make: (Int) -> Overlay
  ) {
    switch key {
    case .down, .text("j"): state.overlay = make(scroll + 1)
    case .up, .text("k"): state.overlay = make(max(0, scroll - 1))
    case .pageDown, .control("D"), .text(" "): state.overlay = make(scroll + state.size.rows / 2)
    case .pageUp, .control("U"): state.overlay = make(max(0, scroll - state.size.rows / 2))
    case .text("g"), .home: state.overlay = make(0)
    default: state.overlay = nil
    }
  }

  private static func run(_ state: inout AppState, _ run: PaletteEntry.Run, _ milliseconds: Int) -> [Effect] {
    switch run {
    case .command(let command): return self.run(&state, command, count: nil, milliseconds)
    case .go(let place): return open(&state, place, milliseconds)
    case .rate(let rating):
      if case .case = state.place { return state.case?.editor?.rate(rating) ?? [] }
      return state.review.editor?.rate(rating) ?? []
    }
  }

  /// Does what a command asks: what concerns every screen here, the rest on the screen.
  static func run(_ state: inout AppState, _ command: Command, count: Int?, _ milliseconds: Int) -> [Effect] {
    switch command {
    case .back:
      guard state.places.count > 1 else { return [] }
      state.places.removeLast()
      return returned(&state, milliseconds)
    case .palette:
      state.overlay = .palette(Palette(entries: entries(for: state)))
      return []
    case .help:
      state.overlay = .help(scroll: 0)
      return []
    case .table:
      state.overlay = .outline(read(state), scroll: 0)
      return []
    case .copy: return [.copy(read(state).text)]
    case .filter:
      guard case .models = state.place else { return [] }
      state.filter = TextInput(state.models.filter)
      return []
    case .showProblem:
      if let problem = state.lastProblem { state.overlay = .problem(problem, scroll: 0) }
      return []
    case .undo: return [.undo]
    case .redo: return [.redo]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return [.quit]
    case .sync:
      state.toast = Message(.notice, "syncing")
      return route(&state, .outbox(.syncing(true))) + [.sync]
    case .goModels:
      state.places = [.models]
      return returned(&state, milliseconds)
    case .goReview: return open(&state, .review, milliseconds)
    case .goOutbox: return open(&state, .outbox, milliseconds)
    case .goDrift, .drift:
      guard let model = state.model ?? state.models.selected?.id else { return [] }
      return open(&state, .drift(model), milliseconds)
    case .infer:
      guard let model = state.model else { return [] }
      return open(&state, .infer(model), milliseconds)
    case .review where state.place == .models:
      state.review.order.model = state.models.selected?.id.name
      return open(&state, .review, milliseconds)
    case .open where state.place == .models:
      guard let model = state.models.selected?.id else { return [] }
      return open(&state, .infer(model), milliseconds)
    case .open where state.place == .review:
      guard let item = state.review.selected, !state.review.isHidden(item) else { return [] }
      return openCase(&state, item.id, among: state.review.items.map(\.id))
    case .open where state.place == .outbox:
      guard let id = state.outbox.selected?.caseID else { return [] }
      return openCase(&state, id, among: [])
    case .nextCase where state.place.scope == .case, .previousCase where state.place.scope == .case:
      guard let current = state.case, let next = sibling(of: current, by: command == .nextCase ? 1 : -1) else {
        return []
      }
      return openCase(&state, next, among: current.siblings)
    default: return runOnScreen(&state, command, count, milliseconds)
    }
  }

  private static func runOnScreen(
    _ state: inout AppState, _ command: Command, _ count: Int?, _ milliseconds: Int
  ) -> [Effect] {
    switch state.place {
    case .models: route(&state, .models(.commanded(command, count: count)))
    case .infer: route(&state, .infer(.commanded(command, count: count)))
    case .case: route(&state, .case(.commanded(command, count: count, milliseconds: milliseconds)))
    case .drift: route(&state, .drift(.commanded(command, count: count)))
    case .review:
      route(&state, .review(.commanded(command, count: count, milliseconds: milliseconds, now: state.now)))
    case .outbox: route(&state, .outbox(.commanded(command, count: count)))
    }
  }

  /// A screen that was left and is on top again shows what it had; lists are read anew.
  private static func returned(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .models: route(&state, .models(.appeared))
    case .outbox: route(&state, .outbox(.appeared))
    case .infer, .case, .drift, .review: []
    }
  }

  /// What the palette offers here: the screen's own commands first, then everybody's, then each model.
  static func entries(for state: AppState) -> [PaletteEntry] {
    let scopes: [Scope] = [state.place.scope, .everywhere]
    var entries: [PaletteEntry] = scopes.flatMap { scope in
      state.keymap.bindings(in: scope).map { binding in
        PaletteEntry(
          name: binding.command.rawValue, meaning: binding.meaning,
          key: binding.keys.first.map(Binding.notation(of:)) ?? "", run: .command(binding.command))
      }
    }
    if state.place.scope == .case || state.place.scope == .review {
      entries += (1...5).map {
        PaletteEntry(name: "rate \($0)", meaning: "Rate the whole explanation", key: "", run: .rate($0))
      }
    }
    for group in state.models.groups {
      let name = group.id.name.string
      entries.append(
        PaletteEntry(name: "infer \(name)", meaning: "Fill in its form", key: "", run: .go(.infer(group.id))))
      entries.append(
        PaletteEntry(name: "drift \(name)", meaning: "Show its drift", key: "", run: .go(.drift(group.id))))
    }
    return entries
  }
}

extension Problem {
  /// The whole problem as text to copy.
  var plainText: String { [summary, advice, detail].filter { !$0.isEmpty }.joined(separator: "\n") + "\n" }
}
