import Statistics
import Testing

struct ProportionTests {
  @Test(
    "Wilson's interval agrees with statsmodels",
    arguments: [
      (8, 10, 0.4901624715, 0.9433178485), (0, 12, 0, 0.2424940067), (45, 50, 0.7863976856, 0.9565242350),
    ])
  func wilson(successes: Int, trials: Int, lower: Double, upper: Double) throws {
    let interval = try #require(Proportion(successes, of: trials)?.wilson())
    #expect(near(interval.lowerBound, lower))
    #expect(near(interval.upperBound, upper))
  }

  @Test(
    "the exact interval agrees with scipy's beta quantiles",
    arguments: [
      (8, 10, 0.4439045376923585, 0.9747892736731666), (0, 12, 0.0, 0.2646484693970512),
      (45, 50, 0.7818646335657977, 0.9667249064109775), (12, 12, 0.7353515306029488, 1.0),
    ])
  func clopperPearson(successes: Int, trials: Int, lower: Double, upper: Double) throws {
    let interval = try #require(Proportion(successes, of: trials)?.clopperPearson())
    #expect(near(interval.lowerBound, lower))
    #expect(near(interval.upperBound, upper))
  }

  @Test("a share of nothing has no value and no interval")
  func nothing() throws {
    let none = try #require(Proportion(0, of: 0))
    #expect(none.value == nil && none.wilson() == nil && none.clopperPearson() == nil)
    #expect(Proportion(3, of: 2) == nil)
  }

  @Test("every interval holds its own share and widens with confidence")
  func nesting() throws {
    for trials in [1, 5, 40] {
      for successes in 0...trials {
        let proportion = try #require(Proportion(successes, of: trials))
        let share = try #require(proportion.value)
        let narrow = try #require(proportion.wilson(confidence: 0.8))
        let wide = try #require(proportion.wilson(confidence: 0.99))
        #expect(narrow.contains(share) && wide.contains(share))
        #expect(wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound)
        #expect(try #require(proportion.clopperPearson()).contains(share))
      }
    }
  }
}
