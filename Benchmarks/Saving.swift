import Domain
import Feedback
import Glibc
import Ledger

/// A judgement on its way to the disk, against the least that this disk can do, one after the other.
enum Saving {
  static let start = Timestamp(microseconds: 1_795_435_445_000_000)

  static func stamp(_ number: Int) -> Stamp {
    Stamp(
      at: start.advanced(bySeconds: Double(number)), analyst: "nobody", session: "bench", context: "bench",
      tool: "bench")
  }

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let ledger = try Ledger(path: folder + "/ledger.sqlite")
      let stream = try ledger.stream(for: "bench", stamp: stamp(0))
      let file = open(folder + "/bare", O_CREAT | O_WRONLY, 0o600)
      defer { close(file) }
      let page = [UInt8](repeating: 7, count: 4096)
      var (saves, bare) = (Times(), Times())
      for number in 1...400 {
        let submission = Submission(
          caseID: identity(number), statements: [.judgement(JudgementBody(Judgement(verdict: .agree), stage: .final))])
        _ = try saves.measure { try ledger.save(submission, to: stream.id, stamp: stamp(number)) }
        bare.measure {
          _ = pwrite(file, page, page.count, off_t(number * page.count))
          fdatasync(file)
        }
      }
      try ledger.close()
      return [
        Entry(
          "save a judgement, against a bare fdatasync (p50)",
          "\(saves.median.short) ms / \(bare.median.short) ms, \((saves.median / bare.median).short)x",
          budget: "1.3x or +0.3 ms", isWithin: saves.median <= max(1.3 * bare.median, bare.median + 0.3))
      ]
    }
  }

  /// A case's identity by its number.
  static func identity(_ number: Int) -> ShortHash { RecordIdentity.of(sourceID: RawText("row-\(number)")) }
}
