import Domain
import Testing

@testable import Workbench

/// What a detector's answer says of a window's records, in numbers that can be compared.
@Suite("Comparing a window")
struct WindowComparisonTests {
  static let signature = Signature(
    inputs: [
      TensorSpec(
        name: "seal", datatype: .bytes, shape: [-1, 1], parameters: [.init("categories", ["a", "b", "c", "d"])]),
      TensorSpec(name: "weight", datatype: .fp64, shape: [-1, 1]),
    ], outputs: [])

  static let reference = Reference(
    count: 100,
    features: [
      .init(name: "seal", distribution: .categorical(labels: ["a", "b", "c", "d"], counts: [60, 40, 0, 0])),
      .init(name: "weight", distribution: .numeric(edges: [0, 10, 20, 30], counts: [50, 30, 20])),
      .init(name: "tokens", distribution: .numeric(edges: [0, 5, 9], counts: [70, 30])),
    ])

  static let comparison = WindowComparison(reference: reference, signature: signature)

  static func records(_ rows: [(RawText, Double)]) throws -> [Record] {
    var records: [Record] = []
    for (seal, weight) in rows { records.append(try signature.record(of: [.text(seal), .number(weight)])) }
    return records
  }

  static func answer(_ distances: [Double]) -> DriftAnswer {
    DriftAnswer(
      method: "TabularDrift", isDrift: true, distances: distances, pValues: [1e-9, 0.2, 0.3], threshold: 0.05 / 3)
  }

  @Test("counts the records in the reference's bins; what lies outside belongs to the outermost")
  func counts() throws {
    let rows: [(RawText, Double)] = [("a", -5), ("a", 0), ("b", 10), ("c", 29.9), ("c", 30), ("x", 99)]
    let counts = Self.comparison.counts(of: try Self.records(rows))
    #expect(counts["seal"] == [2, 1, 2, 0])
    #expect(counts["weight"] == [2, 1, 3])
    #expect(counts["tokens"] == nil)
  }

  @Test("degrees of freedom and V are those of the categories that occur on either side")
  func present() throws {
    // c occurs in the window only, d on neither side: three columns, two degrees of freedom.
    let rows = (0..<50).map { index -> (RawText, Double) in (index < 20 ? "a" : index < 40 ? "b" : "c", 5) }
    let features = Self.comparison.features(of: Self.answer([22, 0.3, 0.1]), records: try Self.records(rows))
    #expect(features[0].method == .chiSquared(degreesOfFreedom: 2))
    // χ² of [60, 40, 0] against [20, 20, 10]: 22.5 over 150 rows.
    #expect(abs(features[0].effect - (22.5 / 150).squareRoot()) < 1e-12)
    #expect(features[0].statistic == 22)
    #expect(features[0].isDrifted)
  }

  @Test("with two categories V is that of the plain statistic, not of Yates' corrected one")
  func yates() throws {
    let rows = (0..<50).map { index -> (RawText, Double) in (index < 20 ? "a" : "b", 5) }
    let features = Self.comparison.features(of: Self.answer([4.5, 0.3, 0.1]), records: try Self.records(rows))
    #expect(features[0].method == .chiSquared(degreesOfFreedom: 1))
    // [60, 40] against [20, 30]: χ² 5.357 uncorrected.
    #expect(abs(features[0].effect - (5.357142857142857 / 150).squareRoot()) < 1e-12)
  }

  @Test("one category on both sides is no degree of freedom and no effect")
  func single() throws {
    let comparison = WindowComparison(
      reference: Reference(
        count: 10, features: [.init(name: "seal", distribution: .categorical(labels: ["a", "b"], counts: [10, 0]))]),
      signature: Self.signature)
    let records = try Self.records([("a", 1), ("a", 2)])
    let features = comparison.features(
      of: DriftAnswer(method: "", isDrift: false, distances: [0], pValues: [1], threshold: 0.05), records: records)
    #expect(features[0].method == .chiSquared(degreesOfFreedom: 0))
    #expect(features[0].effect == 0)
  }

  @Test("a feature that is no field has its statistic and no bins of the window")
  func derived() throws {
    let features = Self.comparison.features(of: Self.answer([3, 0.3, 0.1]), records: try Self.records([("a", 1)]))
    #expect(features[2].name == "tokens")
    #expect(features[2].effect == 0.1)
    #expect(features[2].current.isEmpty)
    #expect(!features[2].isDrifted)
  }

  @Test("a detector that decides feature by feature is believed; one without a reference names no feature")
  func flags() throws {
    var answer = Self.answer([3, 0.3, 0.1])
    answer.featureFlags = [false, true, false]
    let features = Self.comparison.features(of: answer, records: try Self.records([("a", 1)]))
    #expect(features.map(\.isDrifted) == [false, true, false])
    let bare = WindowComparison(reference: nil, signature: Self.signature).features(of: answer, records: [])
    #expect(bare.map(\.name) == ["feature 1", "feature 2", "feature 3"])
  }

  @Test("cases in the bins that grew most come first, the newest first within a bin")
  func ordered() throws {
    let rows: [(RawText, Double)] = [("a", 1), ("c", 1), ("b", 1), ("c", 1), ("x", 1)]
    let cases = zip(1..., try Self.records(rows)).map { number, record in
      Case(
        id: Income.id(number), recordID: Income.id(number), number: number,
        at: Stub.now.advanced(bySeconds: Double(number)), model: ModelID("cargo"), record: record,
        prediction: Prediction(model: ModelID("cargo"), answer: .opaque, outputs: []))
    }
    #expect(Self.comparison.ordered(cases, by: "seal").map(\.number) == [4, 2, 3, 1, 5])
    // What is no field of the form has no bins: the newest first.
    #expect(Self.comparison.ordered(cases, by: "tokens").map(\.number) == [5, 4, 3, 2, 1])
  }

  @Test("a statistic under zero is no effect")
  func belowZero() {
    let reference = Reference(
      count: 10, features: [.init(name: "kind", distribution: .categorical(labels: ["a", "b"], counts: [5, 5]))])
    let comparison = WindowComparison(reference: reference, signature: Signature(inputs: [], outputs: []))
    let answer = DriftAnswer(
      method: "ChiSquareDrift", isDrift: false, distances: [-3], pValues: [1], threshold: 0.05)
    #expect(comparison.features(of: answer, records: []).map(\.effect) == [0])
  }
}
