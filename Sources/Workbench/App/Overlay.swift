public import Domain
public import Frames

/// What lies over a screen and takes the keys.
public enum Overlay: Equatable, Sendable {
  case palette(Palette)
  case help(scroll: Int)
  case problem(Problem, scroll: Int)
  /// A text with titles and tables: an event, a guideline, a line of the log.
  case outline(Outline, scroll: Int)
  /// The screen under it as text, as it is now: fields, tables, charts in numbers.
  case table(Outline, scroll: Int)
  /// The themes to choose from.
  case themes(ThemePicker)
  /// The first lines for somebody who has never been here.
  case tour

  /// Whether it is the screen's own table form.
  var isTable: Bool { if case .table = self { true } else { false } }
}

/// Something to run from the palette.
public struct PaletteEntry: Equatable, Sendable {
  public var name: String
  public var meaning: String
  public var key: String
  public var run: Run

  public enum Run: Equatable, Sendable {
    case command(Command)
    case go(Place)
    case rate(Int)
  }
}

/// The command palette: what was typed, and what it may mean.
public struct Palette: Equatable, Sendable {
  public var input = TextInput("")
  public var entries: [PaletteEntry]
  /// Indices of the entries that match, best first.
  public private(set) var matches: [Int]
  public private(set) var selected = 0

  public init(entries: [PaletteEntry]) {
    self.entries = entries
    matches = Array(entries.indices)
  }

  public var chosen: PaletteEntry? { matches.indices.contains(selected) ? entries[matches[selected]] : nil }

  /// Takes a key: movement chooses, everything else is text.
  public mutating func take(_ key: Key) {
    switch key {
    case .down, .control("N"): selected = min(selected + 1, max(0, matches.count - 1))
    case .up, .control("P"): selected = max(0, selected - 1)
    case .tab:
      if let chosen { input = TextInput(chosen.name) }
      match()
    default:
      _ = input.apply(key)
      match()
    }
  }

  /// Takes pasted text.
  public mutating func insert(_ text: String) {
    input.insert(text)
    match()
  }

  private mutating func match() {
    let pattern = input.text
    selected = 0
    guard !pattern.isEmpty else {
      matches = Array(entries.indices)
      return
    }
    let fuzzy = FuzzyPattern(pattern)
    let scored = entries.indices.compactMap { index in fuzzy.score(entries[index].name).map { (index, $0) } }
    matches = scored.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }.map(\.0)
  }
}
