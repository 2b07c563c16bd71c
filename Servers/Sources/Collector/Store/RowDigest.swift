internal import Feedback

/// The SHA-256 of a row's columns, each with its type and length, so that no two rows share one.
enum RowDigest {
  static func of(_ values: [SQLValue], domain: String) -> Hash {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    bytes += domain.utf8
    bytes.append(0)
    for value in values {
      switch value {
      case .null: add(0, EmptyCollection(), to: &bytes)
      case .integer(let number):
        bytes.append(1)
        add(8, to: &bytes)
        add(UInt64(bitPattern: number), to: &bytes)
      case .text(let text): add(2, text.utf8, to: &bytes)
      case .bytes(let blob): add(3, blob, to: &bytes)
      }
    }
    return Hash.of(bytes)
  }

  /// Of these columns of a row, in this order.
  static func of(_ row: StoredRow, _ columns: [String], domain: String) throws -> Hash {
    of(try columns.map { try row[$0] }, domain: domain)
  }

  private static func add(_ type: UInt8, _ content: some Collection<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(type)
    add(UInt64(content.count), to: &bytes)
    bytes += content
  }

  /// Eight bytes, the first the highest; the log's rows are many.
  private static func add(_ number: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
  }
}
