internal import Domain

/// Numbers and lists of them, as a catalogue has them.
extension TableReader {
  mutating func number(_ name: String) -> Double? {
    guard let node = node(name) else { return nil }
    if let number = node.number { return number }
    note(Mistake(line: node.line, what: "\(name) is \(node.kind)", advice: "it is to be a number"))
    return nil
  }

  /// A list of texts as JSON.
  mutating func texts(_ name: String) -> JSON? {
    strings(name, example: "[\"one\", \"two\"]").map { .array($0.map { .text($0) }) }
  }

  /// Extents of a tensor: whole numbers from -1 on.
  mutating func extents(_ name: String) -> [Int]? {
    guard let node = node(name) else { return nil }
    if case .array(let elements) = node.value {
      let extents = elements.compactMap { element in
        if case .integer(let extent) = element.value, extent >= -1 { extent } else { nil }
      }
      if extents.count == elements.count, !extents.isEmpty { return extents }
    }
    note(Mistake(line: node.line, what: "\(name) is no shape", advice: "write it as \(name) = [-1, 13]"))
    return nil
  }

  /// The lowest and the highest value.
  mutating func range(_ name: String) -> JSON? {
    guard let node = node(name) else { return nil }
    if let range = node.range { return range }
    note(Mistake(line: node.line, what: "\(name) is no range", advice: "write it as \(name) = [0, 10]"))
    return nil
  }

  /// A range for each feature.
  mutating func ranges(_ name: String) -> [JSON]? {
    guard let node = node(name) else { return nil }
    if case .array(let elements) = node.value {
      let ranges = elements.compactMap(\.range)
      if ranges.count == elements.count, !ranges.isEmpty { return ranges }
    }
    note(
      Mistake(line: node.line, what: "\(name) is no list of ranges", advice: "write it as \(name) = [[0, 10], [1, 5]]"))
    return nil
  }
}

extension Node {
  fileprivate var number: Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .string, .bool, .array, .table, .other: nil
    }
  }

  fileprivate var range: JSON? {
    guard case .array(let ends) = value, ends.count == 2, let low = ends[0].number, let high = ends[1].number,
      low <= high
    else { return nil }
    return .array([.number(low), .number(high)])
  }
}
