internal import Domain
internal import Statistics

/// How the values of each input are sorted into slices: texts and numbers of few values one by one, other numbers by
/// their quartiles.
public struct InputSlices: Hashable, Sendable {
  private var cuts: [RawText: Cut] = [:]

  private enum Cut: Hashable {
    case values(Set<RawText>)
    /// Between slices: each holds what is over the edge before and at most its own.
    case edges([Edge])
  }

  private struct Edge: Hashable {
    var value: Double
    /// As it is written: no two edges of an input are written alike.
    var text: String
  }

  /// Values of an input that are slices of their own; one with more texts is free text, or a name.
  private static let most = 12

  /// From cases that are a sample of all.
  init(_ sample: [[JudgedView.Input]]) {
    var numbers: [RawText: [Double]] = [:]
    var texts: [RawText: Set<RawText>] = [:]
    for input in sample.joined() {
      texts[input.name, default: []].insert(input.text)
      if let number = input.number, !number.isNaN { numbers[input.name, default: []].append(number) }
    }
    for (name, values) in texts {
      if values.count <= Self.most {
        cuts[name] = .values(values)
      } else if let numbers = numbers[name] {
        let sorted = SortedSample(numbers)
        let edges = Set([0.25, 0.5, 0.75].compactMap { sorted.quantile($0) }).sorted()
        cuts[name] = .edges(Self.written(edges))
      }
    }
  }

  /// The slices that a case is in, one an input: `seal = broken`, `alcohol in (12.4, 13.1]`; a value that the sample did
  /// not have is in none.
  func names(_ inputs: [JudgedView.Input]) -> [(input: RawText, slice: RawText)] {
    inputs.compactMap { input in
      switch cuts[input.name] {
      case nil: return nil
      case .values(let values):
        guard values.contains(input.text) else { return nil }
        return (input.name, input.name.appending(" = ").appending(input.text))
      case .edges(let edges):
        guard let number = input.number, !number.isNaN else { return nil }
        return (input.name, input.name.appending(RawText(Self.span(number, edges))))
      }
    }
  }

  private static func span(_ number: Double, _ edges: [Edge]) -> String {
    let place = edges.firstIndex { number <= $0.value } ?? edges.count
    if place == 0 { return " ≤ \(edges.first?.text ?? "")" }
    if place == edges.count { return " > \(edges.last?.text ?? "")" }
    return " in (\(edges[place - 1].text), \(edges[place].text)]"
  }

  /// Edges in about four digits, as they are quartiles of a sample and no values to be told exactly; in as many more as
  /// tell them apart. A slice is what its name says: the edge is the written one.
  private static func written(_ edges: [Double]) -> [Edge] {
    for digits in 4..<17 {
      let texts = edges.map { text($0, digits: digits) }
      if Set(texts).count == edges.count { return zip(edges, texts).map { Edge(value: Double($1) ?? $0, text: $1) } }
    }
    return edges.map { Edge(value: $0, text: Decimal.shortest($0)) }
  }

  private static func text(_ value: Double, digits: Int) -> String {
    guard value != 0, value.isFinite, value.magnitude < 1e15 else { return Decimal.shortest(value) }
    var (scale, least) = (1.0, 1.0)
    for _ in 1..<digits { least *= 10 }
    while value.magnitude * scale < least, scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return Decimal.shortest(rounded.isFinite ? rounded : value)
  }
}
