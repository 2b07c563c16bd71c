internal import Domain

/// How the rows of a table are read: its columns, and the short way where all that the model wants are numbers.
final class TableForm: Sendable {
  let header: [RawText]
  let separator: UInt8
  let numbers: NumberTable?
  /// The columns that say of which record a row is and when it occurred, where the model has no field of that name.
  private let sourceColumn: Int?
  private let timeColumn: Int?

  init(header: [RawText], separator: UInt8, signature: Signature) {
    self.header = header
    self.separator = separator
    let fields = Set(signature.fields.map(\.name))
    func column(_ name: RawText) -> Int? { fields.contains(name) ? nil : header.firstIndex(of: name) }
    sourceColumn = column("source_id")
    timeColumn = column("at")
    let isAllNumbers = sourceColumn == nil && timeColumn == nil
    numbers = isAllNumbers ? NumberTable(header: header, separator: separator, signature: signature) : nil
  }

  /// The cells of a row by name.
  func cells(of text: RawText) -> Result<FileRow.Cells, RowFault> {
    let cells = CSV.rows(text.bytes, separator: separator).first ?? []
    guard cells.count == header.count else {
      return .failure(RowFault(reason: "\(cells.count) values where the header has \(header.count)"))
    }
    let values = Dictionary(zip(header, cells).map { ($0, $1) }) { first, _ in first }
    let time = timeColumn.map { cells[$0].trimmed } ?? ""
    let at = Timestamp(time.string)
    if !time.isEmpty, at == nil { return .failure(RowFault(reason: "at is no time: \(time.string)")) }
    return .success(FileRow.Cells(values: values, sourceID: sourceColumn.map { cells[$0].trimmed } ?? "", at: at))
  }
}

/// Reads rows of plain decimal numbers straight into tensors: no cell becomes a text of its own. What it does not
/// take, whatever the reason, is read the long way, which knows the reason.
struct NumberTable: Sendable {
  private struct Part: Sendable {
    var name: RawText
    var datatype: Datatype
    var shape: [Int]
    /// The column of each element.
    var columns: [Int]
  }

  private let separator: UInt8
  /// Whether each column of the file is a field of the model.
  private let isWanted: [Bool]
  private let parts: [Part]

  /// Nil where a field is anything but one floating-point number with a column.
  init?(header: [RawText], separator: UInt8, signature: Signature) {
    self.separator = separator
    var isWanted = header.map { _ in false }
    var parts: [Part] = []
    for (index, input) in signature.inputs.enumerated() {
      guard input.datatype == .fp32 || input.datatype == .fp64 else { return nil }
      let fields = signature.fields.filter { $0.place.tensor == index }.sorted { $0.place.offset < $1.place.offset }
      var columns: [Int] = []
      for field in fields {
        guard case .number = field.kind, let column = header.firstIndex(of: field.name) else { return nil }
        columns.append(column)
        isWanted[column] = true
      }
      let shape = input.recordShape(isBatched: signature.isBatched)
      parts.append(Part(name: input.name, datatype: input.datatype, shape: shape, columns: columns))
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
    self.isWanted = isWanted
  }

  /// The record of a row.
  func record(of text: RawText) -> Record? {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: isWanted.count) { values in
      guard read(text.bytes, into: values) else { return nil }
      return Record(
        tensors: parts.map { part in
          let elements: Tensor.Elements =
            part.datatype == .fp32
            ? .single(part.columns.map { Float(values[$0]) }) : .double(part.columns.map { values[$0] })
          return Tensor(name: part.name, datatype: part.datatype, shape: part.shape, elements: elements)
        })
    }
  }

  /// Reads each cell that a field wants as a number.
  private func read(_ bytes: [UInt8], into values: UnsafeMutableBufferPointer<Double>) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var position = 0
      for column in isWanted.indices {
        if column > 0 {
          guard position < bytes.count, bytes[position] == separator else { return false }
          position += 1
        }
        guard isWanted[column] else {
          while position < bytes.count, bytes[position] != separator {
            if bytes[position] == UInt8(ascii: "\"") { return false }
            position += 1
          }
          continue
        }
        guard let value = NumberTable.decimal(bytes, &position) else { return false }
        values[column] = value
      }
      return position == bytes.count
    }
  }

  /// A plain decimal of at most fifteen digits: their integer and the power of ten are exact doubles, so that one
  /// division rounds correctly (Clinger 1990).
  private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Double? {
    let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var digits = 0
    var fraction = 0
    var hasPoint = false
    var mantissa: Int64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte >= 0x30, byte <= 0x39 {
        mantissa = mantissa &* 10 &+ Int64(byte &- 0x30)
        digits += 1
        if hasPoint { fraction += 1 }
        if digits > 15 { return nil }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    let value = Double(mantissa) / powers[fraction]
    return isNegative ? -value : value
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
