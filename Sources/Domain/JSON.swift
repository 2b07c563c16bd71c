/// A JSON value as a foreign server writes it: members in order and with duplicates, exact 64-bit integers,
/// NaN and Infinity, strings that may be no UTF-8.
public indirect enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Only integers above `Int64.max`.
  case unsigned(UInt64)
  case number(Double)
  case string(RawText)
  case array([JSON])
  case object([Member])

  /// One key and value of an object.
  public struct Member: Hashable, Sendable {
    public var key: RawText
    public var value: JSON

    public init(_ key: RawText, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// An object of these members, in this order.
  public static func object(_ members: KeyValuePairs<RawText, JSON>) -> JSON {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// A string value.
  public static func text(_ string: String) -> JSON { .string(RawText(string)) }

  /// An array of strings.
  public static func texts(_ values: [RawText]) -> JSON { .array(values.map(JSON.string)) }

  /// The first member with this key, compared as bytes; nil where there is none or this is no object.
  public subscript(key: RawText) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The element at this place; nil outside the array or where this is no array.
  public subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  public var text: RawText? {
    if case .string(let text) = self { text } else { nil }
  }

  public var string: String? { text?.string }

  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The value as an exact integer; also a number without a fraction that fits.
  public var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The value as a floating-point number; integers above 2^53 are rounded.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as a number, where null stands for NaN, as MLServer writes it.
  public var numberOrNaN: Double? { self == .null ? .nan : number }

  /// An array of numbers, null read as NaN; nil if anything else is among them.
  public var numbers: [Double]? {
    guard let array else { return nil }
    var values: [Double] = []
    values.reserveCapacity(array.count)
    for element in array {
      guard let value = element.numberOrNaN else { return nil }
      values.append(value)
    }
    return values
  }

  /// An array of strings; nil if anything else is among them.
  public var texts: [RawText]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.text)
    return texts.count == array.count ? texts : nil
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}
