internal import Domain
internal import Frames
internal import SafeText

extension App {
  /// Takes a key of the list of themes: each move is a preview, Enter keeps what is seen, Esc puts back what was.
  static func takeTheme(_ state: inout AppState, _ key: Key, _ picker: ThemePicker) -> [Effect] {
    var picker = picker
    switch key {
    case .escape:
      state.theme = picker.before
      state.overlay = nil
      return []
    case .enter:
      keep(&state, picker)
      return []
    default:
      guard let step = step(of: key, state, rows: picker.choices.count) else { return [] }
      picker.move(by: step)
      // A theme that cannot be used shows nothing: what is seen stays.
      state.theme = picker.chosen?.theme ?? picker.before
      state.overlay = .themes(picker)
      return []
    }
  }

  /// How far a key moves in a list that lies over a screen; nil for any other key.
  static func step(of key: Key, _ state: AppState, rows: Int) -> Int? {
    switch key {
    case .control("N"): return 1
    case .control("P"): return -1
    default: break
    }
    let page = max(1, state.size.rows / 2)
    switch overlayCommand(key, state) {
    case .moveDown: return 1
    case .moveUp: return -1
    case .halfPageDown, .pageDown: return page
    case .halfPageUp, .pageUp: return -page
    case .top: return -rows
    case .bottom: return rows
    default: return nil
    }
  }

  private static func keep(_ state: inout AppState, _ picker: ThemePicker) {
    guard let chosen = picker.chosen else { return }
    guard let theme = chosen.theme else {
      if let problem = chosen.problem { refuse(&state, chosen, problem) }
      return
    }
    state.theme = theme
    state.overlay = nil
    state.toast = Message(.done, "theme \(chosen.name), until you quit   `mds themes use \(chosen.name)` keeps it")
  }

  /// A theme's file has changed: the one in use is drawn anew; where it is wrong the screen stays as it was.
  static func themeChanged(_ state: inout AppState, _ choice: ThemeChoice) {
    if case .themes(var picker) = state.overlay {
      picker.replace(with: choice)
      state.overlay = .themes(picker)
    }
    guard choice.name == state.theme.name else { return }
    if let theme = choice.theme {
      guard theme != state.theme else { return }
      state.theme = theme
      state.toast = Message(.done, "theme \(choice.name) read again")
    } else if let problem = choice.problem {
      refuse(&state, choice, problem)
    }
  }

  static func drawThemes(_ picker: ThemePicker, on frame: inout Frame) {
    let wanted = picker.choices.count + 5
    let rect = Chrome.dialog("Theme", rows: min(wanted, frame.rows - 4), columns: 70, on: &frame)
    let room = max(1, rect.rows - 3)
    let top = max(0, min(picker.selected - room + 1, picker.choices.count - room))
    let name = min(24, rect.columns / 3)
    for (line, index) in picker.choices.indices.dropFirst(top).prefix(room).enumerated() {
      let choice = picker.choices[index]
      let row = rect.row + line
      if index == picker.selected { frame.draw("▌", row: row, column: rect.column + 1, style: .select) }
      frame.write(choice.name.safe, row: row, column: rect.column + 3, limit: name - 4)
      if let problem = choice.problem {
        frame.write(
          StyledText(signs: "✗ ".safe + fault(of: choice, problem).safe), row: row, column: rect.column + name,
          limit: rect.columns - name - 2)
      } else {
        frame.write(choice.origin.rawValue.safe, row: row, column: rect.column + name, limit: 9, style: .dim)
        frame.write(
          choice.summary.safe, row: row, column: rect.column + name + 11, limit: rect.columns - name - 13)
      }
    }
    frame.write(sample, row: rect.endRow - 2, column: rect.column + 3, limit: rect.columns - 5)
  }

  private static func refuse(_ state: inout AppState, _ choice: ThemeChoice, _ problem: Problem) {
    state.lastProblem = problem
    state.note(.reload, "theme \(choice.name)", .failed(problem))
    state.toast = Message(.failed, "theme \(choice.name): \(fault(of: choice, problem))")
  }

  /// What is wrong with a theme, without the folder it is in.
  private static func fault(of choice: ThemeChoice, _ problem: Problem) -> String {
    guard let file = problem.summary.firstRange(of: "/\(choice.name).toml:") else { return problem.summary }
    return "line " + problem.summary[file.upperBound...]
  }

  /// Each role in a word or a bar, as the theme in use shows it.
  private static var sample: StyledText {
    StyledText([.init("text  "), .init("dim", .dim), .init("  "), .init("accent", .accent), .init("  ")])
      + StyledText(signs: "● ok  ▲ warn  ✗ bad  ◐ info  ")
      + StyledText([.init("██▓", .positive), .init(" "), .init("▒▒░", .negative)])
  }
}
