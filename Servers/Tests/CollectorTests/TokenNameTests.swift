internal import Foundation
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("The name of an analyst or a device") struct TokenNameTests {
  private static let odd = ["a\nb", "a\tb", "a\u{1B}[31mb", "a\u{85}b", "a\u{2028}b", "a\u{7F}"]

  @Test("is one line without control characters and without blanks at its ends") func names() {
    for name in ["ana", "ana@lab", "Ana Bélanger", "安娜", "o'neil-2"] { #expect(TokenName.fault(in: name) == nil) }
    for name in Self.odd + ["", " ana", "ana ", "\u{3000}ana", "ana\u{A0}"] {
      #expect(TokenName.fault(in: name) != nil, "\(name.debugDescription)")
    }
    // A configuration lets blanks stand at the ends of a name: who saved under it is to get in.
    #expect(TokenName.fault(inFormer: " carl ") == nil)
    for name in Self.odd + [""] { #expect(TokenName.fault(inFormer: name) != nil) }
  }

  @Test("is nobody's that another analyst had before, and two spellings in Unicode are two names") func former() throws
  {
    let bench = try Bench()
    let book = TokenBook(bench.database)
    _ = try book.create(analyst: "ana", device: "d", scopes: [.write], formerNames: ["carl"])
    #expect(throws: CollectorError.formerName("carl", of: "ana")) {
      try book.create(analyst: "carl", device: "d", scopes: [.write])
    }
    _ = try book.create(analyst: "ana", device: "e", scopes: [.write], formerNames: ["carl"])
    // The same on the screen, and other bytes.
    let (one, other) = ("andr\u{E9}", "andre\u{301}")
    _ = try book.create(analyst: one, device: "d", scopes: [.write])
    #expect(throws: CollectorError.nameInUse(one)) {
      try book.create(analyst: other, device: "d", scopes: [.write], formerNames: [one])
    }
    let asked = try Program.run(
      ["publish", "question", "Why?", "--to", one, "--to", other, "--database", bench.location.description])
    let lines = asked.errors.split(separator: "\n").filter { $0.contains("has no token in force") }
    #expect(asked.status == 0 && lines.map { Array($0.utf8).firstRange(of: other.utf8) != nil } == [true], "\(asked)")
  }

  @Test("is refused by every command that makes it one, before a database is made") func commands() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = folder.appending(path: "c.db").path
    for (words, wrong) in [
      (["token", "create", "--analyst", "a\nb", "--device", "d"], "--analyst has a line break"),
      (["token", "create", "--analyst", " a", "--device", "d"], "--analyst begins or ends with a blank"),
      (["token", "create", "--analyst", "a", "--device", "d "], "--device begins or ends with a blank"),
      (["token", "create", "--analyst", "a", "--device", "d", "--formerly", "x\ty"], "--formerly has a line break"),
      (["import", "x", "--unsigned", "--analyst", "a\nb"], "--analyst has a line break"),
      (["serve", "--demo-analyst", "a "], "--demo-analyst begins or ends with a blank"),
    ] {
      let run = try Program.run(words + ["--database", database])
      #expect(run.status != 0 && run.errors.contains("the name of " + wrong), "\(words): \(run)")
    }
    #expect(!FileManager.default.fileExists(atPath: database))
  }
}
