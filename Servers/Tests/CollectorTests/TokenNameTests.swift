internal import Foundation
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
