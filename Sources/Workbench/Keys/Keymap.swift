public import Frames

/// One row of the keymap: keys, what they ask for, and the words that footer, help, palette and manual show.
public struct Binding: Equatable, Sendable {
  public var scope: Scope
  /// Key sequences, each of one or two keys.
  public var keys: [[Key]]
  public var command: Command
  /// One or two words for the footer and help.
  public var hint: String
  /// A sentence for the palette and the manual.
  public var meaning: String

  /// The sequences as people write them: `gm`, `^D`; where there is none, the name that runs it: `:theme`.
  public var notation: String {
    keys.isEmpty ? ":\(command.rawValue)" : keys.map(Binding.notation(of:)).joined(separator: " ")
  }

  static func notation(of sequence: [Key]) -> String { sequence.map(\.description).joined() }
}

/// All bindings in force: the one table behind keys, footer, help, palette and manual.
public struct Keymap: Equatable, Sendable {
  public private(set) var bindings: [Binding]
  private var table: [Scope: [[Key]: Command]] = [:]
  private var prefixes: [Scope: Set<Key>] = [:]

  public init(_ bindings: [Binding]) {
    self.bindings = bindings
    for binding in bindings {
      for sequence in binding.keys {
        table[binding.scope, default: [:]][sequence] = binding.command
        if sequence.count > 1, let first = sequence.first { prefixes[binding.scope, default: []].insert(first) }
      }
    }
  }

  /// What a sequence asks for on a screen; the screen's own meaning stands before everybody's.
  public func command(for sequence: [Key], in scope: Scope) -> Command? {
    table[scope]?[sequence] ?? table[.everywhere]?[sequence]
  }

  /// Whether a key begins a longer sequence on a screen.
  public func isPrefix(_ key: Key, in scope: Scope) -> Bool {
    if table[scope]?[[key]] != nil { return false }
    return prefixes[scope]?.contains(key) == true || prefixes[.everywhere]?.contains(key) == true
  }

  /// The binding of a command as a screen sees it.
  public func binding(of command: Command, in scope: Scope) -> Binding? {
    bindings.first { $0.command == command && $0.scope == scope }
      ?? bindings.first { $0.command == command && $0.scope == .everywhere }
  }

  /// The first key that gives a command on a screen, the screen's own before everybody's, as the footer writes it; empty
  /// where there is none.
  public func key(of command: Command, in scope: Scope) -> String {
    let sequences = sequences(of: command, in: scope)
    let own = bindings.first { $0.command == command && $0.scope == scope }?.keys ?? []
    return (sequences.first(where: own.contains) ?? sequences.first).map(Binding.notation(of:)) ?? ""
  }

  /// The bindings of one scope, in the table's order.
  public func bindings(in scope: Scope) -> [Binding] { bindings.filter { $0.scope == scope } }
}
