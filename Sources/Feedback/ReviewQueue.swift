public import Domain
internal import Statistics

/// How a queue picks its cases.
public enum Sampler: String, Hashable, Sendable, CaseIterable, Codable {
  /// By whichever of the others speaks loudest for a case.
  case mixed
  /// By how unsure the model was.
  case uncertain
  /// By the share of drifted features in the case's window.
  case drifted
  /// By how far the record lies from what the model was trained on.
  case outlying
  /// Evenly: an audit.
  case random
}

/// A case that a queue may pick, with what samplers look at.
public struct QueueCandidate: Hashable, Sendable {
  public var caseID: ShortHash
  /// 0 (sure) to 1.
  public var uncertainty: Double
  /// The share of drifted features in the case's window, 0 to 1.
  public var drift: Double
  /// 0 (typical) to 1.
  public var outlyingness: Double

  public init(caseID: ShortHash, uncertainty: Double = 0, drift: Double = 0, outlyingness: Double = 0) {
    self.caseID = caseID
    self.uncertainty = uncertainty
    self.drift = drift
    self.outlyingness = outlyingness
  }

  /// How unsure a prediction is: H/ln K of its probabilities, 0 where it has none.
  public static func uncertainty(of prediction: Prediction) -> Double {
    let probabilities = prediction.classes.compactMap(\.probability)
    guard probabilities.count == prediction.classes.count, probabilities.count > 1 else { return 0 }
    let entropy = Uncertainty.normalizedEntropy(probabilities)
    return entropy.isFinite ? min(max(0, entropy), 1) : 0
  }

  /// A flagged record by how far over the threshold it is, from ½; any other by how near it comes, to ½. Above 0 for
  /// every record that a detector has scored, and 0 for those that none has.
  public static func outlyingness(of outlier: Outlier?) -> Double {
    guard let outlier, outlier.score.isFinite else { return 0 }
    guard let threshold = outlier.threshold, threshold > 0 else { return outlier.isOutlier ? 1 : leastOutlyingness }
    let ratio = max(0, outlier.score / threshold)
    return outlier.isOutlier ? 1 - 0.5 / max(1, ratio) : max(leastOutlyingness, min(0.5, ratio / 2))
  }

  /// What a record has that was scored and is as usual as can be.
  private static let leastOutlyingness = 1e-9
}

/// What to pick, how many, and how.
public struct QueueRecipe: Hashable, Sendable {
  public var sampler: Sampler
  /// At most so many cases.
  public var count: Int
  /// Whether answers are hidden until the analyst's first.
  public var isBlind: Bool
  /// The share that is drawn evenly whatever the sampler, 0 to 1: without it no estimate could speak for the cases
  /// that the sampler never picks.
  public var evenShare: Double
  /// What makes the draw random; the same seed draws the same cases.
  public var seed: UInt64

  public init(sampler: Sampler, count: Int, isBlind: Bool = false, evenShare: Double = 0.2, seed: UInt64) {
    self.sampler = sampler
    self.count = count
    self.isBlind = isBlind
    self.evenShare = evenShare
    self.seed = seed
  }

  /// The score below which a case owes more of its chance to the even share than to its score: both weigh the same where
  /// (1 - share) · score = share · mean.
  func evenScore(of scores: [Double]) -> Double {
    guard evenShare < 1, !scores.isEmpty else { return .infinity }
    return max(0, evenShare) / (1 - max(0, evenShare)) * scores.reduce(0, +) / Double(scores.count)
  }
}

/// An ordered selection of cases to review, with the sampling probability of each.
public struct ReviewQueue: Hashable, Sendable {
  /// A case in the queue.
  public struct Item: Hashable, Sendable {
    public var caseID: ShortHash
    /// What the sampler ranked it by, 0 to 1.
    public var score: Double
    /// The probability, over 0 and at most 1, with which it was drawn.
    public var propensity: Double
    /// What speaks loudest for it: `uncertain`, `drifted`, `outlying`, or `random` where most of its chance was the even
    /// share.
    public var reason: Sampler

    public init(caseID: ShortHash, score: Double, propensity: Double, reason: Sampler) {
      self.caseID = caseID
      self.score = score
      self.propensity = propensity
      self.reason = reason
    }
  }

  public var id: RawText
  public var recipe: QueueRecipe
  /// Cases that it was drawn from.
  public var population: Int
  public var items: [Item]

  public init(id: RawText, recipe: QueueRecipe, population: Int, items: [Item]) {
    self.id = id
    self.recipe = recipe
    self.population = population
    self.items = items
  }

  /// Draws a queue: chances in proportion to the sampler's score, an even share for everybody, in an order of
  /// chance, so that whoever stops in the middle has judged a fair sample of it. Where nothing is what the sampler looks for,
  /// all is drawn evenly, and the queue's recipe says so.
  public static func compose(id: RawText, from candidates: [QueueCandidate], by wanted: QueueRecipe) -> ReviewQueue {
    var recipe = wanted
    if wanted.sampler != .mixed, !candidates.isEmpty, candidates.allSatisfy({ Self.score($0, wanted.sampler).0 == 0 }) {
      recipe.sampler = .random
    }
    var generator = SplitMix64(seed: recipe.seed)
    // In an order of chance: systematic draws must not follow any order that the cases came in.
    let shuffled = candidates.sorted { $0.caseID < $1.caseID }.shuffled(using: &generator)
    let scored = shuffled.map { Self.score($0, recipe.sampler) }
    let chances = InclusionProbabilities.proportional(
      to: scored.map { recipe.sampler == .random ? 1 : $0.0 }, count: recipe.count,
      evenShare: recipe.sampler == .random ? 1 : recipe.evenShare)
    let drawn = SystematicSample.draw(chances, start: generator.unit()).prefix(max(0, recipe.count))
    let evenScore = recipe.evenScore(of: scored.map(\.0))
    let items = drawn.map { index in
      let (score, reason) = scored[index]
      let isByChance = chances[index] < 1 && score < evenScore
      return Item(
        caseID: shuffled[index].caseID, score: score, propensity: min(1, chances[index]),
        reason: isByChance ? .random : reason)
    }
    return ReviewQueue(id: id, recipe: recipe, population: candidates.count, items: items)
  }

  /// What is kept with a judgement that was made on an item of this queue.
  public func seen(_ item: Item) -> SeenQueue {
    SeenQueue(
      id: id, sampler: RawText(recipe.sampler.rawValue), score: item.score, propensity: item.propensity,
      isBlind: recipe.isBlind)
  }

  private static func score(_ candidate: QueueCandidate, _ sampler: Sampler) -> (Double, Sampler) {
    let parts: [(Double, Sampler)] = [
      (candidate.drift, .drifted), (candidate.uncertainty, .uncertain), (candidate.outlyingness, .outlying),
    ]
    let (score, reason): (Double, Sampler)
    switch sampler {
    case .random: (score, reason) = (0, .random)
    case .mixed: (score, reason) = parts.max { $0.0 < $1.0 } ?? (0, .random)
    case .uncertain, .drifted, .outlying: (score, reason) = parts.first { $0.1 == sampler } ?? (0, .random)
    }
    return score > 0 && score.isFinite ? (min(score, 1), reason) : (0, .random)
  }
}
