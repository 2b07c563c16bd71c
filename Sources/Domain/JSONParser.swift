/// Why bytes were not read as JSON: what was met, and at which byte.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public var reason: String
  public var offset: Int
  /// Whether a limit of ours was met: the bytes may be JSON.
  public var isLimit = false

  public var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
  /// Reads one value that fills the bytes, by RFC 8259 with the liberties that Python servers take: the literals
  /// NaN, Infinity and -Infinity; strings that are no UTF-8 keep their bytes.
  public init(parsing bytes: some Collection<UInt8>, depth: Int = 64, elements: Int = 2_000_000) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes), depthLimit: depth, elementLimit: elements)
    self = try parser.document()
  }

  /// Reads one value that fills the text.
  public init(parsing text: String, depth: Int = 64) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), depth: depth)
  }
}

struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  let elementLimit: Int
  var position = 0
  var elements = 0

  init(bytes: [UInt8], depthLimit: Int, elementLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    self.elementLimit = elementLimit
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("more text after the value") }
    return value
  }

  private func failure(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }

  private func limit(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position, isLimit: true) }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func accept(_ literal: StaticString) -> Bool {
    let end = position + literal.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    for index in 0..<literal.utf8CodeUnitCount where bytes[position + index] != literal.utf8Start[index] {
      return false
    }
    position = end
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth < depthLimit else { throw limit("nested deeper than \(depthLimit)") }
    elements += 1
    guard elements <= elementLimit else { throw limit("more than \(elementLimit) values") }
    skipSpace()
    guard position < bytes.count else { throw failure("the text ends where a value should be") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(RawText(bytes: try string()))
    case UInt8(ascii: "t") where accept("true"): return .bool(true)
    case UInt8(ascii: "f") where accept("false"): return .bool(false)
    case UInt8(ascii: "n") where accept("null"): return .null
    case UInt8(ascii: "N") where accept("NaN"): return .number(.nan)
    case UInt8(ascii: "I") where accept("Infinity"): return .number(.infinity)
    case UInt8(ascii: "-") where accept("-Infinity"): return .number(-.infinity)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure("no JSON value starts here")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipSpace()
    if accept("}") { return .object([]) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure("a key is missing") }
      let key = RawText(bytes: try string())
      skipSpace()
      guard accept(":") else { throw failure("a colon is missing") }
      members.append(JSON.Member(key, try value(depth: depth + 1)))
      skipSpace()
      if accept(",") { continue }
      if accept("}") { return .object(members) }
      throw failure("a comma or } is missing")
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var values: [JSON] = []
    skipSpace()
    if accept("]") { return .array([]) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if accept(",") { continue }
      if accept("]") { return .array(values) }
      throw failure("a comma or ] is missing")
    }
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    var isInteger = true
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isInteger = false
      default: break scan
      }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      if let value = Int64(text) { return .integer(value) }
      if let value = UInt64(text) { return .unsigned(value) }
    }
    guard let value = Double(text) else {
      position = start
      throw failure("no number")
    }
    guard value.isFinite else {
      position = start
      throw failure("the number \(text.prefix(30)) is beyond what 64 bits hold")
    }
    return .number(value)
  }

  private mutating func string() throws(JSONError) -> [UInt8] {
    position += 1
    var result: [UInt8] = []
    // Runs without an escape, which most strings are from end to end, are copied at once.
    var run = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        result += bytes[run..<position]
        position += 1
        return result
      case UInt8(ascii: "\\"):
        result += bytes[run..<position]
        try escape(into: &result)
        run = position
      case 0x00..<0x20:
        throw failure("a control character stands in a string")
      default:
        position += 1
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
    guard position + 1 < bytes.count else { throw failure("a string does not end") }
    let byte = bytes[position + 1]
    position += 2
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape(into: &result)
    default: throw failure("no such escape")
    }
  }

  private mutating func unicodeEscape(into result: inout [UInt8]) throws(JSONError) {
    var unit = try hexUnit()
    if (0xD800..<0xDC00).contains(unit), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let before = position
      position += 2
      let low = try hexUnit()
      if (0xDC00..<0xE000).contains(low) {
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      } else {
        position = before
      }
    }
    result += Array(String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8)
  }

  private mutating func hexUnit() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("a \\u escape is cut short") }
    var unit: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("a \\u escape is no hexadecimal number")
      }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }
}
