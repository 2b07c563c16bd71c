internal import Alibi
internal import Domain
internal import OpenInference
internal import Testing

struct ExplanationTests {
  @Test("attributions are libxgboost's contributions and add up to f(x)", arguments: Fixtures.models)
  func contributions(model: String) async throws {
    let service = await Service.shared
    for record in try #require(try Fixtures.json("expected/\(model).json")["records"]?.array) {
      let answer = try await service.infer(
        model + "-shap", try Fixtures.request(model, [try #require(record["inputs"])]))
      #expect(answer.status == 200)
      #expect(answer.header(AlibiKind.typeField) == "explanation")
      #expect(answer.header(AlibiKind.methodField) == "shap_wrappers")
      let data = try #require(answer.explanation["data"])
      let base = try #require(data["expected_value"]?.numbers)
      let margins = try #require(record["margins"]?.numbers)
      #expect(gap(base, try #require(record["base"]?.numbers)) < 1e-6)
      let answered = try #require(data["raw"]?["raw_prediction"]?[0]?.numbers)
      #expect(gap(answered, margins) < 1e-6)
      for (index, margin) in margins.enumerated() {
        let shares = try #require(data["shap_values"]?[index]?[0]?.numbers)
        #expect(gap(shares, try expected(record, class: index)) < 1e-6)
        // The margin on the wire is the sum's own: libxgboost's 32-bit sums are off by some 1e-6.
        #expect(abs(shares.reduce(base[index], +) - answered[index]) < 1e-9)
        #expect(abs(shares.reduce(base[index], +) - margin) < 1e-6)
      }
    }
  }

  /// A record's own contributions; of a text those of its words, and of all absent ones together.
  private func expected(_ record: JSON, class index: Int) throws -> [Double] {
    guard let tokens = record["tokens"]?.array else {
      return try #require(record["shap"]?[index]?.numbers)
    }
    return tokens.map { $0["contributions"]?[index]?.number ?? .nan } + [record["absent"]?[index]?.number ?? .nan]
  }

  @Test("a text is explained by its words, in their places, and by those that are not there") func words() async throws
  {
    let record = try #require(try Fixtures.json("expected/message-triage.json")["records"]?[0])
    let text = try #require(record["inputs"]?["text"]?.text)
    let answer = try await Service.shared.infer(
      "message-triage-shap", try Fixtures.request("message-triage", [try #require(record["inputs"])]))
    let data = try #require(answer.explanation["data"])
    let tokens = try #require(data["raw"]?["tokens"]?[0]?.array)
    let places = try #require(record["tokens"]?.array)
    #expect(tokens.count == places.count)
    for (token, place) in zip(tokens, places) {
      let start = try #require(token["start"]?.integer.map(Int.init))
      let end = try #require(token["end"]?.integer.map(Int.init))
      #expect(Int64(start) == place["start"]?.integer)
      #expect(Int64(end) == place["end"]?.integer)
      #expect(token["text"]?.text == RawText(bytes: text.bytes[start..<end]))
    }
    #expect(data["feature_names"]?.texts?.last == "words not present")
    #expect(data["feature_names"]?.array?.count == tokens.count + 1)
  }

  @Test("a picture's attributions say that they are pixels") func pixels() async throws {
    let record = try #require(try Fixtures.json("expected/digits.json")["records"]?[0]?["inputs"])
    let answer = try await Service.shared.infer("digits-shap", try Fixtures.request("digits", [record]))
    let parameters = try #require(answer.explanation["meta"]?["params"])
    #expect(parameters["layout"] == "pixels")
    #expect(parameters["rows"]?.integer == 8)
    #expect(parameters["columns"]?.integer == 8)
    #expect(answer.explanation["data"]?["feature_names"]?[9]?.text == "r2c2")
  }

  @Test("categories are named, and stand as their places") func categories() async throws {
    let record = try #require(try Fixtures.json("expected/cargo.json")["records"]?[0])
    let answer = try await Service.shared.infer(
      "cargo-shap", try Fixtures.request("cargo", [try #require(record["inputs"])]))
    let data = try #require(answer.explanation["data"])
    #expect(data["raw"]?["instances"]?[0]?.numbers == record["encoded"]?.numbers)
    #expect(data["categorical_names"]?["5"]?.texts == ["intact", "broken", "missing"])
    #expect(data["feature_names"]?[3]?.text == "declared_value")
  }

  @Test("every record's attributions add up to f(x), also where 32-bit sums do not", arguments: ["wine", "digits"])
  func sums(model: String) async throws {
    let records = try Fixtures.records(model).sorted { $0.key < $1.key }.prefix(150).map(\.value)
    let answer = try await Service.shared.infer(model + "-shap", try Fixtures.request(model, records))
    let data = try #require(answer.explanation["data"])
    let base = try #require(data["expected_value"]?.numbers)
    for row in records.indices {
      let margins = try #require(data["raw"]?["raw_prediction"]?[row]?.numbers)
      for (index, margin) in margins.enumerated() {
        let shares = try #require(data["shap_values"]?[index]?[row]?.numbers)
        #expect(abs(shares.reduce(base[index], +) - margin) < 1e-9)
      }
    }
  }

  @Test("an explanation of more numbers than anyone reads is refused") func size() async throws {
    let text = String(repeating: "urgent ", count: 300_000)
    let answer = try await Service.shared.infer(
      "message-triage-shap", try Fixtures.request("message-triage", [.object(["text": .text(text)])]))
    #expect(answer.status == 400)
    #expect(answer.error.contains("1200004 numbers, at most 1000000"))
  }

  @Test("two texts at once are refused: their words do not fit one table") func oneText() async throws {
    let answer = try await Service.shared.infer(
      "message-triage-shap",
      try Fixtures.request("message-triage", [.object(["text": "one"]), .object(["text": "two"])]))
    #expect(answer.status == 400)
    #expect(answer.error.contains("one text at a time"))
  }

  @Test(
    "an explanation reads back as exact margins that add up, laid out as what it explains", arguments: Fixtures.models)
  func decodes(model: String) async throws {
    let service = await Service.shared
    let record = try #require(try Fixtures.json("expected/\(model).json")["records"]?[0]?["inputs"])
    let answer = try await service.infer(model + "-shap", try Fixtures.request(model, [record]))
    let metadata = try ModelMetadata(decoding: await service.get("/v2/models/\(model)").body)
    let response = try InferenceResponse(decoding: answer.body)
    let explanation = try Explanation(
      outputs: response.outputs, explainer: ModelID(response.modelName),
      model: ExplainedModel(signature: metadata.signature))
    guard case .attributions(let attributions) = explanation.content else {
      Issue.record("no attributions")
      return
    }
    #expect(attributions.isExact)
    #expect(attributions.link == .margin)
    #expect(attributions.classes.map(\.label) == metadata.signature.classes)
    #expect(attributions.classes.allSatisfy { ($0.gap ?? .infinity) < 5e-6 })
    switch (model, attributions.layout) {
    case ("digits", .pixels(rows: 8, columns: 8)), ("wine", .list), ("cargo", .list): break
    case ("message-triage", .tokens(let tokens)): #expect(tokens.count + 1 == attributions.features.count)
    default: Issue.record("another layout: \(attributions.layout)")
    }
  }
}
