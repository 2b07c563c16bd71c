import Domain
import Feedback
import Frames
import Glibc
import Ledger
import PtyTesting

/// The search screen on a ledger of 250,000 cases, each judged and with three notes: what is typed is found as it is typed.
enum Searches {
  private static let cases = 250_000
  private static let batch = 2500

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let path = folder + "/ledger.sqlite"
      try fill(path)
      let terminal = try Pty(
        Programs.mds,
        ["open", "--fresh", "--service", "http://127.0.0.1:9", "--context", "bench", "--ledger", path])
      defer { terminal.signal(SIGKILL) }
      try terminal.expect("Models")
      try terminal.send("gs")
      try terminal.expect("of more, in 250")
      terminal.settle()
      var (letters, found) = (Times(), Times())
      for (words, sign) in [
        ("seal broken", "of more, in 250"), ("needle77777", "━ 1 of 250"), ("papers verdict:unsure", "of more, in 250"),
        ("needle249999", "━ 1 of 250"),
      ] {
        try terminal.send("/")
        try terminal.press(.control("U"))
        for letter in words.unicodeScalars.dropLast() { try type(letter, on: terminal, &letters) }
        try found.measure {
          try terminal.send(String(words.unicodeScalars.suffix(1)))
          try terminal.expect(sign)
        }
        // Enter would open what was found.
        try terminal.press(.escape)
        terminal.settle()
      }
      let peak = try Start.residentPeak(terminal.process)
      return [
        Entry("search screen, 1,000,000 events, a letter to its frame (p50)", milliseconds: letters.median, atMost: 16),
        Entry(
          "search screen, 1,000,000 events, a letter to its frame (p99)", milliseconds: letters.percentile(0.99),
          atMost: 16),
        Entry("search screen, 1,000,000 events, the last letter to what is found (worst)", "\(found.worst.short) ms"),
        Entry("search screen, 1,000,000 events, memory, peak", "\((Double(peak) / 1024).short) MB"),
      ]
    }
  }

  /// Types a letter, as fast as a hand does, and waits for what it brings first.
  private static func type(_ letter: Unicode.Scalar, on terminal: Pty, _ times: inout Times) throws {
    try times.measure {
      let before = terminal.received
      try terminal.send(String(letter))
      while terminal.received == before { terminal.listen(milliseconds: 1) }
    }
    terminal.listen(milliseconds: 60)
  }

  private static func fill(_ path: String) throws {
    let ledger = try Ledger(path: path)
    let stream = try ledger.stream(for: "bench", stamp: Saving.stamp(0))
    let words = ["seal broken", "papers late", "value too low", "route unusual", "as declared"]
    for first in stride(from: 0, to: cases, by: batch) {
      try ledger.store((first..<first + batch).map(newCase), service: "bench", context: "bench")
      try ledger.append(
        (first..<first + batch).flatMap { number in
          let (stamp, caseID) = (Saving.stamp(number * 30), Saving.identity(number))
          let verdict = JudgementBody(Judgement(verdict: number % 5 == 0 ? .unsure : .agree))
          return [EventBody(stamp: stamp, caseID: caseID, payload: .judgement(verdict))]
            + (0..<3).map { note in
              EventBody(
                stamp: stamp, caseID: caseID,
                payload: .note(RawText("\(words[(number + note) % words.count]) needle\(number)x\(note)")))
            }
        }, to: stream.id)
    }
    try ledger.close()
  }

  private static func newCase(_ number: Int) -> Case {
    Case(
      id: Saving.identity(number), recordID: Saving.identity(number), number: 0, at: Saving.stamp(number * 30).at,
      sourceID: RawText("row-\(number)"), model: ModelID("cargo", version: "3"),
      record: Record(tensors: [
        Tensor(
          name: "input", datatype: .fp64, shape: [1, 12],
          elements: .double((0..<12).map { Double((number * 31 + $0 * 17) % 1000) / 7 }))
      ]),
      prediction: Prediction(
        model: ModelID("cargo", version: "3"),
        answer: .classes(
          [ClassScore(label: "low", probability: 0.7), ClassScore(label: "high", probability: 0.3)], chosen: 0),
        outputs: []))
  }
}
