public import Frames

/// A command that a screen has no key for any more.
public struct LostCommand: Equatable, Sendable {
  public var command: Command
  /// The screen where it has none.
  public var scope: Scope
  /// The sequences that it had there.
  public var had: [[Key]]
}

extension Keymap {
  /// What comes of typing a sequence on a screen, one key after the other.
  public func reached(by sequence: [Key], in scope: Scope) -> Command? {
    guard let first = sequence.first else { return nil }
    // A key that begins a sequence waits for the next, whatever it means alone.
    guard isPrefix(first, in: scope) else { return sequence.count == 1 ? command(for: sequence, in: scope) : nil }
    return sequence.count == 2 ? command(for: sequence, in: scope) : nil
  }

  /// The sequences by which a command can be given on a screen.
  func sequences(of command: Command, in scope: Scope) -> [[Key]] {
    bindings.filter { $0.command == command && ($0.scope == scope || $0.scope == .everywhere) }.flatMap(\.keys)
      .filter { reached(by: $0, in: scope) == command }
  }

  /// The commands that could be given by keys in another keymap and cannot in this one, screen by screen.
  public func lost(since other: Keymap) -> [LostCommand] {
    Scope.allCases.filter { $0 != .everywhere }.flatMap { scope in
      other.bindings.filter { $0.scope == scope || $0.scope == .everywhere }.compactMap { binding in
        let had = other.sequences(of: binding.command, in: scope)
        guard !had.isEmpty, sequences(of: binding.command, in: scope).isEmpty else { return nil }
        return LostCommand(command: binding.command, scope: scope, had: had)
      }
    }
  }
}
