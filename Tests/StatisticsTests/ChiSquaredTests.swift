import Statistics
import Testing

/// Reference values by scipy 1.17.1 `chi2_contingency` and `chisquare`.
struct ChiSquaredTests {
  @Test(
    "a table of reference and current counts gives scipy's statistic, freedom, p-value and Cramér's V",
    arguments: [
      ([500, 300, 200], [400, 400, 200], 25.396825396825395, 2, 3.0559724602078467e-06, 0.11268723396380222),
      ([12, 5], [7, 13], 3.343062005503956, 1, 0.06748890794381375, 0.3548402354683842),
      ([10, 10], [10, 11], 0.0, 1, 1.0, 0.02380952380952383),
      ([10, 10, 0, 4], [3, 9, 8, 1], 13.481781376518217, 3, 0.0037025323661511967, 0.5473528493580762),
      ([100, 3, 5, 7, 1], [40, 9, 1, 1, 1], 13.452254641909814, 4, 0.009264924415900445, 0.2829716316118671),
    ])
  func contingency(
    reference: [Int], current: [Int], statistic: Double, freedom: Int, pValue: Double, v: Double
  ) throws {
    let test = try #require(ChiSquaredTest(reference: reference, current: current))
    #expect(near(test.statistic, statistic, 1e-11))
    #expect(test.degreesOfFreedom == freedom)
    #expect(near(test.pValue, pValue, 1e-10))
    #expect(near(test.cramersV, v, 1e-11))
    #expect(test.isCorrected == (freedom == 1))
    let swapped = try #require(ChiSquaredTest(reference: current, current: reference))
    #expect(near(swapped.statistic, test.statistic, 1e-12))
  }

  @Test("a category that nobody has changes nothing, a single one cannot differ")
  func columns() throws {
    let with = try #require(ChiSquaredTest(reference: [12, 0, 5], current: [7, 0, 13]))
    let without = try #require(ChiSquaredTest(reference: [12, 5], current: [7, 13]))
    #expect(with == without)
    let single = try #require(ChiSquaredTest(reference: [20], current: [30]))
    #expect(single.statistic == 0 && single.pValue == 1 && single.cramersV == nil)
    #expect(ChiSquaredTest(reference: [0, 0], current: [1, 2]) == nil)
    #expect(ChiSquaredTest(reference: [1], current: [1, 2]) == nil)
    #expect(ChiSquaredTest(table: [[1, -1], [1, 1]]) == nil)
  }

  @Test("counts against scaled expectations give Evidently's one-sample statistic")
  func goodnessOfFit() throws {
    let test = try #require(ChiSquaredTest(observed: [400, 400, 200], expected: [500, 300, 200]))
    #expect(near(test.statistic, 53.3333333333))
    #expect(near(test.pValue, 2.62309e-12, 1e-5))
    let unseen = try #require(ChiSquaredTest(observed: [5, 5], expected: [10, 0]))
    #expect(unseen.statistic == .infinity && unseen.pValue == 0)
  }

  @Test("the critical statistic is where the p-value is the limit")
  func critical() throws {
    let critical = try #require(ChiSquaredTest.criticalStatistic(atPValue: 0.05 / 13, degreesOfFreedom: 4))
    let distribution = try #require(ChiSquaredDistribution(degreesOfFreedom: 4))
    #expect(near(distribution.survival(critical), 0.05 / 13, 1e-12))
    #expect(ChiSquaredTest.criticalStatistic(atPValue: 0.05, degreesOfFreedom: 0) == nil)
  }

  @Test("categories are the union of both sides in order of first appearance")
  func union() {
    let counts = CategoryCounts(reference: ["b", "a", "b"], current: ["c", "a", "c"])
    #expect(counts.categories == ["b", "a", "c"])
    #expect(counts.reference == [2, 1, 0])
    #expect(counts.current == [0, 1, 2])
    #expect(counts.unseen == ["c"])
  }

  @Test("two shares give the pooled z")
  func proportions() throws {
    let test = try #require(TwoProportionsTest(successes: 50, of: 200, against: 60, of: 150))
    #expect(near(test.statistic, -2.9914651321))
    #expect(near(test.pValue, 0.0027764224, 1e-7))
  }
}
