import ConfigurationFile
import Testing

/// Where a mistake is said to be, in files written as people write them.
@Suite("The line of a mistake")
struct LinesTests {
  private func line(_ text: String) throws -> Int? {
    let error = #expect(throws: Mistakes.self) { try Settings(parsing: Array(text.utf8)) }
    return error?.all.first?.line
  }

  @Test("counts past comments, blank lines, carriage returns and many-line texts")
  func manyLines() throws {
    #expect(try line("# one\r\n\r\n  wrong = 1\r\n") == 3)
    #expect(try line("banner = \"\"\"one \\\"\"\" two\"\"\"\nwrong = 1") == 2)
    #expect(try line("theme = '''\nx ' ''\n'''\n# wrong = 2\nwrong = 1") == 5)
    #expect(try line("theme = \"a # [b] \\\" = \"\nwrong = 1") == 2)
  }

  @Test(
    "is told of what would end the parser, and the program with it",
    arguments: [
      "[#a]", "[=", "[\n]", "[[é]]", "[[[a]", "[ .b]", "[\ra]", "d = 1979-05-27T|||",
      "d = [1, 1979-05-27t]", "a.b = {c = 1979-05-27 x}",
    ])
  func refused(text: String) throws {
    #expect(try line("theme = \"\"\"\n[#\"\"\"\n" + text + "\n") == 3)
  }

  @Test("finds keys in inline tables, dotted keys and lists over many lines")
  func nested() throws {
    #expect(try line("[contexts.a]\nservice = { url = \"https://a\", wrong = 1 }") == 2)
    #expect(try line("contexts.a.service.url = \"https://a\"\ncontexts.a.wrong = 1") == 2)
    #expect(
      try line(
        """
        [contexts.a.service]
        url = "https://a"
        token_command = [
          "a ] b", # a comment with ] in it
          'c',
        ]
        wrong = 1
        """) == 7)
    #expect(try line("[ contexts . \"a\" ]\nservice = \"https://a\"\n\"wr\\\"ong\" = 1") == 3)
    #expect(try line("[[wrong]]\na = 1\n[[wrong]]\n") == 1)
  }

  @Test("is told for files that are cut anywhere, without an end to the reading")
  func cut() {
    let whole = Array(
      "a = \"\"\"x\"\"\"\n[b.'c']\nd = [1, {e = 'f'}, \"g\"]\nh.i = {j = [\"k\"]}\n# l\n[[m]]\nn = 2026-01-01".utf8)
    for end in 0...whole.count {
      let isRead = (try? Settings(parsing: Array(whole[..<end]))) != nil
      #expect(isRead == (end == 0))
    }
  }
}
