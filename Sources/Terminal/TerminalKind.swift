internal import CNcurses
internal import Glibc

/// The terminal that `TERM` names, or the nearest that this machine knows.
struct TerminalKind {
  /// The terminfo entry in use.
  let name: String
  /// Whether it takes xterm's private modes: bracketed paste, focus, title, mouse.
  let hasModes: Bool
  /// Whether it knows a clipboard: GNU screen lets OSC 52 through to nobody.
  var hasClipboard: Bool { hasModes && (getenv("STY") == nil || getenv("TMUX") != nil) }

  /// Looks the terminal up.
  init(environment name: String?, output: Int32) throws(TerminalError) {
    let asked = name ?? ""
    if asked.isEmpty || asked == "dumb" { throw .dumbTerminal(name: asked) }
    var found = asked
    if mds_find_terminal(asked, output) != 1 {
      // New terminals come with entries that old machines lack; all of these do what xterm does.
      guard let family = Self.family(of: asked), mds_find_terminal(family, output) == 1 else {
        throw .unknownTerminal(name: asked)
      }
      found = family
    }
    if mds_can_move() == 0 { throw .dumbTerminal(name: asked) }
    self.name = found
    hasModes = Self.family(of: found) != nil
  }

  private static func family(of name: String) -> String? {
    let screens = ["tmux", "screen"]
    if screens.contains(where: { name.hasPrefix($0) }) { return "screen-256color" }
    let likeXterm = [
      "xterm", "rxvt", "kitty", "alacritty", "foot", "wezterm", "ghostty", "contour", "rio", "putty", "konsole",
      "gnome", "vte", "st-", "iterm", "mintty", "nsterm",
    ]
    return likeXterm.contains(where: { name.hasPrefix($0) }) ? "xterm-256color" : nil
  }
}

/// The character encoding that the terminal is said to use.
public enum Locale {
  /// Takes the character encoding, and nothing else, from the environment, or from the locale named: numbers stay as C
  /// writes them.
  /// - Returns: whether it is UTF-8.
  @discardableResult
  public static func adopt(_ name: String = "") -> Bool {
    guard setlocale(LC_CTYPE, name) != nil, let codeset = mds_codeset() else { return false }
    let name = String(cString: codeset).uppercased()
    return name == "UTF-8" || name == "UTF8"
  }
}
