/// The header fields of an answer: in order, duplicates kept, names compared without case, values as the bytes that came.
public struct HTTPHeaders: Sendable, Sequence {
  /// One field: its name and its value as text, bytes that are no UTF-8 replaced by U+FFFD. Both are foreign.
  public typealias Element = (name: String, value: String)

  private struct Field {
    var name: Range<Int>
    var value: Range<Int>
  }

  private var bytes: [UInt8] = []
  private var fields: [Field] = []

  public init() {}

  /// Fields made by hand, for tests and stand-ins.
  public init(_ pairs: [(String, String)]) {
    for (name, value) in pairs { append(name: Array(name.utf8)[...], value: Array(value.utf8)[...]) }
  }

  /// How many fields there are, duplicates counted.
  public var count: Int { fields.count }

  /// The first value of that name.
  public subscript(name: String) -> String? {
    fields.first { matches($0, name) }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
  }

  /// Every value of that name, in the order they came.
  public func all(_ name: String) -> [String] {
    fields.filter { matches($0, name) }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
  }

  /// The first value of that name as the bytes that came.
  public func bytes(_ name: String) -> [UInt8]? {
    fields.first { matches($0, name) }.map { Array(bytes[$0.value]) }
  }

  public func makeIterator() -> AnyIterator<Element> {
    var index = 0
    return AnyIterator {
      guard index < fields.count else { return nil }
      defer { index += 1 }
      let field = fields[index]
      return (String(decoding: bytes[field.name], as: UTF8.self), String(decoding: bytes[field.value], as: UTF8.self))
    }
  }

  private func matches(_ field: Field, _ name: String) -> Bool {
    field.name.count == name.utf8.count
      && zip(bytes[field.name], name.utf8).allSatisfy { Self.lowered($0) == Self.lowered($1) }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private mutating func append(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    let start = bytes.count
    bytes += name
    let middle = bytes.count
    bytes += value
    fields.append(Field(name: start..<middle, value: middle..<bytes.count))
  }

  /// Takes one line as it came, without its end. A line that begins with a blank continues the last value (RFC 9112
  /// §5.2); a line without a colon is dropped.
  mutating func append(line: UnsafeBufferPointer<UInt8>) {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let first = line.first else { return }
    if isBlank(first) {
      guard let last = fields.indices.last else { return }
      bytes.append(0x20)
      bytes += line[Self.trimmed(line, from: 0)]
      fields[last].value = fields[last].value.lowerBound..<bytes.count
      return
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let start = bytes.count
    bytes += line[..<colon]
    let middle = bytes.count
    bytes += line[Self.trimmed(line, from: colon + 1)]
    fields.append(Field(name: start..<middle, value: middle..<bytes.count))
  }

  private static func trimmed(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int> {
    var (start, end) = (start, line.count)
    while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
    while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }
}
