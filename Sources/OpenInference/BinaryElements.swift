internal import Domain

/// Elements as the binary tensor extension carries them: row-major, little-endian, no padding; BOOL one byte; each
/// BYTES element led by its length in four bytes.
enum BinaryElements {
  /// Reads `bytes`, which hold just this tensor.
  static func decode(
    _ bytes: ArraySlice<UInt8>, _ datatype: Datatype, count: Int, at place: String
  ) throws(OpenInferenceError) -> Tensor.Elements {
    if let width = datatype.width {
      let (needed, overflow) = count.multipliedReportingOverflow(by: width)
      guard !overflow, bytes.count == needed else {
        throw OpenInferenceError(.binarySize(bytes.count, needed: overflow ? .max : needed), at: place)
      }
    }
    switch datatype {
    case .bool: return .bool(bytes.map { $0 != 0 })
    case .uint8: return .unsigned(bytes.map(UInt64.init))
    case .int8: return .signed(bytes.map { Int64(Int8(bitPattern: $0)) })
    case .uint16: return .unsigned(values(bytes) { UInt64(UInt16(littleEndian: $0)) })
    case .uint32: return .unsigned(values(bytes) { UInt64(UInt32(littleEndian: $0)) })
    case .uint64: return .unsigned(values(bytes) { UInt64(littleEndian: $0) })
    case .int16: return .signed(values(bytes) { Int64(Int16(littleEndian: $0)) })
    case .int32: return .signed(values(bytes) { Int64(Int32(littleEndian: $0)) })
    case .int64: return .signed(values(bytes) { Int64(littleEndian: $0) })
    case .fp16: return .single(values(bytes) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) })
    case .bf16: return .single(values(bytes) { Float(upperHalf: UInt16(littleEndian: $0)) })
    case .fp32: return .single(values(bytes) { Float(bitPattern: UInt32(littleEndian: $0)) })
    case .fp64: return .double(values(bytes) { Double(bitPattern: UInt64(littleEndian: $0)) })
    case .bytes: return .bytes(try texts(bytes, count: count, at: place))
    }
  }

  private static func values<Raw: FixedWidthInteger & BitwiseCopyable, Value>(
    _ bytes: ArraySlice<UInt8>, _ convert: (Raw) -> Value
  ) -> [Value] {
    let width = MemoryLayout<Raw>.size
    // Sound: every load starts at a multiple of the width below the number of bytes, which is one.
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / width).map { convert(buffer.loadUnaligned(fromByteOffset: $0 * width, as: Raw.self)) }
    }
  }

  private static func texts(
    _ bytes: ArraySlice<UInt8>, count: Int, at place: String
  ) throws(OpenInferenceError) -> [RawText?] {
    var texts: [RawText?] = []
    var rest = bytes
    while !rest.isEmpty {
      guard rest.count >= 4 else { throw OpenInferenceError(.cutShort, at: "\(place)[\(texts.count)]") }
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard rest.count >= length else { throw OpenInferenceError(.cutShort, at: "\(place)[\(texts.count)]") }
      texts.append(RawText(bytes: rest.prefix(length)))
      rest = rest.dropFirst(length)
      guard texts.count <= count else { break }
    }
    guard texts.count == count, rest.isEmpty else {
      throw OpenInferenceError(.binarySize(bytes.count, needed: bytes.count - rest.count), at: place)
    }
    return texts
  }

  /// Appends a tensor's elements; null in BYTES becomes an empty element, because binary data has no null.
  static func append(_ tensor: Tensor, to output: inout [UInt8]) {
    switch (tensor.elements, tensor.datatype) {
    case (.bool(let values), _): output += values.lazy.map { $0 ? 1 : 0 }
    case (.signed(let values), .int8): output += values.lazy.map { UInt8(truncatingIfNeeded: $0) }
    case (.signed(let values), .int16): append(values, to: &output) { UInt16(truncatingIfNeeded: $0).littleEndian }
    case (.signed(let values), .int32): append(values, to: &output) { UInt32(truncatingIfNeeded: $0).littleEndian }
    case (.signed(let values), _): append(values, to: &output) { $0.littleEndian }
    case (.unsigned(let values), .uint8): output += values.lazy.map { UInt8(truncatingIfNeeded: $0) }
    case (.unsigned(let values), .uint16): append(values, to: &output) { UInt16(truncatingIfNeeded: $0).littleEndian }
    case (.unsigned(let values), .uint32): append(values, to: &output) { UInt32(truncatingIfNeeded: $0).littleEndian }
    case (.unsigned(let values), _): append(values, to: &output) { $0.littleEndian }
    case (.single(let values), .fp16): append(values, to: &output) { Float16($0).bitPattern.littleEndian }
    case (.single(let values), .bf16): append(values, to: &output) { $0.upperHalf.littleEndian }
    case (.single(let values), _): append(values, to: &output) { $0.bitPattern.littleEndian }
    case (.double(let values), _): append(values, to: &output) { $0.bitPattern.littleEndian }
    case (.bytes(let values), _):
      for value in values {
        let bytes = value?.bytes ?? []
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).littleEndian) { output += $0 }
        output += bytes
      }
    }
  }

  private static func append<Value, Raw: BitwiseCopyable>(
    _ values: [Value], to output: inout [UInt8], _ convert: (Value) -> Raw
  ) {
    output.reserveCapacity(output.count + values.count * MemoryLayout<Raw>.size)
    for value in values { withUnsafeBytes(of: convert(value)) { output += $0 } }
  }
}

/// BF16, the upper half of an FP32: its sign, its exponent and the first seven bits of its fraction.
extension Float {
  /// The number that a BF16 is, exactly.
  init(upperHalf: UInt16) { self.init(bitPattern: UInt32(upperHalf) << 16) }

  /// The nearest BF16, of two that are as near the even one; NaN stays NaN.
  var upperHalf: UInt16 {
    let bits = bitPattern
    // The quiet bit is set: a NaN whose bits are all in the lower half would become an infinity.
    if isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    // Just under half of the last bit kept, and one more where that bit is odd: what carries is the next number.
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }
}
