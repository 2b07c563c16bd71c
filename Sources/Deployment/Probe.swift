internal import Domain
internal import OpenInference
internal import Transport

/// One question that tells servers apart, and what came back.
///
/// Each server answers one of them as no other does: MLServer, Triton and KServe `GET /v2` (Open Inference Protocol,
/// server metadata), Seldon Core 1 its `/metadata`, Prometheus its build, Kubernetes its version, our collector its
/// greeting. The Envoy of Seldon Core 2 knows no `/v2` without a model, and answers 404 in its own name.
struct Probe: Sendable {
  enum Question: String, CaseIterable, Sendable {
    case openInference = "/v2"
    case collector = "/v1/hello"
    case seldonV1 = "/metadata"
    case prometheus = "/api/v1/status/buildinfo"
    case kubernetes = "/version"
    case metrics = "/metrics"
  }

  var question: Question
  var status: Int
  var headers: HTTPHeaders
  var body: [UInt8]

  /// What the answer shows; nil where another server may answer the same.
  var discovered: Discovered? {
    guard status == 200 else { return refused }
    guard question != .metrics, let json = try? JSON(parsing: body) else { return nil }
    switch question {
    case .openInference:
      guard let name = json["name"]?.text else { return nil }
      return Discovered(
        .service(kind(named: name, extensions: json["extensions"]?.texts ?? [])), name: name,
        version: json["version"]?.text ?? "")
    case .collector:
      return json["collector_id"] == nil && json["collector"] == nil
        ? nil : Discovered(.collector, version: json["version"]?.text ?? "")
    case .seldonV1:
      // `{"name", "versions", "platform", "inputs", "outputs"}`: a model's metadata where others have none.
      guard let name = json["name"]?.text, json["versions"] != nil || json["apiVersion"] != nil else { return nil }
      return Discovered(.service(.seldonV1), name: name, version: json["versions"]?[0]?.text ?? "")
    case .prometheus:
      guard json["status"] == "success", let version = json["data"]?["version"]?.text else { return nil }
      return Discovered(.prometheus, version: version)
    case .kubernetes:
      guard let version = json["gitVersion"]?.text, json["major"] != nil else { return nil }
      return Discovered(.kubernetes, version: version)
    case .metrics: return nil
    }
  }

  /// Whether it is a page for Prometheus.
  var isMetrics: Bool {
    let type = headers["content-type"] ?? ""
    return question == .metrics && status == 200 && (type.hasPrefix("text/plain") || type.contains("openmetrics"))
  }

  private var refused: Discovered? {
    switch question {
    case .openInference where status == 404 && isFromEnvoy: return Discovered(.service(.seldonCore2))
    // An API server that wants to know who asks says so in an object of its own.
    case .kubernetes where [401, 403].contains(status):
      let json = try? JSON(parsing: body)
      return json?["kind"] == "Status" && json?["apiVersion"] == "v1" ? Discovered(.kubernetes) : nil
    default: return nil
    }
  }

  private var isFromEnvoy: Bool {
    headers["server"]?.lowercased() == "envoy" || headers["x-envoy-upstream-service-time"] != nil
  }

  private func kind(named name: RawText, extensions: [RawText]) -> ServiceKind {
    switch name {
    case "kserve": return .kserve
    case "mds-service": return .embedded
    default: break
    }
    // Both may be given other names; what they can do tells them.
    if ServerMetadata(name: name, version: "", extensions: extensions).isTriton { return .triton }
    if extensions.contains("model_repository_extension") { return .kserve }
    let isUvicorn = headers["server"]?.lowercased() == "uvicorn"
    return isUvicorn && extensions.isEmpty ? .mlserver : .openInference
  }
}
