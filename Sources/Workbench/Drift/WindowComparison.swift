public import Domain
internal import Statistics

/// A window's records held against a detector's published reference: their own bins, and what the detector's answer says
/// of each feature, in numbers that can be compared.
public struct WindowComparison: Sendable {
  public var reference: Reference?
  /// The model's signature, by which the records are read.
  public var signature: Signature

  public init(reference: Reference?, signature: Signature) {
    self.reference = reference
    self.signature = signature
  }

  /// A detector's answer on these records, feature by feature, in its order.
  public func features(of answer: DriftAnswer, records: [Record]) -> [Domain.FeatureDrift] {
    let names = reference?.features.map(\.name) ?? names(of: answer.pValues.count)
    let counts = counts(of: records)
    let decides = answer.featureFlags.count == answer.pValues.count
    return names.enumerated().compactMap { index, name in
      guard index < answer.pValues.count, index < answer.distances.count else { return nil }
      let current = counts[name] ?? []
      let measured = measure(answer.distances[index], index, current, records.count)
      let pValue = answer.pValues[index]
      return Domain.FeatureDrift(
        name: name, method: measured.method, statistic: answer.distances[index], effect: measured.effect,
        pValue: pValue,
        isDrifted: decides ? answer.featureFlags[index] : pValue < answer.threshold, current: current)
    }
  }

  /// A detector without a published reference answers in the order of the model's fields.
  private func names(of count: Int) -> [RawText] {
    signature.fields.count == count
      ? signature.fields.map(\.name) : (0..<count).map { RawText("feature \($0 + 1)") }
  }

  /// The method of a statistic and its effect: D itself, or Cramér's V over the categories that occur on either side.
  private func measure(
    _ statistic: Double, _ index: Int, _ current: [Int], _ count: Int
  ) -> (method: Domain.FeatureDrift.Method, effect: Double) {
    guard case .categorical(_, let counts)? = reference?.features[index].distribution else {
      return (.kolmogorovSmirnov, statistic)
    }
    // The test leaves out categories that neither side has: they give no degree of freedom.
    if let test = ChiSquaredTest(reference: counts, current: current) {
      return (.chiSquared(degreesOfFreedom: test.degreesOfFreedom), test.cramersV ?? 0)
    }
    let present = counts.count { $0 > 0 }
    let total = Double(max(1, counts.reduce(0, +) + count))
    return (.chiSquared(degreesOfFreedom: max(0, present - 1)), min(1, (max(0, statistic) / total).squareRoot()))
  }

  /// The records' own counts in the reference's bins, for the features that are fields of the form. What a detector draws
  /// from a text or a picture by itself has none: only the detector knows how.
  public func counts(of records: [Record]) -> [RawText: [Int]] {
    var counts: [RawText: [Int]] = [:]
    let places = places
    for (name, place) in places { counts[name] = Array(repeating: 0, count: place.bins.count) }
    for record in records {
      let values = signature.values(in: record)
      for (name, place) in places {
        guard place.field < values.count, let bin = place.bins.bin(of: values[place.field]) else { continue }
        counts[name]?[bin] += 1
      }
    }
    return counts
  }

  /// Cases in an order that shows a feature's drift: those in the bins that grew most against the reference first, the
  /// newest first within a bin.
  public func ordered(_ cases: [Case], by feature: RawText) -> [Case] {
    let newest = cases.sorted { ($0.at, $0.number) > ($1.at, $1.number) }
    guard let place = places[feature], let counts = counts(of: cases.map(\.record))[feature] else { return newest }
    let total = Double(max(1, counts.reduce(0, +)))
    let base = Double(max(1, place.bins.counts.reduce(0, +)))
    let gains = counts.indices.map { Double(counts[$0]) / total - Double(place.bins.counts[$0]) / base }
    let keyed = newest.enumerated().map { offset, current -> (gain: Double, offset: Int, case: Case) in
      let values = signature.values(in: current.record)
      let bin = place.field < values.count ? place.bins.bin(of: values[place.field]) : nil
      return (bin.map { gains[$0] } ?? -2, offset, current)
    }
    return keyed.sorted { $0.gain == $1.gain ? $0.offset < $1.offset : $0.gain > $1.gain }.map(\.case)
  }

  /// The effect at which a feature's p reaches the limit, with so many rows on each side; nil where there is no such line.
  public static func limit(of method: Domain.FeatureDrift.Method, threshold: Double, referenceCount: Int, count: Int)
    -> Double?
  {
    guard threshold > 0, threshold < 1, referenceCount > 0, count > 0 else { return nil }
    switch method {
    case .other(_, let limit): return limit
    case .kolmogorovSmirnov:
      return KolmogorovSmirnovTest.criticalDistance(
        atPValue: threshold, referenceCount: referenceCount, currentCount: count, method: .asymptotic)
    case .chiSquared(let degrees):
      // At one degree of freedom Yates' correction moves the statistic, so that no V stands for one p.
      guard degrees > 1 else { return nil }
      return ChiSquaredTest.criticalStatistic(atPValue: threshold, degreesOfFreedom: degrees)
        .map { ($0 / Double(referenceCount + count)).squareRoot() }
    }
  }

  // MARK: Bins

  private struct Place {
    var field: Int
    var bins: ReferenceBins
  }

  private var places: [RawText: Place] {
    var places: [RawText: Place] = [:]
    for feature in reference?.features ?? [] {
      guard let field = signature.fields.firstIndex(where: { $0.name == feature.name }),
        let bins = ReferenceBins(feature.distribution)
      else { continue }
      places[feature.name] = Place(field: field, bins: bins)
    }
    return places
  }
}

/// The bins of a feature's reference, and into which one a value falls.
struct ReferenceBins: Sendable {
  /// The reference's own counts, one a bin.
  let counts: [Int]
  private let kind: Kind

  private enum Kind: Sendable {
    case edges(BinEdges)
    case labels([RawText: Int])
  }

  /// Nil where edges or labels do not fit the counts.
  init?(_ distribution: Reference.Distribution) {
    switch distribution {
    case .numeric(let edges, let counts):
      guard let edges = BinEdges(edges), edges.count == counts.count else { return nil }
      kind = .edges(edges)
      self.counts = counts
    case .categorical(let labels, let counts):
      guard labels.count == counts.count else { return nil }
      kind = .labels(Dictionary(labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first })
      self.counts = counts
    }
  }

  var count: Int { counts.count }

  /// The bin of a value; nil for a label that the reference does not know, and for what is no number.
  func bin(of value: FieldValue) -> Int? {
    switch kind {
    case .labels(let labels): return labels[value.text]
    case .edges(let edges):
      guard let number = value.number, !number.isNaN, let first = edges.values.first else { return nil }
      // What lies outside belongs to the outermost bins: the shares must stay whole.
      return edges.bin(of: number) ?? (number < first ? 0 : edges.count - 1)
    }
  }
}
