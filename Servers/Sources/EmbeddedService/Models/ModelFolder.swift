internal import Domain
internal import FoundationEssentials

/// A folder that holds one model: `settings.json`, `model.json`, `checks.json`, `reference.json`, `outlier.json`.
struct ModelFolder: Sendable {
  var url: URL

  /// The folders below this one that hold a model, by name.
  static func all(in root: URL) -> [ModelFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().map { ModelFolder(url: root.appending(path: $0)) }
      .filter { FileManager.default.fileExists(atPath: $0.url.appending(path: "settings.json").path) }
  }

  /// The name that the model has when its settings cannot be read.
  var name: RawText { RawText(url.lastPathComponent) }

  func settings() throws(ModelRefusal) -> ModelSettings { try ModelSettings(try json("settings.json")) }

  /// The booster, once its answers agree with the stored ones.
  func booster(for settings: ModelSettings) async throws(ModelRefusal) -> Booster {
    let checks = try StoredChecks(try json("checks.json"))
    try settings.check(against: checks)
    let booster: Booster
    do {
      booster = try Booster(path: url.appending(path: "model.json").path)
    } catch {
      throw ModelRefusal("libxgboost cannot load model.json: \(error)")
    }
    try await checks.verify(booster)
    return booster
  }

  func json(_ file: String) throws(ModelRefusal) -> JSON {
    let data: Data
    do {
      data = try Data(contentsOf: url.appending(path: file))
    } catch {
      throw ModelRefusal("\(file) cannot be read")
    }
    do {
      return try JSON(parsing: data)
    } catch {
      throw ModelRefusal("\(file) is no JSON: \(error)")
    }
  }
}

/// What a served model is for its predictor; the raw value is the suffix of its name.
enum ServedRole: String, CaseIterable, Sendable {
  case predictor = ""
  case explainer = "-shap"
  case drift = "-drift"
  case outlier = "-outlier"
}

extension ModelFolder {
  /// Loads the model in one of its roles, anew from the files.
  func load(_ role: ServedRole) async throws(ModelRefusal) -> any ServedModel {
    let settings = try settings()
    try settings.checkEncoding()
    switch role {
    case .predictor: return Predictor(settings: settings, booster: try await booster(for: settings))
    case .explainer: return Explainer(settings: settings, booster: try await booster(for: settings))
    case .outlier: return try OutlierDetector(settings: settings, distance: try Mahalanobis(try json("outlier.json")))
    case .drift:
      return try DriftDetector(settings: settings, reference: try DriftReference(try json("reference.json")))
    }
  }
}
