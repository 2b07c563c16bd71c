import Domain
import Glibc
import Operations
import Shell
import Workbench

/// What `mds` does where there is no configuration yet: it offers ways to start, on a terminal that has a screen.
enum FirstStart {
  /// Whether the screen can be offered: nobody asked for a place by name, and there is no file that names one.
  static func isDue(_ file: UserSettings, _ target: TargetOptions, _ looks: LooksOptions) -> Bool {
    let asked = [target.context, target.service, target.ledger].contains { $0 != nil }
    let named = ["MDS_CONTEXT", "MDS_SERVICE"].contains { Machine.environment($0) != nil }
    let terminal = Machine.environment("TERM") ?? ""
    let hasScreen = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(terminal)
    return file.settings == nil && !asked && !named && hasScreen && !looks.plain
  }

  /// Offers the ways to start and goes the one that is chosen. It returns with an exit status, or not at all.
  static func run(_ file: UserSettings, looks: Looks) throws(Problem) -> Int32 {
    let terminal = TerminalCheck.findings.filter { ["terminal", "characters", "colours"].contains($0.subject) }
    let welcome = Welcome(
      analyst: "\(Machine.user)@\(Machine.host)",
      terminal: [
        terminal.map { $0.subject == "colours" ? "\($0.words) colours" : $0.words }.joined(separator: ", "),
        "mds --theme light, dark, mono …; mds --ascii: without line drawing",
        "mds --plain: one line a change, for screen readers and braille displays",
      ])
    let ending = try WelcomeLoop.run(welcome, looks: looks, wallClock: { Machine.now }) { choice in
      guard case .open(let path) = choice else { return nil }
      do throws(Problem) {
        try UserSettings.take(over: path)
        return nil
      } catch {
        return error
      }
    }
    switch ending {
    case .status(let status): return status
    case .chosen(.quit): return 0
    case .chosen(.demo):
      startAnew(["demo"] + CommandLine.arguments.dropFirst().filter { !["open", "--fresh"].contains($0) })
    case .chosen(.open): startAnew(Array(CommandLine.arguments.dropFirst()))
    case .chosen(.connect(let address, let tokenFile)):
      let words = ["connect", address] + (tokenFile.map { ["--token-file", $0] } ?? [])
      let ended = ForegroundProgram.run([program] + words)
      // What it said is to be read before the screen comes back.
      Standard.errorLine(ended == .code(0) ? "mds: Enter opens the workbench" : "mds: Enter goes back")
      _ = readLine()
      startAnew(Array(CommandLine.arguments.dropFirst()))
    }
    throw Problem("mds could not be started anew: \(String(cString: strerror(errno)))")
  }

  private static let program = "/proc/self/exe"

  /// Puts this program in the place of itself, with other words. It returns where that is refused.
  private static func startAnew(_ words: [String]) {
    var arguments: [UnsafeMutablePointer<CChar>?] = (["mds"] + words).map { strdup($0) }
    arguments.append(nil)
    execv(program, arguments)
    for argument in arguments { free(argument) }
  }
}
