public import Domain

/// Looks, feature by feature, for a change of that feature alone that makes the model answer otherwise: values over the
/// whole range first, then closer to the record's own around what flipped. It asks `rounds` times at most, all features
/// at once, so that a search is a few requests of some hundred rows.
public struct FlipSearch: Equatable, Sendable {
  /// A record with one value changed.
  public struct Candidate: Equatable, Sendable {
    /// The field, as an index of the signature's.
    public var field: Int
    public var value: FieldValue
  }

  /// Requests that a search makes at most.
  public static let rounds = 3
  /// Steps over a numeric range in the first round, and between two neighbours in the later ones.
  static let steps = 8

  public let signature: Signature
  public let values: [FieldValue]
  public let original: Prediction
  /// Candidates of the round to ask now; empty when the search is over.
  public private(set) var candidates: [Candidate] = []
  private var spans: [Int: Span] = [:]
  private var best: [Int: Probe] = [:]
  private var round = 0
  private var asked = 0
  private var tried: Set<Int> = []

  /// The numbers a field may have, and the nearest known flip on each side of the record's own.
  private struct Span: Equatable, Sendable {
    var range: ClosedRange<Double>
    var isWhole: Bool
    /// Between these the label changes: the farther keeps it, the nearer to the record's value first.
    var below: Bracket?
    var above: Bracket?
  }

  private struct Bracket: Equatable, Sendable {
    var keeps: Double
    var flips: Double
  }

  /// `reference` gives the values of fields for which the signature has no range.
  public init(signature: Signature, values: [FieldValue], original: Prediction, reference: Reference? = nil) {
    self.signature = signature
    self.values = values
    self.original = original
    for (index, field) in signature.fields.enumerated() where index < values.count {
      begin(index, field, reference?.features.first { $0.name == field.name })
    }
    tried = Set(candidates.map(\.field))
  }

  private mutating func begin(_ index: Int, _ field: Field, _ reference: Reference.Feature?) {
    switch field.kind {
    case .category(let labels):
      candidates += labels.map(FieldValue.text).filter { $0 != values[index] }.map {
        Candidate(field: index, value: $0)
      }
    case .flag:
      guard case .flag(let isSet) = values[index] else { return }
      candidates.append(Candidate(field: index, value: .flag(!isSet)))
    case .number, .integer:
      guard let present = values[index].number, present.isFinite, let range = Self.range(of: field, reference) else {
        return
      }
      let isWhole = if case .integer = field.kind { true } else { false }
      spans[index] = Span(range: range, isWhole: isWhole)
      let step = (range.upperBound - range.lowerBound) / Double(Self.steps)
      add((0...Self.steps).map { range.lowerBound + Double($0) * step }, to: index)
    case .text, .image, .list, .open: break
    }
  }

  private static func range(of field: Field, _ reference: Reference.Feature?) -> ClosedRange<Double>? {
    if let range = field.range, range.lowerBound < range.upperBound { return range }
    guard case .numeric(let edges, _) = reference?.distribution, let low = edges.first(where: \.isFinite),
      let high = edges.last(where: \.isFinite), low < high
    else { return nil }
    return low...high
  }

  /// Adds numbers as candidates, rounded to what the range can tell apart, without the record's own.
  private mutating func add(_ numbers: [Double], to index: Int) {
    guard let span = spans[index], let present = values[index].number else { return }
    var last: Double?
    for number in numbers {
      let rounded = Self.rounded(number, in: span.range, isWhole: span.isWhole)
      guard rounded != present, rounded != last else { continue }
      last = rounded
      candidates.append(Candidate(field: index, value: value(rounded, signature.fields[index])))
    }
  }

  /// A number with about three digits of its range: `30`, not `29.857142857`.
  private static func rounded(_ number: Double, in range: ClosedRange<Double>, isWhole: Bool) -> Double {
    var unit = 1.0
    if !isWhole {
      let width = range.upperBound - range.lowerBound
      while unit * 50 > width { unit /= 10 }
      while unit * 5000 < width { unit *= 10 }
    }
    // Under 1 by the whole number of units in 1: a power of ten below it is not exact.
    let perOne = (1 / unit).rounded()
    let scaled = unit < 1 ? (number * perOne).rounded() / perOne : (number / unit).rounded() * unit
    return min(range.upperBound, max(range.lowerBound, scaled))
  }

  private func value(_ number: Double, _ field: Field) -> FieldValue {
    guard case .integer(let datatype) = field.kind else { return .number(number) }
    // The ends of a range of 64 bits are no Doubles: the one beside the last lies outside.
    let whole = number.rounded(.towardZero)
    guard datatype.unsignedMaximum == nil else { return .unsigned(UInt64(exactly: max(0, whole)) ?? .max) }
    return .integer(Int64(exactly: whole) ?? (whole < 0 ? .min : .max))
  }

  /// Takes the answers to `candidates`, in their order, and goes on to the next round.
  public mutating func take(_ answers: [Prediction]) {
    asked += candidates.count
    for index in Set(candidates.map(\.field)) {
      let given = zip(candidates, answers).filter { $0.0.field == index }
      if spans[index] == nil {
        takeChoices(index, given)
      } else {
        takeNumbers(index, given)
      }
    }
    round += 1
    candidates = []
    guard round < Self.rounds else { return }
    for index in spans.keys.sorted() {
      for bracket in [spans[index]?.below, spans[index]?.above].compactMap(\.self) {
        let step = (bracket.flips - bracket.keeps) / Double(Self.steps)
        add((1..<Self.steps).map { bracket.keeps + Double($0) * step }, to: index)
      }
    }
    // A bracket that cannot be divided further gives its own ends again.
    candidates = candidates.filter { candidate in
      guard let number = candidate.value.number else { return true }
      return [spans[candidate.field]?.below, spans[candidate.field]?.above].contains { bracket in
        guard let bracket else { return false }
        return number > min(bracket.keeps, bracket.flips) && number < max(bracket.keeps, bracket.flips)
      }
    }
  }

  /// Of the choices that flip, the one that leaves the record's class least.
  private mutating func takeChoices(_ index: Int, _ given: [(Candidate, Prediction)]) {
    for (candidate, answer) in given {
      let probe = probe(candidate, answer)
      guard probe.isFlip, (probe.after ?? 0) < (best[index]?.after ?? .infinity) else { continue }
      best[index] = probe
    }
  }

  private mutating func takeNumbers(_ index: Int, _ given: [(Candidate, Prediction)]) {
    guard let present = values[index].number else { return }
    for isAbove in [false, true] {
      let side = given.compactMap { candidate, answer -> (number: Double, probe: Probe)? in
        guard let number = candidate.value.number, (number > present) == isAbove else { return nil }
        return (number, probe(candidate, answer))
      }.sorted { abs($0.number - present) < abs($1.number - present) }
      let old = isAbove ? spans[index]?.above : spans[index]?.below
      guard let first = side.firstIndex(where: \.probe.isFlip) else {
        if let old, let last = side.last {
          let closer = Bracket(keeps: last.number, flips: old.flips)
          if isAbove { spans[index]?.above = closer } else { spans[index]?.below = closer }
        }
        continue
      }
      let keeps = first > 0 ? side[first - 1].number : old?.keeps ?? present
      let bracket = Bracket(keeps: keeps, flips: side[first].number)
      if isAbove { spans[index]?.above = bracket } else { spans[index]?.below = bracket }
      keep(side[first].probe, at: side[first].number, of: index)
    }
  }

  /// Keeps the nearer of two flips of a field.
  private mutating func keep(_ probe: Probe, at number: Double, of index: Int) {
    guard let present = values[index].number else { return }
    let known = [spans[index]?.below?.flips, spans[index]?.above?.flips].compactMap(\.self)
    let nearest = known.map { abs($0 - present) }.min() ?? .infinity
    if abs(number - present) <= nearest { best[index] = probe }
  }

  private func probe(_ candidate: Candidate, _ answer: Prediction) -> Probe {
    Probe(
      field: signature.fields[candidate.field], from: values[candidate.field], to: candidate.value, original: original,
      changed: answer)
  }

  /// The values of a candidate's whole record.
  public func record(of candidate: Candidate) -> [FieldValue] {
    var changed = values
    changed[candidate.field] = candidate.value
    return changed
  }

  /// What was found so far: the least of the record's class first.
  public var flips: Flips {
    let found = best.sorted { left, right in
      let a = left.value.after ?? 0
      let b = right.value.after ?? 0
      return a == b ? left.key < right.key : a < b
    }
    return Flips(
      found: found.map(\.value), features: signature.fields.count, untried: signature.fields.count - tried.count,
      rows: asked)
  }
}
