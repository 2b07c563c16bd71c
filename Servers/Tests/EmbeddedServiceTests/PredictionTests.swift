internal import Domain
internal import Testing

struct PredictionTests {
  @Test("a model answers with the trainer's own probabilities", arguments: Fixtures.models)
  func probabilities(model: String) async throws {
    let service = await Service.shared
    let expected = try Fixtures.json("expected/\(model).json")
    for record in try #require(expected["records"]?.array) {
      let request = try Fixtures.request(model, [try #require(record["inputs"])])
      let answer = try await service.infer(model, request)
      #expect(answer.status == 200)
      let probabilities = try #require(record["probabilities"]?.numbers)
      #expect(gap(answer.numbers("predict_proba"), probabilities) < 1e-6)
      let winner = try #require(probabilities.indices.max { probabilities[$0] < probabilities[$1] })
      let classes = try #require(expected["classes"]?.texts)
      let chosen = answer.output("predict").first
      #expect(chosen?.text == classes[winner] || chosen?.integer == Int64(winner))
    }
  }

  @Test("rows of a batch answer as they do alone") func batch() async throws {
    let service = await Service.shared
    let records = Array(try Fixtures.records("cargo").sorted { $0.key < $1.key }.map(\.value).prefix(40))
    let together = try await service.infer("cargo", try Fixtures.request("cargo", records)).numbers("predict_proba")
    var alone: [Double] = []
    for record in records {
      alone += try await service.infer("cargo", try Fixtures.request("cargo", [record])).numbers("predict_proba")
    }
    #expect(together.count == 120)
    #expect(gap(together, alone) == 0)
  }

  @Test("many at once get each their own answer") func concurrent() async throws {
    let service = await Service.shared
    let expected = try #require(try Fixtures.json("expected/digits.json")["records"]?.array)
    let requests = try expected.map { try Fixtures.request("digits", [try #require($0["inputs"])]) }
    let wanted = expected.map { $0["probabilities"]?.numbers ?? [] }
    try await withThrowingTaskGroup(of: Double.self) { group in
      for index in 0..<96 {
        let place = index % requests.count
        let model = index % 4 == 0 ? "digits-shap" : "digits"
        group.addTask {
          let answer = try await service.infer(model, requests[place])
          guard model == "digits" else { return answer.status == 200 ? 0 : .infinity }
          return gap(answer.numbers("predict_proba"), wanted[place])
        }
      }
      for try await gap in group { #expect(gap < 1e-6) }
    }
  }

  @Test("a null number is a missing value, as XGBoost reads NaN") func missing() async throws {
    let data = JSON.array([.null] + Array(repeating: 1, count: 12))
    let answer = try await Service.shared.infer(
      "wine",
      .object(["inputs": [.object(["name": "input", "datatype": "FP64", "shape": [1, 13], "data": data])]]))
    #expect(answer.status == 200)
    #expect(abs(answer.numbers("predict_proba").reduce(0, +) - 1) < 1e-6)
  }
}
