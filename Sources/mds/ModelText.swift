import Domain
import SafeText

/// One model as lines of text.
enum ModelText {
  /// Everything that is known of a model, and the fields of its form.
  static func lines(_ group: ModelGroup, _ signature: Signature?, server: ModelServer?, traffic: String? = nil)
    -> [String]
  {
    let model = group.model
    var lines: [(String, String)] = [
      (model.kind.word, model.name.string + (model.version.map { " v\($0.string)" } ?? "")),
      ("state", model.state.word + (model.reason.isEmpty ? "" : ": \(model.reason.string)")),
      ("platform", model.platform.string),
    ]
    if model.id.name != model.name { lines.append(("address", model.id.name.string)) }
    if let deployed = model.deployed { lines += deployedLines(deployed, server) }
    if let target = model.role.target { lines.append((model.role.word, "of \(target.string)")) }
    for (title, models) in [
      ("explain", group.explainers), ("drift", group.driftDetectors), ("outlier", group.outlierDetectors),
    ] where !models.isEmpty {
      lines.append((title, ListModels.names(models)))
    }
    if let traffic { lines.append(("traffic", traffic)) }
    if let classes = signature?.classes, !classes.isEmpty {
      lines.append(("classes", classes.map(\.string).joined(separator: ", ")))
    }
    let width = max(10, (lines.map(\.0.count).max() ?? 0) + 2)
    var text = lines.filter { !$0.1.isEmpty }.map { title, value in
      title + String(repeating: " ", count: width - title.count) + value
    }
    text += versionLines(model) + kindLines(model.kind) + placeLines(server) + fieldLines(signature)
    return text
  }

  private static func deployedLines(_ deployed: Deployed, _ server: ModelServer?) -> [(String, String)] {
    var lines: [(String, String)] = []
    if !deployed.namespace.isEmpty { lines.append(("namespace", deployed.namespace.string)) }
    if let replicas = deployed.replicas { lines.append(("replicas", replicas.text)) }
    if !deployed.server.isEmpty { lines.append(("server", deployed.server.string)) }
    if !deployed.requirements.isEmpty {
      lines.append(("requires", deployed.requirements.map(\.string).joined(separator: ", ")))
    }
    if !deployed.storage.isEmpty { lines.append(("storage", deployed.storage.string)) }
    if !deployed.usedBy.isEmpty {
      lines.append(("used by", deployed.usedBy.map(\.string).joined(separator: ", ")))
    }
    if let scale = deployed.scale {
      lines.append(
        (
          "scaled",
          "\(scale.minimum) to \(scale.maximum)" + (scale.isPaused ? ", paused" : scale.isActive ? ", active" : "")
        ))
    }
    return lines
  }

  private static func versionLines(_ model: Model) -> [String] {
    guard let versions = model.deployed?.versions, versions.count > 1 else { return [] }
    var table = TextTable(["VERSION", "STATE", "REPLICAS", "SERVER", "REASON"].map { .init($0) })
    for version in versions.reversed() {
      table.add([
        version.name.string, version.state.word, version.replicas?.text ?? "", version.server.string,
        version.reason.string,
      ])
    }
    return [""] + table.lines
  }

  private static func kindLines(_ kind: ModelKind) -> [String] {
    switch kind {
    case .model: return []
    case .pipeline(let pipeline): return [""] + PipelineDrawing(pipeline).text()
    case .experiment(let experiment):
      var table = TextTable(["CANDIDATE", "WEIGHT", "SHARE", ""].map { .init($0) })
      for candidate in experiment.candidates {
        table.add([
          candidate.name.string, "\(candidate.weight)", experiment.percent(of: candidate).map { "\($0)%" } ?? "",
          candidate.name == experiment.standard ? "default" : "",
        ])
      }
      if let mirror = experiment.mirror { table.add([mirror.name.string, "", "\(mirror.percent)%", "mirror"]) }
      guard !table.rows.isEmpty else { return ["", "candidates are told by Kubernetes only"] }
      return [""] + table.lines
    }
  }

  private static func placeLines(_ server: ModelServer?) -> [String] {
    guard let server, !server.places.isEmpty else { return [] }
    var table = TextTable(["REPLICA", "MODELS", "MEMORY FREE"].map { .init($0) })
    for place in server.places {
      table.add([
        "\(server.name.string)-\(place.index)", "\(place.loadedModels)",
        memory(place.availableMemory, of: place.totalMemory),
      ])
    }
    return [""] + table.lines
  }

  private static func fieldLines(_ signature: Signature?) -> [String] {
    guard let signature else { return [] }
    var table = TextTable(["FIELD", "TYPE", "UNIT", "VALUES", "FROM"].map { .init($0) })
    for field in signature.fields {
      table.add([field.name.string, field.typeText, field.unit.string, field.valuesText, field.layer.word])
    }
    return [""] + table.lines
  }

  /// The memory of all replicas that is free; empty where nobody tells.
  static func memory(_ server: ModelServer) -> String {
    let free = server.places.compactMap(\.availableMemory)
    let total = server.places.compactMap(\.totalMemory)
    // The numbers are foreign: their sums must not overflow.
    func sum(_ values: [UInt64]) -> UInt64? {
      values.isEmpty ? nil : values.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }
    return memory(sum(free), of: sum(total))
  }

  private static func memory(_ free: UInt64?, of total: UInt64?) -> String {
    guard let free, let total else { return "" }
    return "\(mebibytes(free)) of \(mebibytes(total)) MiB"
  }

  private static func mebibytes(_ bytes: UInt64) -> String { "\(bytes >> 20)" }
}
