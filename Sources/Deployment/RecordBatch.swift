public import Domain

/// Records of one model stacked into tensors with one row each.
public enum RecordBatch {
  /// The tensors of the first record, with every record's elements along the first extent; records of another shape
  /// are refused.
  public static func tensors(of records: [Record]) throws(Problem) -> [Tensor] {
    guard let first = records.first else { return [] }
    if records.count == 1 { return first.tensors }
    var stacked: [Tensor] = []
    for (index, template) in first.tensors.enumerated() {
      var tensor = template
      var shape = template.shape
      if shape.isEmpty { shape = [1] }
      shape[0] = records.count
      tensor.shape = shape
      tensor.elements = try elements(of: records, tensor: index, like: template)
      stacked.append(tensor)
    }
    return stacked
  }

  private static func elements(
    of records: [Record], tensor index: Int, like template: Tensor
  ) throws(Problem) -> Tensor.Elements {
    var bools: [Bool] = []
    var signed: [Int64] = []
    var unsigned: [UInt64] = []
    var singles: [Float] = []
    var doubles: [Double] = []
    var texts: [RawText?] = []
    for (row, record) in records.enumerated() {
      guard record.tensors.indices.contains(index), record.tensors[index].name == template.name,
        record.tensors[index].shape == template.shape
      else { throw Problem("row \(row + 1) has other tensors than row 1") }
      switch record.tensors[index].elements {
      case .bool(let values): bools += values
      case .signed(let values): signed += values
      case .unsigned(let values): unsigned += values
      case .single(let values): singles += values
      case .double(let values): doubles += values
      case .bytes(let values): texts += values
      }
    }
    switch template.elements {
    case .bool: return .bool(bools)
    case .signed: return .signed(signed)
    case .unsigned: return .unsigned(unsigned)
    case .single: return .single(singles)
    case .double: return .double(doubles)
    case .bytes: return .bytes(texts)
    }
  }
}
