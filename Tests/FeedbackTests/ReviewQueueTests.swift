import Domain
import Feedback
import Testing

@Suite("A queue")
struct ReviewQueueTests {
  private let candidates: [QueueCandidate] = (0..<200).map { (number: Int) -> QueueCandidate in
    let uncertainty = Double(number % 50) / 50
    let drift: Double = number % 7 == 0 ? 0.4 : 0
    let outlyingness: Double = number % 31 == 0 ? 0.9 : 0.1
    return QueueCandidate(
      caseID: ShortHash.of([UInt8(number)]), uncertainty: uncertainty, drift: drift, outlyingness: outlyingness)
  }

  @Test("is the same for the same seed, whatever the order of the cases", arguments: Sampler.allCases)
  func deterministic(sampler: Sampler) {
    let recipe = QueueRecipe(sampler: sampler, count: 20, seed: 42)
    let queue = ReviewQueue.compose(id: "q", from: candidates, by: recipe)
    #expect(ReviewQueue.compose(id: "q", from: candidates.reversed(), by: recipe) == queue)
    #expect(queue.items.count >= 19 && queue.items.count <= 20)
    #expect(Set(queue.items.map(\.caseID)).count == queue.items.count)
    #expect(queue.items.allSatisfy { $0.propensity > 0 && $0.propensity <= 1 })
    #expect(queue.population == 200)
  }

  @Test("an audit draws every case with the same chance")
  func audit() {
    let queue = ReviewQueue.compose(
      id: "q", from: candidates, by: QueueRecipe(sampler: .random, count: 20, seed: 1))
    #expect(queue.items.allSatisfy { abs($0.propensity - 0.1) < 1e-12 && $0.reason == .random })
  }

  @Test("the chances that it states are those with which it draws", arguments: [Sampler.uncertain, .mixed])
  func propensity(sampler: Sampler) throws {
    var drawn: [ShortHash: Int] = [:]
    var stated: [ShortHash: Double] = [:]
    let rounds = 800
    for seed in 0..<rounds {
      let queue = ReviewQueue.compose(
        id: "q", from: candidates, by: QueueRecipe(sampler: sampler, count: 20, seed: UInt64(seed)))
      for item in queue.items {
        drawn[item.caseID, default: 0] += 1
        stated[item.caseID] = item.propensity
      }
    }
    #expect(drawn.count == candidates.count)
    for (id, count) in drawn {
      let chance = try #require(stated[id])
      let deviation = (chance * (1 - chance) / Double(rounds)).squareRoot()
      #expect(abs(Double(count) / Double(rounds) - chance) < 5 * deviation + 1e-9)
    }
  }

  @Test("says why each case is in it")
  func reasons() {
    let queue = ReviewQueue.compose(
      id: "q", from: candidates, by: QueueRecipe(sampler: .mixed, count: 60, seed: 3))
    #expect(queue.items.contains { $0.reason == .outlying } && queue.items.contains { $0.reason == .uncertain })
  }

  @Test("left in the middle still tells what is right of all cases: by no order of its own", arguments: [10, 20, 40])
  func partOfQueue(judged: Int) {
    // The model is wrong where it is unsure: whoever judged the loudest alone would think ill of it.
    let wrong = Set(candidates.filter { $0.uncertainty > 0.7 }.map(\.caseID))
    let truth = 1 - Double(wrong.count) / Double(candidates.count)
    let rounds = 600
    var sum = 0.0
    for seed in 0..<rounds {
      let recipe = QueueRecipe(sampler: .uncertain, count: 40, seed: UInt64(seed))
      let items = ReviewQueue.compose(id: "q", from: candidates, by: recipe).items.prefix(judged)
      let weights = items.map { 1 / $0.propensity }
      let right = zip(items, weights).reduce(0) { $0 + (wrong.contains($1.0.caseID) ? 0 : $1.1) }
      sum += right / weights.reduce(0, +)
    }
    // A ratio of few leans a little; by falling score the part would be .3 off.
    #expect(abs(sum / Double(rounds) - truth) < 0.4 / Double(judged) + 0.01)
  }

  @Test("says of a case that owes its place to the even share that it is a sample, whatever little speaks for it")
  func evenShare() {
    let recipe = QueueRecipe(sampler: .mixed, count: 60, seed: 3)
    let queue = ReviewQueue.compose(id: "q", from: candidates, by: recipe)
    let scores = candidates.map { max($0.uncertainty, $0.drift, $0.outlyingness) }
    let quarterOfMean = scores.reduce(0, +) / Double(scores.count) / 4
    let quiet = queue.items.filter { $0.propensity < 1 && $0.score < quarterOfMean }
    #expect(!quiet.isEmpty && quiet.count < queue.items.count)
    #expect(queue.items.allSatisfy { ($0.reason == .random) == quiet.contains($0) })
    // Where all of them are in it, nobody was drawn.
    let all = ReviewQueue.compose(id: "q", from: candidates, by: QueueRecipe(sampler: .mixed, count: 200, seed: 3))
    #expect(all.items.allSatisfy { $0.reason != .random })
  }

  @Test("of fewer cases than asked for holds them all, and of none it is empty")
  func small() {
    let recipe = QueueRecipe(sampler: .random, count: 20, seed: 3)
    let all = ReviewQueue.compose(id: "q", from: Array(candidates.prefix(3)), by: recipe)
    #expect(all.items.map(\.propensity) == [1, 1, 1])
    #expect(ReviewQueue.compose(id: "q", from: [], by: recipe).items.isEmpty)
  }

  @Test("NaN speaks for no case")
  func notANumber() {
    let strange = [QueueCandidate(caseID: Sample.caseID, uncertainty: .nan, drift: .nan, outlyingness: .infinity)]
    let queue = ReviewQueue.compose(id: "q", from: strange, by: QueueRecipe(sampler: .mixed, count: 1, seed: 1))
    #expect(queue.items.map(\.score) == [0])
  }

  @Test("uncertainty is the entropy over its largest, outlyingness one half at the threshold")
  func scores() {
    let prediction = { (values: [Double]) in
      Prediction(
        model: ModelID("m"),
        answer: .classes(values.map { ClassScore(label: "x", probability: $0) }, chosen: 0), outputs: [])
    }
    #expect(abs(QueueCandidate.uncertainty(of: prediction([0.5, 0.3, 0.2])) - 0.9372305632) < 1e-9)
    #expect(QueueCandidate.uncertainty(of: prediction([1])) == 0)
    let outlier = { (score: Double, flagged: Bool) in
      Outlier(detector: ModelID("o"), method: "IForest", score: score, threshold: 2, isOutlier: flagged)
    }
    #expect(QueueCandidate.outlyingness(of: outlier(2, false)) == 0.5)
    #expect(QueueCandidate.outlyingness(of: outlier(4, true)) == 0.75)
    #expect(QueueCandidate.outlyingness(of: nil) == 0)
  }

  @Test("where nothing is what the sampler looks for, the queue is an even sample and says so")
  func nothingFound() {
    let candidates = (0..<50).map { QueueCandidate(caseID: ShortHash.of([UInt8($0)]), uncertainty: 0.5) }
    let queue = ReviewQueue.compose(
      id: "q", from: candidates, by: QueueRecipe(sampler: .drifted, count: 10, seed: 1))
    #expect(queue.recipe.sampler == .random && queue.items.count == 10)
    #expect(queue.items.allSatisfy { abs($0.propensity - 0.2) < 1e-9 && $0.reason == .random })
    let unsure = ReviewQueue.compose(
      id: "q", from: candidates, by: QueueRecipe(sampler: .uncertain, count: 10, seed: 1))
    #expect(unsure.recipe.sampler == .uncertain)
  }
}
