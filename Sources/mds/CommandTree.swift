import ArgumentParser
import Domain

/// A command as the manual describes it, from what ArgumentParser knows of itself.
struct CommandTree {
  struct Argument {
    /// `--input <input>`, `<model>`.
    var form: String
    var meaning: String
  }

  /// `mds cases list`.
  var path: String
  var abstract: String
  var discussion: String
  var arguments: [Argument]
  var subcommands: [CommandTree]
  var isShown: Bool

  /// The whole tree of this program.
  static var whole: CommandTree {
    let dump = try? JSON(parsing: MDS._dumpHelp())
    return CommandTree(dump?["command"] ?? .null, under: "")
  }

  private init(_ json: JSON, under parent: String) {
    let name = json["commandName"]?.string ?? ""
    let path = parent.isEmpty ? name : "\(parent) \(name)"
    self.path = path
    abstract = json["abstract"]?.string ?? ""
    discussion = json["discussion"]?.string ?? ""
    isShown = json["shouldDisplay"]?.bool ?? true
    arguments = (json["arguments"]?.array ?? []).compactMap { Argument($0) }
    subcommands = (json["subcommands"]?.array ?? []).map { CommandTree($0, under: path) }
      .filter { $0.isShown && !$0.path.hasSuffix(" help") }
  }

  /// This command and those under it that can be run.
  var all: [CommandTree] { [self] + subcommands.flatMap(\.all) }
}

extension CommandTree.Argument {
  /// Nil for what every command has: help and version. A version that an option names is another.
  fileprivate init?(_ json: JSON) {
    guard json["shouldDisplay"]?.bool != false else { return nil }
    let names = (json["names"]?.array ?? []).compactMap { name -> String? in
      guard let text = name["name"]?.string else { return nil }
      return (name["kind"]?.string == "short" ? "-" : "--") + text
    }
    let isOption = json["kind"]?.string == "option"
    guard !names.contains("--help"), isOption || !names.contains("--version") else { return nil }
    let value = json["valueName"]?.string ?? ""
    switch json["kind"]?.string {
    case "positional": form = json["isRepeating"]?.bool == true ? "<\(value)> ..." : "<\(value)>"
    case "option": form = names.joined(separator: ", ") + " <\(value)>"
    default: form = names.joined(separator: ", ")
    }
    meaning = json["abstract"]?.string ?? ""
    if let usual = json["defaultValue"]?.string, !usual.isEmpty { meaning += " Default: \(usual)." }
  }
}
