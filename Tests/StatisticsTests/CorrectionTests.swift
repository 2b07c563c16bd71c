import Statistics
import Testing

struct CorrectionTests {
  let pValues = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]

  @Test("the false discovery rate gives alibi-detect's threshold")
  func falseDiscoveryRate() {
    let decision = Correction.benjaminiHochberg.decide(pValues.reversed(), level: 0.05)
    #expect(decision.any)
    #expect(near(decision.threshold, 0.01))
    #expect(decision.isSignificant == Array(repeating: false, count: 8) + [true, true])
    let none = Correction.benjaminiHochberg.decide([0.9, 0.8], level: 0.05)
    #expect(!none.any && near(none.threshold, 0.025))
  }

  @Test("Bonferroni divides the limit by the number of tests")
  func bonferroni() {
    let decision = Correction.bonferroni.decide(pValues, level: 0.05)
    #expect(near(decision.threshold, 0.005))
    #expect(decision.isSignificant.filter { $0 }.count == 1)
    #expect(near(Correction.bonferroni.decide(Array(repeating: 1, count: 13), level: 0.05).threshold, 0.05 / 13))
  }

  @Test("Holm goes on while each next p-value clears a wider limit")
  func holm() {
    let decision = Correction.holm.decide([0.01, 0.04, 0.03, 0.005], level: 0.05)
    // 0.005 < 0.0125, 0.01 < 0.01667, 0.03 ≥ 0.025: the first two.
    #expect(decision.isSignificant == [true, false, false, true])
    let adjusted = Correction.holm.adjusted([0.01, 0.04, 0.03, 0.005])
    #expect(adjusted.elementsEqual([0.03, 0.06, 0.06, 0.02]) { near($0, $1) })
  }

  @Test("adjusted p-values below the level are exactly the significant tests", arguments: Correction.allCases)
  func adjustedAgrees(correction: Correction) {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...12, using: &generator)
      let pValues = (0..<count).map { _ in generator.unit() * generator.unit() * 0.3 }
      let decision = correction.decide(pValues, level: 0.05)
      #expect(correction.adjusted(pValues).map { $0 < 0.05 } == decision.isSignificant)
    }
  }

  @Test("each correction is at least as strict as the next weaker one")
  func strictness() {
    var generator = SplitMix64(seed: 12)
    for _ in 0..<300 {
      let pValues = (0..<8).map { _ in generator.unit() * generator.unit() * 0.2 }
      let found = [Correction.bonferroni, .holm, .benjaminiHochberg, .none].map { correction in
        correction.decide(pValues, level: 0.05).isSignificant.filter { $0 }.count
      }
      #expect(found == found.sorted())
    }
  }

  @Test("a missing p-value is never significant and still counts as a test")
  func missing() {
    for correction in Correction.allCases {
      let decision = correction.decide([.nan, 0.03], level: 0.05)
      #expect(decision.isSignificant == [false, correction == .none])
    }
    #expect(!Correction.benjaminiHochberg.decide([], level: 0.05).any)
  }
}
