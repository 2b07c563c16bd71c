/// Why the terminal cannot be drawn on.
public enum TerminalError: Error, Hashable, Sendable {
  /// Input or output is a file or a pipe.
  case notATerminal
  /// `TERM` is empty or names a terminal that can only write lines.
  case dumbTerminal(name: String)
  /// No terminfo entry for `TERM`.
  case unknownTerminal(name: String)
  case cannotStart

  /// One line: what is wrong.
  public var summary: String {
    switch self {
    case .notATerminal: "The workbench needs a terminal: input or output is a file or a pipe."
    case .dumbTerminal(let name):
      name.isEmpty
        ? "TERM is not set, so nothing is known of this terminal." : "The terminal “\(name)” writes lines only."
    case .unknownTerminal(let name): "This machine knows no terminal “\(name)” (TERM)."
    case .cannotStart: "The terminal could not be set up."
    }
  }

  /// What helps.
  public var advice: String {
    switch self {
    case .notATerminal: "Every screen has a command that prints: mds models, mds cases, mds drift; see mds help."
    case .dumbTerminal, .unknownTerminal:
      "Try TERM=xterm-256color mds, or mds --plain: lines in place of a screen. Every screen also has a command."
    case .cannotStart: "Try TERM=vt100 mds."
    }
  }
}
