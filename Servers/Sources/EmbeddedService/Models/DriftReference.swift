internal import Alibi
internal import Domain
internal import Statistics

/// The sample of training rows that drift is measured against.
struct DriftReference: Sendable {
  /// Rows in the sample.
  var count: Int
  /// The p of the test before the correction.
  var level: Double
  var features: [Feature]

  struct Feature: Sendable {
    var name: RawText
    var distribution: Distribution
  }

  enum Distribution: Sendable {
    /// Every value, and a histogram of them for pictures.
    case numeric(SortedSample, edges: [Double], counts: [Int])
    case categorical(categories: [RawText], counts: [Int])
  }

  init(_ json: JSON) throws(ModelRefusal) {
    guard let count = json["n"]?.integer, count > 0, let level = json["p_value"]?.number, 0 < level, level < 1,
      json["correction"]?.string == "bonferroni", let list = json["features"]?.array, !list.isEmpty
    else {
      throw ModelRefusal("reference.json lacks n, a p_value between 0 and 1, the correction bonferroni, or features")
    }
    self.count = Int(count)
    self.level = level
    features = []
    for feature in list {
      guard let name = feature["name"]?.text, let counts = feature["counts"]?.array?.compactMap(\.integer).map(Int.init)
      else { throw ModelRefusal("reference.json has a feature without name or counts") }
      guard counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == count else {
        throw ModelRefusal("reference.json: the counts of \(name) do not add up to \(count)")
      }
      switch feature["kind"]?.string {
      case "numeric":
        guard let values = feature["values"]?.numbers, let edges = feature["edges"]?.numbers,
          edges.count == counts.count + 1, values.count == count, values.allSatisfy(\.isFinite)
        else { throw ModelRefusal("reference.json: \(name) lacks values or edges") }
        features.append(
          Feature(name: name, distribution: .numeric(SortedSample(values), edges: edges, counts: counts)))
      case "categorical":
        guard let categories = feature["categories"]?.texts, categories.count == counts.count else {
          throw ModelRefusal("reference.json: \(name) lacks categories")
        }
        features.append(Feature(name: name, distribution: .categorical(categories: categories, counts: counts)))
      case let kind: throw ModelRefusal("reference.json: \(name) is of an unknown kind: \(kind ?? "none")")
      }
    }
  }

  /// What the detector's metadata publishes: all but the values themselves.
  var published: PublishedReference {
    PublishedReference(
      reference: Reference(
        count: count,
        features: features.map { feature in
          switch feature.distribution {
          case .numeric(_, let edges, let counts):
            .init(name: feature.name, distribution: .numeric(edges: edges, counts: counts))
          case .categorical(let categories, let counts):
            .init(name: feature.name, distribution: .categorical(labels: categories, counts: counts))
          }
        }),
      method: "TabularDrift", correction: "bonferroni", pValue: level)
  }
}

extension DriftReference.Feature {
  /// The statistic and its p for values of this feature; nil where none of them is a number.
  func test(_ values: [Double]) -> (distance: Double, pValue: Double)? {
    switch distribution {
    case .numeric(let sample, _, _):
      return KolmogorovSmirnovTest(reference: sample, current: SortedSample(values), method: .asymptotic)
        .map { ($0.statistic, $0.pValue) }
    case .categorical(let categories, let counts):
      var current = [Int](repeating: 0, count: categories.count)
      for value in values {
        guard let place = Int(exactly: value), current.indices.contains(place) else { continue }
        current[place] += 1
      }
      return ChiSquaredTest(reference: counts, current: current).map { ($0.statistic, $0.pValue) }
    }
  }
}
