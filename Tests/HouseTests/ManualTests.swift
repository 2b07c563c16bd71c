import Testing

/// docs/manual.md and docs/mds.1 are written by `mds manual`: what it finds nothing for would be a title alone.
@Suite("The manual")
struct ManualTests {
  @Test("has something under each of its titles", arguments: [("docs/manual.md", "## "), ("docs/mds.1", ".SH ")])
  func sections(page: String, sign: String) throws {
    let lines = try Checkout.text(of: page).split(separator: "\n")
    let starts = lines.indices.filter { lines[$0].hasPrefix(sign) }
    #expect(starts.count >= 7)
    for start in starts {
      let section = lines[(start + 1)...].prefix { !$0.hasPrefix(sign) }
      #expect(!section.isEmpty, "\(page): \(lines[start])")
    }
  }

  @Test("lists the options by which a command is given a context")
  func contextOptions() throws {
    let text = try Checkout.text(of: "docs/manual.md")
    let section = text.split(separator: "\n## ").first { $0.hasPrefix("Context options") } ?? ""
    for option in ["--context", "--service", "--ledger", "--insecure"] { #expect(section.contains("`\(option)")) }
  }
}
