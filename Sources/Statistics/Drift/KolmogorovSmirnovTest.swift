internal import Glibc

/// The two-sample, two-sided Kolmogorov–Smirnov test: D = max |F_reference − F_current|
/// (Smirnov 1939; scipy `ks_2samp`).
public struct KolmogorovSmirnovTest: Hashable, Sendable {
  /// How the p-value is computed.
  public enum Method: String, Hashable, Sendable {
    /// Exact when neither sample has more than 10,000 values, else asymptotic (scipy `method='auto'`).
    case automatic
    /// Counting lattice paths, asymptotic when lcm(n, m) leaves 32 bits (scipy `method='exact'`).
    case exact
    /// P(D_k > D) of one sample of k = round(nm/(n+m)) (scipy `method='asymp'`, what alibi-detect asks for).
    case asymptotic
  }

  /// D, in 0...1.
  public let statistic: Double
  /// The least value at which the distance is D.
  public let location: Double
  /// Whether the reference's distribution function is the higher one there: current values lie further up.
  public let referenceIsAbove: Bool
  public let pValue: Double
  /// `exact` or `asymptotic`, whichever answered.
  public let method: Method
  /// n, missing values apart.
  public let referenceCount: Int
  /// m, missing values apart.
  public let currentCount: Int

  /// Nil when a sample is empty.
  public init?(reference: SortedSample, current: SortedSample, method: Method = .automatic) {
    guard let gap = Self.widestGap(reference.values, current.values) else { return nil }
    let n = reference.count
    let m = current.count
    referenceCount = n
    currentCount = m
    statistic = Double(gap.steps) / (Double(n) * Double(m))
    location = gap.location
    referenceIsAbove = gap.referenceIsAbove
    self.method = Self.chosen(method, n, m)
    pValue = Self.pValue(distance: statistic, referenceCount: n, currentCount: m, method: method)
  }

  /// Nil when a sample has no number in it; NaN is left out.
  public init?(reference: [Double], current: [Double], method: Method = .automatic) {
    self.init(reference: SortedSample(reference), current: SortedSample(current), method: method)
  }

  /// The p-value of a distance between samples of n and m; NaN when one of them is empty.
  public static func pValue(
    distance: Double, referenceCount n: Int, currentCount m: Int, method: Method = .automatic
  ) -> Double {
    guard n > 0, m > 0, !distance.isNaN else { return .nan }
    switch chosen(method, n, m) {
    case .exact, .automatic:
      let paths = LatticePaths(n, m)
      return paths.shareReaching(Int((min(1, max(0, distance)) * Double(paths.steps)).rounded()))
    case .asymptotic:
      return KolmogorovSmirnovDistribution(count: effectiveCount(n, m))?.survival(distance) ?? 1
    }
  }

  /// The least distance whose p-value is below `pValue`, as a chart's threshold line shows it.
  ///
  /// Nil when samples this small cannot reach it, or when `pValue` lies outside 0..<1.
  public static func criticalDistance(
    atPValue pValue: Double, referenceCount n: Int, currentCount m: Int, method: Method = .automatic
  ) -> Double? {
    guard n > 0, m > 0, pValue > 0, pValue < 1 else { return nil }
    switch chosen(method, n, m) {
    case .exact, .automatic:
      let paths = LatticePaths(n, m)
      // Far distances are the costly ones: look up to a little beyond the limit law's answer first.
      let near = KolmogorovDistribution.critical(atPValue: pValue) * (1 / Double(n) + 1 / Double(m)).squareRoot()
      let bound = min(paths.steps, Int(near * 1.2 * Double(paths.steps)) + 1)
      let isBelow = { paths.shareReaching($0) < pValue }
      let steps =
        RootSearch.least(from: 1, through: bound, where: isBelow)
        ?? RootSearch.least(from: bound + 1, through: paths.steps, where: isBelow)
      return steps.map { Double($0) / Double(paths.steps) }
    case .asymptotic:
      return KolmogorovSmirnovDistribution(count: effectiveCount(n, m))?.critical(atPValue: pValue)
    }
  }

  /// round(nm/(n+m)), halves to even as numpy rounds.
  static func effectiveCount(_ n: Int, _ m: Int) -> Int {
    let product = Double(max(n, m)) * Double(min(n, m))
    return Int((product / (Double(n) + Double(m))).rounded(.toNearestOrEven))
  }

  private static func chosen(_ method: Method, _ n: Int, _ m: Int) -> Method {
    switch method {
    case .asymptotic: return .asymptotic
    case .automatic: return max(n, m) <= 10_000 ? .exact : .asymptotic
    case .exact:
      let divisor = LatticePaths.greatestCommonDivisor(n, m)
      let limit = Double(Int32.max) / Double(m / divisor)
      return Double(n / divisor) >= limit ? .asymptotic : .exact
    }
  }

  /// The widest gap between the two distribution functions, in units of 1/(nm), walked in one merge.
  private static func widestGap(
    _ reference: [Double], _ current: [Double]
  ) -> (steps: Int, location: Double, referenceIsAbove: Bool)? {
    guard let firstReference = reference.first, let firstCurrent = current.first else { return nil }
    var widest = (steps: 0, location: min(firstReference, firstCurrent), referenceIsAbove: true)
    var i = 0
    var j = 0
    while i < reference.count && j < current.count {
      let value = min(reference[i], current[j])
      while i < reference.count && reference[i] == value { i += 1 }
      while j < current.count && current[j] == value { j += 1 }
      let gap = i * current.count - j * reference.count
      if abs(gap) > widest.steps { widest = (abs(gap), value, gap > 0) }
    }
    return widest
  }
}
