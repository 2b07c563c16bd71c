internal import Domain

/// Rows as a Parquet file: every column may be empty, PLAIN values in pages of version 1, not compressed.
///
/// A row group is written when it is full, so memory does not grow with the file.
/// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
struct ParquetWriter: RowWriter {
  private static let magic = Array("PAR1".utf8)

  private let columns: [ExportColumn]
  private let codebook: [UInt8]
  private let rowLimit: Int
  private let sizeLimit: Int
  private var chunks: [ParquetChunk]
  private var written = 0
  private var rows = 0
  /// The metadata of the row groups that are written.
  private var groups: [[UInt8]] = []

  /// A row group has at most `rowLimit` rows, and no further one once it has `sizeLimit` bytes.
  init(_ columns: [ExportColumn], part: ExportPart? = nil, rowLimit: Int = 50_000, sizeLimit: Int = 8 << 20) {
    self.columns = columns
    self.rowLimit = rowLimit
    self.sizeLimit = sizeLimit
    codebook = Codebook(columns, .parquet, part: part).json.serialized
    chunks = columns.map { ParquetChunk($0) }
  }

  mutating func begin() -> [UInt8] {
    written = ParquetWriter.magic.count
    return ParquetWriter.magic
  }

  mutating func add(_ values: [JSON?]) -> [UInt8] {
    for (index, value) in values.enumerated() { chunks[index].add(value) }
    rows += 1
    let isFull = chunks[0].count >= rowLimit || chunks.reduce(0) { $0 + $1.size } >= sizeLimit
    return isFull ? rowGroup() : []
  }

  mutating func end() -> [UInt8] {
    let group = chunks.first.map { $0.count > 0 } == true ? rowGroup() : []
    let footer = footer
    return group + footer + Bytes.little(UInt32(footer.count)) + ParquetWriter.magic
  }

  /// The pages of the rows that wait, one a column.
  private mutating func rowGroup() -> [UInt8] {
    let count = chunks[0].count
    let start = written
    var output: [UInt8] = []
    var metadata: [[UInt8]] = []
    for index in chunks.indices {
      let nulls = chunks[index].nulls
      let page = chunks[index].page()
      metadata.append(chunk(columns[index], offset: start + output.count, size: page.count, count: count, nulls: nulls))
      output += page
    }
    written += output.count
    let size = output.count
    groups.append(
      CompactProtocol.structure { group in
        group.list(1, .structure, count: metadata.count) { list in
          for chunk in metadata { list.element(structure: chunk) }
        }
        group.int64(2, size)
        group.int64(3, count)
      })
    return output
  }

  /// `ColumnChunk`.
  private func chunk(_ column: ExportColumn, offset: Int, size: Int, count: Int, nulls: Int) -> [UInt8] {
    CompactProtocol.structure { chunk in
      chunk.int64(2, offset)
      chunk.structure(3) { data in
        data.int32(1, column.type.physicalType)
        data.list(2, .int32, count: 2) { list in
          list.element(ParquetChunk.plain)
          list.element(ParquetChunk.levelsEncoding)
        }
        data.list(3, .binary, count: 1) { $0.element(Array(column.name.string.utf8)) }
        data.int32(4, 0)
        data.int64(5, count)
        data.int64(6, size)
        data.int64(7, size)
        data.int64(9, offset)
        data.structure(12) { $0.int64(3, nulls) }
      }
    }
  }

  /// `FileMetaData`: the schema, the row groups, and the codebook under `mds.codebook`.
  private var footer: [UInt8] {
    CompactProtocol.structure { file in
      file.int32(1, 1)
      file.list(2, .structure, count: columns.count + 1) { list in
        list.element { root in
          root.text(4, Array("judgements".utf8))
          root.int32(5, columns.count)
        }
        for column in columns { list.element { ParquetWriter.write(column, to: &$0) } }
      }
      file.int64(3, rows)
      file.list(4, .structure, count: groups.count) { list in
        for group in groups { list.element(structure: group) }
      }
      file.list(5, .structure, count: 1) { list in
        list.element { pair in
          pair.text(1, Array("mds.codebook".utf8))
          pair.text(2, codebook)
        }
      }
      file.text(6, Array("mds".utf8))
    }
  }

  /// `SchemaElement`: what readers of the first version know, and the logical type.
  private static func write(_ column: ExportColumn, to element: inout CompactProtocol) {
    element.int32(1, column.type.physicalType)
    element.int32(3, 1)
    element.text(4, Array(column.name.string.utf8))
    switch column.type {
    case .text, .json:
      element.int32(6, 0)
      element.structure(10) { $0.structure(1) { _ in } }
    case .unsigned:
      element.int32(6, 14)
      element.structure(10) { type in
        type.structure(10) { integer in
          integer.int8(1, 64)
          integer.flag(2, false)
        }
      }
    case .time:
      element.int32(6, 10)
      element.structure(10) { type in
        type.structure(8) { time in
          time.flag(1, true)
          time.structure(2) { unit in unit.structure(2) { _ in } }
        }
      }
    case .integer, .number, .boolean: break
    }
  }
}

extension ExportColumn.ColumnType {
  /// BOOLEAN, INT64, DOUBLE or BYTE_ARRAY.
  fileprivate var physicalType: Int {
    switch self {
    case .boolean: 0
    case .integer, .unsigned, .time: 2
    case .number: 5
    case .text, .json: 6
    }
  }
}
