import Domain
import Testing
import Workbench

@testable import Operations

@Suite("The rows of a file")
struct RowReaderTests {
  private static let signature = Signature(
    inputs: [
      TensorSpec(name: "x", datatype: .bytes, shape: [-1, 2], parameters: [JSON.Member("feature_names", ["a", "b"])])
    ],
    outputs: [])

  private static func rows(_ text: String, named name: String = "f.csv") throws -> [FileRow] {
    let reader = try RowReader(Array(text.utf8), named: name)
    try reader.begin(for: signature)
    var rows: [FileRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  private static func texts(_ row: FileRow) -> [String]? {
    guard case .success(let cells) = row.cells else { return nil }
    return ["a", "b"].map { cells.values[$0]?.string ?? "-" }
  }

  @Test("a column of the model's that a header has twice is refused; any other may come as often as it likes")
  func twice() throws {
    #expect(try Self.rows("a,b,c,c\n1,2,3,4\n").count == 1)
    #expect { try Self.rows("a,b,c,a\n1,2,3,4\n") } throws: { error in
      (error as? Problem)?.summary == "f.csv has the column a twice."
    }
  }

  @Test("a quote that never ends costs its own row, and those behind it come whole and in order")
  func strayQuote() throws {
    let count = 20_000
    let lines = (1...count).map { $0 == 6 ? "1,\"5 pipe" : "\($0),value \($0)" }
    let rows = try Self.rows("a,b\n" + lines.joined(separator: "\n") + "\n")
    #expect(rows.count == count)
    #expect(rows.map(\.number) == Array(1...count))
    let read = rows.map(Self.texts)
    #expect(read[5] == nil)
    #expect(read.enumerated().allSatisfy { $0 == 5 || $1 == ["\($0 + 1)", "value \($0 + 1)"] })
  }

  @Test("a quoted value goes on over lines, and after two that do not end the next is whole") func quotedLines() throws
  {
    let rows = try Self.rows("a,b\n1,\"two\nlines, \"\"and\"\" more\"\n2,x\n")
    #expect(rows.map(Self.texts) == [["1", "two\nlines, \"and\" more"], ["2", "x"]])
    let long = String(repeating: "v", count: 1 << 19)
    let broken = try Self.rows("a,b\n1,\"\n2,\(long)\n3,\(long)\n4,\"\"\"\n5,\(long)\n6,\(long)\n7,x\n")
    #expect(broken.map { Self.texts($0)?[0] } == [nil, "2", "3", nil, "5", "6", "7"])
  }

  @Test("a quote within a value that does not begin with one is a character of it, and the row ends with its line")
  func inches() throws {
    let rows = try Self.rows("a,b\n5\" pipe,1\n6\" pipe,2\nsay \"hi\" now,3\n\"7\"\" pipe\",\"4\"\n")
    #expect(
      rows.map(Self.texts) == [["5\" pipe", "1"], ["6\" pipe", "2"], ["say \"hi\" now", "3"], ["7\" pipe", "4"]])
    let tab = try Self.rows("a\tb\n5\" pipe\t\"two\nlines\"\n", named: "f.tsv")
    #expect(tab.map(Self.texts) == [["5\" pipe", "two\nlines"]])
  }

  @Test("the form of a model takes the good rows of a file, tells the others, and leaves a long file to be scored")
  func form() throws {
    func read(_ text: String, _ name: String, atMost limit: Int = 3) throws -> ([[String]], [String])? {
      let reader = try RowReader(Array(text.utf8), named: name)
      return try InputFile.rows(of: reader, for: Self.signature, atMost: limit).map { rows in
        (rows.records.map { $0.texts.map(\.string) + [$0.sourceID.string, $0.at?.dayText ?? "-"] }, rows.faults)
      }
    }
    let csv = try #require(try read("\u{FEFF}id,a,b\nR1,1,x\nR2,2,y,7\n", "f.csv"))
    #expect(csv.0 == [["1", "x", "", "-"]])
    #expect(csv.1.count == 1 && csv.1[0].hasPrefix("row 2: "), "\(csv.1)")
    let named = try #require(
      try read("a,source_id,b,at\n1,R1,x,2026-11-20\n2,,y,\n3,R3,z,2026-02-30\n", "f.csv"))
    #expect(named.0 == [["1", "x", "R1", "2026-11-20"], ["2", "y", "", "-"]])
    #expect(named.1 == ["row 3: at is no time: 2026-02-30"])
    let tab = try #require(try read("a\tb\n1\tx\n", "f.tab"))
    #expect(tab.0 == [["1", "x", "", "-"]])
    let json = try #require(
      try read("{\"id\":\"R1\",\"at\":\"2026-11-20\",\"inputs\":{\"a\":\"1\",\"b\":\"x\"}}\n{\"a\":\"2\"}\n", "f.jsonl")
    )
    #expect(json.0 == [["1", "x", "R1", "2026-11-20"]] && json.1 == ["row 2 has no b"], "\(json)")
    let null = try #require(
      try read("{\"source_id\":null,\"id\":\"R2\",\"inputs\":{\"a\":\"1\",\"b\":\"x\"}}\n", "f.jsonl"))
    #expect(null.0 == [["1", "x", "R2", "-"]])
    #expect(try read("a,b\n1,x\n2,x\n3,x\n4,x\n", "f.csv") == nil)
  }
}
