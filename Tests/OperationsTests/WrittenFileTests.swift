import Domain
import Foundation
import Testing

@testable import Operations

@Suite("A file that is written") struct WrittenFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-written-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(
    "takes the place of no database, private key or configuration",
    arguments: [
      ("a", "SQLite format 3\u{0} and more", "a database, a ledger or a collector"),
      ("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn", "a private key"),
      ("config.toml", "analyst = \"ana\"\n", "a configuration or a catalogue"),
    ])
  func kept(_ name: String, _ text: String, _ what: String) throws {
    try inFolder { folder in
      let path = "\(folder)/\(name)"
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      #expect { try FileSink(path) } throws: { "\($0)".contains(what) }
      #expect { try LineFile(path) } throws: { ($0 as? Problem)?.summary.contains(what) == true }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  @Test("by lines is written by one program at a time; the other changes nothing of it") func two() throws {
    try inFolder { folder in
      let path = folder + "/rows.jsonl"
      func other() throws -> String? {
        do throws(Problem) { _ = try LineFile(path) } catch { return error.summary }
        return nil
      }
      do {
        let first = try LineFile(path)
        try first.write(Array("one\n".utf8))
        #expect(try other() == "Another program is writing \(path): nothing was done.")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\n")
      }
      #expect(try other() == nil)
    }
  }
}
