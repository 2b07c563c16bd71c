public import Domain
internal import Feedback

/// One row of a file, as it stands there; its cells are read when they are asked for.
struct FileRow: Sendable {
  /// From 1; a header does not count.
  var number: Int
  /// The row as it stands in the file.
  var text: RawText
  var content: Content

  enum Content: Sendable {
    case cells(Result<Cells, RowFault>)
    case json
    case table(TableForm)
  }

  struct Cells: Sendable {
    var values: [RawText: RawText]
    /// The source's own id of the record; empty where it has none.
    var sourceID: RawText
    /// When the record occurred; nil where it is not said.
    var at: Timestamp?
  }

  /// Its cells by name, or why there are none.
  var cells: Result<Cells, RowFault> {
    switch content {
    case .cells(let cells): cells
    case .json: RowReader.cells(json: text.bytes)
    case .table(let form): form.cells(of: text)
    }
  }
}

/// Why a row cannot be used.
struct RowFault: Error, Hashable, Sendable {
  var reason: String
  /// What has nothing to do with the line: it ends the work in place of setting the line aside.
  var obstacle: Problem?

  init(reason: String, obstacle: Problem? = nil) {
    self.reason = reason
    self.obstacle = obstacle
  }
}

extension RowFault {
  /// What a line says, or why it cannot be read.
  static func reading<Value>(_ body: () throws(EventBodyError) -> Value) throws(RowFault) -> Value {
    do throws(EventBodyError) {
      return try body()
    } catch {
      throw RowFault(reason: error.reason)
    }
  }
}

/// The form of a file of records.
public enum RowFormat: String, Hashable, Sendable, CaseIterable {
  case csv, tsv, jsonl, json, text

  /// What the name of a file says; JSONL where it says nothing.
  public init(ofFileNamed name: String) {
    let ending = name.split(separator: ".").last?.lowercased() ?? ""
    switch ending {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "json": self = .json
    case "txt": self = .text
    default: self = .jsonl
    }
  }
}

/// Reads the rows of a file one by one, in memory that does not grow: CSV and TSV with a header, JSON objects a line,
/// a JSON array of objects, a text a line, or whole requests of the Open Inference Protocol as JSON.
public final class RowReader {
  /// The longest row.
  static let limit = 16 << 20

  let name: String
  public let format: RowFormat
  /// Whether the rows are requests, which are sent as they are.
  public let holdsRequests: Bool
  private var signature = Signature(inputs: [], outputs: [])
  private let source: ByteSource
  private var table: TableForm?
  private var number = 0
  /// Lines that were read ahead and belong to rows to come, the next one last.
  private var ahead: [[UInt8]] = []
  private var isArray = false

  /// Bytes of the file that were read.
  var offset: Int { source.offset }

  /// Opens a file of records for a model's form; a header that lacks a field is told at once.
  public convenience init(_ path: String, format: RowFormat? = nil, for signature: Signature) throws(Problem) {
    try self.init(path, format: format)
    try begin(for: signature)
  }

  /// Opens a file and looks at its beginning; `begin` is next.
  public convenience init(_ path: String, format: RowFormat? = nil) throws(Problem) {
    try self.init(try ByteSource(path), path, format)
  }

  /// What a file of such a name would hold.
  public convenience init(_ bytes: [UInt8], named name: String) throws(Problem) {
    try self.init(ByteSource(bytes, named: name), name, nil)
  }

  private init(_ source: ByteSource, _ path: String, _ given: RowFormat?) throws(Problem) {
    name = path == "-" ? "standard input" : path
    self.source = source
    for byte in [UInt8(0xEF), 0xBB, 0xBF] where try source.peek() == byte { _ = try source.next() }
    let named = given ?? RowFormat(ofFileNamed: path)
    let mayHoldRequests = named == .jsonl || named == .json || (named == .text && given == nil)
    let head = try source.head()
    holdsRequests = mayHoldRequests && RowReader.beginsRequest(head)
    format = holdsRequests && named == .text ? .jsonl : named
  }

  /// Reads on to the first row of a file for a model's form.
  public func begin(for signature: Signature) throws(Problem) {
    self.signature = signature
    switch format {
    case .csv, .tsv: try readHeader()
    case .jsonl, .json:
      try skipSpace()
      let first = try source.peek()
      if first == UInt8(ascii: "<") {
        throw Problem("\(name) is HTML or XML, not JSON.", advice: "Was a page saved for a file?", kind: .invalidInput)
      }
      if format == .json, first == UInt8(ascii: "[") {
        isArray = true
        _ = try source.next()
      }
    case .text:
      guard signature.fields.count == 1 else {
        throw Problem(
          "\(name) is text, and the model has \(signature.fields.count) fields.",
          advice: "CSV with a header, or JSON, names them.", kind: .invalidInput)
      }
    }
  }

  /// The next row; nil at the end of the file.
  func next() throws(Problem) -> FileRow? {
    switch format {
    case .csv, .tsv: return try nextOfTable()
    case .json: return try nextOfJSON()
    case .jsonl:
      guard let line = try nextLine() else { return nil }
      return row(RawText(bytes: line), .json)
    case .text:
      guard let line = try nextLine(), let field = signature.fields.first else { return nil }
      let text = RawText(bytes: line)
      return row(text, .cells(.success(FileRow.Cells(values: [field.name: text], sourceID: ""))))
    }
  }

  private func row(_ text: RawText, _ content: FileRow.Content) -> FileRow {
    number += 1
    return FileRow(number: number, text: text, content: content)
  }

  /// The next line that is not blank.
  private func nextLine() throws(Problem) -> [UInt8]? {
    while let line = try takeLine() {
      if line.contains(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) { return line }
    }
    return nil
  }

  private func takeLine() throws(Problem) -> [UInt8]? {
    if let line = ahead.popLast() { return line }
    guard let line = try source.line(limit: RowReader.limit) else { return nil }
    guard line.count < RowReader.limit else {
      throw Problem("\(name) has a line of more than 16 MB.", kind: .invalidInput)
    }
    return line
  }

  // MARK: Tables

  private var separator: UInt8 { format == .tsv ? 0x09 : 0x2C }

  private func readHeader() throws(Problem) {
    guard let line = try nextLine() else { return }
    let header = CSV.rows(line, separator: separator).first ?? []
    table = TableForm(header: header, separator: separator, signature: signature)
    for field in signature.fields where header.count(where: { $0 == field.name }) > 1 {
      throw Problem(
        "\(name) has the column \(field.name.string) twice.",
        advice: "Nobody knows which of them counts: take one away.",
        kind: .invalidInput)
    }
    for field in signature.fields where !field.isOptional && !header.contains(field.name) {
      let names = header.map(\.string)
      throw Problem(
        "\(name) has no column \(field.name.string).",
        advice: (EditDistance.nearest(to: field.name.string, in: names).map { "Is \($0) meant? " } ?? "")
          + "Its columns are \(names.prefix(20).joined(separator: ", ")).",
        kind: .invalidInput)
    }
  }

  private func nextOfTable() throws(Problem) -> FileRow? {
    guard let table, let first = try nextLine() else { return nil }
    guard first.contains(0x22) else { return row(RawText(bytes: first), .table(table)) }
    var record = first
    var lines = [first]
    var place = CSV.Place.cellStart
    for byte in first { place.pass(byte, separator: separator) }
    // A quote that is open at the end of a line goes on in the next one.
    while place == .quoted {
      guard record.count < 1 << 20, let line = try takeLine() else {
        ahead += lines.dropFirst().reversed()
        return row(RawText(bytes: first), .cells(.failure(RowFault(reason: "a quoted value does not end"))))
      }
      lines.append(line)
      record.append(0x0A)
      record += line
      for byte in line { place.pass(byte, separator: separator) }
    }
    return row(RawText(bytes: record), .table(table))
  }

  // MARK: JSON

  private func skipSpace() throws(Problem) {
    while let byte = try source.peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { _ = try source.next() }
  }

  /// The next value of an array, or of values one after the other.
  private func nextOfJSON() throws(Problem) -> FileRow? {
    try skipSpace()
    if isArray, number > 0, try source.peek() == UInt8(ascii: ",") {
      _ = try source.next()
      try skipSpace()
    }
    guard let first = try source.peek() else {
      guard !isArray else { throw broken("it ends in the middle of its array") }
      return nil
    }
    if isArray, first == UInt8(ascii: "]") {
      _ = try source.next()
      try skipSpace()
      guard try source.peek() == nil else { throw broken("more stands after its array") }
      isArray = false
      return nil
    }
    let value = try readValue()
    return row(RawText(bytes: value), .json)
  }

  private func broken(_ what: String) -> Problem {
    Problem("\(name) is no whole JSON: \(what).", advice: "Rows before that were read.", kind: .invalidInput)
  }

  /// The bytes of one value: by brackets and quotes, not read yet.
  private func readValue() throws(Problem) -> [UInt8] {
    var value: [UInt8] = []
    var depth = 0
    var isQuoted = false
    while let byte = try source.peek() {
      if isQuoted {
        if byte == UInt8(ascii: "\\") {
          value.append(byte)
          _ = try source.next()
          guard let escaped = try source.peek() else { break }
          value.append(escaped)
        } else {
          value.append(byte)
          if byte == UInt8(ascii: "\"") { isQuoted = false }
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isQuoted = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return value.isEmpty ? try skipStray(byte) : value }
          depth -= 1
        case UInt8(ascii: ","), 0x0A:
          if depth == 0, !value.isEmpty { return value }
        default: break
        }
        value.append(byte)
        if depth == 0, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
          _ = try source.next()
          return value
        }
      }
      _ = try source.next()
      guard value.count < RowReader.limit else { throw broken("a value has more than 16 MB") }
    }
    if depth > 0 || isQuoted { throw broken("it ends in the middle of a value") }
    return value
  }

  /// A bracket that closes nothing is a value of its own, and no row.
  private func skipStray(_ byte: UInt8) throws(Problem) -> [UInt8] {
    _ = try source.next()
    return [byte]
  }
}
