internal import Domain

extension JSON {
  /// The member at the end of a path of keys, for example `data.raw.feature`.
  func member(_ path: String) -> JSON? {
    path.split(separator: ".").reduce(self) { $0?[RawText(String($1))] }
  }

  /// The numbers of a list at the path.
  func numbers(_ path: String) throws(AlibiError) -> [Double] {
    guard let numbers = member(path)?.numbers else { throw .malformed(path, needed: "a list of numbers") }
    return numbers
  }

  /// Whole numbers of a list at the path; none where it is missing.
  func integers(_ path: String) -> [Int] {
    (member(path)?.array ?? []).compactMap { $0.integer.flatMap { Int(exactly: $0) } }
  }

  /// The number at the path, or the only one of a list: alibi's AnchorImage writes `[1.0]` for an empty anchor.
  func loneNumber(_ path: String) throws(AlibiError) -> Double {
    let value = member(path)
    guard let number = value?.numberOrNaN ?? value?[0]?.numberOrNaN else { throw .malformed(path, needed: "a number") }
    return number
  }

  /// An array of numbers.
  static func numbers(_ values: [Double]) -> JSON { .array(values.map(JSON.number)) }
}
