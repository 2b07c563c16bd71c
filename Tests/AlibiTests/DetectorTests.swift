import Alibi
import Domain
import OpenInference
import Testing
import WireFixtures

@Suite("detectors") struct DetectorTests {
  func response(_ name: String) throws -> InferenceResponse {
    try InferenceResponse(decoding: try WireExchange.named("mlserver/\(name)").answer.body)
  }

  @Test("a batch answer carries the corrected threshold and no flags by feature")
  func batch() throws {
    let response = try response("118-detect-wine-drift-wine-drifted-40")
    let answer = try #require(try DriftAnswer(outputs: response.outputs, parameters: response.parameters))
    #expect(answer.isDrift && answer.method == "KSDrift" && answer.featureFlags.isEmpty)
    #expect(answer.pValues.count == 13 && answer.distances.count == 13)
    #expect(abs(answer.threshold - 0.05 / 13) < 1e-12)
  }

  @Test("a detector that decides by feature says drift where any feature does")
  func byFeature() throws {
    let response = try response("119-detect-wine-drift-feature-wine-drifted-40")
    let answer = try #require(try DriftAnswer(outputs: response.outputs, parameters: response.parameters))
    #expect(answer.isDrift && answer.featureFlags.firstIndex(of: true) == 9 && answer.threshold == 0.05)
  }

  @Test("a detector that gathers a batch first says nothing yet")
  func gathering() throws {
    let response = try response("130-detect-batched-0")
    #expect(try DriftAnswer(outputs: response.outputs, parameters: response.parameters) == nil)
    #expect(try Outlier.rows(outputs: [], parameters: [], detector: ModelID("d")).isEmpty)
  }

  @Test("outliers come one a row, with the threshold that the metadata published")
  func outliers() throws {
    let response = try response("123-detect-wine-outlier-wine-outliers-6")
    let rows = try Outlier.rows(
      outputs: response.outputs, parameters: response.parameters, detector: ModelID("wine-outlier"), threshold: 0.02)
    #expect(rows.map(\.isOutlier) == [true, false, false, false, false, false])
    #expect(rows[0].method == "IForest" && rows[0].threshold == 0.02 && rows[0].score > 0.037)
  }

  @Test("another model's answer is refused")
  func foreign() throws {
    let response = try response("036-infer-wine-1")
    #expect(throws: AlibiError.missingOutput("is_drift")) {
      try DriftAnswer(outputs: response.outputs, parameters: response.parameters)
    }
    #expect(throws: AlibiError.missingOutput("is_outlier")) {
      try Outlier.rows(outputs: response.outputs, parameters: [], detector: ModelID("d"))
    }
  }

  @Test("what a detector writes reads back")
  func roundTrip() throws {
    let drift = DriftAnswer(
      method: "TabularDrift", isDrift: true, distances: [0.5, 0.25], pValues: [0.125, 0], threshold: 0.025)
    #expect(try DriftAnswer(outputs: drift.outputs, parameters: drift.responseParameters) == drift)
    let outliers = [true, false].map {
      Outlier(detector: ModelID("d"), method: "Mahalanobis", score: 2.5, threshold: 2, isOutlier: $0)
    }
    #expect(
      try Outlier.rows(
        outputs: Outlier.outputs(outliers), parameters: Outlier.responseParameters(method: "Mahalanobis"),
        detector: ModelID("d"), threshold: 2) == outliers)
  }

  @Test("a published reference reads back, and a broken one says where")
  func reference() throws {
    let published = PublishedReference(
      reference: Reference(
        count: 10,
        features: [
          .init(name: "w", distribution: .numeric(edges: [0, 1.5, 2], counts: [4, 6])),
          .init(name: "port", distribution: .categorical(labels: ["a", "b"], counts: [10, 0])),
        ]), method: "TabularDrift", correction: "bonferroni", pValue: 0.05)
    let parameters = [JSON.Member("reference", published.json)]
    #expect(try PublishedReference(metadataParameters: parameters) == published)
    #expect(try PublishedReference(metadataParameters: []) == nil)
    let broken = try JSON(
      parsing: #"{"n":1,"features":[{"name":"w","kind":"numeric","edges":[2,1],"counts":[1]}]}"#)
    #expect(
      throws: AlibiError.malformed("reference.features[0].edges", needed: "rising numbers, one more than counts")
    ) {
      try PublishedReference(metadataParameters: [JSON.Member("reference", broken)])
    }
  }
}
