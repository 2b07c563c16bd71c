/// One input row, as the typed tensors that are sent.
public struct Record: Hashable, Sendable {
  /// One row each: the first extent is 1, but for a model that takes no batches.
  public var tensors: [Tensor]

  public init(tensors: [Tensor]) { self.tensors = tensors }

  /// Whether a tensor of the same name holds something else, in whichever datatype it stands: a number is what single
  /// precision makes of it. What one of the two lacks contradicts nothing.
  public func contradicts(_ other: Record) -> Bool {
    tensors.contains { tensor in
      guard let twin = other.tensors.first(where: { $0.name == tensor.name }) else { return false }
      guard tensor.count == twin.count else { return true }
      return (0..<tensor.count).contains { index in
        guard let number = tensor.number(at: index), let same = twin.number(at: index) else {
          return tensor.text(at: index) != twin.text(at: index)
        }
        return number != same && Float(number) != Float(same) && !(number.isNaN && same.isNaN)
      }
    }
  }

  /// The bytes that a record's identity is made of: each tensor's name, datatype, shape and little-endian elements,
  /// every part led by its length, so that no two records share them.
  public var identityBytes: [UInt8] {
    var bytes: [UInt8] = []
    for tensor in tensors {
      Record.append(tensor.name.bytes, to: &bytes)
      Record.append(Array(tensor.datatype.rawValue.utf8), to: &bytes)
      Record.append(UInt64(tensor.shape.count), to: &bytes)
      for extent in tensor.shape { Record.append(UInt64(bitPattern: Int64(extent)), to: &bytes) }
      switch tensor.elements {
      case .bool(let values): bytes += values.map { $0 ? 1 : 0 }
      case .signed(let values): for value in values { Record.append(UInt64(bitPattern: value), to: &bytes) }
      case .unsigned(let values): for value in values { Record.append(value, to: &bytes) }
      case .single(let values): for value in values { Record.append(UInt64(value.bitPattern), to: &bytes) }
      case .double(let values): for value in values { Record.append(value.bitPattern, to: &bytes) }
      case .bytes(let values): for value in values { Record.append(value?.bytes ?? [], to: &bytes) }
      }
    }
    return bytes
  }

  private static func append(_ part: [UInt8], to bytes: inout [UInt8]) {
    append(UInt64(part.count), to: &bytes)
    bytes += part
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}

extension Signature {
  /// The tensors that carry these values, one row; values are in the order of `fields`.
  public func record(of values: [FieldValue]) throws(Problem) -> Record {
    guard values.count == fields.count else {
      throw Problem("\(values.count) values for \(fields.count) fields")
    }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(inputs.count)
    for (index, input) in inputs.enumerated() {
      let owned = zip(fields, values).filter { $0.0.place.tensor == index }
        .sorted { $0.0.place.offset < $1.0.place.offset }
      // What the model answers without is left out where nothing was given.
      if owned.allSatisfy({ $0.0.isOptional && $0.1 == .missing }), !owned.isEmpty { continue }
      let elements = try elements(input.datatype, owned)
      let shape = try shape(of: input, holding: elements.count)
      tensors.append(Tensor(name: input.name, datatype: input.datatype, shape: shape, elements: elements))
    }
    return Record(tensors: tensors)
  }

  /// The shape of a record's tensor: a list fills the extent that is open.
  private func shape(of input: TensorSpec, holding count: Int) throws(Problem) -> [Int] {
    var shape = input.recordShape(isBatched: isBatched)
    let open = shape.indices.filter { shape[$0] < 0 }
    guard let place = open.first else { return shape }
    guard open.count == 1, let lot = Tensor.product(shape.filter { $0 >= 0 }), lot > 0 else {
      throw Problem(
        "\(input.name.string) \(FieldProblem.noForm.text).", advice: "docs/batch.md says how one is sent.",
        kind: .invalidInput)
    }
    guard count > 0, count % lot == 0 else {
      throw Problem(
        "\(input.name.string): \(FieldProblem.noMultiple(count, of: lot).text).", kind: .invalidInput)
    }
    shape[place] = count / lot
    return shape
  }

  private func elements(_ datatype: Datatype, _ owned: [(Field, FieldValue)]) throws(Problem) -> Tensor.Elements {
    if owned.count == 1, case .list(let elements) = owned[0].1 {
      guard elements.fits(datatype) else { throw missing(owned[0].0) }
      return elements
    }
    switch datatype {
    case .bytes: return .bytes(owned.map { $0.1.text })
    case .bool:
      return .bool(owned.map { $0.1 == .flag(true) })
    case .fp16, .bf16, .fp32: return .single(try numbers(owned).map(Float.init))
    case .fp64: return .double(try numbers(owned))
    case .uint8, .uint16, .uint32, .uint64:
      var values: [UInt64] = []
      for (field, value) in owned {
        switch value {
        case .unsigned(let number): values.append(number)
        case .image(let pixels):
          for pixel in pixels {
            guard let number = UInt64(exactly: max(0, pixel.rounded(.towardZero))) else { throw missing(field) }
            values.append(number)
          }
        default:
          guard let number = value.number.flatMap({ UInt64(exactly: $0) }) else { throw missing(field) }
          values.append(number)
        }
      }
      return .unsigned(values)
    case .int8, .int16, .int32, .int64:
      var values: [Int64] = []
      for (field, value) in owned {
        switch value {
        case .integer(let number): values.append(number)
        case .image(let pixels):
          for pixel in pixels {
            guard let number = Int64(exactly: pixel.rounded(.towardZero)) else { throw missing(field) }
            values.append(number)
          }
        default:
          guard let number = value.number.flatMap({ Int64(exactly: $0) }) else { throw missing(field) }
          values.append(number)
        }
      }
      return .signed(values)
    }
  }

  private func numbers(_ owned: [(Field, FieldValue)]) throws(Problem) -> [Double] {
    var numbers: [Double] = []
    for (field, value) in owned {
      if case .image(let pixels) = value {
        numbers += pixels
      } else if let number = value.number {
        numbers.append(number)
      } else {
        throw missing(field)
      }
    }
    return numbers
  }

  private func missing(_ field: Field) -> Problem { Problem("\(field.name.string) needs a value") }

  /// The values of a record, in the order of `fields`; missing where the record has no such tensor.
  public func values(in record: Record) -> [FieldValue] {
    fields.map { field in
      guard inputs.indices.contains(field.place.tensor),
        let tensor = record.tensors.first(where: { $0.name == inputs[field.place.tensor].name })
      else { return .missing }
      switch field.kind {
      case .list, .open: return .list(tensor.elements)
      case .number, .integer, .flag, .category, .text, .image: break
      }
      let range = field.place.offset..<(field.place.offset + field.place.count)
      guard range.upperBound <= tensor.count else { return .missing }
      if case .image = field.kind {
        return .image(range.compactMap { tensor.number(at: $0) })
      }
      return FieldValue(tensor.elements, at: field.place.offset)
    }
  }
}

extension FieldValue {
  init(_ elements: Tensor.Elements, at index: Int) {
    switch elements {
    case .bool(let values): self = .flag(values[index])
    case .signed(let values): self = .integer(values[index])
    case .unsigned(let values): self = .unsigned(values[index])
    case .single(let values): self = .number(Double(values[index]))
    case .double(let values): self = .number(values[index])
    case .bytes(let values): self = values[index].map(FieldValue.text) ?? .missing
    }
  }
}
