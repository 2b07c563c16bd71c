internal import Domain

/// Reads a tensor's `data`, flat or nested, as elements of a datatype.
enum JSONElements {
  static func read(_ data: JSON, as datatype: Datatype, input: RawText) throws(Refusal) -> Tensor.Elements {
    var flat: [JSON] = []
    flatten(data, into: &flat)
    switch datatype {
    case .bool: return .bool(try each(flat, input, "true or false") { $0.bool })
    case .bytes: return .bytes(try each(flat, input, "a string") { $0.text })
    case .fp16, .fp32: return .single(try each(flat, input, "a number") { $0.numberOrNaN.map(Float.init) })
    case .fp64: return .double(try each(flat, input, "a number") { $0.numberOrNaN })
    case .int8, .int16, .int32, .int64:
      let range = datatype.signedRange ?? Int64.min...Int64.max
      return .signed(
        try each(flat, input, "a whole number in \(datatype.rawValue)") { $0.integer.flatMap { range.contains($0) ? $0 : nil } })
    case .uint8, .uint16, .uint32, .uint64:
      let maximum = datatype.unsignedMaximum ?? .max
      return .unsigned(
        try each(flat, input, "a whole number in \(datatype.rawValue)") { value in
          if case .unsigned(let large) = value { return large <= maximum ? large : nil }
          return value.integer.flatMap { UInt64(exactly: $0) }.flatMap { $0 <= maximum ? $0 : nil }
        })
    }
  }

  private static func flatten(_ value: JSON, into flat: inout [JSON]) {
    if case .array(let values) = value {
      for value in values { flatten(value, into: &flat) }
    } else {
      flat.append(value)
    }
  }

  private static func each<Element>(
    _ values: [JSON], _ input: RawText, _ wanted: String, _ convert: (JSON) -> Element?
  ) throws(Refusal) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let element = convert(value) else {
        throw .invalid("input '\(input)': element \(index) is \(value.serializedString), not \(wanted)")
      }
      elements.append(element)
    }
    return elements
  }
}
