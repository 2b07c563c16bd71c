import ArgumentParser
import Domain
import Glibc
import Operations
import Terminal

/// Looks at what work stands on.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at the terminal, the configuration, the ledger, the service and the collector.",
    discussion: "What is wrong comes with what helps. The exit status is 1 where something is bad.")

  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    var findings = TerminalCheck.findings
    var file: UserSettings?
    do throws(Problem) {
      let read = try UserSettings()
      file = read
      findings += Doctor.configuration(read)
    } catch {
      findings.append(Finding("config", .bad, error.summary, advice: error.advice))
    }
    if let file {
      do {
        let context = try target.resolved(in: file)
        findings.append(Finding("context", .fine, "\(context.name), \(Doctor.analyst(of: context).string)"))
        findings += Doctor.ledger(of: context)
        Standard.progress("asking \(context.service)…")
        findings += await Doctor.service(of: context)
        findings += await Doctor.collector(of: context, besides: findings)
        Standard.endProgress()
      } catch let failure as Failure {
        // Whoever names one wants that one; who does not may have none yet.
        let isNamed = (target.context ?? Machine.environment("MDS_CONTEXT")) != nil
        findings.append(
          Finding(
            "context", isNamed ? .bad : .doubtful, failure.problem.summary, advice: failure.problem.advice))
      }
    }
    if json { Standard.json(findings.map(\.json)) } else { Standard.lines(findings.flatMap(Self.lines)) }
    if findings.contains(where: { $0.state == .bad }) { throw ExitStatus.failure.code }
  }

  private static func lines(_ finding: Finding) -> [String] {
    let state = finding.state.rawValue
    let subject = finding.subject + String(repeating: " ", count: max(1, 12 - finding.subject.count))
    let line = state + String(repeating: " ", count: max(1, 6 - state.count)) + subject + finding.words
    let advice = finding.advice.split(separator: "\n").map { String(repeating: " ", count: 18) + $0 }
    return [line] + advice
  }
}

/// The terminal, as far as it can be known without drawing on it.
enum TerminalCheck {
  static var findings: [Finding] {
    var findings: [Finding] = []
    let name = Machine.environment("TERM") ?? ""
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    if name.isEmpty || name == "dumb" {
      findings.append(
        Finding(
          "terminal", .doubtful, name.isEmpty ? "TERM is not set" : "TERM is dumb: no screen can be drawn",
          advice: "Try TERM=xterm-256color mds; commands work without."))
    } else {
      var size = winsize()
      let isSized = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      let words =
        isSized ? "\(name), \(size.ws_col)x\(size.ws_row)" : "\(name)" + (isTerminal ? "" : ", not a terminal here")
      let isSmall = isSized && (size.ws_col < 80 || size.ws_row < 24)
      findings.append(
        Finding(
          "terminal", isSmall ? .doubtful : .fine, words,
          advice: isSmall ? "80x24 is what the screens are made for." : ""))
    }
    let locale = Machine.environment("LC_ALL") ?? Machine.environment("LC_CTYPE") ?? Machine.environment("LANG") ?? ""
    let isUTF8 = Locale.adopt()
    findings.append(
      isUTF8
        ? Finding("characters", .fine, "UTF-8 (\(locale))")
        : Finding(
          "characters", .doubtful, "\(locale.isEmpty ? "no locale is set" : "\(locale) is not UTF-8")",
          advice: "The screen is drawn in ASCII or by C.UTF-8; LANG=C.UTF-8 gives lines and blocks."))
    return findings + [colours(name), clipboard(name), line]
  }

  private static func colours(_ name: String) -> Finding {
    if Machine.environment("NO_COLOR") != nil {
      return Finding(
        "colours", .fine, "none: NO_COLOR is set", advice: "mds --color 256 uses them all the same, for once.")
    }
    if name.contains("256") || name.contains("direct") { return Finding("colours", .fine, "256") }
    let isDirect = ["truecolor", "24bit"].contains(Machine.environment("COLORTERM") ?? "")
    return Finding(
      "colours", isDirect ? .doubtful : .fine, "as many as \(name.isEmpty ? "the terminal" : name) has",
      advice: isDirect ? "The terminal has more than TERM says: TERM=xterm-256color mds uses 256." : "")
  }

  /// What is between the terminal and this machine.
  private static var line: Finding {
    guard Machine.environment("SSH_CONNECTION") != nil else {
      return Finding("line", .fine, "none: a terminal of this machine, at most 30 frames a second")
    }
    return Finding(
      "line", .fine, "over ssh: at most 20 frames a second",
      advice: "mosh keeps a session over a line that breaks, and so does tmux on this machine.")
  }

  /// How what is copied with `y` gets to the analyst's own machine.
  private static func clipboard(_ name: String) -> Finding {
    if Machine.environment("TMUX") != nil {
      return Finding(
        "clipboard", .fine, "through tmux",
        advice: "tmux passes it on where `set -g set-clipboard on` is in ~/.tmux.conf.")
    }
    if Machine.environment("STY") != nil || name.hasPrefix("screen") {
      return Finding(
        "clipboard", .doubtful, "GNU screen passes no copies on",
        advice: "Y shows the screen as text in $PAGER, to be selected there; tmux passes copies on.")
    }
    if ["", "dumb", "linux"].contains(name) || name.hasPrefix("vt") {
      return Finding(
        "clipboard", .doubtful, "\(name.isEmpty ? "this terminal" : name) has none",
        advice: "Y shows the screen as text in $PAGER.")
    }
    return Finding("clipboard", .fine, "by OSC 52, where the terminal allows it")
  }
}
