import Statistics
import Testing

struct SamplingTests {
  @Test("chances follow priorities, add up to the size, and end at certainty")
  func inclusion() {
    let chances = InclusionProbabilities.proportional(to: [1, 2, 3, 4], count: 2)
    #expect(zip(chances, [0.2, 0.4, 0.6, 0.8]).allSatisfy { near($0, $1) })
    let capped = InclusionProbabilities.proportional(to: [100, 1, 1, 2], count: 2)
    #expect(zip(capped, [1, 0.25, 0.25, 0.5]).allSatisfy { near($0, $1) })
    #expect(InclusionProbabilities.proportional(to: [1, 0, .nan, -3], count: 3) == [1, 0, 0, 0])
    #expect(InclusionProbabilities.proportional(to: [], count: 3) == [])
    let huge = InclusionProbabilities.proportional(to: [1e308, 1e308, 1e308, 1e308], count: 2)
    #expect(huge.allSatisfy { near($0, 0.5) })
  }

  @Test("chances add up to the size for any priorities")
  func inclusionSum() {
    var generator = SplitMix64(seed: 31)
    for _ in 0..<300 {
      let priorities = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        generator.unit() < 0.2 ? 0 : 1 / (generator.unit() + 1e-6)
      }
      let count = Int.random(in: 0...45, using: &generator)
      let chances = InclusionProbabilities.proportional(to: priorities, count: count)
      let possible = min(count, priorities.count { $0 > 0 })
      #expect(near(chances.reduce(0, +), Double(possible), 1e-9))
      #expect(chances.allSatisfy { (0...1).contains($0) })
      let even = InclusionProbabilities.proportional(
        to: priorities, count: min(count, priorities.count), evenShare: 0.1)
      #expect(count == 0 || even.allSatisfy { $0 > 0 })
    }
  }

  @Test("a systematic sample draws each case as often as its chance says, and always as many")
  func systematic() {
    let chances = InclusionProbabilities.proportional(to: [5, 1, 1, 2, 9, 3, 3, 40], count: 4)
    var drawn = Array(repeating: 0, count: chances.count)
    let starts = 20_000
    for step in 0..<starts {
      let sample = SystematicSample.draw(chances, start: (Double(step) + 0.5) / Double(starts))
      #expect(sample.count == 4 && Set(sample).count == 4)
      for index in sample { drawn[index] += 1 }
    }
    for (count, chance) in zip(drawn, chances) {
      #expect(abs(Double(count) / Double(starts) - chance) < 1e-3)
    }
    #expect(SystematicSample.poisson([0.5, 0.5, 1], uniforms: [0.4, 0.6, 0.99]) == [0, 2])
  }

  @Test("a weighted order puts the heavier case first as often as its weight says")
  func weightedOrder() {
    var generator = SplitMix64(seed: 32)
    var first = 0
    for _ in 0..<20_000 {
      let order = WeightedOrder.indices(weights: [3, 1, 0], uniforms: [generator.unit(), generator.unit(), 0.5])
      #expect(order.last == 2)
      if order[0] == 0 { first += 1 }
    }
    #expect(abs(Double(first) / 20_000 - 0.75) < 0.01)
    #expect(WeightedOrder.indices(weights: [0, 1], uniforms: [0.9, 0]) == [1, 0])
  }

  @Test("the Hájek and Horvitz–Thompson estimates agree with numpy")
  func estimates() throws {
    let observations = zip([1.0, 0, 1, 1, 0, 1], [0.9, 0.5, 0.1, 0.25, 0.8, 1]).map {
      HajekEstimate.Observation(value: $0, probability: $1)
    }
    let mean = try #require(HajekEstimate(observations + [.init(isCorrect: false, probability: 0)]))
    #expect(near(mean.mean, 0.8321377331420373) && near(mean.variance, 0.014338135167405836))
    #expect(near(mean.effectiveCount, 3.0279604340536395) && mean.excluded == 1 && mean.count == 6)
    let total = try #require(HorvitzThompsonEstimate(observations))
    #expect(near(total.total, 16.11111111111111) && near(total.variance, 102.12345679012346))
    #expect(HajekEstimate([.init(value: 1, probability: 0)]) == nil)
  }

  @Test("equal chances give the plain mean and Wilson's interval of the plain count")
  func equalChances() throws {
    let observations = (0..<10).map { HajekEstimate.Observation(isCorrect: $0 < 8, probability: 0.05) }
    let estimate = try #require(HajekEstimate(observations))
    #expect(near(estimate.mean, 0.8) && near(estimate.effectiveCount, 10) && near(estimate.estimatedPopulation, 200))
    let interval = try #require(estimate.shareInterval())
    #expect(near(interval.lowerBound, 0.4901624715) && near(interval.upperBound, 0.9433178485))
  }

  @Test("over every sample of independent draws the total and its variance are right on average")
  func unbiased() throws {
    let values = [3.0, 1, 4, 1, 5]
    let chances = [0.5, 0.2, 0.8, 0.35, 0.6]
    var meanTotal = 0.0
    var meanSquare = 0.0
    var meanVariance = 0.0
    for mask in 0..<(1 << values.count) {
      var chance = 1.0
      var sample: [HajekEstimate.Observation] = []
      for index in values.indices {
        let isDrawn = mask >> index & 1 == 1
        chance *= isDrawn ? chances[index] : 1 - chances[index]
        if isDrawn { sample.append(.init(value: values[index], probability: chances[index])) }
      }
      let estimate = HorvitzThompsonEstimate(sample)
      let total = estimate?.total ?? 0
      meanTotal += chance * total
      meanSquare += chance * total * total
      meanVariance += chance * (estimate?.variance ?? 0)
    }
    #expect(near(meanTotal, 14))
    #expect(near(meanVariance, meanSquare - meanTotal * meanTotal))
  }

  @Test("a queue by priority, weighted back, covers the true accuracy about as often as it claims")
  func coverage() throws {
    var generator = SplitMix64(seed: 33)
    // Harder cases have higher priority: the plain mean of the queue would be far too low.
    let priorities = (0..<400).map { _ in 0.1 + generator.unit() }
    let isCorrect = priorities.map { generator.unit() > $0 * 0.5 }
    let truth = Double(isCorrect.count { $0 }) / 400
    let chances = InclusionProbabilities.proportional(to: priorities, count: 80)
    var covered = 0
    for _ in 0..<500 {
      let sample = SystematicSample.draw(chances, start: generator.unit())
      let estimate = try #require(
        HajekEstimate(sample.map { .init(isCorrect: isCorrect[$0], probability: chances[$0]) }))
      if try #require(estimate.interval()).contains(truth) { covered += 1 }
    }
    #expect(covered > 440)
  }
}
