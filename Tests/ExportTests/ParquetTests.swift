import Domain
import Feedback
import Testing

@testable import Export

@Suite("An export as Parquet")
struct ParquetTests {
  private func file(_ columns: [ExportColumn], _ rows: [[JSON?]], rowLimit: Int = 50_000) -> [UInt8] {
    var writer = ParquetWriter(columns, rowLimit: rowLimit)
    return rows.reduce(into: writer.begin()) { $0 += writer.add($1) } + writer.end()
  }

  /// A data page of these rows, its header first.
  private func page(rows: UInt8, _ body: [UInt8]) -> [UInt8] {
    let size = UInt8(body.count * 2)
    return [0x15, 0x00, 0x15, size, 0x15, size, 0x2C, 0x15, rows * 2, 0x15, 0x00, 0x15, 0x06, 0x15, 0x06, 0, 0] + body
  }

  @Test("a page has its levels as runs behind their length, then the values that are there")
  func pages() throws {
    let columns = [
      ExportColumn("t", .text, ""), ExportColumn("i", .integer, ""), ExportColumn("b", .boolean, ""),
    ]
    let bytes = file(columns, [["é", nil, true], [nil, -1, false], ["", 2, true]])
    let texts = page(
      rows: 3, [6, 0, 0, 0, 2, 1, 2, 0, 2, 1] + [2, 0, 0, 0, 0xC3, 0xA9] + [0, 0, 0, 0])
    let integers = page(
      rows: 3, [4, 0, 0, 0, 2, 0, 4, 1] + [UInt8](repeating: 0xFF, count: 8) + [2, 0, 0, 0, 0, 0, 0, 0])
    let flags = page(rows: 3, [2, 0, 0, 0, 6, 1, 0b101])
    let expected = Array("PAR1".utf8) + texts + integers + flags
    #expect(Array(bytes.prefix(expected.count)) == expected)
    #expect(bytes.suffix(4) == Array("PAR1".utf8))
    let length = bytes.dropLast(4).suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length == bytes.count - expected.count - 8)
  }

  @Test("two models' kinds of number under one name make a column of doubles, and the codebook says what that loses")
  func mixedIntegers() throws {
    var columns = ExportColumns()
    for elements in [Tensor.Elements.signed([9_007_199_254_740_993]), .unsigned([7])] {
      let datatype: Datatype = if case .signed = elements { .int64 } else { .uint64 }
      columns.add(
        Sample.seen("m", [Tensor(name: "n", datatype: datatype, shape: [1], elements: elements)], fields: []),
        withTexts: true)
    }
    let column = try #require(columns.form.columns.last)
    #expect(column.name == "input.n" && column.type == .number)
    #expect(
      ExportFormat.parquet.losses.contains { $0.contains("above 2^53") && $0.contains("`\(column.type.rawValue)`") })
  }

  @Test("the footer says the schema, and of each chunk where it is and how many values it lacks") func footer() throws {
    let bytes = file([ExportColumn("n", .unsigned, "")], [[nil]])
    let start = 4 + 23
    let codebook = Codebook([ExportColumn("n", .unsigned, "")], .parquet).json.serialized
    var size: [UInt8] = []
    CompactProtocol.append(UInt64(codebook.count), to: &size)
    let root: [UInt8] = [0x48, 10] + Array("judgements".utf8) + [0x15, 2, 0]
    let column: [UInt8] = [0x15, 4, 0x25, 2, 0x18, 1, 0x6E, 0x25, 28, 0x4C, 0xAC, 0x13, 64, 0x12, 0, 0, 0]
    let metadata: [UInt8] =
      [0x15, 4, 0x19, 0x25, 0, 6, 0x19, 0x18, 1, 0x6E, 0x15, 0, 0x16, 2, 0x16, 46, 0x16, 46, 0x26, 8]
      + [0x3C, 0x36, 2, 0, 0]
    let group: [UInt8] = [0x19, 0x1C, 0x26, 8, 0x1C] + metadata + [0, 0x16, 46, 0x16, 2, 0]
    let pair = [0x18, 12] + Array("mds.codebook".utf8) + [0x18] + size + codebook + [0]
    let expected: [UInt8] =
      [0x15, 2, 0x19, 0x2C] + root + column + [0x16, 2, 0x19, 0x1C] + group + [0x19, 0x1C] + pair + [0x18, 3]
      + Array("mds".utf8) + [0]
    #expect(Array(bytes[start..<bytes.count - 8]) == expected)
  }

  @Test(
    "values of every type are exact: the ends of 64 bits, NaN, times to the microsecond",
    arguments: [
      (ExportColumn.ColumnType.integer, JSON.integer(.min), [0, 0, 0, 0, 0, 0, 0, 0x80] as [UInt8]),
      (.integer, 9_007_199_254_740_993, [1, 0, 0, 0, 0, 0, 0x20, 0]),
      (.unsigned, .unsigned(.max), [UInt8](repeating: 0xFF, count: 8)),
      (.number, "NaN", [0, 0, 0, 0, 0, 0, 0xF8, 0x7F]), (.number, "-Infinity", [0, 0, 0, 0, 0, 0, 0xF0, 0xFF]),
      (.number, 1, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]), (.number, .number(-0.0), [0, 0, 0, 0, 0, 0, 0, 0x80]),
      (.time, "1970-01-01T00:00:00.000258Z", [2, 1, 0, 0, 0, 0, 0, 0]),
      (.json, .array([1, "a"]), [7, 0, 0, 0] + Array(#"[1,"a"]"#.utf8)),
      (.text, .string(RawText(bytes: [0xFF, 0])), [4, 0, 0, 0, 0xEF, 0xBF, 0xBD, 0]),
    ])
  func values(type: ExportColumn.ColumnType, value: JSON, expected: [UInt8]) {
    var chunk = ParquetChunk(ExportColumn("x", type, ""))
    chunk.add(value)
    #expect(Array(chunk.page().suffix(expected.count + 6)) == [2, 0, 0, 0, 2, 1] + expected)
  }

  @Test("rows are written in groups, so that what waits does not grow") func groups() throws {
    var writer = ParquetWriter([ExportColumn("i", .integer, "")], rowLimit: 1000)
    _ = writer.begin()
    var pieces: [Int] = []
    for number in 0..<3500 { pieces.append(writer.add([.integer(Int64(number))]).count) }
    #expect(pieces.filter { $0 > 0 }.count == 3)
    #expect((pieces.max() ?? 0) < 8100)
    #expect(writer.end().count > 500 * 8)
    var wide = ParquetWriter([ExportColumn("t", .text, "")], sizeLimit: 1000)
    #expect(wide.add([.text(String(repeating: "x", count: 2000))]).count > 2000)
  }

  @Test("an export has as many columns as the rows of JSONL, and one without judgements is a file too")
  func export() throws {
    let log = MemoryLog(try Sample.usual().events)
    let report = try log.export(.init(format: .parquet)).report
    #expect(report.rows == 3)
    #expect(report.codebook.columns == (try log.export(.init(format: .jsonl)).report.codebook.columns))
    #expect(report.summary == "3 rows")
    var bytes: [UInt8] = []
    _ = try Exporter(MemoryLog([]), .init(format: .parquet)).write { bytes += $0 }
    #expect(bytes.starts(with: Array("PAR1".utf8)) && bytes.suffix(4) == Array("PAR1".utf8))
  }
}
