/// A named, typed, row-major array as the Open Inference Protocol carries it.
public struct Tensor: Hashable, Sendable {
  public var name: RawText
  public var datatype: Datatype
  /// Extents, outermost first; their product is the number of elements.
  public var shape: [Int]
  public var elements: Elements
  /// What the other side said beside the tensor, for example `content_type`.
  public var parameters: [JSON.Member]

  public init(
    name: RawText, datatype: Datatype, shape: [Int], elements: Elements, parameters: [JSON.Member] = []
  ) {
    self.name = name
    self.datatype = datatype
    self.shape = shape
    self.elements = elements
    self.parameters = parameters
  }

  /// The elements of a tensor, flat, in the widest type that holds them exactly.
  public enum Elements: Hashable, Sendable {
    case bool([Bool])
    /// INT8 to INT64.
    case signed([Int64])
    /// UINT8 to UINT64.
    case unsigned([UInt64])
    /// FP16, BF16 and FP32; null on the wire is NaN.
    case single([Float])
    /// FP64; null on the wire is NaN.
    case double([Double])
    /// BYTES; nil where the wire said null.
    case bytes([RawText?])

    public var count: Int {
      switch self {
      case .bool(let values): values.count
      case .signed(let values): values.count
      case .unsigned(let values): values.count
      case .single(let values): values.count
      case .double(let values): values.count
      case .bytes(let values): values.count
      }
    }

    /// The elements as numbers; nil for BYTES. Integers above 2^53 are rounded.
    public var numbers: [Double]? {
      switch self {
      case .bool(let values): values.map { $0 ? 1 : 0 }
      case .signed(let values): values.map(Double.init)
      case .unsigned(let values): values.map(Double.init)
      case .single(let values): values.map(Double.init)
      case .double(let values): values
      case .bytes: nil
      }
    }

    /// One element as text: numbers in their shortest exact form, BYTES as they are, null as an empty text.
    public func text(at index: Int) -> RawText {
      guard index >= 0, index < count else { return "" }
      switch self {
      case .bool(let values): return RawText(values[index] ? "true" : "false")
      case .signed(let values): return RawText("\(values[index])")
      case .unsigned(let values): return RawText("\(values[index])")
      case .single(let values): return RawText(Decimal.shortest(values[index]))
      case .double(let values): return RawText(Decimal.shortest(values[index]))
      case .bytes(let values): return values[index] ?? ""
      }
    }
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The product of the shape; nil where it overflows or an extent is negative.
  public var shapeCount: Int? { Tensor.product(shape) }

  /// The product of extents; nil where it overflows or an extent is negative.
  public static func product(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (value, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = value
    }
    return product
  }

  /// The elements as numbers; nil for BYTES. Integers above 2^53 are rounded.
  public var numbers: [Double]? { elements.numbers }

  /// One element as a number; nil for BYTES and outside the tensor.
  public func number(at index: Int) -> Double? {
    guard index >= 0, index < count else { return nil }
    switch elements {
    case .bool(let values): return values[index] ? 1 : 0
    case .signed(let values): return Double(values[index])
    case .unsigned(let values): return Double(values[index])
    case .single(let values): return Double(values[index])
    case .double(let values): return values[index]
    case .bytes: return nil
    }
  }

  /// The elements of a BYTES tensor; nil for any other.
  public var texts: [RawText?]? {
    if case .bytes(let values) = elements { values } else { nil }
  }

  /// One element as text: numbers in their shortest exact form, BYTES as they are, null as an empty text.
  public func text(at index: Int) -> RawText { elements.text(at: index) }

  /// Row `index` along the first extent, with the first extent 1; nil outside the tensor.
  public func row(_ index: Int) -> Tensor? {
    guard let rows = shape.first, rows > 0, index >= 0, index < rows, count % rows == 0 else { return nil }
    let width = count / rows
    let range = index * width..<(index + 1) * width
    var tensor = self
    tensor.shape[0] = 1
    switch elements {
    case .bool(let values): tensor.elements = .bool(Array(values[range]))
    case .signed(let values): tensor.elements = .signed(Array(values[range]))
    case .unsigned(let values): tensor.elements = .unsigned(Array(values[range]))
    case .single(let values): tensor.elements = .single(Array(values[range]))
    case .double(let values): tensor.elements = .double(Array(values[range]))
    case .bytes(let values): tensor.elements = .bytes(Array(values[range]))
    }
    return tensor
  }

  /// The parameter of this name.
  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }
}

/// Numbers as text, without a formatter.
public enum Decimal {
  /// The shortest text that reads back as the number, without a trailing `.0`.
  public static func shortest(_ value: Double) -> String { trimmed("\(value)") }

  /// The shortest text that reads back as the number, without a trailing `.0`.
  public static func shortest(_ value: Float) -> String { trimmed("\(value)") }

  /// The number that the shortest text of a single is: 12.3 of the 12.3 that is 12.300000190734863 as a double. Beside that
  /// double it is the same single again.
  public static func number(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

  private static func trimmed(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
}
