import Glibc
import Operations

/// Where a copied text goes beside the terminal.
enum Clipboard {
  /// Gives a text to tmux, if it runs here: its buffer, and by it the terminal's clipboard. Asked by its own command,
  /// because tmux as it comes takes no OSC 52 from programs.
  /// - Returns: false where there is no tmux that can.
  static func give(_ text: String) -> Bool {
    guard Machine.environment("TMUX") != nil, let path = keep(text) else { return false }
    defer { unlink(path) }
    return ForegroundProgram.run(["tmux", "load-buffer", "-w", path], isSilent: true) == .code(0)
  }

  /// Writes a text to a file of the user's cache that only the user reads; its path, or nil where that fails.
  static func keep(_ text: String) -> String? {
    let path = Machine.cacheFolder + "/copied.txt"
    guard (try? Files.makeFolder(Machine.cacheFolder)) != nil, (try? Files.write(Array(text.utf8), to: path)) != nil
    else { return nil }
    return path
  }
}
