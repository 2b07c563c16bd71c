internal import Alibi
internal import Domain
internal import Testing

struct DetectorTests {
  @Test("drift is what TabularDrift computes of the same rows", arguments: Fixtures.models)
  func drift(model: String) async throws {
    let service = await Service.shared
    let records = try Fixtures.records(model)
    for window in try #require(try Fixtures.json("expected/\(model)-drift.json")["windows"]?.array) {
      let rows = try #require(window["records"]?.texts).compactMap { records[$0] }
      let answer = try await service.infer(model + "-drift", try Fixtures.request(model, rows))
      #expect(answer.header(AlibiKind.typeField) == "drift")
      #expect(answer.header(AlibiKind.methodField) == "tabular")
      #expect(
        answer.json["outputs"]?.array?.compactMap { $0["name"]?.string } == [
          "is_drift", "distance", "p_val", "threshold",
        ])
      let features = try #require(window["features"]?.array)
      let distances = features.map { $0["distance"]?.number ?? .nan }
      #expect(answer.output("is_drift").first?.integer == window["is_drift"]?.integer)
      // FP32 on the wire: relative to what it carries.
      for (found, expected) in zip(answer.numbers("distance"), distances) {
        #expect(abs(found - expected) <= 2e-7 * max(1, expected))
      }
      #expect(gap(answer.numbers("p_val"), features.map { $0["p_val"]?.number ?? .nan }) < 1e-6)
      #expect(gap(answer.numbers("threshold"), [window["threshold"]?.number ?? .nan]) < 1e-9)
    }
  }

  @Test("a detector publishes its reference: n, rule, edges and counts", arguments: Fixtures.models)
  func reference(model: String) async throws {
    let answer = try await Service.shared.get("/v2/models/\(model)-drift")
    let parameters = try #require(answer.json["parameters"]?.members)
    let published = try #require(try PublishedReference(metadataParameters: parameters))
    let shipped = try Fixtures.json("models/\(model)/reference.json")
    #expect(Int64(published.reference.count) == shipped["n"]?.integer)
    #expect(published.pValue == 0.05)
    #expect(published.correction == "bonferroni")
    #expect(published.method == "TabularDrift")
    #expect(published.reference.features.map(\.name) == shipped["features"]?.array?.compactMap { $0["name"]?.text })
    #expect(answer.json["parameters"]?["serves"]?.string == model)
    #expect(answer.json["parameters"]?["role"]?.string == "drift")
  }

  @Test("an outlier's score is the trainer's, and the same on every call", arguments: Fixtures.models)
  func outlier(model: String) async throws {
    let service = await Service.shared
    for record in try #require(try Fixtures.json("expected/\(model).json")["records"]?.array) {
      let request = try Fixtures.request(model, [try #require(record["inputs"])])
      let first = try await service.infer(model + "-outlier", request)
      let again = try await service.infer(model + "-outlier", request)
      #expect(gap(first.numbers("instance_score"), [record["outlier_score"]?.number ?? .nan]) < 1e-6)
      #expect(first.output("is_outlier").first?.integer == record["is_outlier"]?.integer)
      #expect(first.output("feature_score") == [.null])
      #expect(first.numbers("instance_score") == again.numbers("instance_score"))
      #expect(first.header(AlibiKind.typeField) == "outlier")
    }
    let metadata = try await service.get("/v2/models/\(model)-outlier")
    let threshold = try Fixtures.json("models/\(model)/outlier.json")["threshold"]?.number
    #expect(metadata.json["parameters"]?["threshold"]?.number == threshold)
    #expect(metadata.json["parameters"]?["role"] == "outlier")
  }

  @Test("a batch without one number for a feature is refused") func nothing() async throws {
    let answer = try await Service.shared.infer(
      "wine-drift",
      .object([
        "inputs": [
          .object([
            "name": "input", "datatype": "FP64", "shape": [1, 13],
            "data": .array([.null] + Array(repeating: 1, count: 12)),
          ])
        ]
      ]))
    #expect(answer.status == 400)
    #expect(answer.error.contains("'alcohol' has no value"))
  }
}
