/// How far a record lies from what the model was trained on, as one detector says.
public struct Outlier: Hashable, Sendable {
  public var detector: ModelID
  /// The method in words: `IForest`, `Mahalanobis`.
  public var method: RawText
  public var score: Double
  /// The score above which a record is flagged; nil where nobody published it.
  public var threshold: Double?
  public var isOutlier: Bool

  public init(detector: ModelID, method: RawText, score: Double, threshold: Double?, isOutlier: Bool) {
    self.detector = detector
    self.method = method
    self.score = score
    self.threshold = threshold
    self.isOutlier = isOutlier
  }
}

/// What a drift detector answers about a batch of rows.
public struct DriftAnswer: Hashable, Sendable {
  /// The method in words: `TabularDrift`.
  public var method: RawText
  public var isDrift: Bool
  /// One a feature, where the detector tests features one by one.
  public var distances: [Double]
  public var pValues: [Double]
  /// The p under which a feature counts, after the correction: p/F for Bonferroni.
  public var threshold: Double
  /// Flags a feature, where the detector decides feature by feature.
  public var featureFlags: [Bool]

  public init(
    method: RawText, isDrift: Bool, distances: [Double], pValues: [Double], threshold: Double,
    featureFlags: [Bool] = []
  ) {
    self.method = method
    self.isDrift = isDrift
    self.distances = distances
    self.pValues = pValues
    self.threshold = threshold
    self.featureFlags = featureFlags
  }
}

/// What a window is compared with, as a detector publishes it.
public struct Reference: Hashable, Sendable {
  /// Rows in the reference.
  public var count: Int
  public var features: [Feature]

  /// One feature's distribution in the reference.
  public enum Distribution: Hashable, Sendable {
    /// Bins between rising edges (one edge more than counts).
    case numeric(edges: [Double], counts: [Int])
    case categorical(labels: [RawText], counts: [Int])
  }

  public struct Feature: Hashable, Sendable {
    public var name: RawText
    public var distribution: Distribution

    public init(name: RawText, distribution: Distribution) {
      self.name = name
      self.distribution = distribution
    }
  }

  public init(count: Int, features: [Feature]) {
    self.count = count
    self.features = features
  }
}

/// One feature of a window against the reference.
public struct FeatureDrift: Hashable, Sendable {
  public enum Method: Hashable, Sendable {
    case kolmogorovSmirnov
    case chiSquared(degreesOfFreedom: Int)
    /// Another tool's test or distance by its name; a distance drifts from its limit on and has no p.
    case other(RawText, limit: Double?)

    /// `KS`, `χ² 7`.
    public var text: String {
      switch self {
      case .kolmogorovSmirnov: "KS"
      case .chiSquared(let degrees): "χ² \(degrees)"
      case .other(let name, _): name.string
      }
    }
  }

  public var name: RawText
  public var method: Method
  public var statistic: Double
  /// D for KS, Cramér's V for chi-squared: comparable across features, 0 to 1.
  public var effect: Double
  /// Before the correction; NaN for a distance.
  public var pValue: Double
  public var isDrifted: Bool
  /// The window's own distribution, in the reference's bins.
  public var current: [Int]

  public init(
    name: RawText, method: Method, statistic: Double, effect: Double, pValue: Double, isDrifted: Bool,
    current: [Int] = []
  ) {
    self.name = name
    self.method = method
    self.statistic = statistic
    self.effect = effect
    self.pValue = pValue
    self.isDrifted = isDrifted
    self.current = current
  }
}

/// The cases of one model version with event time in [from, to), held against a reference.
public struct Window: Hashable, Sendable {
  public var model: ModelID
  public var from: Timestamp
  public var to: Timestamp
  /// Cases in the window.
  public var count: Int
  public var result: Result?

  /// Who compared.
  public enum Source: String, Hashable, Sendable, Codable {
    /// The model's own detector on the window's rows.
    case detector
    /// Statistics against a published reference.
    case local
    /// The share of drifted calls that the metrics hold.
    case metrics
  }

  public struct Result: Hashable, Sendable {
    public var source: Source
    public var detector: ModelID
    /// `TabularDrift`.
    public var method: RawText
    /// `Bonferroni`.
    public var correction: RawText
    /// The corrected limit of p.
    public var threshold: Double
    public var referenceCount: Int
    public var isDrift: Bool
    public var features: [FeatureDrift]

    public init(
      source: Source, detector: ModelID, method: RawText, correction: RawText, threshold: Double,
      referenceCount: Int, isDrift: Bool, features: [FeatureDrift]
    ) {
      self.source = source
      self.detector = detector
      self.method = method
      self.correction = correction
      self.threshold = threshold
      self.referenceCount = referenceCount
      self.isDrift = isDrift
      self.features = features
    }

    /// How many features are over the limit.
    public var driftedCount: Int { features.count(where: \.isDrifted) }

    /// The share of features over the limit; 1 or 0 for a detector that gives one answer.
    public var driftedShare: Double {
      features.isEmpty ? (isDrift ? 1 : 0) : Double(driftedCount) / Double(features.count)
    }
  }

  /// Windows with fewer cases say nothing.
  public static let smallestCount = 30

  public init(model: ModelID, from: Timestamp, to: Timestamp, count: Int, result: Result? = nil) {
    self.model = model
    self.from = from
    self.to = to
    self.count = count
    self.result = result
  }
}
