internal import Domain
internal import Frames
internal import SafeText

/// The panel of a file that is scored.
extension InferScreen {
  /// Rows of the panel: its rule and two lines.
  static let batchHeight = 3

  /// The form gives room to the panel, and takes it back.
  static func fit(_ state: inout State) {
    let layout = InferLayout(columns: state.columns, rows: state.rowsOnScreen)
    state.rows.resize(height: max(1, layout.formHeight - (state.scoring == nil ? 0 : batchHeight)))
  }

  /// Begins to score a file that is too long for the form.
  static func beginScoring(_ state: inout State, _ path: String) -> [Effect] {
    if let running = state.scoring, running.isRunning {
      state.notice = InferNotice("\(running.name) is being scored", advice: "what is done is kept when it is stopped")
      return []
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    state.scoring = FileScoring(model: state.model, name: name)
    fit(&state)
    return [.scoreFile(path: path, state.model)]
  }

  static func take(_ state: inout State, _ scoring: FileScoring) {
    guard scoring.model == state.model else { return }
    state.scoring = scoring
    fit(&state)
  }

  static func drawBatch(_ state: State, _ hints: Hints, width: Int, on frame: inout Frame) {
    guard let scoring = state.scoring else { return }
    let top = frame.rows - 2 - batchHeight
    let progress = scoring.progress
    Chrome.rule("Batch", right: keyText(scoring, hints), row: top, columns: 0..<width, on: &frame)
    // The rule of the right side begins in the same row.
    if width < frame.columns { frame.write("┼", row: top, column: width, style: .dim) }
    let right = rightText(scoring)
    frame.write(scoring.name.safe, row: top + 1, column: 2, limit: max(4, width - right.width - 4))
    frame.write(right, row: top + 1, endingAt: width - 1)
    switch scoring.stage {
    case .running:
      let counts = countsText(progress)
      let cells = max(4, width - counts.width - 5)
      if let share = progress.share {
        frame.write(Bar.text(share, cells: cells), row: top + 2, column: 2)
        frame.write(counts, row: top + 2, endingAt: width - 1)
      } else {
        frame.write(counts, row: top + 2, column: 2)
      }
    case .failed(let problem):
      frame.write("✗", row: top + 2, column: 2, style: .bad)
      frame.write(problem.summary.safe, row: top + 2, column: 4, limit: width - 5)
    case .done, .stopped:
      frame.write(resultText(scoring, hints), row: top + 2, column: 2, limit: width - 3)
    }
  }

  /// At the right of the file's name: how fast and how long yet, or how it ended.
  private static func rightText(_ scoring: FileScoring) -> SafeText {
    switch scoring.stage {
    case .running:
      if let pause = scoring.progress.pause { return "busy, waits " + BatchProgress.text(seconds: pause) }
      let parts = [scoring.progress.rateText, scoring.progress.leftText].compactMap(\.self)
      return parts.count == 2 ? parts[0] + "  " + parts[1] : parts.first ?? "beginning…"
    case .done: return scoring.output.map { "→ ".safe + $0.safe } ?? "done"
    case .stopped: return "stopped"
    // What is done is kept, whatever ended it.
    case .failed: return scoring.progress.done > 0 ? resultText(scoring, nil) : .empty
    }
  }

  /// The key that helps while the file is scored, and where it was not scored to its end.
  private static func keyText(_ scoring: FileScoring, _ hints: Hints) -> SafeText {
    switch scoring.stage {
    case .running: hints.stop("stops it")
    case .failed: scoring.cases.isEmpty ? .empty : hints(.review, "opens the cases")
    case .done, .stopped: .empty
    }
  }

  private static func countsText(_ progress: BatchProgress) -> SafeText {
    var text = Numeral.count(progress.done)
    if let rows = progress.rows { text += "/" + Numeral.count(max(rows, progress.done)) }
    if let share = progress.share { text += "  " + Numeral.percent(share) }
    if progress.setAside > 0 { text += "  ✗ " + Numeral.count(progress.setAside) }
    return text
  }

  private static func resultText(_ scoring: FileScoring, _ hints: Hints?) -> SafeText {
    var text = Numeral.count(scoring.progress.done - scoring.progress.setAside) + " scored"
    if scoring.progress.setAside > 0 { text += ", " + Numeral.count(scoring.progress.setAside) + " set aside" }
    let opens = scoring.cases.isEmpty ? .empty : hints?(.review, "opens the cases") ?? .empty
    return opens.isEmpty ? text : text + "   " + opens
  }

  /// The panel as text.
  static func batchSection(_ scoring: FileScoring) -> Outline.Section {
    let how: SafeText =
      switch scoring.stage {
      case .running: scoring.progress.text
      case .done: rightText(scoring) + ": " + resultText(scoring, nil)
      case .stopped: "stopped: " + resultText(scoring, nil)
      case .failed(let problem):
        scoring.progress.done > 0 ? problem.summary.safe + ": " + resultText(scoring, nil) : problem.summary.safe
      }
    return Outline.Section("Batch", columns: ["FILE", "STATE"], rows: [[scoring.name.safe.text, how.text]])
  }
}
