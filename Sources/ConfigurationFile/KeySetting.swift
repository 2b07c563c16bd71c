public import Frames

/// Keys that a user gives to a command.
public struct KeySetting: Hashable, Sendable {
  /// The screen, or `everywhere`.
  public var scope: String
  public var command: String
  /// Sequences of one or two keys; empty takes the command's keys away.
  public var sequences: [[Key]]
  /// The line that says so.
  public var line: Int

  public init(scope: String, command: String, sequences: [[Key]], line: Int = 1) {
    self.scope = scope
    self.command = command
    self.sequences = sequences
    self.line = line
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
          settings.append(
            KeySetting(
              scope: screen, command: command, sequences: try sequences(value, command), line: value.line))
        } catch {
          mistakes += error.all
        }
      }
    }
    return (settings, mistakes + clashes(settings) + settings.flatMap(taken))
  }

  /// Keys that mean the same whatever a file says: what gives the terminal back must not be lost.
  private static let fixed: [(key: Key, command: String)] = [
    (.control("C"), "quit"), (.control("Z"), "suspend"), (.control("L"), "redraw"),
  ]

  /// Sequences that would never be heard, because their first key is always taken for something else.
  private static func taken(_ setting: KeySetting) -> [Mistake] {
    setting.sequences.compactMap(\.first).compactMap { first in
      if let fixed = fixed.first(where: { $0.key == first && $0.command != setting.command }) {
        return Mistake(
          line: setting.line, what: "\(first) always means \(fixed.command)",
          advice: "give \(setting.command) another key")
      }
      guard case .text(let scalar) = first, ("0"..."9").contains(scalar) else { return nil }
      return Mistake(
        line: setting.line, what: "\(first) is a count before a move", advice: "give \(setting.command) another key")
    }
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

  /// The same sequence given to two commands of a screen, or one that begins another.
  private static func clashes(_ settings: [KeySetting]) -> [Mistake] {
    var mistakes: [Mistake] = []
    for (index, setting) in settings.enumerated() {
      for earlier in settings[..<index] where earlier.scope == setting.scope {
        if let both = setting.sequences.first(where: { earlier.sequences.contains($0) }) {
          mistakes.append(
            Mistake(
              line: setting.line,
              what: "\(text(both)) is given to \(earlier.command) and to \(setting.command)",
              advice: "line \(earlier.line) has it first"))
        } else if let (short, long) = prefix(setting, earlier) ?? prefix(earlier, setting) {
          mistakes.append(
            Mistake(
              line: setting.line, what: "\(text(short)) begins \(text(long)), which could never be typed",
              advice: "line \(earlier.line) has the other"))
        }
      }
    }
    return mistakes
  }

  /// A sequence of the one that begins a longer one of the other.
  private static func prefix(_ one: KeySetting, _ other: KeySetting) -> (short: [Key], long: [Key])? {
    for short in one.sequences {
      for long in other.sequences where long.count > short.count && long.starts(with: short) { return (short, long) }
    }
    return nil
  }

  private static func text(_ sequence: [Key]) -> String { sequence.map(\.description).joined(separator: " ") }
}
