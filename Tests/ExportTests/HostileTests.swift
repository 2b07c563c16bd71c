import Domain
import Feedback
import Testing

@testable import Export

@Suite("Hostile and odd values in an export")
struct HostileTests {
  private func log(_ tensors: [Tensor], note: RawText = "", fields: [SeenField] = []) throws -> MemoryLog {
    var sample = Sample()
    try sample.add(.seen(Sample.seen("m", tensors, fields: fields)))
    try sample.add(.judgement(Sample.judgement(.agree, note: note)), [(.seen, 1)])
    return MemoryLog(sample.events)
  }

  private func text(_ name: RawText, _ value: RawText?) -> Tensor {
    Tensor(name: name, datatype: .bytes, shape: [1], elements: .bytes([value]))
  }

  @Test("bytes that are no UTF-8 stand as U+FFFD, and beside as they were") func bytes() throws {
    let row = try #require(try log([text("t", RawText(bytes: [0x61, 0xFF, 0x62]))]).rows().first)
    #expect(row["input.t"] == "a\u{FFFD}b")
    #expect(row["not_utf8"] == .object(["input.t": "61ff62"]))
  }

  @Test("names that differ only in such bytes, or not at all, name two columns") func names() throws {
    let names = [RawText(bytes: [0xFE]), RawText(bytes: [0xFF]), "a", "a"]
    let log = try log(names.enumerated().map { text($1, RawText("\($0)")) })
    let columns = try log.export(.init(format: .csv)).report.codebook.columns.map(\.name.string)
    #expect(columns.suffix(4) == ["input.\u{FFFD}", "input.\u{FFFD} (2)", "input.a", "input.a 2"])
    let row = try #require(try log.rows().first)
    #expect(columns.suffix(4).map { row[RawText($0)]?.string } == ["0", "1", "2", "3"])
  }

  @Test("whole numbers of 64 bits are exact, and numbers that are not finite are words") func numbers() throws {
    let log = try log([
      Tensor(name: "u", datatype: .uint64, shape: [1], elements: .unsigned([.max])),
      Tensor(name: "i", datatype: .int64, shape: [1], elements: .signed([.min])),
      Tensor(name: "d", datatype: .fp64, shape: [3], elements: .double([.nan, .infinity, -.infinity])),
      Tensor(name: "s", datatype: .fp32, shape: [1], elements: .single([0.1])),
    ])
    let (text, report) = try log.export(.init(format: .csv))
    let cells = CSVReader.table(text)[1].suffix(6)
    #expect(
      Array(cells) == ["18446744073709551615", "-9223372036854775808", "NaN", "Infinity", "-Infinity", "0.1"])
    #expect(report.codebook.columns.suffix(6).map(\.type) == [.unsigned, .integer, .number, .number, .number, .number])
    #expect(try log.rows().first?["input.u"] == .unsigned(.max))
  }

  @Test("one name with values of two types is a column that holds both") func types() throws {
    var sample = Sample()
    let tensors = [
      text("x", "a"), Tensor(name: "x", datatype: .int64, shape: [1], elements: .signed([1])),
      Tensor(name: "y", datatype: .fp64, shape: [1], elements: .double([0.5])),
      Tensor(name: "y", datatype: .int64, shape: [1], elements: .signed([2])),
    ]
    for tensor in tensors {
      try sample.add(.seen(Sample.seen("m", [tensor], fields: [])))
      try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, sample.events.count)])
    }
    let (text, report) = try MemoryLog(sample.events).export(.init(format: .csv))
    #expect(report.codebook.columns.suffix(2).map(\.type) == [.json, .number])
    #expect(
      CSVReader.table(text).dropFirst().map { Array($0.suffix(2)) } == [
        ["\"a\"", ""], ["1", ""], ["", "0.5"], ["", "2"],
      ])
  }

  @Test("a long note with every character comes back whole from both formats") func notes() throws {
    let scalars = (1...0x2FFF).compactMap { Unicode.Scalar($0 as Int) }
    let note = RawText(
      String(String.UnicodeScalarView(scalars)) + String(repeating: "\",\r\n\u{1F600}", count: 200_000))
    let log = try log([], note: note)
    #expect(try log.rows().first?["note"] == .string(note))
    let (text, report) = try log.export(.init(format: .csv))
    let place = try #require(report.codebook.columns.firstIndex { $0.name == "note" })
    #expect(CSVReader.table(text)[1][place] == note.string)
  }

  @Test("CSV quotes by RFC 4180 and disarms formulas, and numbers stay numbers") func csv() throws {
    let (text, report) = try MemoryLog(try Sample.usual().events).export(.init(format: .csv))
    let table = CSVReader.table(text)
    #expect(table.count == 4)
    #expect(table.allSatisfy { $0.count == report.codebook.columns.count })
    func cell(_ row: Int, _ name: RawText) throws -> String {
      table[row][try #require(report.codebook.columns.firstIndex { $0.name == name })]
    }
    #expect(try cell(1, "note") == "'-1+cmd")
    #expect(try cell(2, "note") == "said \"no\"\r\nand left")
    #expect(try cell(1, "input.color") == "'=cmd|' /C calc'!A0")
    #expect(try cell(1, "input.ash") == "-1")
    #expect(try cell(1, "input.alcohol") == "14.2")
    #expect(try cell(1, "reasons") == #"["a,b"]"#)
    #expect(try cell(1, "input.pixels") == "[0,1,2,3]")
    #expect(try cell(3, "verdict") == "unsure")
    #expect(try cell(3, "model") == "")
    #expect(text.hasSuffix("\r\n"))
  }

  @Test(
    "a text that a spreadsheet would run begins with an apostrophe",
    arguments: [
      ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "-1"), ("-1.5e-3", "-1.5e-3"), ("-1-1", "'-1-1"), ("@a", "'@a"),
      ("\ta", "'\ta"), ("\ra", "'\ra"), ("＝a", "'＝a"), ("－1", "'－1"), ("a=1", "a=1"), ("", ""), ("-", "'-"),
      ("-.5", "'-.5"), ("'=1", "''=1"), ("''-1", "'''-1"), ("'a", "'a"), ("a\u{0}b", "a\u{FFFD}b"),
    ])
  func formulas(text: String, expected: String) {
    #expect(String(decoding: CSV.safe(RawText(text)), as: UTF8.self) == expected)
  }

  @Test("the codebook says what every column is, and no name breaks its table") func codebook() throws {
    let columns = try MemoryLog(try Sample.usual().events).export(.init(format: .csv)).report.codebook.columns
    let codebook = Codebook(columns + [ExportColumn("input.a|`b\n\u{2028}", .text, "the record's value")])
    #expect(codebook.json["columns"]?.array?.count == columns.count + 1)
    for line in codebook.markdown.split(whereSeparator: \.isNewline).suffix(columns.count + 1) {
      #expect(line.filter { $0 == "|" }.count == 5, "\(line)")
    }
    #expect(ExportColumn.fixed.allSatisfy { !$0.meaning.isEmpty })
  }
}

/// A reader of RFC 4180 by its grammar.
enum CSVReader {
  static func table(_ text: String) -> [[String]] {
    var rows: [[String]] = [[]]
    var cell: [UInt8] = []
    var isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    func end() -> String {
      defer { cell = [] }
      return String(decoding: cell, as: UTF8.self)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted {
        if byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
          cell.append(0x22)
          index += 1
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          cell.append(byte)
        }
      } else if byte == 0x22 {
        isQuoted = true
      } else if byte == 0x2C {
        rows[rows.count - 1].append(end())
      } else if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A {
        rows[rows.count - 1].append(end())
        rows.append([])
        index += 1
      } else {
        cell.append(byte)
      }
      index += 1
    }
    return rows.dropLast()
  }
}
