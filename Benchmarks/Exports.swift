import Domain
import Feedback
import Ledger

/// Judgements with what was seen, on their way to the researchers' tools.
enum Exports {
  static let count = 50_000

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let path = folder + "/ledger.sqlite"
      try fill(path)
      var entries: [Entry] = []
      for format in ["jsonl", "csv", "parquet", "argilla"] {
        let start = ContinuousClock.now
        try Programs.run([
          Programs.mds, "feedback", "export", "--format", format, "--output", "\(folder)/rows.\(format)", "--context",
          "bench", "--ledger", path, "--service", "http://127.0.0.1:9",
        ])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        entries.append(
          Entry("export of 50,000 judgements as \(format)", "\((Double(count) / seconds).short) rows/s"))
      }
      return entries
    }
  }

  /// A view and a judgement of a case each.
  private static func fill(_ path: String) throws {
    let ledger = try Ledger(path: path)
    let stream = try ledger.stream(for: "bench", stamp: Saving.stamp(0))
    var generator = SystemRandomNumberGenerator()
    for first in stride(from: 0, to: count, by: 2500) {
      let drafts = try (first..<first + 2500).flatMap { number in
        let stamp = Saving.stamp(number)
        let caseID = Saving.identity(number)
        let view = EventDraft(
          eventID: EventID(at: stamp.at, using: &generator),
          body: EventBody(stamp: stamp, caseID: caseID, payload: .seen(try seen(number))))
        let judgement = JudgementBody(
          Judgement(
            verdict: number % 7 == 0 ? .disagree : .agree, label: number % 7 == 0 ? "high" : nil, confidence: 4),
          stage: .final)
        return [
          view,
          EventDraft(
            eventID: EventID(at: stamp.at, using: &generator),
            body: EventBody(
              stamp: stamp, caseID: caseID, references: [EventReference(.seen, view.eventID)],
              payload: .judgement(judgement))),
        ]
      }
      try ledger.append(drafts, to: stream.id)
    }
    try ledger.close()
  }

  /// Thirteen numbers and a category, as a tabular model has them.
  private static func seen(_ number: Int) throws -> Seen {
    let values = (0..<13).map { Double((number * 31 + $0 * 7) % 1000) / 10 }
    let record = Record(tensors: [
      Tensor(name: "input", datatype: .fp64, shape: [1, 13], elements: .double(values)),
      Tensor(name: "seal", datatype: .bytes, shape: [1, 1], elements: .bytes([number % 2 == 0 ? "intact" : "broken"])),
    ])
    return Seen(
      record: try SeenRecord(record), recordAt: Saving.start, service: "bench",
      model: ModelID("cargo", version: "3"),
      output: SeenOutput(
        answer: .classes(
          [ClassScore(label: "low", probability: 0.7), ClassScore(label: "high", probability: 0.3)], chosen: 0)))
  }
}
