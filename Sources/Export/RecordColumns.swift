internal import Domain
internal import Feedback

/// A record as columns `input.<name>`.
enum RecordColumns {
  typealias Column = (name: RawText, value: JSON, type: ExportColumn.ColumnType)

  /// Tensors without field names and with more elements stand in one column.
  private static let widest = 256

  /// What stands before a field's name.
  static let prefix: RawText = "input."

  /// Names and values in the record's order; names are unique. Texts are left out where they are not to go along.
  static func of(_ seen: Seen, withTexts: Bool = true) -> [Column] {
    guard let record = seen.record.record else { return [] }
    var columns: [Column] = []
    var met: Set<RawText> = []
    func add(_ name: RawText, _ tensor: Tensor, _ range: Range<Int>, isList: Bool = false) {
      var unique = prefix.appending(name)
      var number = 2
      while !met.insert(unique).inserted {
        unique = prefix.appending(name).appending(RawText(" \(number)"))
        number += 1
      }
      let type = type(of: tensor.datatype)
      columns.append(
        range.count == 1 && !isList
          ? (unique, value(tensor, range.lowerBound), type) : (unique, .array(range.map { value(tensor, $0) }), .json))
    }
    for (index, tensor) in record.tensors.enumerated() where withTexts || tensor.datatype != .bytes {
      let fields = seen.fields.filter {
        $0.tensor == index && $0.offset >= 0 && $0.count > 0 && $0.count <= tensor.count
          && $0.offset <= tensor.count - $0.count
      }
      if !fields.isEmpty {
        for field in fields {
          add(field.name, tensor, field.offset..<field.offset + field.count, isList: field.isList)
        }
      } else if tensor.count == 1 || tensor.count > widest {
        add(tensor.name, tensor, 0..<tensor.count)
      } else {
        for element in 0..<tensor.count {
          add(tensor.name.appending(RawText("[\(element)]")), tensor, element..<element + 1)
        }
      }
    }
    return columns
  }

  private static func type(of datatype: Datatype) -> ExportColumn.ColumnType {
    if datatype == .uint64 { return .unsigned }
    if datatype.isInteger { return .integer }
    if datatype.isFloatingPoint { return .number }
    return datatype == .bool ? .boolean : .text
  }

  private static func value(_ tensor: Tensor, _ index: Int) -> JSON {
    switch tensor.elements {
    case .bool(let values): .bool(values[index])
    case .signed(let values): .integer(values[index])
    case .unsigned(let values):
      values[index] <= UInt64(Int64.max) ? .integer(Int64(values[index])) : .unsigned(values[index])
    // The shortest text of a single is what the analyst typed; the double beside it is the same single again.
    case .single(let values): .exact(Decimal.number(values[index]))
    case .double(let values): .exact(values[index])
    case .bytes(let values): values[index].map(JSON.string) ?? .null
    }
  }
}

extension Seen {
  /// Whether texts are among the values of the record.
  var hasTexts: Bool { record.record?.tensors.contains { $0.datatype == .bytes } == true }
}
