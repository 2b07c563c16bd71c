import Workbench

/// The manual: what stands in it, whatever it is written in.
struct Manual {
  /// A part of the manual.
  struct Section {
    var title: String
    var paragraphs: [String] = []
    var items: [(term: String, meaning: String)] = []
    var parts: [Section] = []
  }

  var sections: [Section] {
    let tree = CommandTree.whole
    return [
      Section(title: "Description", paragraphs: Manual.description),
      Section(title: "Commands", parts: tree.subcommands.flatMap(\.all).map(Manual.command)),
      Section(title: "Context options", paragraphs: [Manual.context], items: Manual.contextOptions(tree)),
      Section(title: "Keys", paragraphs: Manual.keys, parts: Scope.allCases.map(Manual.keys)),
      Section(title: "Environment", items: Manual.environment),
      Section(title: "Files", items: Manual.files),
      Section(title: "Exit status", items: Manual.statuses),
    ]
  }

  /// The options by which most commands are given a context.
  private static let contextForms = ["--context", "--service", "--ledger", "--insecure"]

  private static func isContextOption(_ argument: CommandTree.Argument) -> Bool {
    contextForms.contains { argument.form.hasPrefix($0) }
  }

  private static func contextOptions(_ tree: CommandTree) -> [(term: String, meaning: String)] {
    // They are the same wherever they are taken; a group of commands takes none itself.
    let all = tree.subcommands.flatMap(\.all)
    let taking = all.first { $0.subcommands.isEmpty && $0.arguments.contains(where: isContextOption) }
    return (taking?.arguments ?? []).filter(isContextOption).map { ($0.form, $0.meaning) }
  }

  private static func command(_ tree: CommandTree) -> Section {
    guard tree.subcommands.isEmpty else {
      // What a command only hands on to its default stands there.
      return Section(title: tree.path + " <command>", paragraphs: [tree.abstract])
    }
    var items = tree.arguments.filter { !isContextOption($0) }.map { (term: $0.form, meaning: $0.meaning) }
    if tree.arguments.contains(where: isContextOption) {
      items.append((term: "[context options]", meaning: "Which service and ledger: see below."))
    }
    return Section(
      title: tree.path, paragraphs: [tree.abstract] + tree.discussion.split(separator: "\n\n").map(String.init),
      items: items)
  }

  private static func keys(_ scope: Scope) -> Section {
    Section(
      title: scope.title, items: Keymap.standard.bindings(in: scope).map { ($0.notation, $0.meaning) })
  }

  private static let description = [
    "mds is the workbench of analysts who review the predictions of machine-learning models. It browses the models of a "
      + "deployment service that speaks the Open Inference Protocol (V2), submits inputs, shows the prediction, why it "
      + "came out so and whether the model can still be trusted, and records the analyst's judgement in a ledger on this "
      + "machine, from where it is synced to the researchers' collector.",
    "Without a command it opens the workbench on the current context. Every command prints plain text, and one JSON "
      + "object a line with --json; how far long work is stands on standard error. Only what asks the service needs it.",
  ]

  private static let context =
    "A context is a service, where there is one a collector, and a ledger. Contexts stand in the configuration file."

  private static let keys = [
    "Outside text. Digits before a move are a count: 3j, 12G. In a text the keys of emacs edit, ^X^E opens a "
      + "note, an answer or a long field in the editor, ^C, ^Z and ^L mean what they always mean. The configuration file can give other keys to a command, and "
      + "`mds keys` lists those in force.",
    "Behind the palette's key stand all commands by name, and on a case or in Review `rate 1` to `rate 5`: how good the "
      + "explanation is as a whole. Parts of it are marked by the keys of that screen: a feature, a word of a text, pixels of "
      + "a picture, a part of a rule.",
  ]

  private static let environment = [
    ("MDS_CONTEXT", "The context to use where --context names none; stands before current-context."),
    ("MDS_SERVICE", "A deployment service's address, where neither --service nor --context is given."),
    ("XDG_CONFIG_HOME", "Where mds/config.toml and mds/themes are; ~/.config where it is not set."),
    ("XDG_DATA_HOME", "Where ledgers are; ~/.local/share where it is not set."),
    ("XDG_STATE_HOME", "Where it is kept which screen was left; ~/.local/state where it is not set."),
    ("NO_COLOR", "Set to anything, nothing is coloured unless --color asks for it."),
    ("COLORFGBG", "Tells a light background from a dark one, where no theme is chosen; else the terminal is asked."),
    ("VISUAL, EDITOR", "The editor for JSON and notes; vi or nano where it is not set."),
    ("PAGER", "What shows a screen as plain text; less or more where it is not there."),
    ("XDG_CACHE_HOME", "Where mds/copied.txt is: a copy that no clipboard takes; ~/.cache where it is not set."),
    ("http_proxy, https_proxy, no_proxy", "The way out; this machine itself is always reached directly."),
  ]

  private static let files = [
    (
      "~/.config/mds/config.toml",
      "Contexts, looks, review and keys; `mds config example` prints one with every setting."
    ),
    ("~/.config/mds/themes/NAME.toml", "The user's own themes."),
    ("~/.local/share/mds/CONTEXT.sqlite", "The ledger of a context."),
    ("~/.local/state/mds/CONTEXT.session.json", "The screen, the model and the case that were left."),
  ]

  private static let statuses = [
    ("0", "Done. Syncing without a collector that answers is 0 too: what was saved is kept and sent another time."),
    ("1", "Failed."), ("2", "Wrong use of the command."), ("3", "The service cannot be reached, or was lost."),
    ("4", "A person has to choose."),
    ("5", "The input cannot be used: a file, a row, a setting. Good rows of a file are done all the same."),
    ("130", "Interrupted with ^C."), ("141", "Whoever read the output went away."),
  ]
}

extension Manual {
  /// The manual as a page for man(1).
  var roff: String {
    var lines = [
      ".TH MDS 1 \"\" \"mds 0.1\" \"User Commands\"", ".nh", ".SH NAME",
      "mds \\- the analyst's workbench for a model deployment service", ".SH SYNOPSIS", ".B mds", ".br",
      ".B mds", ".I command", "[\\fIoptions\\fR]",
    ]
    for section in sections {
      lines.append(".SH \(section.title.uppercased())")
      lines += roff(section)
      for part in section.parts { lines += [".SS \(Manual.roff(part.title))"] + roff(part) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func roff(_ section: Section) -> [String] {
    var lines: [String] = []
    for paragraph in section.paragraphs {
      let isExample = paragraph.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("  ") }
      lines.append(".PP")
      if isExample, paragraph.contains("\n") {
        lines += [".nf"] + paragraph.split(separator: "\n").map { Manual.roff(String($0)) } + [".fi"]
      } else {
        lines.append(Manual.roff(paragraph.split(separator: "\n").joined(separator: " ")))
      }
    }
    for item in section.items { lines += [".TP", ".B \(Manual.roff(item.term))", Manual.roff(item.meaning)] }
    return lines
  }

  /// Text whose backslashes, hyphens and first letters mean nothing to roff.
  private static func roff(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case "`": escaped += "\\(ga"
      case "'" where escaped.isEmpty: escaped += "\\(aq"
      default: escaped.append(character)
      }
    }
    return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
  }

  /// The manual as Markdown.
  var markdown: String {
    var lines = ["# mds", "", "This page is written by `mds manual --format md`; `man mds` shows the same."]
    for section in sections {
      lines += ["", "## \(section.title)"] + markdown(section)
      for part in section.parts { lines += ["", "### \(part.title)"] + markdown(part) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func markdown(_ section: Section) -> [String] {
    var lines: [String] = []
    for paragraph in section.paragraphs {
      let parts = paragraph.split(separator: "\n").map(String.init)
      if parts.count > 1, parts.dropFirst().allSatisfy({ $0.hasPrefix("  ") }) {
        lines += ["", parts[0], "", "```"] + parts.dropFirst().map { String($0.dropFirst(2)) } + ["```"]
      } else {
        lines += ["", parts.joined(separator: " ")]
      }
    }
    if !section.items.isEmpty {
      lines += ["", "| | |", "|---|---|"]
      lines += section.items.map { "| `\(Manual.cell($0.term))` | \(Manual.cell($0.meaning)) |" }
    }
    return lines
  }

  private static func cell(_ text: String) -> String { text.split(separator: "|").joined(separator: "\\|") }
}
