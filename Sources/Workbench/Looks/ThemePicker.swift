public import Domain
public import Frames

/// A theme that can be chosen: its name, where it is from, and what it looks like.
public struct ThemeChoice: Equatable, Sendable {
  public enum Origin: String, Equatable, Sendable {
    case builtIn = "built in"
    case installed
    case own
  }

  public var name: String
  public var origin: Origin
  /// What the theme says of itself.
  public var summary: String
  /// What it looks like; nil where its file cannot be used.
  public var theme: Theme?
  /// Why its file cannot be used.
  public var problem: Problem?

  public init(name: String, origin: Origin, summary: String = "", theme: Theme?, problem: Problem? = nil) {
    self.name = name
    self.origin = origin
    self.summary = summary
    self.theme = theme
    self.problem = problem
  }
}

/// The list of themes over a screen that shows the one under the cursor.
public struct ThemePicker: Equatable, Sendable {
  public private(set) var choices: [ThemeChoice]
  public private(set) var selected: Int
  /// What Esc puts back.
  public let before: Theme

  /// The cursor stands on the theme in use.
  public init(_ choices: [ThemeChoice], before: Theme) {
    self.choices = choices
    self.before = before
    selected = choices.firstIndex { $0.name == before.name } ?? 0
  }

  public var chosen: ThemeChoice? { choices.indices.contains(selected) ? choices[selected] : nil }

  /// Moves the cursor, as far as there are rows.
  mutating func move(by step: Int) { selected = max(0, min(selected + step, choices.count - 1)) }

  /// Takes a theme as its file is now.
  mutating func replace(with choice: ThemeChoice) {
    guard let index = choices.firstIndex(where: { $0.name == choice.name }) else { return }
    choices[index] = choice
  }
}
