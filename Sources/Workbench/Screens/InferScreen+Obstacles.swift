internal import Domain
internal import Frames

extension InferScreen.State {
  /// Why a command can do nothing just now, in words.
  func obstacle(to command: Command) -> Obstacle? {
    switch command {
    case .nextCase, .previousCase: obstacleToTurning(by: command == .nextCase ? 1 : -1)
    case .send, .sendAndExplain, .sendAnyway, .generate, .editJSON, .open:
      fields.isEmpty ? Obstacle("the model's inputs are not known", hint: Hint(.reload, "asks again")) : nil
    case .moveLeft, .moveRight:
      isChoice ? nil : Obstacle("only a choice turns", hint: Hint(.open, "edits the field"))
    default: nil
    }
  }

  private var isChoice: Bool {
    switch selectedField?.kind {
    case .category, .flag: true
    case .number, .integer, .text, .image, .list, .open, nil: false
    }
  }

  private func obstacleToTurning(by step: Int) -> Obstacle? {
    guard let batch else { return Obstacle("no file is open", hint: Hint(.openFile, "opens one")) }
    if batch.records.indices.contains(batch.index + step) { return nil }
    return step > 0 ? "this is the last row of \(batch.name)" : "this is the first row of \(batch.name)"
  }
}
