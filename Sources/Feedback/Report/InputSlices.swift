internal import Domain
internal import Statistics

/// How the values of each input are sorted into slices: texts and numbers of few values one by one, other numbers by
/// their quartiles.
public struct InputSlices: Hashable, Sendable {
  private var cuts: [RawText: Cut] = [:]

  private enum Cut: Hashable {
    case values(Set<RawText>)
    /// Between four slices: each holds what is over the edge before and at most its own.
    case edges([Double])
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
        cuts[name] = .edges(edges)
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

  private static func span(_ number: Double, _ edges: [Double]) -> String {
    let place = edges.firstIndex { number <= $0 } ?? edges.count
    let text = edges.map { Self.text($0) }
    if place == 0 { return " ≤ \(text.first ?? "")" }
    if place == edges.count { return " > \(text.last ?? "")" }
    return " in (\(text[place - 1]), \(text[place])]"
  }

  /// An edge in about four digits: it is a quartile of a sample, not a value to be told exactly.
  private static func text(_ value: Double) -> String {
    guard value != 0, value.isFinite, value.magnitude < 1e15 else { return Decimal.shortest(value) }
    var scale = 1.0
    while value.magnitude * scale < 1000, scale < 1e12 { scale *= 10 }
    return Decimal.shortest((value * scale).rounded() / scale)
  }
}
