/// The range in which a chunk's value is ordinary, learnt from the reference's own chunks: mean ± 3σ, σ of the population
/// (NannyML's default threshold).
public struct ReferenceBand: Hashable, Sendable {
  public let mean: Double
  /// mean − 3σ.
  public let lower: Double
  /// mean + 3σ.
  public let upper: Double

  /// Nil when no chunk has a value; NaN chunks are ignored.
  public init?(_ chunkValues: [Double], deviations: Double = 3) {
    let moments = Moments(chunkValues)
    guard let mean = moments.mean, let deviation = moments.populationDeviation else { return nil }
    self.mean = mean
    lower = mean - deviations * deviation
    upper = mean + deviations * deviation
  }

  /// A sequence cut as NannyML's default chunker cuts: n/10 rows each, a remainder as an eleventh chunk; empty below 10.
  public static func chunks<Element>(_ values: [Element]) -> [ArraySlice<Element>] {
    let size = values.count / 10
    guard size > 0 else { return [] }
    return stride(from: 0, to: values.count, by: size).map { values[$0..<min($0 + size, values.count)] }
  }
}
