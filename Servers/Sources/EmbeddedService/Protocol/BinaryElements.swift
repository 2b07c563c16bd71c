internal import Domain

/// A tensor's elements as little-endian bytes, row by row: the binary tensor data extension of the protocol.
enum BinaryElements {
  static func read(
    _ bytes: ArraySlice<UInt8>, as datatype: Datatype, count: Int, input: RawText
  ) throws(Refusal) -> Tensor.Elements {
    if let width = datatype.width, bytes.count != width * count {
      throw .invalid("input '\(input)': \(bytes.count) bytes where its shape needs \(width * count)")
    }
    switch datatype {
    case .bool: return .bool(bytes.map { $0 != 0 })
    case .int8: return .signed(bytes.map { Int64(Int8(bitPattern: $0)) })
    case .uint8: return .unsigned(bytes.map(UInt64.init))
    case .int16: return .signed(words(bytes, UInt16.self).map { Int64(Int16(bitPattern: $0)) })
    case .int32: return .signed(words(bytes, UInt32.self).map { Int64(Int32(bitPattern: $0)) })
    case .int64: return .signed(words(bytes, UInt64.self).map(Int64.init(bitPattern:)))
    case .uint16: return .unsigned(words(bytes, UInt16.self).map(UInt64.init))
    case .uint32: return .unsigned(words(bytes, UInt32.self).map(UInt64.init))
    case .uint64: return .unsigned(words(bytes, UInt64.self))
    case .fp16: return .single(words(bytes, UInt16.self).map { Float(Float16(bitPattern: $0)) })
    case .fp32: return .single(words(bytes, UInt32.self).map(Float.init(bitPattern:)))
    case .fp64: return .double(words(bytes, UInt64.self).map(Double.init(bitPattern:)))
    case .bytes: return .bytes(try texts(bytes, input: input))
    }
  }

  static func write(_ tensor: Tensor) -> [UInt8] {
    switch tensor.elements {
    case .bool(let values): return values.map { $0 ? 1 : 0 }
    case .signed(let values): return values.flatMap { little($0, width: tensor.datatype.width ?? 8) }
    case .unsigned(let values): return values.flatMap { little($0, width: tensor.datatype.width ?? 8) }
    case .single(let values):
      return tensor.datatype == .fp16
        ? values.flatMap { little(Float16($0).bitPattern, width: 2) }
        : values.flatMap { little($0.bitPattern, width: 4) }
    case .double(let values): return values.flatMap { little($0.bitPattern, width: 8) }
    case .bytes(let values):
      return values.flatMap { text -> [UInt8] in
        let bytes = text?.bytes ?? []
        return little(UInt32(bytes.count), width: 4) + bytes
      }
    }
  }

  private static func little(_ value: some FixedWidthInteger, width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func words<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, _: Word.Type) -> [Word] {
    bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: MemoryLayout<Word>.size).map {
        Word(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: Word.self))
      }
    }
  }

  private static func texts(_ bytes: ArraySlice<UInt8>, input: RawText) throws(Refusal) -> [RawText?] {
    var texts: [RawText?] = []
    var rest = bytes
    while !rest.isEmpty {
      guard rest.count >= 4 else {
        throw .invalid("incomplete string length for inference input '\(input)', \(rest.count) bytes left")
      }
      let length = Int(words(rest.prefix(4), UInt32.self)[0])
      rest = rest.dropFirst(4)
      guard length <= rest.count else {
        throw .invalid(
          "incomplete string data for inference input '\(input)', expecting string of length \(length) "
            + "but only \(rest.count) bytes available")
      }
      texts.append(RawText(bytes: rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return texts
  }
}
