public import Domain

extension JudgedView {
  /// One value of the record that was judged.
  public struct Input: Hashable, Sendable {
    public var name: RawText
    /// nil for a text.
    public var number: Double?
    /// The value as one reads it.
    public var text: RawText

    public init(name: RawText, number: Double? = nil, text: RawText) {
      self.name = name
      self.number = number
      self.text = text
    }
  }

  /// The single values of a record that have names; lists, and records that were not kept, have none.
  static func inputs(of record: Record, _ fields: [SeenField]) -> [Input] {
    fields.compactMap { field in
      guard !field.isList, field.count == 1, record.tensors.indices.contains(field.tensor) else { return nil }
      let tensor = record.tensors[field.tensor]
      guard (0..<tensor.count).contains(field.offset) else { return nil }
      let number = tensor.datatype == .bool ? nil : tensor.number(at: field.offset)
      return Input(name: field.name, number: number, text: tensor.text(at: field.offset))
    }
  }
}
