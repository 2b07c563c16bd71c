/// Thrift's compact protocol, as far as Parquet's metadata need it.
///
/// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
struct CompactProtocol {
  enum Kind: UInt8 {
    case int8 = 3
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  private(set) var bytes: [UInt8] = []
  /// The last field's number in each structure that is open.
  private var last = [0]

  /// A structure of its own, from its first field to its end.
  static func structure(_ body: (inout CompactProtocol) -> Void) -> [UInt8] {
    var output = CompactProtocol()
    body(&output)
    output.bytes.append(0)
    return output.bytes
  }

  mutating func int8(_ field: Int, _ value: Int8) {
    begin(field, Kind.int8.rawValue)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func int32(_ field: Int, _ value: Int) { integer(field, value, .int32) }

  mutating func int64(_ field: Int, _ value: Int) { integer(field, value, .int64) }

  /// A flag stands in its field's type.
  mutating func flag(_ field: Int, _ value: Bool) { begin(field, value ? 1 : 2) }

  mutating func text(_ field: Int, _ text: [UInt8]) {
    begin(field, Kind.binary.rawValue)
    element(text)
  }

  mutating func structure(_ field: Int, _ body: (inout CompactProtocol) -> Void) {
    begin(field, Kind.structure.rawValue)
    nested(body)
  }

  /// A list; `body` writes its elements.
  mutating func list(_ field: Int, _ kind: Kind, count: Int, _ body: (inout CompactProtocol) -> Void) {
    begin(field, Kind.list.rawValue)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      CompactProtocol.append(UInt64(count), to: &bytes)
    }
    body(&self)
  }

  mutating func element(_ value: Int) { CompactProtocol.append(CompactProtocol.zigzag(value), to: &bytes) }

  mutating func element(_ text: [UInt8]) {
    CompactProtocol.append(UInt64(text.count), to: &bytes)
    bytes += text
  }

  mutating func element(_ body: (inout CompactProtocol) -> Void) { nested(body) }

  /// A structure that was written by itself.
  mutating func element(structure: [UInt8]) { bytes += structure }

  private mutating func nested(_ body: (inout CompactProtocol) -> Void) {
    last.append(0)
    body(&self)
    last.removeLast()
    bytes.append(0)
  }

  private mutating func integer(_ field: Int, _ value: Int, _ kind: Kind) {
    begin(field, kind.rawValue)
    element(value)
  }

  /// Fields of one structure come by rising number, each at most 15 above the one before it.
  private mutating func begin(_ field: Int, _ kind: UInt8) {
    bytes.append(UInt8(field - last[last.count - 1]) << 4 | kind)
    last[last.count - 1] = field
  }

  private static func zigzag(_ value: Int) -> UInt64 {
    UInt64(bitPattern: Int64(value) << 1 ^ Int64(value) >> 63)
  }

  /// Seven bits a byte, the lowest first.
  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
