import ArgumentParser
import ConfigurationFile
import Domain
import Operations
import SafeText

/// The configuration file.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show, check and choose what the configuration file says.",
    subcommands: [
      Show.self, Check.self, Use.self, Import.self, Path.self, Example.self, ExecToken.self,
    ], defaultSubcommand: Show.self)

  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "path", abstract: "Print where the configuration file is, or would be.")

    func run() { Standard.line(UserSettings.defaultPath) }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check the configuration file and the user's themes, line by line.")

    @Argument(help: "Another file to check.", completion: .file()) var file: String?

    func run() throws {
      let path = file.map { Files.absolute($0) } ?? UserSettings.defaultPath
      var lines = try Attempt.now { () throws(Problem) in try UserSettings.mistakes(in: path) }
      var warnings = KeyNotes.on(file: path)
      if file == nil {
        for name in Themes.userNames {
          let theme = "\(Themes.userFolder)/\(name).toml"
          do throws(Problem) {
            warnings += try Themes.read(theme, name).weakContrasts.map { $0.text(in: theme) }
          } catch {
            lines.append(error.summary)
            lines += error.detail.split(separator: "\n").map(String.init)
          }
        }
      }
      Standard.lines(lines + warnings)
      guard lines.isEmpty else { throw ExitStatus.invalidInput.code }
      if warnings.isEmpty { Standard.line("\(path): nothing is wrong") }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show the contexts and what is in force. No credential is shown.")

    @Flag(help: "One JSON object a context and line.") var json = false

    func run() throws {
      let file = try Attempt.now { () throws(Problem) in try UserSettings() }
      let settings = file.settings ?? Settings()
      let chosen = try? ContextChoice().context(in: file).name
      if json {
        Standard.json(settings.contexts.map { $0.json(isCurrent: $0.name == chosen, in: file) })
        return
      }
      var lines = ["file     \(file.path)" + (file.settings == nil ? " (there is none)" : "")]
      lines.append("theme    \(settings.theme ?? "by the terminal")")
      lines.append("save     \((settings.save ?? .onKey).rawValue)")
      lines.append("blind    \(settings.blind == true ? "yes" : "no")")
      if let banner = settings.banner { lines.append("banner   \(banner)") }
      if !settings.keys.isEmpty { lines.append("keys     \(settings.keys.count) changed; `mds keys` lists all") }
      var table = TextTable(["", "CONTEXT", "SERVICE", "TOKEN", "COLLECTOR", "LEDGER"].map { .init($0) })
      for context in settings.contexts {
        let resolved = Context(context, of: file)
        table.rows.append(
          [
            context.name == chosen ? "*" : " ", context.name, context.service.url,
            context.service.token?.words ?? "·", context.collector?.url ?? "·", resolved.ledgerPath,
          ].map { .init($0) })
      }
      Standard.lines(lines + [""] + (settings.contexts.isEmpty ? [] : table.lines))
      if settings.contexts.isEmpty {
        Standard.errorLine("no context yet: `mds config example` prints a file to begin with; `mds demo` needs none")
      }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "use", abstract: "Choose the context that is used where none is named.")

    @Argument(help: "The context.") var name: String

    func run() throws {
      try Attempt.now { () throws(Problem) in try UserSettings().use(name) }
      Standard.errorLine("\(name) is the current context")
    }
  }

  struct Example: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "example", abstract: "Print a configuration file to begin with.")

    func run() { Standard.verbatim(Settings.example) }
  }
}

extension EndpointSettings.Token {
  /// Where it comes from; of a command only the program, whose arguments may say too much.
  fileprivate var words: String {
    switch self {
    case .file(let path): "file \(path)"
    case .command(let words): "command \(words.first ?? "")"
    }
  }
}

extension ContextSettings {
  fileprivate func json(isCurrent: Bool, in file: UserSettings) -> JSON {
    func endpoint(_ settings: EndpointSettings?) -> JSON {
      guard let settings else { return .null }
      return .object([
        "url": .text(settings.url), "insecure": .bool(settings.isInsecure),
        "token": settings.token.map { .text($0.words) } ?? .null,
        "ca": settings.authority.map { .text($0) } ?? .null,
        "certificate": settings.certificate.map { .text($0) } ?? .null,
      ])
    }
    let resolved = Context(self, of: file)
    return .object([
      "context": .text(name), "current": .bool(isCurrent), "service": endpoint(service),
      "collector": endpoint(collector), "analyst": .string(resolved.analyst), "ledger": .text(resolved.ledgerPath),
      "banner": resolved.banner.map { .text($0) } ?? .null,
    ])
  }
}
