/// Numbers and texts one after the other, numbers with their high byte first: what frames and SSH's formats are made of.
struct PackedBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ raw: [UInt8]) { bytes += raw }

  mutating func add(_ number: some FixedWidthInteger) {
    var shift = number.bitWidth
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// With its length as four bytes before it: a `string` of RFC 4251 §5.
  mutating func addString(_ text: [UInt8]) {
    add(UInt32(text.count))
    add(text)
  }
}

/// Takes numbers and texts off the front of bytes; nil where too few are left.
struct PackedReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type = Number.self) -> Number? {
    bytes(Number.bitWidth / 8)?.reduce(0) { $0 << 8 | Number($1) }
  }

  /// A place or a count: one that fits.
  mutating func natural() -> Int? { number(UInt64.self).flatMap { Int(exactly: $0) } }

  mutating func string() -> [UInt8]? { number(UInt32.self).flatMap { bytes(Int($0)) } }

  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}
