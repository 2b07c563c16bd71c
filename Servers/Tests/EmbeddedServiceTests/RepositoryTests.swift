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
