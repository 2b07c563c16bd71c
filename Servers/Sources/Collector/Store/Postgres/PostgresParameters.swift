internal import CPostgres

/// A statement's values as libpq takes them: lengths and pointers beside the statement, never in it.
struct PostgresParameters {
  /// All values, one after the other, each with a zero behind it.
  private var storage: [UInt8] = []
  /// Where each begins; nil for null.
  private var places: [Int?] = []
  private var lengths: [Int32] = []
  /// 1 for what is given in its type's binary form.
  private var formats: [Int32] = []

  init(_ values: [SQLValue]) {
    for value in values {
      switch value {
      case .null: add(nil, format: 0)
      // As text, because the column may be of any width.
      case .integer(let number): add(Array(String(number).utf8), format: 0)
      case .text(let text): add(PostgresParameters.storable(text), format: 1)
      case .bytes(let bytes): add(bytes, format: 1)
      }
    }
  }

  private mutating func add(_ bytes: [UInt8]?, format: Int32) {
    places.append(bytes.map { _ in storage.count })
    lengths.append(Int32(bytes?.count ?? 0))
    formats.append(format)
    if let bytes { storage += bytes + [0] }
  }

  /// PostgreSQL's text has no U+0000. Nothing is lost by its replacement: a body is kept as the bytes that came.
  private static func storable(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.contains(0) else { return bytes }
    return bytes.flatMap { $0 == 0 ? Array("\u{FFFD}".utf8) : [$0] }
  }

  /// Runs a statement that the server has parsed; the rows come in binary.
  func execute(_ name: String, on connection: OpaquePointer) -> OpaquePointer? {
    storage.withUnsafeBytes { buffer in
      let values = places.map { place -> UnsafePointer<CChar>? in
        guard let place, let base = buffer.baseAddress else { return nil }
        return base.advanced(by: place).assumingMemoryBound(to: CChar.self)
      }
      return PQexecPrepared(connection, name, Int32(places.count), values, lengths, formats, 1)
    }
  }

  /// The statement with `$1`, `$2` … in place of its question marks; what stands in quotes is left alone.
  static func numbered(_ sql: String) -> String {
    var text = ""
    var count = 0
    var quote: Character?
    for character in sql {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "?" {
        count += 1
        text += "$\(count)"
        continue
      }
      text.append(character)
    }
    return text
  }
}
