/// Count, mean and central moments of numbers seen one at a time (Welford 1962; merging after Chan et al. 1979
/// and Pébay 2008). NaN is counted as missing and otherwise ignored.
public struct Moments: Hashable, Sendable {
  public private(set) var count = 0
  /// How many NaN were seen.
  public private(set) var missing = 0
  private var first = 0.0
  private var second = 0.0
  private var third = 0.0
  /// The least value, nil when there is none.
  public private(set) var minimum: Double?
  /// The greatest value, nil when there is none.
  public private(set) var maximum: Double?

  public init() {}

  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Takes one more number in.
  public mutating func add(_ value: Double) {
    if value.isNaN {
      missing += 1
      return
    }
    let before = Double(count)
    count += 1
    let n = Double(count)
    let delta = value - first
    let step = delta / n
    let term = delta * step * before
    first += step
    third += term * step * (n - 2) - 3 * step * second
    second += term
    minimum = min(minimum ?? value, value)
    maximum = max(maximum ?? value, value)
  }

  /// Takes in everything that another saw.
  public mutating func merge(_ other: Moments) {
    missing += other.missing
    guard other.count > 0 else { return }
    let a = Double(count)
    let b = Double(other.count)
    let n = a + b
    let delta = other.first - first
    let cubic = delta * delta * delta * a * b * (a - b) / (n * n)
    third += other.third + cubic + 3 * delta * (a * other.second - b * second) / n
    second += other.second + delta * delta * a * b / n
    first += delta * b / n
    count += other.count
    if let least = other.minimum { minimum = min(minimum ?? least, least) }
    if let greatest = other.maximum { maximum = max(maximum ?? greatest, greatest) }
  }

  /// The arithmetic mean, nil without values.
  public var mean: Double? { count > 0 ? first : nil }

  /// Σ(x−x̄)²/n, numpy's default, nil without values.
  public var populationVariance: Double? { count > 0 ? second / Double(count) : nil }

  /// Σ(x−x̄)²/(n−1), nil with fewer than two values.
  public var sampleVariance: Double? { count > 1 ? second / Double(count - 1) : nil }

  /// √ of the population variance.
  public var populationDeviation: Double? { populationVariance?.squareRoot() }

  /// g₁ = m₃/m₂^{3/2} of the population, nil without spread.
  public var skewness: Double? {
    guard let deviation = populationDeviation, deviation > 0 else { return nil }
    return third / Double(count) / (deviation * deviation * deviation)
  }
}
