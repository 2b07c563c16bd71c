internal import Domain

/// Records of one signature, put together into tensors of many rows, and answers taken apart again.
enum RecordBatch {
  /// The places of records that can be asked together, `size` at most: those whose tensors differ in nothing but their
  /// elements. Each place is there once, and the first of each batch are in their order.
  static func batches(of records: [Record], size: Int, isBatched: Bool) -> [[Int]] {
    guard isBatched, size > 1, let first = records.first else { return records.indices.map { [$0] } }
    if records.allSatisfy({ $0.canStand(under: first) }) {
      return stride(from: 0, to: records.count, by: size).map { Array($0..<min($0 + size, records.count)) }
    }
    var batches: [[Int]] = []
    var open: [RecordForm: Int] = [:]
    for (index, record) in records.enumerated() {
      let form = RecordForm(record)
      if let place = open[form], batches[place].count < size {
        batches[place].append(index)
      } else {
        open[form] = batches.count
        batches.append([index])
      }
    }
    return batches
  }

  /// Records as a detector takes them: without tensors that it does not name, and where they cannot stand one under the
  /// other, without the lists of different lengths. What would have nothing left stays as it is.
  static func alike(_ records: [Record], for detector: Signature) -> [Record] {
    let names = Set(detector.inputs.map(\.name))
    var records = records
    if !names.isEmpty { records = records.keeping { names.contains($0.name) } }
    guard let first = records.first, !records.allSatisfy({ $0.canStand(under: first) }) else { return records }
    let forms = first.tensors.filter { tensor in
      records.allSatisfy { record in
        record.tensors.contains { $0.name == tensor.name && $0.shape.dropFirst() == tensor.shape.dropFirst() }
      }
    }
    let fixed = Set(forms.map(\.name))
    return records.keeping { fixed.contains($0.name) }
  }

  /// The records' tensors, one under the other; nil where the records have different ones.
  static func tensors(of records: ArraySlice<Record>) -> [Tensor]? {
    guard let first = records.first else { return nil }
    if records.count == 1 { return first.tensors }
    var tensors = first.tensors
    for record in records.dropFirst() {
      guard record.tensors.count == tensors.count else { return nil }
      for index in tensors.indices {
        guard append(record.tensors[index], to: &tensors[index]) else { return nil }
      }
    }
    return tensors
  }

  private static func append(_ row: Tensor, to tensor: inout Tensor) -> Bool {
    guard row.name == tensor.name, row.datatype == tensor.datatype, !row.shape.isEmpty, !tensor.shape.isEmpty,
      row.shape.dropFirst() == tensor.shape.dropFirst()
    else { return false }
    tensor.shape[0] += row.shape[0]
    let before = tensor.elements
    // Empty first, so that the array is grown in place and not copied for each row.
    tensor.elements = .bool([])
    switch (before, row.elements) {
    case (.bool(var values), .bool(let more)):
      values += more
      tensor.elements = .bool(values)
    case (.signed(var values), .signed(let more)):
      values += more
      tensor.elements = .signed(values)
    case (.unsigned(var values), .unsigned(let more)):
      values += more
      tensor.elements = .unsigned(values)
    case (.single(var values), .single(let more)):
      values += more
      tensor.elements = .single(values)
    case (.double(var values), .double(let more)):
      values += more
      tensor.elements = .double(values)
    case (.bytes(var values), .bytes(let more)):
      values += more
      tensor.elements = .bytes(values)
    default: return false
    }
    return true
  }

  /// The outputs of each row; nil where several rows were sent and no output has as many.
  ///
  /// An output with another number of rows, such as a list of all classes, belongs to every row.
  static func rows(of outputs: [Tensor], count: Int) -> [[Tensor]]? {
    guard count == 1 || outputs.contains(where: { $0.shape.first == count }) else { return nil }
    return (0..<count).map { index in
      outputs.map { $0.shape.first == count ? $0.row(index) ?? $0 : $0 }
    }
  }
}

extension [Record] {
  /// The records with some of their tensors; all of them where one would be left with none.
  fileprivate func keeping(_ isKept: (Tensor) -> Bool) -> [Record] {
    let kept = map { Record(tensors: $0.tensors.filter(isKept)) }
    return kept.contains { $0.tensors.isEmpty } ? self : kept
  }
}
