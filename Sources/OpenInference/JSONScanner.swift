internal import Domain

/// Walks over JSON text without building a tree of it: members are read or skipped as they come.
///
/// Of two members with the same key the first stands, as in Triton, everywhere in this module.
struct JSONScanner {
  let bytes: [UInt8]
  /// One past the last byte of the text; binary tensors may follow it.
  let end: Int
  let limits: ScanLimits
  var position = 0
  /// Elements that may still come.
  var elementsLeft: Int

  init(bytes: [UInt8], end: Int? = nil, limits: ScanLimits) {
    self.bytes = bytes
    self.end = end ?? bytes.count
    self.limits = limits
    elementsLeft = limits.elements
  }

  func malformed(_ what: String) -> OpenInferenceError { OpenInferenceError(.notJSON(what, offset: position)) }

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < end ? bytes[position] : nil }

  mutating func skipSpace() {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  mutating func accept(_ byte: Unicode.Scalar) -> Bool {
    guard position < end, UInt32(bytes[position]) == byte.value else { return false }
    position += 1
    return true
  }

  mutating func accept(word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= end else { return false }
    let isThere = word.withUTF8Buffer { letters in
      letters.indices.allSatisfy { letters[$0] == bytes[position + $0] }
    }
    if isThere { position += count }
    return isThere
  }

  /// Calls the closure once a member, with its key, the position at its value; the closure moves past the value.
  mutating func object(
    at place: String, _ member: (inout JSONScanner, RawText) throws(OpenInferenceError) -> Void
  ) throws(OpenInferenceError) {
    skipSpace()
    guard next != nil else { throw malformed("the text ends where a value should be") }
    guard accept("{") else { throw OpenInferenceError(.expected("an object"), at: place) }
    skipSpace()
    if accept("}") { return }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw malformed("a key is missing") }
      let key = try string()
      skipSpace()
      guard accept(":") else { throw malformed("a colon is missing") }
      skipSpace()
      try member(&self, key)
      skipSpace()
      if accept(",") { continue }
      if accept("}") { return }
      throw malformed("a comma or } is missing")
    }
  }

  /// Calls the closure once an element, with its index, the position at it; the closure moves past it.
  mutating func list(
    at place: String, _ element: (inout JSONScanner, Int) throws(OpenInferenceError) -> Void
  ) throws(OpenInferenceError) {
    skipSpace()
    guard next != nil else { throw malformed("the text ends where a value should be") }
    guard accept("[") else { throw OpenInferenceError(.expected("a list"), at: place) }
    skipSpace()
    if accept("]") { return }
    var index = 0
    while true {
      skipSpace()
      try element(&self, index)
      index += 1
      skipSpace()
      if accept(",") { continue }
      if accept("]") { return }
      throw malformed("a comma or ] is missing")
    }
  }

  /// Only white space may follow.
  mutating func finish() throws(OpenInferenceError) {
    skipSpace()
    guard position == end else { throw malformed("more text after the value") }
  }

  /// The bytes of a quoted string, escapes resolved; bytes that are no UTF-8 stay as they are.
  mutating func string() throws(OpenInferenceError) -> RawText {
    let start = position
    guard accept("\"") else { throw malformed("a string is missing") }
    let first = position
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = RawText(bytes: bytes[first..<position])
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") {
        try skipString(from: start)
        return try value(from: start, depth: 1).text ?? ""
      }
      if byte < 0x20 { throw malformed("a control character stands in a string") }
      position += 1
    }
    throw malformed("a string does not end")
  }

  private mutating func skipString(from start: Int) throws(OpenInferenceError) {
    position = start + 1
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    position = min(position, end)
    throw malformed("a string does not end")
  }

  /// Moves past one value of any kind, whatever it holds.
  mutating func skipValue(depth: Int = 0) throws(OpenInferenceError) {
    guard depth <= limits.depth else { throw OpenInferenceError(.tooDeep(limit: limits.depth)) }
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): try skipString(from: position)
    case UInt8(ascii: "{"):
      try object(at: "") { (scanner, _) throws(OpenInferenceError) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try list(at: "") { (scanner, _) throws(OpenInferenceError) in try scanner.skipValue(depth: depth + 1) }
    case nil: throw malformed("the text ends where a value should be")
    default:
      let start = position
      scan: while position < end {
        switch bytes[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
          position += 1
        default: break scan
        }
      }
      if position == start { throw malformed("no JSON value starts here") }
    }
  }

  /// One value as a tree: for the small parts.
  mutating func value() throws(OpenInferenceError) -> JSON {
    let start = position
    try skipValue()
    return try value(from: start, depth: limits.depth)
  }

  private func value(from start: Int, depth: Int) throws(OpenInferenceError) -> JSON {
    do {
      return try JSON(parsing: bytes[start..<position], depth: depth + 1)
    } catch {
      throw OpenInferenceError(.notJSON(error.reason, offset: start + error.offset))
    }
  }

  /// The members of an object; none for null.
  mutating func members(at place: String) throws(OpenInferenceError) -> [JSON.Member] {
    switch try value() {
    case .object(let members): return members
    case .null: return []
    default: throw OpenInferenceError(.expected("an object"), at: place)
    }
  }

  /// A string; nil for null.
  mutating func optionalText(at place: String) throws(OpenInferenceError) -> RawText? {
    switch next {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "n") where accept(word: "null"): return nil
    default: throw OpenInferenceError(.expected("a string"), at: place)
    }
  }

  /// A string that must be there.
  mutating func text(at place: String) throws(OpenInferenceError) -> RawText {
    guard let text = try optionalText(at: place) else { throw OpenInferenceError(.expected("a string"), at: place) }
    return text
  }
}
