public import Domain

/// What records have alike that can stand one under the other in a request: everything but the elements.
struct RecordForm: Hashable {
  private var tensors: [Part]

  private struct Part: Hashable {
    var name: RawText
    var datatype: Datatype
    var rest: [Int]
  }

  init(_ record: Record) {
    tensors = record.tensors.map { Part(name: $0.name, datatype: $0.datatype, rest: Array($0.shape.dropFirst())) }
  }
}

extension Record {
  /// Whether both can be asked in one request: their tensors differ in nothing but their elements.
  public func canStand(under other: Record) -> Bool {
    tensors.count == other.tensors.count
      && zip(tensors, other.tensors).allSatisfy { lower, upper in
        lower.name == upper.name && lower.datatype == upper.datatype
          && lower.shape.dropFirst().elementsEqual(upper.shape.dropFirst())
      }
  }
}
