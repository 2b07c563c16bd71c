internal import Domain
internal import Foundation
internal import Testing

struct RepositoryTests {
  private func row(_ service: Service, _ name: String) async throws -> JSON {
    let index = try await service.post("/v2/repository/index", .object([])).json
    return try #require(index.array?.first { $0["name"]?.string == name })
  }

  /// Replaces a text in one of a model's files.
  private func change(_ file: URL, _ old: String, _ new: String) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let range = try #require(text.range(of: old))
    try text.replacingCharacters(in: range, with: new).write(to: file, atomically: true, encoding: .utf8)
  }

  @Test("a model whose answers differ from the stored ones is refused, with the reason") func mismatch() async throws {
    try await Fixtures.withCopy(of: ["wine", "cargo"]) { folder in
      // All classes move alike, so the probabilities stay what they were: only the margins tell.
      try change(folder.appending(path: "wine/model.json"), #""base_score":"5E-1""#, #""base_score":"7E-1""#)
      let service = await Service(models: folder)
      let wine = try await row(service, "wine")
      #expect(wine["state"] == "UNAVAILABLE")
      #expect(wine["reason"]?.string?.hasPrefix("its margins differ from the stored ones") == true)
      #expect(try await service.get("/v2/models/wine").status == 404)
      #expect(try await service.get("/v2/models/cargo").status == 200)
    }
  }

  @Test("a changed stored margin refuses the model and its explainer, not its detectors") func checks() async throws {
    try await Fixtures.withCopy(of: ["wine"]) { folder in
      try change(folder.appending(path: "wine/checks.json"), "-1.5214169", "-1.5224169")
      let service = await Service(models: folder)
      for name in ["wine", "wine-shap"] {
        let entry = try await row(service, name)
        #expect(entry["state"] == "UNAVAILABLE")
        #expect(entry["reason"]?.string?.contains("margins differ from the stored ones") == true)
        let answer = try await service.infer(name, ProtocolTests.wine)
        #expect(answer.status == 404)
        #expect(answer.error.contains("another version of XGBoost"))
      }
      #expect(try await row(service, "wine-drift")["state"] == "READY")
      #expect(try await row(service, "wine-outlier")["state"] == "READY")
      let again = try await service.post("/v2/repository/models/wine/load", .object([]))
      #expect(again.status == 500)
      #expect(again.error.hasPrefix("wine: its margins differ"))
    }
  }

  @Test(
    "a broken file refuses only what needs it",
    arguments: [
      ("wine/outlier.json", "wine-outlier"), ("wine/reference.json", "wine-drift"), ("wine/model.json", "wine"),
      ("wine/settings.json", "wine-drift"),
    ])
  func broken(file: String, model: String) async throws {
    try await Fixtures.withCopy(of: ["wine", "cargo"]) { folder in
      try "{".write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
      let service = await Service(models: folder)
      let entry = try await row(service, model)
      #expect(entry["state"] == "UNAVAILABLE")
      #expect(entry["reason"]?.string?.isEmpty == false)
      #expect(try await row(service, "cargo")["state"] == "READY")
    }
  }

  /// A change to one of wine's files, the model that it refuses, and what the reason says.
  struct Contradiction: Sendable {
    var file: String
    var old: String
    var new: String
    var model: String
    var reason: String
  }

  static let contradictions: [Contradiction] = [
    .init(
      file: "settings.json", old: #""shape": [-1, 13]"#, new: #""shape": [-1, 12]"#, model: "wine",
      reason: "rows of 12 features"),
    .init(
      file: "settings.json", old: #""shape": [-1, 13]"#, new: #""shape": [13]"#, model: "wine-drift",
      reason: "not [-1, …]"),
    .init(
      file: "settings.json", old: #""datatype": "FP64""#, new: #""datatype": "BYTES""#, model: "wine",
      reason: "one input of another datatype"),
    .init(
      file: "settings.json", old: #""shape": [-1, 3]"#, new: #""shape": [-1, 5]"#, model: "wine",
      reason: "output predict_proba"),
    .init(
      file: "settings.json", old: #""class_0", "class_1", "#, new: #""class_0", "#, model: "wine-shap",
      reason: "2 classes, the model has 3"),
    .init(
      file: "outlier.json", old: #""features": [0, "#, new: #""features": [99, "#, model: "wine-outlier",
      reason: "looks at feature 99"),
    .init(
      file: "reference.json", old: #""n": 124"#, new: #""n": 125"#, model: "wine-drift",
      reason: "do not add up to 125"),
    .init(
      file: "reference.json", old: #""p_value": 0.05"#, new: #""p_value": 5"#, model: "wine-drift",
      reason: "p_value between 0 and 1"),
  ]

  @Test("files that contradict each other are refused at load, with the reason", arguments: contradictions)
  func contradiction(_ wrong: Contradiction) async throws {
    try await Fixtures.withCopy(of: ["wine"]) { folder in
      try change(folder.appending(path: "wine/" + wrong.file), wrong.old, wrong.new)
      let service = await Service(models: folder)
      let entry = try await row(service, wrong.model)
      #expect(entry["state"] == "UNAVAILABLE")
      #expect(entry["reason"]?.string?.contains(wrong.reason) == true, "\(entry["reason"]?.string ?? "")")
    }
  }

  @Test("a category list that differs from the form's is refused") func categories() async throws {
    try await Fixtures.withCopy(of: ["cargo"]) { folder in
      try change(
        folder.appending(path: "cargo/settings.json"), #""categories": ["intact", "broken", "missing"]"#,
        #""categories": ["intact", "missing", "broken"]"#)
      let reason = try await row(await Service(models: folder), "cargo")["reason"]?.string
      #expect(reason?.contains("the categories of seal differ") == true)
    }
  }

  @Test("of two folders with a model of one name the second is refused") func sameName() async throws {
    try await Fixtures.withCopy(of: ["cargo", "wine"]) { folder in
      let wine = folder.appending(path: "wine/settings.json")
      try change(wine, #""name": "wine""#, #""name": "cargo""#)
      let service = await Service(models: folder)
      let rows = try #require(try await service.post("/v2/repository/index", .object([])).json.array)
      #expect(rows.filter { $0["name"] == "cargo" }.compactMap { $0["state"]?.string } == ["READY", "UNAVAILABLE"])
      #expect(rows.last?["reason"]?.string?.contains("the folder 'cargo' holds a model of this name") == true)
    }
  }

  @Test("what libxgboost says of a broken file is passed on without its source lines") func said() async throws {
    try await Fixtures.withCopy(of: ["wine"]) { folder in
      try "no JSON".write(to: folder.appending(path: "wine/model.json"), atomically: true, encoding: .utf8)
      let reason = try #require(try await row(await Service(models: folder), "wine")["reason"]?.string)
      #expect(reason.hasPrefix("libxgboost cannot load model.json: "))
      #expect(!reason.contains(".cc"))
    }
  }

  @Test("a model is unloaded, is not found, and is loaded again") func lifecycle() async throws {
    try await Fixtures.withCopy(of: ["wine"]) { folder in
      let service = await Service(models: folder)
      let unload = "/v2/repository/models/wine/unload"
      let unloaded = try await service.post(unload, .object([]))
      #expect(unloaded.status == 200)
      #expect(unloaded.body.isEmpty)
      #expect(try await service.post(unload, .object([])).status == 404)
      #expect(try await service.get("/v2/models/wine/ready").status == 404)
      #expect(try await service.infer("wine", ProtocolTests.wine).error == "Model wine not found")
      #expect(try await row(service, "wine")["state"] == "UNAVAILABLE")
      #expect(try await service.post("/v2/repository/index", .object(["ready": true])).json.array?.count == 3)
      // Its explainer has a booster of its own.
      #expect(try await service.infer("wine-shap", ProtocolTests.wine).status == 200)
      #expect(try await service.post("/v2/repository/models/wine/load", .object([])).status == 200)
      #expect(try await service.infer("wine", ProtocolTests.wine).status == 200)
    }
  }

  @Test("a folder without models serves none, and says so") func none() async throws {
    let service = await Service(models: URL(filePath: "/nonexistent"))
    #expect(try await service.post("/v2/repository/index", .object([])).json == [])
    #expect(try await service.get("/v2/health/ready").status == 200)
  }
}
