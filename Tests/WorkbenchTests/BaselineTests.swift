import Domain
import Testing

@testable import Workbench

@Suite("A comparison with other cases")
struct BaselineTests {
  /// Rows of numbers that rise evenly from 0 to 1, moved by a step, and of two seals.
  private static func records(_ count: Int, moved: Double = 0, broken: Int = 2) throws -> [Record] {
    try (0..<count).map { index in
      try signature.record(of: [
        .number(Double(index) / Double(count) + moved), .text(index % 4 < broken ? "broken" : "intact"),
        .text("some words"),
      ])
    }
  }

  private static let signature = Signature(
    inputs: [
      TensorSpec(name: "share", datatype: .fp64, shape: [-1, 1]),
      TensorSpec(
        name: "seal", datatype: .bytes, shape: [-1, 1], parameters: [.init("categories", ["broken", "intact"])]),
      TensorSpec(name: "remarks", datatype: .bytes, shape: [-1, 1]),
    ], outputs: [TensorSpec(name: "predict", datatype: .fp64, shape: [-1, 1])])

  private static func result(_ rules: DriftRules, rows: Int, moved: Double, broken: Int = 2) throws -> Window.Result {
    let comparison = try #require(BaselineComparison(try records(rows), signature: signature, rules: rules))
    #expect(comparison.reference.count == rows)
    return comparison.result(of: try records(100, moved: moved, broken: broken), signature: signature)
  }

  @Test("follows alibi-detect: KS and χ², one correction over the fields that can be compared")
  func alibi() throws {
    let same = try Self.result(.alibi, rows: 200, moved: 0)
    #expect(!same.isDrift && same.threshold == 0.05 / 2 && same.correction == "Bonferroni")
    #expect(same.features.map(\.name) == ["share", "seal"])
    #expect(same.features.map(\.method) == [.kolmogorovSmirnov, .chiSquared(degreesOfFreedom: 1)])
    let moved = try Self.result(.alibi, rows: 200, moved: 0.4)
    #expect(moved.isDrift && moved.source == .local && moved.referenceCount == 200)
    #expect(moved.features.map(\.isDrifted) == [true, false])
    // Evenly spread values moved by 0.4 of their range lie 0.4 apart.
    #expect(abs(moved.features[0].statistic - 0.4) < 0.011)
    #expect(moved.features[0].current.reduce(0, +) == 100)
    let broken = try Self.result(.alibi, rows: 200, moved: 0, broken: 4)
    #expect(broken.features.map(\.isDrifted) == [false, true])
  }

  @Test("follows Evidently: tests up to 1000 rows, distances with a limit and no p above")
  func evidently() throws {
    let small = try Self.result(.evidently, rows: 200, moved: 0.4)
    #expect(small.features.map(\.method) == [.kolmogorovSmirnov, .other("z", limit: nil)])
    // Half of the features drift, and that is enough.
    #expect(small.isDrift)
    let large = try Self.result(.evidently, rows: 1200, moved: 0.4)
    #expect(large.features.map(\.method) == [.other("W1/sd", limit: 0.1), .other("JS base e", limit: 0.1)])
    #expect(large.features.allSatisfy { $0.pValue.isNaN } && large.features.map(\.isDrifted) == [true, false])
  }

  @Test("follows NannyML, whose limits come from the baseline's own chunks, and whylogs")
  func others() throws {
    let nannyml = try Self.result(.nannyml, rows: 1000, moved: 5)
    #expect(nannyml.features[0].isDrifted)
    guard case .other(let name, let limit?) = nannyml.features[0].method else {
      Issue.record("no distance: \(nannyml.features[0])")
      return
    }
    #expect(name == "JS base 2" && nannyml.features[0].statistic > limit)
    let whylogs = try Self.result(.whylogs, rows: 200, moved: 0.4)
    #expect(whylogs.features.map(\.method) == [.kolmogorovSmirnov, .other("χ² fit", limit: nil)])
    #expect(whylogs.features.map(\.isDrifted) == [true, false])
  }

  @Test("compares nothing where there are only texts, or no records")
  func nothing() throws {
    let texts = Signature(
      inputs: [TensorSpec(name: "remarks", datatype: .bytes, shape: [-1, 1])],
      outputs: [TensorSpec(name: "predict", datatype: .fp64, shape: [-1, 1])])
    let words = try texts.record(of: [.text("some words")])
    #expect(BaselineComparison([words], signature: texts, rules: .alibi) == nil)
    #expect(BaselineComparison([], signature: Self.signature, rules: .alibi) == nil)
  }
}
