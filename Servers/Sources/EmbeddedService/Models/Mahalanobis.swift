internal import Domain

/// How far a row lies from the training data, in the data's own spread: √((x−μ)ᵀ P (x−μ)), P the inverse of the
/// shrunk covariance (Mahalanobis 1936). It keeps no state: the same row scores the same on every call.
struct Mahalanobis: Sendable {
  /// Whether it looks at what the drift detector watches, in place of the encoded features.
  var isOfWatched: Bool
  /// Which of them it looks at.
  var features: [Int]
  var mean: [Double]
  /// Row by row.
  var precision: [Double]
  /// The score above which a row is an outlier.
  var threshold: Double
  /// The share of training rows below the threshold.
  var quantile: Double

  init(_ json: JSON) throws(ModelRefusal) {
    guard json["kind"]?.string == "mahalanobis" else { throw ModelRefusal("outlier.json is of an unknown kind") }
    guard let features = json["features"]?.array?.compactMap({ $0.integer.map(Int.init) }),
      let mean = json["mean"]?.numbers, let threshold = json["threshold"]?.number,
      let rows = json["inverse_covariance"]?.array?.compactMap(\.numbers),
      mean.count == features.count, rows.count == mean.count, rows.allSatisfy({ $0.count == mean.count })
    else { throw ModelRefusal("outlier.json lacks features, mean, inverse_covariance or threshold") }
    isOfWatched = json["of"]?.string == "drift"
    self.features = features
    self.mean = mean
    precision = rows.flatMap(\.self)
    self.threshold = threshold
    quantile = json["quantile"]?.number ?? .nan
    for check in json["checks"]?.array ?? [] {
      guard let row = check["row"]?.numbers, row.count == mean.count, let stored = check["score"]?.number else {
        throw ModelRefusal("outlier.json has a check without row or score")
      }
      let found = distance(row)
      guard abs(found - stored) <= 1e-6 * max(1, stored) else {
        throw ModelRefusal("its outlier score differs from the stored one: \(found) where \(stored) is stored")
      }
    }
  }

  /// The score of a row; NaN where a feature is missing.
  func score(_ row: ArraySlice<Double>) -> Double { distance(features.map { row[row.startIndex + $0] }) }

  private func distance(_ values: [Double]) -> Double {
    let gap = zip(values, mean).map { $0 - $1 }
    var sum = 0.0
    for i in gap.indices {
      var product = 0.0
      for j in gap.indices { product += precision[i * gap.count + j] * gap[j] }
      sum += gap[i] * product
    }
    return max(0, sum).squareRoot()
  }
}
