/// The element types of the Open Inference Protocol, named as on the wire.
public enum Datatype: String, Hashable, Sendable, CaseIterable, Codable {
  case bool = "BOOL"
  case uint8 = "UINT8"
  case uint16 = "UINT16"
  case uint32 = "UINT32"
  case uint64 = "UINT64"
  case int8 = "INT8"
  case int16 = "INT16"
  case int32 = "INT32"
  case int64 = "INT64"
  case fp16 = "FP16"
  /// The upper half of an FP32.
  case bf16 = "BF16"
  case fp32 = "FP32"
  case fp64 = "FP64"
  case bytes = "BYTES"

  /// Bytes of one element in the binary extension; nil for BYTES, whose elements carry their length.
  public var width: Int? {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .fp16, .bf16: 2
    case .uint32, .int32, .fp32: 4
    case .uint64, .int64, .fp64: 8
    case .bytes: nil
    }
  }

  /// Whether elements are whole numbers.
  public var isInteger: Bool { signedRange != nil || unsignedMaximum != nil }

  public var isFloatingPoint: Bool {
    switch self {
    case .fp16, .bf16, .fp32, .fp64: true
    default: false
    }
  }

  /// Whether values travel as binary data only: JSON has no form for halves.
  public var needsBinary: Bool { self == .fp16 || self == .bf16 }

  /// The values of a signed integer type.
  public var signedRange: ClosedRange<Int64>? {
    switch self {
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .int64: Int64.min...Int64.max
    default: nil
    }
  }

  /// The largest value of an unsigned integer type.
  public var unsignedMaximum: UInt64? {
    switch self {
    case .uint8: UInt64(UInt8.max)
    case .uint16: UInt64(UInt16.max)
    case .uint32: UInt64(UInt32.max)
    case .uint64: UInt64.max
    default: nil
    }
  }

  /// The largest finite value of a floating-point type; infinity for the others, which need no check.
  public var largestFinite: Double {
    switch self {
    case .fp16: 65_504
    case .bf16: 0x1.FEp127
    case .fp32: Double(Float.greatestFiniteMagnitude)
    case .fp64: .greatestFiniteMagnitude
    default: .infinity
    }
  }
}
