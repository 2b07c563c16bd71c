public import Frames

/// What a typed line asks of plain mode.
public enum PlainLine: Equatable, Sendable {
  /// A step of the workbench.
  public enum Step: Equatable, Sendable {
    case key(Key)
    case text(String)
  }

  case steps([Step])
  /// Say the screen again, whole.
  case read
  /// Go on with a long list.
  case more
  /// Say the keys that act here.
  case keys
  /// Not understood, and what helps.
  case unknown(String)

  /// Reads a line as it is meant just now: a text, a choice, keys, or a command by its name.
  public init(_ line: String, _ state: AppState) {
    let word = line.bare
    if let choice = App.choice(state) {
      self = PlainLine.choice(word, choice)
      return
    }
    if App.isTyping(state) {
      self = .steps(PlainLine.text(line))
      return
    }
    if let key = App.yesOrNo(state, word) {
      self = .steps([.key(key)])
      return
    }
    switch word {
    case "more": self = .more
    case "read": self = .read
    // No word that was meant as an answer is taken for keys: some of them save, or take back.
    case _ where !App.answers(state, word): self = .unknown("\(word) is no answer; " + App.question(state).joined())
    case "?" where !state.isAsking: self = .keys
    case _ where word.hasPrefix(":") && word.count > 1 && !state.isAsking:
      self = PlainLine.command(String(word.dropFirst()).bare, state)
    default: self = PlainLine.keys(word, state)
    }
  }

  /// What a line is where one of several is to be chosen: that one, or nothing at all.
  private static func choice(_ word: String, _ choice: PlainChoice) -> PlainLine {
    if let steps = choice.steps(to: word) { return .steps(steps) }
    switch word {
    case "more": return .more
    case "read": return .read
    default: return .unknown("\(word) is none of these; " + choice.lines.joined())
    }
  }

  /// A line takes the place of the text; an empty one keeps it, Esc leaves, and after a backslash all is text.
  private static func text(_ line: String) -> [Step] {
    switch line {
    case "": return [.key(.enter)]
    case "Esc": return [.key(.escape)]
    case "Tab": return [.key(.tab)]
    default:
      let text = line.hasPrefix("\\") ? String(line.dropFirst()) : line
      return [.key(.control("E")), .key(.control("U"))] + (text.isEmpty ? [] : [.text(text)]) + [.key(.enter)]
    }
  }

  private static func keys(_ word: String, _ state: AppState) -> PlainLine {
    if word.isEmpty { return .steps([.key(.enter)]) }
    // A number for the field under the cursor is typed whole.
    if !state.isAsking, let first = Key(String(word.prefix(1))), App.startsEditing(state, first), state.count == nil {
      let rest = String(word.dropFirst())
      return .steps([.key(first)] + (rest.isEmpty ? [] : [.text(rest)]) + [.key(.enter)])
    }
    var steps: [Step] = []
    for token in word.split(separator: " ").map(String.init) {
      guard let read = keys(ofToken: token) else { return .unknown("\(token) is no key; ? says the keys") }
      steps += read.map(Step.key)
    }
    if steps.count > 1, let idle = idle(among: steps, state) {
      return .unknown("\(idle) does nothing here, so nothing of \(word) was done; ? says the keys")
    }
    return .steps(steps)
  }

  /// The first of several keys that would do nothing: such a line may be a word that was meant otherwise, and some of its
  /// keys save. What comes after a save is about a case that nobody knows yet.
  private static func idle(among steps: [Step], _ state: AppState) -> Key? {
    var trial = state
    for case .key(let key) in steps {
      guard App.hears(key, trial) else { return key }
      let effects = App.update(&trial, .key(key, milliseconds: trial.moment))
      if effects.contains(where: { if case .commit = $0 { true } else { false } }) { return nil }
    }
    return nil
  }

  private static let names: Set<String> = [
    "enter", "esc", "escape", "tab", "space", "up", "down", "left", "right", "home", "end", "pgup", "pgdn", "pageup",
    "pagedown", "backspace", "del", "delete",
  ]

  /// The keys of a word: one by its name, perhaps after a count, else one for each character.
  private static func keys(ofToken token: String) -> [Key]? {
    let digits = token.prefix { ("0"..."9").contains($0) }
    let rest = String(token.dropFirst(digits.count))
    let count = digits.compactMap { Key(String($0)) }
    if names.contains(rest.lowercased()) || rest.hasPrefix("^") && rest.count == 2 || rest.hasPrefix("S-Tab") {
      return Key(rest).map { count + [$0] }
    }
    var keys: [Key] = []
    var characters = Substring(token)
    while let first = characters.first {
      let length = first == "^" && characters.count > 1 ? 2 : 1
      guard let key = Key(String(characters.prefix(length))) else { return nil }
      keys.append(key)
      characters = characters.dropFirst(length)
    }
    return keys
  }

  /// A command by its name as the palette has it: by its keys, or through the palette where it has none.
  private static func command(_ name: String, _ state: AppState) -> PlainLine {
    let entries = App.entries(for: state)
    var palette = Palette(entries: entries)
    palette.insert(name)
    guard let best = palette.matches.first else {
      return .unknown("there is no command \(name) here; ? says the keys and names")
    }
    let wanted = entries.firstIndex { $0.name == name } ?? best
    let scope = state.place.scope
    if case .command(let command) = entries[wanted].run,
      let sequence = state.keymap.binding(of: command, in: scope)?.keys.first,
      state.keymap.command(for: sequence, in: scope) == command
    {
      return .steps(sequence.map(Step.key))
    }
    guard let colon = state.keymap.binding(of: .palette, in: scope)?.keys.first,
      let place = palette.matches.firstIndex(of: wanted)
    else { return .unknown("\(name) has no key, and neither has the palette") }
    let steps = Array(repeating: Step.key(.down), count: place)
    return .steps(colon.map(Step.key) + [.text(name)] + steps + [.key(.enter)])
  }
}

extension String {
  fileprivate var bare: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
