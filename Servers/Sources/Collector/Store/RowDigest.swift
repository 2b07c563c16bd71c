internal import Feedback

/// The SHA-256 of a row's columns, each with its type and length, so that no two rows share one.
enum RowDigest {
  static func of(_ values: [SQLValue], domain: String) -> Hash {
    var bytes = Array(domain.utf8) + [0]
    for value in values {
      let (type, content): (UInt8, [UInt8]) =
        switch value {
        case .null: (0, [])
        case .integer(let number): (1, bigEndian(UInt64(bitPattern: number)))
        case .text(let text): (2, Array(text.utf8))
        case .bytes(let blob): (3, blob)
        }
      bytes.append(type)
      bytes += bigEndian(UInt64(content.count))
      bytes += content
    }
    return Hash.of(bytes)
  }

  /// Of these columns of a row, in this order.
  static func of(_ row: StoredRow, _ columns: [String], domain: String) throws -> Hash {
    of(try columns.map { try row[$0] }, domain: domain)
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
  }
}
