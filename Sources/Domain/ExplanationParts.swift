extension Explanation {
  /// What a mark can be on: a feature, a token, a pixel, a predicate or a region.
  public struct Part: Hashable, Sendable {
    public var name: RawText
    /// Which of those of this name it is; nil where there is one, and where nobody noted it.
    public var occurrence: Occurrence?

    public init(_ name: RawText, occurrence: Occurrence? = nil) {
      self.name = name
      self.occurrence = occurrence
    }

    /// The name, and which one it is where there are several: `the (2nd of 3)`.
    public var text: RawText { occurrence.map { name.appending(RawText(" (\($0.text))")) } ?? name }
  }

  /// One of several parts of a name: the second of three, say.
  public struct Occurrence: Hashable, Sendable {
    /// From 1.
    public var number: Int
    public var count: Int

    public init(_ number: Int, of count: Int) {
      self.number = number
      self.count = count
    }

    /// `2nd of 3`.
    public var text: String {
      let ending =
        switch (number % 10, number % 100) {
        case (_, 11...13): "th"
        case (1, _): "st"
        case (2, _): "nd"
        case (3, _): "rd"
        default: "th"
        }
      return "\(number)\(ending) of \(count)"
    }
  }

  /// What of it a mark can be on, in its order.
  public var parts: ExplanationParts {
    switch content {
    case .attributions(let attributions): ExplanationParts(attributions.features.map(\.name))
    case .anchor(let anchor): ExplanationParts(anchor.parts)
    case .other: ExplanationParts([])
    }
  }
}

extension Anchor {
  /// The predicates; of a picture the regions that the rule keeps, by their number in it.
  public var parts: [RawText] {
    guard predicates.isEmpty, let segments else { return predicates }
    return segments.kept.map { RawText("region \($0)") }
  }
}

/// The parts of an explanation by name; a text has some words more than once.
public struct ExplanationParts: Hashable, Sendable {
  public let names: [RawText]

  public init(_ names: [RawText]) { self.names = names }

  /// Each part, in its order.
  public var all: [Explanation.Part] {
    var count: [RawText: Int] = [:]
    for name in names { count[name, default: 0] += 1 }
    var met: [RawText: Int] = [:]
    return names.map { name in
      met[name, default: 0] += 1
      let (number, count) = (met[name, default: 1], count[name, default: 1])
      return Explanation.Part(name, occurrence: count == 1 ? nil : Explanation.Occurrence(number, of: count))
    }
  }

  /// The part with this index.
  public func part(at index: Int) -> Explanation.Part? {
    guard names.indices.contains(index) else { return nil }
    let name = names[index]
    let count = names.count { $0 == name }
    guard count > 1 else { return Explanation.Part(name) }
    return Explanation.Part(name, occurrence: .init(names[...index].count { $0 == name }, of: count))
  }

  /// Where a part stands; the first of its name where nobody noted which one it is.
  public func index(of part: Explanation.Part) -> Int? {
    var left = part.occurrence?.number ?? 1
    return names.firstIndex { name in
      guard name == part.name else { return false }
      left -= 1
      return left == 0
    }
  }

  /// The part that a number stands for, where no part is called so: `#2` is the second.
  public func part(numbered target: RawText) -> Explanation.Part? {
    guard let number = ExplanationParts.number(target), !names.contains(target) else { return nil }
    return part(at: number - 1)
  }

  /// The number that stands for a part whose name is not to be told.
  public static func number(_ target: RawText) -> Int? {
    guard target.bytes.first == UInt8(ascii: "#"), let number = Int(target.string.dropFirst()), number > 0 else {
      return nil
    }
    return number
  }
}
