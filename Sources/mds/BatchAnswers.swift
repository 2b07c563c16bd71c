import Domain
import Operations
import SafeText
import Workbench

/// The answers of a batch on their way to files or to the terminal, and what is said of it meanwhile.
final class BatchAnswers {
  /// Rows that were set aside and are told at once, where a file has them all.
  private static let told = 10

  private let journal: BatchJournal
  private let saysNoCases: Bool
  private var scored = 0
  private var rejected = 0
  private var apart = 0
  private var routes: [RawText: Int] = [:]
  private var shownAt = ContinuousClock.now

  init(_ journal: BatchJournal, _ facts: FileFacts?, saysNoCases: Bool) {
    self.journal = journal
    self.saysNoCases = saysNoCases && facts != nil
  }

  func take(_ part: BatchPart) throws(Problem) {
    for (place, row) in part.rejected.enumerated() where journal.rejects == nil || rejected + place < BatchAnswers.told
    {
      Standard.endProgress()
      Standard.errorLine("row \(row.row): \(row.reason)")
    }
    try journal.add(part)
    rejected += part.rejected.count
    scored += part.scored
    apart += part.apart
    routes.merge(part.routes, uniquingKeysWith: +)
    if journal.output == nil, !part.answers.isEmpty { Standard.bytes(part.answers) }
  }

  /// Once a second is enough.
  func show(_ progress: BatchProgress) {
    guard ContinuousClock.now - shownAt >= .seconds(1) else { return }
    shownAt = .now
    Standard.progress(progress.text.text)
  }

  func interrupted(by problem: Problem) -> Problem {
    Standard.endProgress()
    var problem = problem
    do throws(Problem) {
      try journal.finish()
    } catch {
      // The first reason says most: what came of it may not be on the disk either.
      problem.detail += (problem.detail.isEmpty ? "" : "\n") + error.summary
    }
    guard let output = journal.output, scored + rejected > 0 else { return problem }
    let done = journal.earlier.done + scored + rejected
    problem.advice += (problem.advice.isEmpty ? "" : " ") + "\(done) rows are done in \(output.path); --resume goes on."
    return problem
  }

  func finish(_ result: BatchResult) throws(Problem) {
    Standard.endProgress()
    try journal.finish()
    if scored + rejected == 0, journal.earlier.done == 0 {
      throw Problem("There are no records in the input.", kind: .invalidInput)
    }
    if let output = journal.output { Standard.errorLine(summary(result, output.path)) }
    // How an experiment was split: one candidate is no split.
    if routes.count > 1 {
      let shares = routes.sorted { $0.key < $1.key }.map { "\($0.key.string) \($0.value)" }
      Standard.errorLine("answered by " + shares.joined(separator: " · "))
    }
    if apart > 0 {
      Standard.errorLine(
        "\(apart) are of a case that was judged with another record or answer: it stays as it was judged")
    }
    let before = journal.earlier.rejected
    guard rejected + before > 0 else { return }
    throw Problem(
      "\(scored) rows scored, \(rejected) set aside\(before > 0 ? ", \(before) by earlier runs" : "").",
      advice: journal.rejects.map { "\($0.path) has each with its reason." } ?? "", kind: .invalidInput)
  }

  /// `12 400 rows scored: answers.jsonl · 4 s · 3 120 rows/s · requests p50 81 ms, p99 140 ms`.
  private func summary(_ result: BatchResult, _ path: String) -> String {
    let progress = result.progress
    var parts = ["\(scored) rows scored: \(path)"]
    if progress.seconds >= 1 {
      parts.append(BatchProgress.text(seconds: progress.seconds).text)
      parts.append(BatchProgress.text(rate: Double(progress.scored + progress.setAside) / progress.seconds).text)
    }
    if let half = result.latencies.quantile(0.5), let most = result.latencies.quantile(0.99) {
      parts.append(BatchProgress.text(p50: half, p99: most).text)
    }
    if saysNoCases { parts.append("no cases; --cases makes them") }
    return parts.joined(separator: " · ")
  }
}
