internal import Frames
internal import SafeText

extension App {
  /// What is to be known before anything else, with the keys that are in force.
  static func tour(_ keymap: Keymap) -> [String] {
    func key(_ command: Command, _ scope: Scope) -> String { keymap.key(of: command, in: scope) }
    let verdicts = [Command.agree, .disagree, .unsure].map { key($0, .review) }.joined(separator: ", ")
    return [
      "Models shows what runs; \(key(.open, .models)) opens, \(key(.infer, .models)) asks one, "
        + "\(key(.review, .models)) reviews what waits.",
      "A case is a record, its answer and its why; \(verdicts) judge it, \(key(.save, .review)) saves.",
      "What you save stays here until researchers have it; \(key(.help, .models)) shows the keys.",
    ]
  }

  static func drawTour(_ state: AppState, on frame: inout Frame) {
    let width = min(frame.columns - 4, 76)
    let lines = tour(state.keymap).flatMap { SafeText.lines(of: $0, width: width - 4) }
    let rect = Chrome.dialog("In three lines", rows: lines.count + 2, columns: width, on: &frame)
    for (line, text) in lines.prefix(rect.rows).enumerated() {
      frame.write(text, row: rect.row + line, column: rect.column + 1, limit: rect.columns - 2)
    }
  }
}
