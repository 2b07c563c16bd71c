public import Domain
internal import Statistics

/// Windows held against other cases of the same model, value by value, by the rules of a tool.
///
/// Compared are the fields whose values are numbers or one of several; of a text or a picture only a detector knows how.
public struct BaselineComparison: Sendable {
  /// What the windows are compared with, to be drawn.
  public let reference: Reference
  private let rules: DriftRules
  private let fields: [Field]

  /// One field of the form with the baseline's values.
  private struct Field: Sendable {
    var place: Int
    var name: RawText
    var values: Values
    var bins: ReferenceBins
  }

  private enum Values: Sendable {
    case numbers([Double])
    /// Codes of labels.
    case labels([Int], codes: [RawText: Int])
  }

  /// Nil where no field can be compared or there are no records.
  public init?(_ records: [Record], signature: Signature, rules: DriftRules) {
    guard !records.isEmpty else { return nil }
    let rows = records.map { signature.values(in: $0) }
    var fields: [Field] = []
    var features: [Reference.Feature] = []
    for (place, field) in signature.fields.enumerated() {
      let column = rows.compactMap { place < $0.count ? $0[place] : nil }
      guard let made = BaselineComparison.values(column, field.kind),
        let distribution = BaselineComparison.distribution(made), let bins = ReferenceBins(distribution)
      else { continue }
      fields.append(Field(place: place, name: field.name, values: made, bins: bins))
      features.append(Reference.Feature(name: field.name, distribution: distribution))
    }
    guard !fields.isEmpty else { return nil }
    self.fields = fields
    self.rules = rules
    reference = Reference(count: records.count, features: features)
  }

  private static func values(_ column: [FieldValue], _ kind: Domain.Field.Kind) -> Values? {
    switch kind {
    case .number, .integer:
      return .numbers(column.map { $0.number ?? .nan })
    case .flag, .category:
      let labels = Array(Set(column.map(\.text))).sorted()
      let codes = Dictionary(labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
      return .labels(column.compactMap { codes[$0.text] }, codes: codes)
    case .text, .image, .list, .open: return nil
    }
  }

  /// The baseline's values in bins, for a histogram: the tests themselves take the values as they are.
  private static func distribution(_ values: Values) -> Reference.Distribution? {
    switch values {
    case .numbers(let numbers):
      let kept = numbers.filter { !$0.isNaN }
      guard let edges = BinEdges.doane(SortedSample(kept)) else { return nil }
      return .numeric(edges: edges.values, counts: Histogram(kept, edges: edges).counts)
    case .labels(let labels, let codes):
      var counts = Array(repeating: 0, count: codes.count)
      for label in labels { counts[label] += 1 }
      return .categorical(labels: codes.sorted { $0.value < $1.value }.map(\.key), counts: counts)
    }
  }

  /// The comparison of one window's records.
  public func result(of records: [Record], signature: Signature) -> Window.Result {
    let rows = records.map { signature.values(in: $0) }
    let samples = fields.map { sample(of: $0, rows) }
    let profile = DriftProfile(rawValue: rules.rawValue) ?? .alibi
    let report = DriftTest(profile: profile).run(samples)
    let features = zip(fields, zip(samples, report.features)).map { field, tested in
      feature(field, tested.0, tested.1, rows)
    }
    return Window.Result(
      source: .local, detector: ModelID(""), method: RawText(rules.rawValue), correction: correction,
      threshold: report.threshold ?? report.level, referenceCount: reference.count, isDrift: report.verdict == .drift,
      features: features)
  }

  private var correction: RawText {
    switch rules {
    case .alibi: "Bonferroni"
    case .evidently: "drift from half on"
    case .nannyml: "3σ of its chunks"
    case .whylogs: "none"
    }
  }

  private func sample(of field: Field, _ rows: [[FieldValue]]) -> FeatureSample {
    let column = rows.compactMap { field.place < $0.count ? $0[field.place] : nil }
    switch field.values {
    case .numbers(let reference):
      return .numeric(reference: reference, current: column.map { $0.number ?? .nan })
    case .labels(let reference, let codes):
      // Labels that the baseline does not know get codes of their own.
      var codes = codes
      let current = column.map { value -> Int in
        let code = codes[value.text] ?? codes.count
        codes[value.text] = code
        return code
      }
      return .categorical(reference: reference, current: current)
    }
  }

  private func feature(
    _ field: Field, _ sample: FeatureSample, _ tested: Statistics.FeatureDrift, _ rows: [[FieldValue]]
  ) -> Domain.FeatureDrift {
    var current = Array(repeating: 0, count: field.bins.count)
    for row in rows where field.place < row.count {
      if let bin = field.bins.bin(of: row[field.place]) { current[bin] += 1 }
    }
    let (method, effect) = measure(tested, sample)
    return Domain.FeatureDrift(
      name: field.name, method: method, statistic: tested.statistic ?? .nan, effect: effect,
      pValue: tested.pValue ?? .nan, isDrifted: tested.verdict == .drift, current: current)
  }

  /// The method by its name, and the effect: D, Cramér's V, or the distance itself.
  private func measure(
    _ tested: Statistics.FeatureDrift, _ sample: FeatureSample
  ) -> (Domain.FeatureDrift.Method, effect: Double) {
    let statistic = tested.statistic ?? 0
    switch tested.method {
    case .kolmogorovSmirnov: return (.kolmogorovSmirnov, statistic)
    case .chiSquared:
      return (.chiSquared(degreesOfFreedom: max(0, (tested.bins ?? 1) - 1)), tested.cramersV ?? 0)
    case .chiSquaredFit: return (.other("χ² fit", limit: nil), cramersV(sample))
    case .twoProportions: return (.other("z", limit: nil), cramersV(sample))
    case .wasserstein, .jensenShannon, .populationStability, .hellinger:
      return (.other(RawText(tested.method.name), limit: tested.threshold), statistic)
    }
  }

  private func cramersV(_ sample: FeatureSample) -> Double {
    switch sample {
    case .categorical(let reference, let current):
      let counts = CategoryCounts(reference: reference, current: current)
      return ChiSquaredTest(reference: counts.reference, current: counts.current)?.cramersV ?? 0
    case .numeric(let reference, let current):
      let counts = CategoryCounts(reference: reference, current: current)
      return ChiSquaredTest(reference: counts.reference, current: counts.current)?.cramersV ?? 0
    case .counts, .binned: return 0
    }
  }
}
