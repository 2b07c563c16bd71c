import Statistics
import Testing

struct UncertaintyTests {
  static let predictions: [(p: [Double], least: Double, margin: Double, entropy: Double, normalized: Double)] = [
    ([0.5, 0.3, 0.2], 0.5, 0.2, 1.0296530140, 0.9372305632),
    ([0.51, 0.49, 0], 0.49, 0.02, 0.6929471672, 0.6307476936),
    ([0.25, 0.25, 0.25, 0.25], 0.75, 0, 1.3862943611, 1),
  ]

  @Test("entropy, margin and least confidence agree with the reference", arguments: predictions)
  func uncertainty(p: [Double], least: Double, margin: Double, entropy: Double, normalized: Double) {
    #expect(near(Uncertainty.leastConfidence(p), least))
    #expect(near(Uncertainty.margin(p), margin))
    #expect(near(Uncertainty.entropy(p), entropy))
    #expect(near(Uncertainty.normalizedEntropy(p), normalized))
  }

  @Test("models that disagree, and labels that a model does not back")
  func disagreement() {
    let models = [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]]
    #expect(near(Uncertainty.disagreement(models), 0.1094874490))
    #expect(Uncertainty.disagreement([models[0], models[0]]) == 0)
    #expect(Uncertainty.disagreement([[0.5, 0.5], [1]]) == nil)
    #expect(near(Uncertainty.labelMargin(models[0], label: 1), -0.5))
    #expect(Uncertainty.labelMargin(models[0], label: 3) == nil)
    #expect(Uncertainty.margin([]) == nil && Uncertainty.margin([1]) == 1)
  }

  @Test("logistic and softmax neither overflow nor lose small probabilities")
  func logistic() {
    #expect(Logistic.probability(0) == 0.5)
    #expect(Logistic.probability(1000) == 1 && Logistic.probability(-1000) == 0)
    #expect(near(Logistic.probability(-40), 4.248354255291589e-18))
    for x in [-30.0, -1, 0.5, 8] { #expect(near(Logistic.logit(Logistic.probability(x)), x, 1e-9)) }
    let shares = Logistic.softmax([1000, 1001, 999])
    #expect(near(shares.reduce(0, +), 1) && near(shares[1], 0.6652409557748219))
    #expect(Logistic.softmax([.nan, 1]).allSatisfy(\.isNaN) && Logistic.softmax([1, .nan]).allSatisfy(\.isNaN))
    #expect(Logistic.softmax([]).isEmpty)
    // Two classes are the logistic function of the difference.
    #expect(near(Logistic.softmax([2, -1])[0], Logistic.probability(3)))
  }

  @Test("the Mahalanobis distance agrees with numpy and refuses what it cannot invert")
  func mahalanobis() throws {
    let rows = [[1, 2, 0.5], [2, 1, 1.5], [3, 5, 0.2], [4, 3, 2.2], [5, 6, 1.1], [0.5, 4, 1.9]]
    let distance = try #require(MahalanobisDistance(rows: rows, ridge: 0))
    #expect(near(distance.squared([3, 0, 4]), 14.536437288908223))
    #expect(near(distance.tail([3, 0, 4]), 0.002258870989965715))
    #expect(distance.squared(distance.mean) == 0)
    #expect(distance([1, 2]) == nil && distance([1, 2, .nan]) == nil)
    let dependent = (0..<10).map { [Double($0), Double($0) * 2] }
    #expect(MahalanobisDistance(rows: dependent, ridge: 0) == nil)
    #expect(MahalanobisDistance(rows: dependent, ridge: 0.01) != nil)
    #expect(MahalanobisDistance(rows: [[1, 2]]) == nil && MahalanobisDistance(rows: [[1], [1, 2]]) == nil)
  }
}
