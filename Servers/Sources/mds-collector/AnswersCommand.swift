internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

/// What analysts answered.
struct AnswersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answers", abstract: "List what analysts answered to the questions that were published.",
    discussion: "A JSON object a line, in the order in which they arrived; of an analyst's several the last one counts."
  )

  @Option(help: "Only answers to the question of this name, as `publish question` printed it.")
  var name: String?

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let opened = try database.open()
    defer { try? opened.close() }
    try AnswerBook(opened).forEach { answer in
      guard name == nil || answer.name == name else { return }
      let line = JSON.object([
        "name": .text(answer.name), "item": JSON.raw(answer.item), "question": JSON.raw(answer.question),
        "case": answer.caseID.map { .text($0.hex) } ?? .null, "analyst": JSON.raw(answer.analyst),
        "at": .text(answer.at.description), "answer": JSON.raw(answer.answer),
      ])
      try StandardOutput.write(line.serializedString)
    }
  }
}
