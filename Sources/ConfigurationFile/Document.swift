internal import TOMLKit

/// A TOML text as a tree whose nodes know their lines.
struct Document {
  let root: Node

  /// Reads UTF-8; a mistake of the syntax is the only one that is told.
  init(_ bytes: [UInt8]) throws(Mistakes) {
    let plain = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: plain, as: UTF8.self) else {
      throw Mistakes([Mistake(line: Document.lineOfStrayByte(in: plain), what: "this line is no UTF-8")])
    }
    // TOMLKit hands C strings on: it would take the text for shorter than it is.
    if let zero = plain.firstIndex(of: 0) {
      throw Mistakes([Mistake(line: Document.line(of: zero, in: plain), what: "a NUL byte stands here")])
    }
    if let lone = plain.indices.first(where: { plain[$0] == 0x0D && plain[($0 + 1)...].first != 0x0A }) {
      throw Mistakes([Mistake(line: Document.line(of: lone, in: plain), what: "a carriage return stands alone")])
    }
    let lines = KeyLines(text)
    if let mistake = lines.refused { throw Mistakes([mistake]) }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch {
      throw Mistakes([Document.mistake(of: error)])
    }
    root = Node(table, at: [], lines)
  }

  private static func mistake(of error: any Error) -> Mistake {
    guard let error = error as? TOMLParseError else { return Mistake(line: 1, what: "this is no TOML") }
    return Mistake(
      line: error.source.begin.line, what: "column \(error.source.begin.column): \(error.description)",
      advice: "text stands in quotes, as in name = \"value\"")
  }

  private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    bytes[..<offset].count { $0 == 0x0A } + 1
  }

  private static func lineOfStrayByte(in bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}

/// A value of a TOML text, and the line its key stands on.
struct Node {
  indirect enum Value {
    case string(String)
    case integer(Int)
    case bool(Bool)
    case array([Node])
    case table([(key: String, node: Node)])
    /// A number with a fraction.
    case number(Double)
    /// A date: no setting is one.
    case other(String)
  }

  var value: Value
  var line: Int

  fileprivate init(_ table: TOMLTable, at path: [String], _ lines: KeyLines) {
    value = Node.value(of: table, at: path, lines)
    line = lines.line(of: path)
  }

  private init(_ foreign: any TOMLValueConvertible, at path: [String], _ lines: KeyLines) {
    value = Node.value(of: foreign, at: path, lines)
    line = lines.line(of: path)
  }

  private static func value(of table: TOMLTable, at path: [String], _ lines: KeyLines) -> Value {
    let entries = table.keys.compactMap { key in
      table[key].map { (key: key, node: Node($0, at: path + [key], lines)) }
    }
    return .table(entries.sorted { $0.node.line < $1.node.line })
  }

  private static func value(of foreign: any TOMLValueConvertible, at path: [String], _ lines: KeyLines) -> Value {
    switch foreign.type {
    case .string: .string(foreign.string ?? "")
    case .int: foreign.int.map(Value.integer) ?? .other("a number")
    case .bool: .bool(foreign.bool ?? false)
    case .array: .array((foreign.array.map { Array($0) } ?? []).map { Node($0, at: path, lines) })
    case .double: foreign.double.map(Value.number) ?? .other("a number with a fraction")
    case .date, .time, .dateTime: .other("a date")
    case .table: foreign.table.map { value(of: $0, at: path, lines) } ?? .other("a table")
    }
  }

  /// What the value is, in words.
  var kind: String {
    switch value {
    case .string: "text"
    case .integer: "a number"
    case .bool: "true or false"
    case .array: "a list"
    case .table: "a table"
    case .number: "a number with a fraction"
    case .other(let words): words
    }
  }
}
