public import Domain

extension Record: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(tensors: try json.values("tensors"))
  }

  public var json: JSON { .object(["tensors": .array(tensors.map(\.json))]) }
}

extension Tensor: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let datatype = try json.choice("datatype", Datatype.self) else {
      throw EventBodyError("a tensor has no datatype")
    }
    let data = try json.optionalArray("data")
    self.init(
      name: try json.raw("name"), datatype: datatype, shape: try json.ints("shape"),
      elements: try Elements(datatype, data), parameters: try JSON.members(of: json["parameters"]))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("datatype", RawText(datatype.rawValue))
    object.put("shape", JSON.array(shape.map { .integer(Int64($0)) }))
    object.put("data", JSON.array(elements.json))
    if !parameters.isEmpty { object.put("parameters", JSON.keeping(parameters)) }
    return object.json
  }
}

extension Tensor.Elements {
  init(_ datatype: Datatype, _ data: [JSON]) throws(EventBodyError) {
    switch datatype {
    case .bool: self = .bool(try Self.all(data) { $0.bool })
    case .int8, .int16, .int32, .int64: self = .signed(try Self.all(data) { $0.integer })
    case .uint8, .uint16, .uint32, .uint64: self = .unsigned(try Self.all(data) { $0.unsignedInteger })
    case .fp16, .bf16, .fp32: self = .single(try Self.all(data) { $0.exactNumber.map(Float.init) })
    case .fp64: self = .double(try Self.all(data) { $0.exactNumber })
    case .bytes: self = .bytes(try Self.all(data) { $0 == .null ? .some(nil) : $0.rawText.map(Optional.some) })
    }
  }

  private static func all<Value>(_ data: [JSON], _ read: (JSON) -> Value?) throws(EventBodyError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(data.count)
    for element in data {
      guard let value = read(element) else { throw EventBodyError("an element does not fit its datatype") }
      values.append(value)
    }
    return values
  }

  /// The datatype that holds all that these can be.
  var widest: Datatype {
    switch self {
    case .bool: .bool
    case .signed: .int64
    case .unsigned: .uint64
    case .single: .fp32
    case .double: .fp64
    case .bytes: .bytes
    }
  }

  /// The elements; singles are written as doubles, which hold them exactly: no rounding in between.
  public var json: [JSON] {
    switch self {
    case .bool(let values): values.map(JSON.bool)
    case .signed(let values): values.map(JSON.integer)
    case .unsigned(let values): values.map { $0 <= UInt64(Int64.max) ? .integer(Int64($0)) : .unsigned($0) }
    case .single(let values): values.map { .exact(Double($0)) }
    case .double(let values): values.map(JSON.exact)
    case .bytes(let values): values.map { $0.map(JSON.raw) ?? .null }
    }
  }
}

extension JSON {
  var unsignedInteger: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    case .number(let value): UInt64(exactly: value)
    default: nil
    }
  }

  /// Foreign members, which may have no canonical form, as text that has one.
  static func keeping(_ members: [Member]) -> JSON { keeping(.object(members)) }

  /// A foreign value as it is where it has a canonical form that reads back the same, otherwise in a wrapping that
  /// keeps the order of members, repeated keys, numbers that JSON has not and bytes that are no UTF-8.
  static func keeping(_ value: JSON) -> JSON { ["foreign", wrapped(value)] }

  /// The value that `keeping` wrote.
  static func kept(_ json: JSON) throws(EventBodyError) -> JSON {
    guard case .array(let parts) = json, parts.count == 2, parts[0] == "foreign" else { return json }
    return try unwrapped(parts[1])
  }

  static func members(of json: JSON?) throws(EventBodyError) -> [Member] {
    guard let json else { return [] }
    guard let members = try kept(json).members else { throw EventBodyError("parameters are no object") }
    return members
  }

  /// Every value as a list whose first element says what it is, or as itself where that is unmistakable.
  private static func wrapped(_ value: JSON) -> JSON {
    switch value {
    case .null, .bool, .integer, .unsigned: return value
    case .number(let number): return ["n", .exact(number)]
    case .string(let text): return text.isUTF8 ? value : ["x", .text(Hexadecimal.text(of: text.bytes))]
    case .array(let values): return ["a", .array(values.map(wrapped))]
    case .object(let members):
      return ["o", .array(members.map { .array([wrapped(.string($0.key)), wrapped($0.value)]) })]
    }
  }

  private static func unwrapped(_ json: JSON) throws(EventBodyError) -> JSON {
    let bad = EventBodyError("a foreign value cannot be read")
    guard case .array(let parts) = json else { return json }
    guard parts.count == 2, let tag = parts[0].string else { throw bad }
    switch (tag, parts[1]) {
    case ("n", let number):
      guard let number = number.exactNumber else { throw bad }
      return .number(number)
    case ("x", .string(let digits)):
      guard let bytes = Hexadecimal.bytes(of: digits.string) else { throw bad }
      return .string(RawText(bytes: bytes))
    case ("a", .array(let values)):
      var elements: [JSON] = []
      for value in values { elements.append(try unwrapped(value)) }
      return .array(elements)
    case ("o", .array(let values)):
      var members: [Member] = []
      for value in values {
        guard case .array(let pair) = value, pair.count == 2, case .string(let key) = try unwrapped(pair[0]) else {
          throw bad
        }
        members.append(Member(key, try unwrapped(pair[1])))
      }
      return .object(members)
    default: throw bad
    }
  }
}
