import PtyTesting
import Testing

/// docs/terminal.md promises with the names of tests and lists what is written: both are held to the code.
@Suite("The guide to terminals")
struct TerminalGuideTests {
  static func guide() throws -> [Substring] {
    try Checkout.text(of: "docs/terminal.md").split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// What stands in quotes after a file's name: the names of tests.
  static func citations(_ lines: [Substring]) -> [(file: String, test: String)] {
    lines.flatMap { line in
      line.matches(of: /`([A-Za-z+]+\.swift)` “([^”]+)”/).map { (String($0.1), String($0.2)) }
    }
  }

  @Test("names tests that there are")
  func names() throws {
    let sources = try Checkout.sources().filter { $0.path.contains("Tests/") }
    let citations = Self.citations(try Self.guide())
    #expect(citations.count >= 16)
    for (file, test) in citations {
      let holders = sources.filter { $0.name == file }
      #expect(!holders.isEmpty, "there is no \(file)")
      #expect(holders.contains { $0.text.contains("\"\(test)\"") }, "\(file) has no test “\(test)”")
    }
  }

  @Test("answers each of the sixteen complaints with a test")
  func complaints() throws {
    let rows = try Self.guide().filter { $0.starts(with: /\| \d+ \|/) }
    #expect(rows.map { $0.split(separator: " ")[1] } == (1...16).map { Substring("\($0)") })
    for row in rows { #expect(!Self.citations([row]).isEmpty, "\(row) names no test") }
  }

  @Test("lists the sequences that the tests allow, and no others")
  func sequences() throws {
    let rows = try Self.guide().drop { $0 != "## What mds writes" }.dropFirst().prefix { !$0.hasPrefix("## ") }
    let listed = rows.filter { $0.hasPrefix("| `") }.flatMap { row in
      row.prefix(upTo: row.dropFirst(2).firstIndex(of: "|") ?? row.endIndex).matches(of: /`([^`]+)`/).map {
        String($0.1)
      }
    }
    #expect(Set(listed) == OutputAudit.own)
  }
}
