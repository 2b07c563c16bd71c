import ConfigurationFile
import Domain
import Frames
import Operations
import Workbench

extension Keymap {
  /// The keymap with a user's changes.
  func with(_ settings: [KeySetting]) -> Keymap {
    var keymap = self
    for setting in settings {
      guard let scope = Scope(rawValue: setting.scope), let command = Command(rawValue: setting.command) else {
        continue
      }
      keymap.give(setting.sequences, to: command, in: scope)
    }
    return keymap
  }
}

/// What a user's keys take away from others: to be known, no mistakes.
enum KeyNotes {
  /// Notes with their lines, in the order of the lines.
  static func on(_ settings: [KeySetting]) -> [Mistake] {
    let keymap = Keymap.standard.with(settings)
    return (hidden(settings, keymap) + lost(settings, keymap)).sorted { $0.line < $1.line }
  }

  /// Keys that another command of a screen stands before.
  private static func hidden(_ settings: [KeySetting], _ keymap: Keymap) -> [Mistake] {
    settings.flatMap { setting -> [Mistake] in
      guard let scope = Scope(rawValue: setting.scope), let command = Command(rawValue: setting.command) else {
        return []
      }
      let screens = scope == .everywhere ? Scope.allCases.filter { $0 != .everywhere } : [scope]
      return setting.sequences.flatMap { sequence in
        screens.compactMap { screen -> Mistake? in
          let reached = keymap.reached(by: sequence, in: screen)
          guard reached != command else { return nil }
          let first = sequence.first.flatMap { keymap.command(for: [$0], in: screen) }
          let owner = reached ?? (sequence.count > 1 ? first : nil)
          return Mistake(
            line: setting.line, what: "\(text(sequence)) does not reach \(command.rawValue) on \(screen.rawValue)",
            advice: owner.map { "there it is \($0.rawValue)'s" } ?? "there it begins other keys")
        }
      }
    }
  }

  /// Commands that were shipped with a key and have none left, where nobody asked for that.
  private static func lost(_ settings: [KeySetting], _ keymap: Keymap) -> [Mistake] {
    var screens: [Command: [String]] = [:]
    var notes: [(command: Command, line: Int, advice: String)] = []
    for lost in keymap.lost(since: .standard) {
      let isWanted = settings.contains {
        $0.command == lost.command.rawValue
          && ($0.scope == lost.scope.rawValue || $0.scope == Scope.everywhere.rawValue)
      }
      guard !isWanted else { continue }
      let takers = settings.filter { setting in
        setting.sequences.contains { taken in
          lost.had.contains { $0.starts(with: taken) || taken.starts(with: $0) }
        }
      }
      // On a screen its own keys stand before everybody's.
      guard let taker = takers.first(where: { $0.scope == lost.scope.rawValue }) ?? takers.first else { continue }
      screens[lost.command, default: []].append(lost.scope.rawValue)
      guard screens[lost.command]?.count == 1 else { continue }
      let had = lost.had.map(text).joined(separator: ", ")
      notes.append((lost.command, taker.line, "\(had) was taken by \(taker.command); : runs it by name"))
    }
    return notes.map { note in
      let places = screens[note.command] ?? []
      let isEverywhere = places.count == Scope.allCases.count - 1
      return Mistake(
        line: note.line,
        what: "\(note.command.rawValue) has no key left"
          + (isEverywhere ? "" : " on " + places.joined(separator: ", ")),
        advice: note.advice)
    }
  }

  /// The same for a file; none for one that cannot be read.
  static func on(file path: String) -> [String] {
    guard let bytes = Files.read(path),
      let settings = try? Settings(parsing: bytes, vocabulary: UserSettings.vocabulary)
    else { return [] }
    return on(settings.keys).map { $0.text(in: path) }
  }

  private static func text(_ sequence: [Key]) -> String { sequence.map(\.description).joined(separator: " ") }
}
