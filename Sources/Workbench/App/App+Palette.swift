internal import Domain
internal import Frames

extension App {
  /// What the palette offers here: the screen's own commands first, then everybody's, then each model.
  static func entries(for state: AppState) -> [PaletteEntry] {
    let scopes: [Scope] = [state.place.scope, .everywhere]
    var entries: [PaletteEntry] = scopes.flatMap { scope in
      state.keymap.bindings(in: scope).map { binding in
        PaletteEntry(
          name: binding.command.rawValue, meaning: meaning(of: binding, state),
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

  private static func meaning(of binding: Binding, _ state: AppState) -> String {
    if binding.command == .undo, let words = state.undoing { return "Take back \(words)" }
    return binding.meaning
  }
}
