extension Field {
  /// Reads a list as it is typed, `1 2 3` or `[1, 2, 3]`: of texts a JSON array of them, any other text is the one of
  /// a list of one.
  func list(_ text: RawText, _ datatype: Datatype) throws(FieldProblem) -> Tensor.Elements {
    if text.trimmed.isEmpty { throw .required }
    let parts = text.listParts
    // A list in which lists stand is one where the elements come in lots.
    guard datatype == .bytes || place.count > 1 || !text.isListOfLists else { throw .listOfLists }
    let elements: Tensor.Elements
    switch datatype {
    case .bytes: elements = .bytes(try Field.texts(text))
    case .bool: elements = .bool(try Field.each(parts) { (part) throws(FieldProblem) in try Field.flag(part) })
    case .fp16, .bf16, .fp32:
      elements = .single(
        try Field.each(parts) { (part) throws(FieldProblem) in Float(try Field.number(part, datatype)) })
    case .fp64:
      elements = .double(try Field.each(parts) { (part) throws(FieldProblem) in try Field.number(part, datatype) })
    case .int8, .int16, .int32, .int64:
      let range = datatype.signedRange ?? 0...0
      elements = .signed(
        try Field.each(parts) { (part) throws(FieldProblem) in try Field.signed(part, datatype, in: range) })
    case .uint8, .uint16, .uint32, .uint64:
      let maximum = datatype.unsignedMaximum ?? 0
      elements = .unsigned(
        try Field.each(parts) { (part) throws(FieldProblem) in try Field.unsigned(part, datatype, upTo: maximum) })
    }
    if elements.count == 0 { throw .required }
    guard elements.count % place.count == 0 else { throw .noMultiple(elements.count, of: place.count) }
    return elements
  }

  private static func texts(_ text: RawText) throws(FieldProblem) -> [RawText] {
    guard let values = text.jsonList else { return [text] }
    if values.contains(where: { $0.array != nil }) { throw .listOfLists }
    return JSON.array(values).texts ?? [text]
  }

  private static func each<Value>(
    _ parts: [RawText], _ read: (RawText) throws(FieldProblem) -> Value
  ) throws(FieldProblem) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(parts.count)
    for part in parts { values.append(try read(part)) }
    return values
  }
}

extension RawText {
  /// What stands between the blanks, commas, semicolons, brackets and quotes of a list.
  public var listParts: [RawText] {
    bytes.split { " \t\r\n,;[]\"".utf8.contains($0) }.map { RawText(bytes: $0) }
  }

  /// Whether a list stands in a list: in brackets, or its lists parted by semicolons.
  fileprivate var isListOfLists: Bool {
    bytes.contains(UInt8(ascii: ";")) || bytes.count { $0 == UInt8(ascii: "[") } > 1
  }

  /// The values of a text that is a JSON array; nil for any other text.
  fileprivate var jsonList: [JSON]? {
    trimmed.bytes.first == UInt8(ascii: "[") ? (try? JSON(parsing: bytes))?.array : nil
  }

  /// Whether a list of texts that holds this one alone can be typed as the text itself.
  var standsAlone: Bool { !trimmed.isEmpty && jsonList == nil }
}

extension Tensor.Elements {
  /// The elements as one types a list of them: what `Field.value(of:)` reads back as the same.
  var typed: RawText {
    guard case .bytes(let texts) = self else {
      return RawText((0..<count).map { text(at: $0).string }.joined(separator: " "))
    }
    if texts.count == 1, let text = texts[0], text.standsAlone { return text }
    return RawText(bytes: JSON.array(texts.map { $0.map(JSON.string) ?? .null }).serialized)
  }

  /// Whether a tensor of this datatype has such elements.
  func fits(_ datatype: Datatype) -> Bool {
    switch self {
    case .bool: datatype == .bool
    case .signed: datatype.signedRange != nil
    case .unsigned: datatype.unsignedMaximum != nil
    case .single: datatype.isFloatingPoint && datatype != .fp64
    case .double: datatype == .fp64
    case .bytes: datatype == .bytes
    }
  }
}
