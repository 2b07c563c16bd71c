internal import Domain

/// The values of one column in one row group: which are there, and those in PLAIN encoding.
struct ParquetChunk {
  let column: ExportColumn
  private(set) var count = 0
  private(set) var nulls = 0
  /// Runs of rows with and without a value, in the RLE form of levels of one bit.
  private var levels: [UInt8] = []
  private var run = (isThere: false, length: 0)
  private var values: [UInt8] = []
  /// Booleans stand eight in a byte, from the lowest bit.
  private var bits = 0

  init(_ column: ExportColumn) { self.column = column }

  /// How many bytes wait.
  var size: Int { values.count + levels.count }

  /// Takes the value of the next row; nil where it has none.
  mutating func add(_ value: JSON?) {
    let isThere = append(value)
    if isThere != run.isThere { endRun() }
    run = (isThere, run.length + 1)
    count += 1
    nulls += isThere ? 0 : 1
  }

  /// The one data page: its header, then the levels behind their length, then the values. Empties the chunk.
  mutating func page() -> [UInt8] {
    endRun()
    let body = Bytes.little(UInt32(levels.count)) + levels + values
    let count = count
    let header = CompactProtocol.structure { page in
      page.int32(1, 0)
      page.int32(2, body.count)
      page.int32(3, body.count)
      page.structure(5) { data in
        data.int32(1, count)
        data.int32(2, ParquetChunk.plain)
        data.int32(3, ParquetChunk.levelsEncoding)
        data.int32(4, ParquetChunk.levelsEncoding)
      }
    }
    self = ParquetChunk(column)
    return header + body
  }

  /// The encodings PLAIN and RLE.
  static let plain = 0
  static let levelsEncoding = 3

  private mutating func endRun() {
    guard run.length > 0 else { return }
    CompactProtocol.append(UInt64(run.length) << 1, to: &levels)
    levels.append(run.isThere ? 1 : 0)
    run.length = 0
  }

  /// Whether there was one.
  private mutating func append(_ value: JSON?) -> Bool {
    guard let value, value != .null else { return false }
    switch column.type {
    case .text, .json:
      // A text in UTF-8, anything else as JSON text, behind its length.
      let text = column.type == .text ? value.text.map { Array($0.string.utf8) } : nil
      let bytes = text ?? value.serialized
      values += Bytes.little(UInt32(bytes.count))
      values += bytes
    case .integer:
      guard let number = value.integer else { return false }
      values += Bytes.little(UInt64(bitPattern: number))
    case .unsigned:
      guard let number = value.unsignedInteger else { return false }
      values += Bytes.little(number)
    case .number:
      // Numbers that are not finite are words.
      guard let number = value.number ?? value.string.flatMap({ Double($0) }) else { return false }
      values += Bytes.little(number.bitPattern)
    case .boolean:
      guard let flag = value.bool else { return false }
      if bits % 8 == 0 { values.append(0) }
      if flag { values[values.count - 1] |= 1 << UInt8(bits % 8) }
      bits += 1
    case .time:
      guard let time = value.string.flatMap({ Timestamp($0) }) else { return false }
      values += Bytes.little(UInt64(bitPattern: time.microseconds))
    }
    return true
  }
}

/// Integers as bytes, the lowest first.
enum Bytes {
  static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

extension JSON {
  /// The value as an exact integer from 0 to 2^64 - 1.
  var unsignedInteger: UInt64? {
    if case .unsigned(let value) = self { value } else { integer.flatMap { UInt64(exactly: $0) } }
  }
}
