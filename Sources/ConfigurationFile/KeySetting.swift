public import Frames

/// Keys that a user gives to a command.
public struct KeySetting: Hashable, Sendable {
  /// The screen, or `everywhere`.
  public var scope: String
  public var command: String
  /// Sequences of one or two keys; empty takes the command's keys away.
  public var sequences: [[Key]]

  public init(scope: String, command: String, sequences: [[Key]]) {
    self.scope = scope
    self.command = command
    self.sequences = sequences
  }
}

/// The commands that keys can be given to, by screen.
public typealias KeyVocabulary = [String: [String]]

extension KeySetting {
  /// Reads `[keys.SCREEN]`: each setting is a command's name and a sequence of keys, or a list of them.
  static func all(in screens: [(name: String, node: Node)], _ vocabulary: KeyVocabulary) -> ([KeySetting], [Mistake]) {
    var settings: [KeySetting] = []
    var mistakes: [Mistake] = []
    for (screen, node) in screens {
      guard let commands = vocabulary[screen] else {
        let names = vocabulary.keys.sorted()
        mistakes.append(
          Mistake(
            line: node.line, what: "there is no screen \(quoted(screen)) to give keys to",
            advice: TableReader.suggestion(for: screen, among: names, or: "there are \(names.joined(separator: ", "))"))
        )
        continue
      }
      guard case .table(let entries) = node.value else { continue }
      for (command, value) in entries {
        guard commands.contains(command) else {
          mistakes.append(
            Mistake(
              line: value.line, what: "there is no command \(quoted(command)) on \(screen)",
              advice: TableReader.suggestion(for: command, among: commands, or: "mds keys --names lists them")))
          continue
        }
        do throws(Mistakes) {
          settings.append(KeySetting(scope: screen, command: command, sequences: try sequences(value, command)))
        } catch {
          mistakes += error.all
        }
      }
    }
    return (settings, mistakes + clashes(settings, screens))
  }

  private static func sequences(_ node: Node, _ command: String) throws(Mistakes) -> [[Key]] {
    let form = "keys of \(command) are text, as in \"j\" or [\"j\", \"Down\"]; keys of a sequence have spaces between"
    switch node.value {
    case .string(let text): return [try sequence(text, node.line)]
    case .array(let elements):
      var sequences: [[Key]] = []
      for element in elements {
        guard case .string(let text) = element.value else { throw Mistakes([Mistake(line: node.line, what: form)]) }
        sequences.append(try sequence(text, node.line))
      }
      return sequences
    case .integer, .number, .bool, .table, .other: throw Mistakes([Mistake(line: node.line, what: form)])
    }
  }

  private static func sequence(_ text: String, _ line: Int) throws(Mistakes) -> [Key] {
    if text == " " { return [.text(" ")] }
    var keys: [Key] = []
    for word in text.split(separator: " ") {
      guard let key = Key(String(word)) else {
        throw Mistakes([
          Mistake(
            line: line, what: "\(quoted(String(word))) is no key",
            advice: "keys are written j, ^D, Alt-x, PgDn, Enter, Esc, F5, Space")
        ])
      }
      keys.append(key)
    }
    guard (1...2).contains(keys.count) else {
      throw Mistakes([Mistake(line: line, what: "\(quoted(text)) is no sequence of one or two keys")])
    }
    return keys
  }

  /// The same sequence given to two commands of a screen.
  private static func clashes(_ settings: [KeySetting], _ screens: [(name: String, node: Node)]) -> [Mistake] {
    var mistakes: [Mistake] = []
    for (index, setting) in settings.enumerated() {
      for earlier in settings[..<index] where earlier.scope == setting.scope {
        guard let both = setting.sequences.first(where: { earlier.sequences.contains($0) }) else { continue }
        let line = line(of: setting, in: screens)
        let keys = both.map(\.description).joined(separator: " ")
        mistakes.append(
          Mistake(line: line, what: "\(keys) is given to \(earlier.command) and to \(setting.command)"))
      }
    }
    return mistakes
  }

  private static func line(of setting: KeySetting, in screens: [(name: String, node: Node)]) -> Int {
    for (screen, node) in screens where screen == setting.scope {
      guard case .table(let entries) = node.value else { continue }
      for entry in entries where entry.key == setting.command { return entry.node.line }
    }
    return 1
  }
}
