/// What a feature's drift number is: the test or distance behind it.
public enum DriftMethod: Hashable, Sendable {
  case kolmogorovSmirnov(KolmogorovSmirnovTest.Method)
  /// χ² of the 2×K table of reference and current counts.
  case chiSquared
  /// χ² of current counts against the reference's shares as expectation.
  case chiSquaredFit
  case twoProportions
  /// Wasserstein distance in units of the reference's standard deviation.
  case wasserstein
  /// Jensen–Shannon distance, in base 2 or e.
  case jensenShannon(base2: Bool)
  case populationStability
  case hellinger

  /// The short name that stands beside the number.
  public var name: String {
    switch self {
    case .kolmogorovSmirnov(.exact): "KS exact"
    case .kolmogorovSmirnov(.asymptotic): "KS asymptotic"
    case .kolmogorovSmirnov(.automatic): "KS"
    case .chiSquared: "chi2"
    case .chiSquaredFit: "chi2 fit"
    case .twoProportions: "z"
    case .wasserstein: "W1/sd"
    case .jensenShannon(base2: true): "JS base 2"
    case .jensenShannon(base2: false): "JS base e"
    case .populationStability: "PSI"
    case .hellinger: "Hellinger"
    }
  }
}
