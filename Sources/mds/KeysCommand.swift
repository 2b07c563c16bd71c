import ArgumentParser
import ConfigurationFile
import Domain
import Operations
import Workbench

/// The keys in force, from the table that the program itself uses.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "List every key and what it does.",
    discussion: "With the changes of [keys.SCREEN] in the configuration file.")

  @Flag(help: "With the names of commands and screens, as [keys.SCREEN] has them.") var names = false
  @Flag(help: "One JSON object a line.") var json = false

  func run() throws {
    let file = try Attempt.now { () throws(Problem) in try UserSettings() }
    let keymap = Keymap.standard.with(file.settings?.keys ?? [])
    for scope in Scope.allCases {
      let bindings = keymap.bindings(in: scope)
      if json {
        Standard.json(
          bindings.map { binding in
            .object([
              "screen": .text(scope.rawValue), "command": .text(binding.command.rawValue),
              "keys": .text(binding.notation), "meaning": .text(binding.meaning),
            ])
          })
        continue
      }
      var table = TextTable(names ? [.init("KEYS"), .init("COMMAND"), .init("")] : [.init("KEYS"), .init("")])
      for binding in bindings {
        table.add([binding.notation] + (names ? [binding.command.rawValue] : []) + [binding.meaning])
      }
      let title = names ? "\(scope.title) [keys.\(scope.rawValue)]" : scope.title
      Standard.lines([title] + table.lines.dropFirst().map { "  " + $0 })
    }
  }
}
