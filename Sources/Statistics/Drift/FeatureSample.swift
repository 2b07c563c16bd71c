/// One feature's reference and current values, in time order where they are raw.
public enum FeatureSample: Hashable, Sendable {
  /// Raw numbers; NaN is missing.
  case numeric(reference: [Double], current: [Double])
  /// Raw categories by code; codes need not be contiguous.
  case categorical(reference: [Int], current: [Int])
  /// Counts per category over the union of both sides, one entry per category.
  case counts(reference: [Int], current: [Int])
  /// A reference of which only a histogram was published.
  case binned(reference: Histogram, current: [Double])

  /// How many reference values there are, missing ones apart.
  public var referenceCount: Int {
    switch self {
    case .numeric(let reference, _): reference.count { !$0.isNaN }
    case .categorical(let reference, _): reference.count
    case .counts(let reference, _): reference.reduce(0, +)
    case .binned(let reference, _): reference.total
    }
  }

  /// How many current values there are, missing ones apart.
  public var currentCount: Int {
    switch self {
    case .numeric(_, let current), .binned(_, let current): current.count { !$0.isNaN }
    case .categorical(_, let current): current.count
    case .counts(_, let current): current.reduce(0, +)
    }
  }
}
