internal import Frames
internal import SafeText

extension App {
  /// What is to be known before anything else, with the keys that are in force.
  static func tour(_ keymap: Keymap) -> [String] {
    let models = Hints(keymap: keymap, scope: .models)
    let review = models.on(.review)
    func line(_ fact: String, _ hints: [SafeText]) -> String {
      let hints = hints.filter { !$0.isEmpty }.joined(separator: ", ").text
      return hints.isEmpty ? fact + "." : fact + "; " + hints + "."
    }
    let verdicts = review.keys([.agree, .disagree, .unsure], by: ", ")
    return [
      line(
        "Models shows what runs",
        [models(.open, "opens"), models(.infer, "asks one"), models(.review, "reviews what waits")]),
      line(
        "A case is a record, its answer and its why",
        [verdicts.isEmpty ? .empty : verdicts + " judge it", review(.save, "saves")]),
      line("What you save stays here until researchers have it", [models(.help, "shows the keys")]),
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
