import Statistics
import Testing

/// Reference values by scikit-learn, statsmodels and the krippendorff package.
struct AgreementTests {
  /// Krippendorff's example: four observers, twelve units, 0 for no answer.
  static let fourObservers = units([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
  ])
  static let threeCoders = units([
    [0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3], [1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4],
  ])

  static func units(_ raters: [[Int]]) -> [[Int]] {
    raters[0].indices.map { unit in raters.map { $0[unit] }.filter { $0 > 0 } }
  }

  @Test("two raters give Cohen's κ, plain and weighted")
  func cohen() throws {
    var square = ConfusionMatrix(labels: ["y", "n"])
    for (truth, model, count) in [("y", "y", 20), ("y", "n", 5), ("n", "y", 10), ("n", "n", 15)] {
      square.add(truth: truth, model: model, count: count)
    }
    #expect(near(CohenKappa(square)?.value, 0.4))
    #expect(near(CohenKappa(square)?.observed, 0.7))
    let pairs = zip([0, 1, 2, 2, 1, 0, 1, 2, 0, 2], [0, 2, 2, 1, 1, 0, 1, 2, 1, 2])
    let matrix = ConfusionMatrix(pairs.map { (truth: $0.0, model: $0.1) }, labels: [0, 1, 2])
    #expect(near(CohenKappa(matrix)?.value, 0.5454545455))
    #expect(near(CohenKappa(matrix, weights: .linear)?.value, 0.6511627907))
    #expect(near(CohenKappa(matrix, weights: .quadratic)?.value, 0.7619047619))
    #expect(near(CohenKappa(pairs)?.value, 0.5454545455))
  }

  @Test("one label throughout leaves κ and α without a value, not at 0 or 1")
  func constant() throws {
    #expect(try #require(CohenKappa([("a", "a"), ("a", "a")])).value == nil)
    #expect(try #require(KrippendorffAlpha(nominal: [["a", "a"], ["a", "a"]])).value == nil)
    #expect(GwetAC1([["a", "a"]]) == nil)
    #expect(near(GwetAC1([["a", "a"]], labels: 2)?.value, 1))
    #expect(KrippendorffAlpha(nominal: [["a"], []]) == nil)
    #expect(CohenKappa(ConfusionMatrix<Int>()) == nil)
  }

  @Test("Krippendorff's α with missing answers")
  func krippendorff() throws {
    #expect(near(KrippendorffAlpha(nominal: Self.fourObservers)?.value, 0.7434210526))
    #expect(near(KrippendorffAlpha(ordinal: Self.fourObservers)?.value, 0.8153875038))
    let numbers = Self.fourObservers.map { $0.map(Double.init) }
    #expect(near(KrippendorffAlpha(interval: numbers)?.value, 0.8491071429))
    #expect(near(KrippendorffAlpha(nominal: Self.threeCoders)?.value, 0.6913580247))
    #expect(near(KrippendorffAlpha(interval: Self.threeCoders.map { $0.map(Double.init) })?.value, 0.8108448928))
    let counted = try #require(KrippendorffAlpha(nominal: Self.fourObservers))
    #expect(counted.units == 11 && counted.answers == 40)
  }

  @Test("Gwet's AC1 and Fleiss' κ")
  func gwetAndFleiss() throws {
    let agreement = try #require(GwetAC1(Self.fourObservers))
    #expect(near(agreement.value, 0.7754440681) && near(agreement.observed, 0.8181818182))
    let fleiss = FleissKappa([
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ])
    #expect(near(fleiss?.value, 0.2099307044))
    #expect(FleissKappa([[1, 1], [2, 1]]) == nil)
  }

  @Test("where one label dominates κ and α fall below 0 and AC1 does not")
  func paradox() {
    let pairs =
      Array(repeating: (1, 1), count: 90) + Array(repeating: (1, 0), count: 5) + Array(repeating: (0, 1), count: 5)
    let units = pairs.map { [$0.0, $0.1] }
    #expect(near(CohenKappa(pairs)?.observed, 0.9))
    #expect(near(CohenKappa(pairs)?.value, -0.0526315789))
    #expect(near(KrippendorffAlpha(nominal: units)?.value, -0.0473684211))
    #expect(near(GwetAC1(units)?.value, 0.8895027624))
  }

  @Test("the confusion matrix gives every measure of the reference")
  func confusion() throws {
    var matrix = ConfusionMatrix(labels: [0, 1, 2])
    for (truth, row) in [[42, 6, 2], [5, 30, 5], [1, 4, 25]].enumerated() {
      for (model, count) in row.enumerated() { matrix.add(truth: truth, model: model, count: count) }
    }
    #expect(matrix.total == 120 && near(matrix.accuracy?.value, 0.8083333333))
    #expect(zip([0.84, 0.75, 0.8333333333], 0...2).allSatisfy { near(matrix.recall($1), $0) })
    #expect(zip([0.875, 0.75, 0.78125], 0...2).allSatisfy { near(matrix.precision($1), $0) })
    #expect(zip([0.8571428571, 0.75, 0.8064516129], 0...2).allSatisfy { near(matrix.f1($1), $0) })
    #expect(near(matrix.macroF1, 0.8045314900) && near(matrix.balancedAccuracy, 0.8077777778))
    #expect(near(CohenKappa(matrix)?.value, 0.7076271186))
    #expect(near(matrix.matthewsCorrelation, 0.7079322399))
    #expect(matrix[truth: 0, model: 1] == 6 && matrix[truth: 9, model: 1] == 0)
    #expect(matrix.recall(9) == nil)
    matrix.add(truth: 3, model: 0)
    #expect(matrix.precision(3) == nil && matrix.recall(3) == 0 && matrix.labels == [0, 1, 2, 3])
  }

  @Test("McNemar's exact test sees only the cases on which two models differ")
  func mcNemar() throws {
    let test = try #require(McNemarTest(onlyFirst: 10, onlySecond: 3))
    #expect(near(test.exactPValue, 0.0922851562))
    #expect(near(test.approximatePValue, 0.09609, 1e-3))
    let equal = try #require(McNemarTest(onlyFirst: 0, onlySecond: 0))
    #expect(equal.exactPValue == 1 && equal.approximatePValue == 1)
    #expect(McNemarTest(onlyFirst: -1, onlySecond: 0) == nil)
  }

  @Test("six records and three analysts, end to end")
  func endToEnd() throws {
    let model = ["fraud", "fraud", "ok", "ok", "fraud", "ok"]
    let confidences = [0.91, 0.83, 0.77, 0.55, 0.62, 0.98]
    let a = ["ok", "fraud", "ok", "fraud", "fraud", "ok"]
    let b = ["ok", "fraud", nil, "ok", "ok", "ok"]
    let c = [nil, "fraud", "ok", "fraud", nil, "ok"]
    let answers = zip(a, zip(b, c)).map { [$0, $1.0, $1.1].compactMap { $0 } }
    #expect(near(KrippendorffAlpha(nominal: answers)?.value, 0.4814814815))

    func kappa(_ x: [String?], _ y: [String?]) throws -> (count: Int, observed: Double, value: Double?) {
      let both = zip(x, y).compactMap { x, y in x.flatMap { x in y.map { (x, $0) } } }
      let kappa = try #require(CohenKappa(both))
      return (kappa.count, kappa.observed, kappa.value)
    }
    let first = try kappa(a, b)
    #expect(first.count == 5 && near(first.observed, 0.6) && near(first.value, 0.2857142857))
    let second = try kappa(a, c)
    #expect(second.count == 4 && near(second.value, 1))
    let third = try kappa(b, c)
    #expect(third.count == 3 && near(third.value, 0.4))

    let truth = answers.map { MajorityVote.winner($0) }
    #expect(truth == ["ok", "fraud", "ok", "fraud", nil, "ok"])
    let known = zip(truth, zip(model, confidences)).compactMap { truth, rest in truth.map { ($0, rest.0, rest.1) } }
    let matrix = ConfusionMatrix(known.map { (truth: $0.0, model: $0.1) }, labels: ["ok", "fraud"])
    #expect(matrix.counts == [[2, 1], [1, 1]])
    let diagram = ReliabilityDiagram(confidences: known.map(\.2), correct: known.map { $0.0 == $0.1 }, bins: 10)
    #expect(near(diagram.expectedError, 0.3680))
    #expect(near(diagram.brier, 0.24256))
    #expect(MajorityVote.winner([Int]()) == nil)
  }

  @Test("reliance counts switches, adoptions and who was right")
  func reliance() {
    typealias Seen = Reliance.Observation<String>
    let reliance = Reliance([
      Seen(initial: "a", model: "a", final: "a", truth: "a"),
      // Right, given up for wrong advice; right, kept.
      Seen(initial: "a", model: "b", final: "b", truth: "a"),
      Seen(initial: "a", model: "b", final: "a", truth: "a"),
      // Wrong, mended; wrong, advice unused; wrong, changed to something else.
      Seen(initial: "b", model: "a", final: "a", truth: "a"),
      Seen(initial: "b", model: "a", final: "b", truth: "a"),
      Seen(initial: "b", model: "a", final: "c", truth: "a"),
      // Nobody knows yet.
      Seen(initial: "a", model: "b", final: "b", truth: nil),
    ])
    #expect(reliance.switched.hits == 4 && reliance.switched.total == 6)
    #expect(reliance.adopted.hits == 3)
    #expect(near(reliance.adoptedWrong.value, 0.5) && near(reliance.overReliance, 0.5))
    #expect(near(reliance.relativeAIReliance.value, 1.0 / 3) && near(reliance.underReliance, 2.0 / 3))
    #expect(near(reliance.assistEffect, 0))
    #expect(reliance.modelAccuracy.hits == 4 && reliance.modelAccuracy.total == 6)
    #expect(Reliance().overReliance == nil && Reliance().assistEffect == nil)
  }

  @Test("chance agreement is near 0 for every coefficient, perfect agreement is 1")
  func chance() throws {
    var generator = SplitMix64(seed: 21)
    let pairs = (0..<4000).map { _ in
      (Int.random(in: 0..<4, using: &generator), Int.random(in: 0..<4, using: &generator))
    }
    let units = pairs.map { [$0.0, $0.1] }
    #expect(abs(try #require(CohenKappa(pairs)?.value)) < 0.05)
    #expect(abs(try #require(KrippendorffAlpha(nominal: units)?.value)) < 0.05)
    #expect(abs(try #require(GwetAC1(units)?.value)) < 0.05)
    let same = units.map { [$0[0], $0[0]] }
    #expect(KrippendorffAlpha(nominal: same)?.value == 1 && near(GwetAC1(same)?.value, 1))
  }
}
