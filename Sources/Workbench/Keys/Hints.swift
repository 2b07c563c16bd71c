internal import Frames
internal import SafeText

/// A command, or some, and what its key does here; drawn as the key in force and the words, `z undo`.
public struct Hint: Equatable, Sendable {
  public var commands: [Command]
  public var words: String

  public init(_ command: Command, _ words: String) { self.init([command], words) }

  public init(_ commands: [Command], _ words: String) {
    self.commands = commands
    self.words = words
  }
}

/// The keys in force on a screen, wherever its words name one. What has no key there is not named.
struct Hints: Equatable, Sendable {
  let keymap: Keymap
  let scope: Scope

  /// The same keys on another screen.
  func on(_ scope: Scope) -> Hints { Hints(keymap: keymap, scope: scope) }

  /// The first key of a command; nil where it has none.
  func key(_ command: Command) -> SafeText? {
    let key = keymap.key(of: command, in: scope)
    return key.isEmpty ? nil : key.safe
  }

  /// The first keys of some commands, `a d u`, without those that have none.
  func keys(_ commands: [Command], by separator: SafeText = " ") -> SafeText {
    commands.compactMap(key).joined(separator: separator)
  }

  /// `R tries again`; empty where the command has no key.
  func callAsFunction(_ command: Command, _ words: SafeText) -> SafeText { self([command], words) }

  /// `h l turns to another window`; empty where none of the commands has a key.
  func callAsFunction(_ commands: [Command], _ words: SafeText) -> SafeText {
    let keys = keys(commands)
    return keys.isEmpty ? .empty : keys + " " + words
  }

  func callAsFunction(_ hint: Hint) -> SafeText { self(hint.commands, hint.words.safe) }

  /// `Esc stops it`: of the keys that lead back only Esc stops what is under way before it does; empty where it is none.
  func stop(_ words: SafeText) -> SafeText {
    keymap.command(for: [.escape], in: scope) == .back ? "Esc " + words : .empty
  }

  /// Hints one after the other, those that have a key.
  func row(_ hints: [(Command, SafeText)], by separator: SafeText = "   ") -> SafeText {
    hints.map { self($0.0, $0.1) }.filter { !$0.isEmpty }.joined(separator: separator)
  }

  /// On the rule of what is shown as it was, because it could not be read anew.
  func stale(_ again: SafeText) -> SafeText {
    let again = self(.reload, again)
    return again.isEmpty ? "✗ as it was" : "✗ as it was: " + again
  }

  /// What helps where something could not be read: to try once more, and to see what was said in full.
  func afterFailure(_ again: SafeText) -> SafeText { row([(.reload, again), (.goLog, "shows it in full")]) }
}

extension AppState {
  /// The keys in force on the screen on top.
  var hints: Hints { Hints(keymap: keymap, scope: place.scope) }
}
