import ArgumentParser
import Workbench

/// The keys in force, from the table that the program itself uses.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "keys", abstract: "List every key and what it does.")

  func run() {
    for scope in Scope.allCases {
      print(scope.title)
      for binding in Keymap.standard.bindings(in: scope) {
        let keys = binding.notation
        print("  \(keys)\(String(repeating: " ", count: max(1, 12 - keys.count)))\(binding.meaning)")
      }
    }
  }
}
