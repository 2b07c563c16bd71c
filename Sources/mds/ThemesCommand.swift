import ArgumentParser
import ConfigurationFile
import Domain
import Frames
import Glibc
import Operations
import Workbench

/// The themes that the screen can have.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List, check and choose how the screen looks.",
    discussion: "In the workbench `:theme` shows each as one moves through them.",
    subcommands: [List.self, Check.self, Use.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the themes, where each is from, and what is wrong with it.",
      discussion: "On a terminal each theme shows what it looks like. The exit status is 5 where one cannot be used.")

    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
      let choices = Themes.choices()
      if json {
        Standard.json(choices.map(\.json))
      } else {
        var table = TextTable(["THEME", "FROM", ""].map { .init($0) })
        for choice in choices {
          table.add([choice.name, choice.origin.rawValue, choice.problem?.summary ?? choice.summary])
        }
        let lines = table.lines
        Standard.line(lines[0])
        let colours = ThemeSample.colours
        for (line, choice) in zip(lines.dropFirst(), choices) {
          Standard.line(line)
          if let theme = choice.theme, colours > 0 { Standard.verbatim(ThemeSample(theme, colours: colours).text) }
        }
      }
      if choices.contains(where: { $0.theme == nil }) { throw ExitStatus.invalidInput.code }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check theme files, line by line, and what can be read on their backgrounds.",
      discussion: "Without a file it checks the user's own themes. The exit status is 5 where one is wrong.")

    @Argument(help: "Theme files.", completion: .file(extensions: ["toml"])) var files: [String] = []

    func run() throws {
      var isWrong = false
      let paths = files.isEmpty ? Themes.userNames.map { "\(Themes.userFolder)/\($0).toml" } : files
      for path in paths {
        do throws(Problem) {
          let file = try Themes.read(Files.absolute(path), "checked")
          let weak = file.weakContrasts.map { $0.text(in: path) }
          Standard.lines(weak.isEmpty ? ["\(path): nothing is wrong"] : weak)
        } catch {
          isWrong = true
          Standard.lines([error.summary] + error.detail.split(separator: "\n").map(String.init))
        }
      }
      if paths.isEmpty { Standard.errorLine("no theme of your own: \(Themes.userFolder) is where they belong") }
      if isWrong { throw ExitStatus.invalidInput.code }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "use", abstract: "Write a theme into the configuration file; all else in it stays as it is.")

    @Argument(help: "The theme.", completion: .custom { _, _, _ in Themes.names }) var name: String

    func run() throws {
      try Attempt.now { () throws(Problem) in try UserSettings().use(theme: name) }
      Standard.errorLine("\(name) is the theme of every start")
    }
  }
}

extension WeakContrast {
  /// `mine.toml:9: warn has a contrast of 1.8 on #ffffff, 4.5 is needed`.
  func text(in file: String) -> String {
    "\(file):\(line): \(role.name) has a contrast of \(Figures.fixed(contrast, 1)) on \(background), "
      + "\(Figures.fixed(needed, 1)) is needed"
  }
}

extension ThemeChoice {
  fileprivate var json: JSON {
    .object([
      "theme": .text(name), "from": .text(origin.rawValue), "summary": .text(summary),
      "file": Themes.path(of: self).map { .text($0) } ?? .null, "valid": .bool(theme != nil),
      "problem": problem.map { .text($0.summary) } ?? .null,
    ])
  }
}

/// A line that shows the roles of a theme, for a terminal that prints it.
struct ThemeSample {
  private let theme: Theme
  private let colours: Int

  init(_ theme: Theme, colours: Int) {
    self.theme = theme
    self.colours = colours
  }

  /// How many colours the sample may use: none where nobody sees it, or under NO_COLOR.
  static var colours: Int {
    guard isatty(STDOUT_FILENO) == 1, Machine.environment("NO_COLOR") == nil else { return 0 }
    let name = Machine.environment("TERM") ?? ""
    if name.isEmpty || name == "dumb" { return 0 }
    return name.contains("256") || name.contains("direct") ? 256 : 16
  }

  var text: String {
    let words: [(Role, String)] = [
      (.text, "text"), (.dim, "dim"), (.accent, "accent"), (.select, "select"), (.ok, "ok"), (.warn, "warn"),
      (.bad, "bad"), (.info, "info"), (.positive, "pos"), (.negative, "neg"), (.heatLow, "heat-lo"),
      (.heatHigh, "heat-hi"),
    ]
    return "  " + words.map { "\u{1B}[\(codes(theme[$0.0]))m\($0.1)\u{1B}[0m" }.joined(separator: " ") + "\n"
  }

  /// The numbers of SGR for an ink.
  private func codes(_ ink: Ink) -> String {
    var codes = ["0"]
    if ink.bold { codes.append("1") }
    if ink.dim { codes.append("2") }
    if ink.underline { codes.append("4") }
    if ink.reverse { codes.append("7") }
    switch ink.colour(of: colours) {
    case nil: break
    case .some(let colour) where colour < 8: codes.append("\(30 + Int(colour))")
    case .some(let colour) where colour < 16: codes.append("\(82 + Int(colour))")
    case .some(let colour): codes.append("38;5;\(colour)")
    }
    return codes.joined(separator: ";")
  }
}
