/// Why the screen cannot be opened.
public enum TerminalError: Error, Hashable, Sendable {
  case notATerminal
  case unknownTerminal(String)

  /// What is missing and what helps, for standard error.
  public var text: String {
    switch self {
    case .notATerminal: "the workbench needs a terminal; `mds --help` lists the commands that need none"
    case .unknownTerminal(let name):
      "the terminal type “\(name)” is not known here; try TERM=xterm-256color or TERM=vt220"
    }
  }
}
