public import Domain

/// The one way that a value is written when its bytes are hashed: members sorted by the bytes of their keys, no
/// spaces, whole numbers exact, other numbers in the shortest form that reads back the same (after RFC 8785).
public enum CanonicalJSON {
  /// Why a value has no canonical form.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(JSONError)
    case notFinite
    case notUTF8
    case duplicateKey(RawText)

    public var description: String {
      switch self {
      case .notJSON(let error): error.description
      case .notFinite: "a number is NaN or infinite"
      case .notUTF8: "a text is no UTF-8"
      case .duplicateKey(let key): "the key \(key.string) stands twice"
      }
    }
  }

  /// Deep enough for a foreign value at its own limit, which is wrapped to be kept.
  private static let depth = 256

  /// The canonical bytes; throws for NaN, infinities, bytes that are no UTF-8 and keys that stand twice.
  public static func bytes(of value: JSON) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    try write(value, to: &output)
    return output
  }

  /// Reads JSON that has a canonical form, in whatever form it stands: the same throws as for writing. More than
  /// `elements` values are refused.
  public static func parse(_ bytes: [UInt8], elements: Int = 2_000_000) throws(Failure) -> JSON {
    let value: JSON
    do {
      value = try JSON(parsing: bytes, depth: depth, elements: elements)
    } catch {
      throw .notJSON(error)
    }
    try check(value)
    return value
  }

  private static func check(_ value: JSON) throws(Failure) {
    switch value {
    case .null, .bool, .integer, .unsigned: return
    case .number(let number):
      guard number.isFinite else { throw .notFinite }
    case .string(let text):
      guard text.isUTF8 else { throw .notUTF8 }
    case .array(let values):
      for value in values { try check(value) }
    case .object(let members):
      _ = try sorted(members)
      for member in members { try check(member.value) }
    }
  }

  private static func write(_ value: JSON, to output: inout [UInt8]) throws(Failure) {
    switch value {
    case .null, .bool, .integer, .unsigned: value.write(to: &output)
    case .number(let number):
      guard number.isFinite else { throw .notFinite }
      output += text(of: number).utf8
    case .string(let text):
      guard text.isUTF8 else { throw .notUTF8 }
      value.write(to: &output)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        try write(value, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in try sorted(members).enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSON.string(member.key).write(to: &output)
        output.append(UInt8(ascii: ":"))
        try write(member.value, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Minus zero keeps its fraction, or it would read back as the integer 0.
  private static func text(of number: Double) -> String {
    number == 0 && number.sign == .minus ? "-0.0" : Decimal.shortest(number)
  }

  private static func sorted(_ members: [JSON.Member]) throws(Failure) -> [JSON.Member] {
    // What is read was mostly written here: in order already.
    let isOrdered = zip(members, members.dropFirst()).allSatisfy { $0.key < $1.key }
    let sorted = isOrdered ? members : members.sorted { $0.key < $1.key }
    for (left, right) in zip(sorted, sorted.dropFirst()) where left.key == right.key {
      throw .duplicateKey(left.key)
    }
    for member in sorted where !member.key.isUTF8 { throw .notUTF8 }
    return sorted
  }
}
