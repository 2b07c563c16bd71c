import Statistics
import Testing

struct CalibrationTests {
  let confidences = [0.95, 0.92, 0.88, 0.85, 0.78, 0.72, 0.66, 0.61, 0.55, 0.52]
  let correct = [true, true, true, false, true, true, false, true, false, true]
  let probabilities = [0.9, 0.2, 0.7, 0.6, 0.4, 0.8, 0.55, 0.1, 0.35, 0.3]
  let outcomes = [true, false, true, true, false, true, false, false, true, false]

  @Test(
    "calibration errors depend on the bins as in the reference",
    arguments: [(5, 0.09, 0.15), (10, 0.17, 0.365), (15, 0.29, 0.85)])
  func errors(bins: Int, expected: Double, maximum: Double) {
    let diagram = ReliabilityDiagram(confidences: confidences, correct: correct, bins: bins)
    #expect(near(diagram.expectedError, expected) && near(diagram.maximumError, maximum))
  }

  @Test("five bins of equal counts")
  func equalMass() {
    let diagram = ReliabilityDiagram(equalMass: confidences, correct: correct)
    #expect(near(diagram.expectedError, 0.17))
    #expect(diagram.bins.map(\.count) == [2, 2, 2, 2, 2])
    #expect(near(diagram.brier, ReliabilityDiagram(confidences: confidences, correct: correct).brier ?? -1))
  }

  @Test("a bin holds its upper edge and the first one 0")
  func edges() {
    let diagram = ReliabilityDiagram(
      confidences: [0, 0.2, 0.2000001, 0.6, 1, .nan, 1.5], correct: Array(repeating: true, count: 7))
    #expect(diagram.bins.map(\.count) == [2, 1, 1, 0, 1])
    #expect(diagram.count == 5)
    #expect(diagram.bins[3].gap == nil && diagram.bins[3].accuracy == nil)
    #expect(ReliabilityDiagram(confidences: [], correct: []).expectedError == nil)
  }

  @Test("the bias is what accuracy has over confidence")
  func bias() {
    let diagram = ReliabilityDiagram(confidences: confidences, correct: correct)
    #expect(near(diagram.bias, 0.7 - 0.744))
  }

  @Test("scores of probabilities agree with scikit-learn")
  func scores() {
    #expect(near(BrierScore.binary(probabilities: probabilities, outcomes: outcomes), 0.1325))
    #expect(near(BrierScore.logLoss(probabilities: probabilities, outcomes: outcomes), 0.4240339090069968))
    #expect(near(BrierScore.expectedAccuracy(probabilities: probabilities), 0.72))
    #expect(near(RankingQuality.areaUnderCurve(scores: probabilities, outcomes: outcomes), 0.92))
    #expect(RankingQuality.areaUnderCurve(scores: [1, 2], outcomes: [true, true]) == nil)
    #expect(near(RankingQuality.areaUnderCurve(scores: [1, 1, 1], outcomes: [true, false, true]), 0.5))
    #expect(near(BrierScore.multiclass(probabilities: [0.5, 0.3, 0.2], outcome: 0), 0.38))
    #expect(BrierScore.multiclass(probabilities: [1], outcome: 2) == nil)
    #expect(BrierScore.binary(probabilities: [], outcomes: []) == nil)
  }
}
