public import Domain

/// A value that has a JSON form from which exactly the same value comes back.
public protocol JSONCodable {
  init(json: JSON) throws(EventBodyError)
  var json: JSON { get }
}

extension JSONCodable {
  /// The canonical bytes.
  public func canonicalBytes() throws(EventBodyError) -> [UInt8] {
    do {
      return try CanonicalJSON.bytes(of: json)
    } catch {
      throw EventBodyError(error.description)
    }
  }

  /// Reads JSON bytes without duplicate keys.
  public init(bytes: [UInt8]) throws(EventBodyError) {
    try self.init(json: EventBody.parse(bytes))
  }
}

/// Builds an object, leaving out members that say nothing.
struct ObjectBuilder {
  private(set) var members: [JSON.Member] = []

  var json: JSON { .object(members) }

  mutating func put(_ key: RawText, _ value: JSON?) {
    if let value { members.append(JSON.Member(key, value)) }
  }

  mutating func put(_ key: RawText, _ value: RawText?) { put(key, value.map(JSON.raw)) }

  /// Leaves out an empty text.
  mutating func putUnlessEmpty(_ key: RawText, _ value: RawText) {
    if !value.isEmpty { put(key, JSON.raw(value)) }
  }

  mutating func put(_ key: RawText, _ value: Int?) { put(key, value.map { JSON.integer(Int64($0)) }) }

  mutating func put(_ key: RawText, _ value: Double?) { put(key, value.map(JSON.exact)) }

  mutating func put(_ key: RawText, _ value: Bool?) { put(key, value.map(JSON.bool)) }

  mutating func put(_ key: RawText, _ value: Timestamp?) { put(key, value.map { JSON.text($0.description) }) }

  mutating func put(_ key: RawText, _ value: (some JSONCodable)?) { put(key, value.map(\.json)) }

  mutating func put(_ key: RawText, _ values: [some JSONCodable]) { put(key, JSON.array(values.map(\.json))) }
}

extension JSON {
  /// A number of any kind: NaN and infinities as words, because JSON has none.
  public static func exact(_ value: Double) -> JSON {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "Infinity" : "-Infinity" }
    return .number(value)
  }

  /// The number that `exact` wrote.
  public var exactNumber: Double? {
    switch self {
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: number
    }
  }

  /// Text as a string; bytes that are no UTF-8 as an object with their hexadecimal digits.
  public static func raw(_ text: RawText) -> JSON {
    text.isUTF8 ? .string(text) : .object(["hex": .text(Hexadecimal.text(of: text.bytes))])
  }

  /// The text that `raw` wrote.
  public var rawText: RawText? {
    if let text { return text }
    return self["hex"]?.string.flatMap { Hexadecimal.bytes(of: $0) }.map { RawText(bytes: $0) }
  }

  func required(_ key: RawText) throws(EventBodyError) -> JSON {
    guard let value = self[key] else { throw EventBodyError("\(key.string) is missing") }
    return value
  }

  /// A member that may be absent or null; throws where it is there and `read` makes nothing of it.
  private func optional<Value>(
    _ key: RawText, _ what: String, _ read: (JSON) -> Value?
  ) throws(EventBodyError) -> Value? {
    guard let value = self[key], value != .null else { return nil }
    guard let result = read(value) else { throw EventBodyError("\(key.string) is no \(what)") }
    return result
  }

  func optionalRaw(_ key: RawText) throws(EventBodyError) -> RawText? { try optional(key, "text") { $0.rawText } }

  /// A text; empty where there is none.
  func raw(_ key: RawText) throws(EventBodyError) -> RawText { try optionalRaw(key) ?? "" }

  func requiredRaw(_ key: RawText) throws(EventBodyError) -> RawText {
    guard let text = try required(key).rawText else { throw EventBodyError("\(key.string) is no text") }
    return text
  }

  func optionalInt(_ key: RawText) throws(EventBodyError) -> Int? {
    try optional(key, "whole number") { $0.integer.flatMap { Int(exactly: $0) } }
  }

  func requiredInt(_ key: RawText) throws(EventBodyError) -> Int {
    guard let value = try optionalInt(key) else { throw EventBodyError("\(key.string) is missing") }
    return value
  }

  func optionalDouble(_ key: RawText) throws(EventBodyError) -> Double? {
    try optional(key, "number") { $0.exactNumber }
  }

  func requiredDouble(_ key: RawText) throws(EventBodyError) -> Double {
    guard let value = try optionalDouble(key) else { throw EventBodyError("\(key.string) is missing") }
    return value
  }

  func optionalBool(_ key: RawText) throws(EventBodyError) -> Bool? { try optional(key, "true or false") { $0.bool } }

  func optionalTime(_ key: RawText) throws(EventBodyError) -> Timestamp? {
    try optional(key, "time") { $0.string.flatMap { Timestamp($0) } }
  }

  func requiredTime(_ key: RawText) throws(EventBodyError) -> Timestamp {
    guard let value = try optionalTime(key) else { throw EventBodyError("\(key.string) is missing") }
    return value
  }

  func optionalArray(_ key: RawText) throws(EventBodyError) -> [JSON] { try optional(key, "list") { $0.array } ?? [] }

  func optionalEventID(_ key: RawText) throws(EventBodyError) -> EventID? {
    try optional(key, "event's identity") { $0.string.flatMap { EventID(hex: $0) } }
  }

  func optionalHash(_ key: RawText) throws(EventBodyError) -> Hash? {
    try optional(key, "hash") { $0.string.flatMap { Hash(hex: $0) } }
  }

  func choice<Value: RawRepresentable>(
    _ key: RawText, _: Value.Type = Value.self
  ) throws(EventBodyError) -> Value? where Value.RawValue == String {
    try optional(key, "known word") { $0.string.flatMap { Value(rawValue: $0) } }
  }

  func value<Value: JSONCodable>(_ key: RawText, _: Value.Type = Value.self) throws(EventBodyError) -> Value? {
    guard let value = self[key], value != .null else { return nil }
    return try Value(json: value)
  }

  func values<Value: JSONCodable>(_ key: RawText, _: Value.Type = Value.self) throws(EventBodyError) -> [Value] {
    var values: [Value] = []
    for element in try optionalArray(key) { values.append(try Value(json: element)) }
    return values
  }

  /// Texts of a list.
  func raws(_ key: RawText) throws(EventBodyError) -> [RawText] {
    var texts: [RawText] = []
    for element in try optionalArray(key) {
      guard let text = element.rawText else { throw EventBodyError("\(key.string) holds what is no text") }
      texts.append(text)
    }
    return texts
  }

  /// Numbers of a list.
  func doubles(_ key: RawText) throws(EventBodyError) -> [Double] {
    var numbers: [Double] = []
    for element in try optionalArray(key) {
      guard let number = element.exactNumber else { throw EventBodyError("\(key.string) holds what is no number") }
      numbers.append(number)
    }
    return numbers
  }

  /// Whole numbers of a list.
  func ints(_ key: RawText) throws(EventBodyError) -> [Int] {
    var numbers: [Int] = []
    for element in try optionalArray(key) {
      guard let number = element.integer.flatMap({ Int(exactly: $0) }) else {
        throw EventBodyError("\(key.string) holds what is no whole number")
      }
      numbers.append(number)
    }
    return numbers
  }
}
