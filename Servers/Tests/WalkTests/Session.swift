import Foundation
import Glibc
import PtyTesting

/// A workbench in plain mode on its review queue, and what it said that it had saved.
final class Session {
  /// The numbers that were said to be saved.
  private(set) var shown: Set<Int> = []
  /// How often a judgement was refused.
  private(set) var refusals = 0
  private let run: PlainRun
  /// Cases in the queue.
  let rows: Int
  private var saves = 0

  /// Opens the queue of what was not judged yet; `environment` is over the desk's own, a program that is named runs it.
  init(_ desk: Desk, environment more: [String: String] = [:], through program: [String] = []) throws {
    run = try PlainRun(
      ["open", "--plain", "--fresh"] + desk.target, environment: desk.environment.merging(more) { $1 }, through: program
    )
    var cases = 0
    do {
      try run.hear("Models 4")
      try run.type("gr")
      try run.hear("a queue, or why there is none") { said in
        cases = said.matches(of: /Review (\d+)/).last.flatMap { Int($0.1) } ?? 0
        return cases > 0 && said.contains("Your call") || said.contains("not saved: ")
          || said.contains("Nothing waits in this queue")
      }
    } catch {
      // One that has ended already, or says something else, is not left behind.
      run.signal(SIGKILL)
      _ = run.waitForEnd()
      throw error
    }
    rows = cases
    guard cases > 0 else {
      run.closeInput()
      _ = run.waitForEnd()
      throw PlainRun.Unheard(wanted: "a queue", heard: run.transcript)
    }
  }

  /// Asks for a judgement to be saved, and waits for nothing. A queue that was gone through is begun anew, with other verdicts.
  func beginSave() throws {
    // A first judgement goes on to the next case by itself, a changed one does not.
    let way = saves % rows == 0 ? "gg" : saves < rows ? "" : "j"
    try run.type(way + (saves / rows % 2 == 0 ? "as" : "us"))
    saves += 1
  }

  /// Waits for the number of what was asked for.
  func endSave() throws {
    try run.hear("saved: #")
    note()
  }

  func save(_ count: Int = 1) throws {
    for _ in 0..<count {
      try beginSave()
      try endSave()
    }
  }

  /// Waits for a word on what was asked for; false where it was refused. `again` asks once more for what was refused.
  func isSaved(again: Bool = false) throws -> Bool {
    if again { try run.type("s") }
    try run.hear("a word on the judgement") { $0.contains("saved: #") || $0.contains("failed: not saved") }
    note()
    let isSaved = run.said.contains("saved: #")
    if !isSaved { refusals += 1 }
    return isSaved
  }

  var process: Int32 { run.identifier }
  /// All that was said so far.
  var transcript: String { run.transcript }

  /// Hears what is still said, and how it ended.
  func end() -> Pty.Exit {
    defer { note() }
    return run.waitForEnd()
  }

  /// Types a line, and waits until this was said after it.
  func type(_ line: String, hears wanted: String) throws { try run.type(line, hears: wanted) }

  /// Ends at once, nothing finished. What it had said before is heard still.
  func kill() {
    run.signal(SIGKILL)
    _ = run.waitForEnd()
    note()
  }

  /// Leaves in good order.
  func quit() throws {
    try run.type(":quit")
    let end = run.waitForEnd()
    guard end == .code(0) else { throw PlainRun.Unheard(wanted: "a good end", heard: "\(end): \(run.transcript)") }
    note()
  }

  private func note() {
    // A line that is not whole was not said.
    for found in run.said.matches(of: /saved: #(\d+) .*z undo/) {
      if let number = Int(found.1) { shown.insert(number) }
    }
  }
}
