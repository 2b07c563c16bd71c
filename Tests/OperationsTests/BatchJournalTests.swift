import Domain
import Foundation
import Testing

@testable import Operations

@Suite("The journal of a batch")
struct BatchJournalTests {
  private static func answer(_ row: Int) -> String { "{\"row\":\(row),\"case\":\"\(row)\"}\n" }
  private static func refusal(_ row: Int) -> String { "{\"row\":\(row),\"reason\":\"r\",\"text\":\"t\(row)\"}\n" }

  private static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-journal-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Opens a journal on these two files again; how far it is, and what is left in them.
  private func resumed(
    _ answers: String, _ refusals: String?
  ) throws -> (earlier: EarlierRows, answers: String, refusals: String?) {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let paths = (folder + "/a.jsonl", folder + "/a.rejects.jsonl")
    try answers.write(toFile: paths.0, atomically: true, encoding: .utf8)
    try refusals?.write(toFile: paths.1, atomically: true, encoding: .utf8)
    let journal = try BatchJournal(of: "-", output: paths.0, rejects: paths.1, resumes: true)
    try journal.finish()
    return (
      journal.earlier, try String(contentsOfFile: paths.0, encoding: .utf8),
      try? String(contentsOfFile: paths.1, encoding: .utf8)
    )
  }

  @Test("goes on behind the last row that stands in one of its files")
  func whole() throws {
    let found = try resumed(Self.answer(1) + Self.answer(3), Self.refusal(2) + Self.refusal(4))
    #expect(found.earlier.done == 4 && found.earlier.rejected == 2)
    #expect(found.answers == Self.answer(1) + Self.answer(3))
    #expect(found.refusals == Self.refusal(2) + Self.refusal(4))
    #expect(found.earlier.samples[2]?["text"] == "t2" && found.earlier.samples[3]?["case"] == "3")
    #expect(try resumed("", nil).earlier.done == 0)
  }

  @Test("cuts off a line that was not finished, and rows behind a gap")
  func torn() throws {
    for length in 0..<Self.answer(3).utf8.count {
      let found = try resumed(Self.answer(1) + Self.answer(2) + Self.answer(3).prefix(length), nil)
      #expect(found.earlier.done == 2)
      #expect(found.answers == Self.answer(1) + Self.answer(2))
    }
    // Killed after the rows set aside of a part were written, and before its answers were.
    let gap = try resumed(Self.answer(1), Self.refusal(3) + Self.refusal(4))
    #expect(gap.earlier.done == 1 && gap.earlier.rejected == 0 && gap.refusals == nil)
    let other = try resumed(Self.answer(1) + Self.answer(2) + Self.answer(5), Self.refusal(3))
    #expect(other.earlier.done == 3 && other.answers == Self.answer(1) + Self.answer(2))
  }

  @Test("cuts nothing that is not its own, and no more than a run can have left")
  func foreign() throws {
    for text in ["precious\n", "precious", "{\"a\":1}\n", "{\"row\":1}\nprecious\n"] {
      #expect(throws: Problem.self) { try resumed(text, nil) }
    }
    let many = (3...BatchJournal.longestPart + 10).map { Self.answer($0) }.joined()
    #expect(throws: Problem.self) { try resumed(Self.answer(1) + many, nil) }
  }

  @Test("keeps a few lines of a long file to know it by")
  func samples() throws {
    let found = try resumed((1...3000).map { Self.answer($0) }.joined(), nil)
    #expect(found.earlier.done == 3000)
    #expect((16...65).contains(found.earlier.samples.count))
  }

  @Test("refuses another file than the one that was begun")
  func anotherFile() async throws {
    try await BatchTests.withService { workspace, service, folder in
      let output = folder + "/o.jsonl"
      func run(_ text: String, resumes: Bool) async throws -> Problem? {
        let journal = try BatchJournal(of: "-", output: output, rejects: output + ".rejects", resumes: resumes)
        try text.write(toFile: folder + "/i.csv", atomically: true, encoding: .utf8)
        var options = BatchOptions()
        options.earlier = journal.earlier
        defer { try? journal.finish() }
        do throws(Problem) {
          _ = try await workspace.score(
            try await workspace.open(folder + "/i.csv", for: "m"), options: options,
            deliver: { (part) throws(Problem) in try journal.add(part) })
          return nil
        } catch {
          return error
        }
      }
      let table = BatchTests.table(8) + "oops,1\n"
      let first = try await run(table, resumes: false)
      #expect(first == nil)
      let asked = service.rows.count
      for other in [
        table.replacing("4,0.5", with: "4,0.6"), table.replacing("oops", with: "no"), BatchTests.table(5),
      ] {
        let problem = try await run(other, resumes: true)
        #expect(problem?.kind == .invalidInput)
      }
      #expect(service.rows.count == asked)
      let longer = try await run(table + "9,1\n", resumes: true)
      #expect(longer == nil)
      #expect(service.rows.count == asked + 1)
      let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 9)
    }
  }

  @Test("takes an empty file of rejects away, and leaves what is no file and what leads to one")
  func empty() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, pipe, link) = (folder + "/a.rejects", folder + "/pipe", folder + "/link")
    #expect(mkfifo(pipe, 0o600) == 0 && symlink(folder + "/target", link) == 0)
    for (path, stays) in [(file, false), (pipe, true), (link, true)] {
      try BatchJournal(of: "-", output: folder + "/a.jsonl", rejects: path, resumes: false).finish()
      var status = stat()
      #expect((lstat(path, &status) == 0) == stays, "\(path)")
    }
  }
}
