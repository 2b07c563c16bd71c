internal import Domain
internal import Feedback

/// Typed reading of one JSON object: each reader names the member that is missing or wrong.
struct WireObject {
  let json: JSON

  init(_ json: JSON) throws(WireError) {
    guard json.members != nil else { throw WireError("an object was expected") }
    self.json = json
  }

  init(parsing bytes: [UInt8]) throws(WireError) {
    do {
      try self.init(JSON(parsing: bytes))
    } catch {
      throw WireError("\(error)")
    }
  }

  func has(_ key: RawText) -> Bool {
    guard let value = json[key] else { return false }
    return value != .null
  }

  func integer(_ key: RawText) throws(WireError) -> Int {
    guard let value = json[key]?.integer else { throw WireError("\(key) is no integer") }
    return Int(value)
  }

  /// A count or a place: never negative.
  func natural(_ key: RawText) throws(WireError) -> Int {
    let value = try integer(key)
    guard value >= 0 else { throw WireError("\(key) is negative") }
    return value
  }

  func text(_ key: RawText) throws(WireError) -> RawText {
    guard let value = json[key]?.text else { throw WireError("\(key) is no string") }
    return value
  }

  /// The bytes behind base64.
  func base64(_ key: RawText) throws(WireError) -> [UInt8] {
    guard let bytes = Base64.bytes(of: try text(key).bytes) else { throw WireError("\(key) is no base64") }
    return bytes
  }

  func version(_ key: RawText) throws(WireError) -> ProgramVersion {
    guard let value = ProgramVersion(text: try text(key).string) else { throw WireError("\(key) is no version") }
    return value
  }

  func timestamp(_ key: RawText) throws(WireError) -> Timestamp {
    guard let value = Timestamp(try text(key).string) else { throw WireError("\(key) is no time") }
    return value
  }

  func texts(_ key: RawText) throws(WireError) -> [RawText] {
    guard let value = json[key]?.texts else { throw WireError("\(key) is no list of strings") }
    return value
  }

  func integers(_ key: RawText) throws(WireError) -> [Int] {
    guard let values = json[key]?.array else { throw WireError("\(key) is no list") }
    let integers = values.compactMap(\.integer)
    guard integers.count == values.count else { throw WireError("\(key) holds something other than integers") }
    return integers.map(Int.init)
  }

  func object(_ key: RawText) throws(WireError) -> WireObject {
    guard let value = json[key], value.members != nil else { throw WireError("\(key) is no object") }
    return try WireObject(value)
  }

  func objects(_ key: RawText) throws(WireError) -> [WireObject] {
    guard let values = json[key]?.array else { throw WireError("\(key) is no list") }
    var objects: [WireObject] = []
    objects.reserveCapacity(values.count)
    for value in values { objects.append(try WireObject(value)) }
    return objects
  }

  /// The bytes behind hexadecimal digits.
  func hexadecimal(_ key: RawText) throws(WireError) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(of: try text(key).string) else { throw WireError("\(key) is no hexadecimal") }
    return bytes
  }

  func hash(_ key: RawText) throws(WireError) -> Hash {
    guard let hash = Hash(bytes: try hexadecimal(key)) else { throw WireError("\(key) is no hash") }
    return hash
  }

  func stream(_ key: RawText) throws(WireError) -> StreamID {
    guard let stream = StreamID(bytes: try hexadecimal(key)) else { throw WireError("\(key) is no stream") }
    return stream
  }

  func eventID(_ key: RawText) throws(WireError) -> EventID {
    guard let id = EventID(bytes: try hexadecimal(key)) else { throw WireError("\(key) is no event id") }
    return id
  }

  func position(_ key: RawText) throws(WireError) -> Position { try Position(wire: object(key)) }

  /// The value of a member that may be missing or null.
  func optional<Value>(_ key: RawText, _ read: (RawText) throws(WireError) -> Value) throws(WireError) -> Value? {
    has(key) ? try read(key) : nil
  }
}

extension JSON {
  static func count(_ value: Int) -> JSON { .integer(Int64(value)) }

  static func hexadecimal(_ bytes: [UInt8]) -> JSON { .text(Hexadecimal.text(of: bytes)) }

  static func time(_ moment: Timestamp) -> JSON { .text(moment.description) }
}
