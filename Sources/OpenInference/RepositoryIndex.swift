public import Domain

/// The models that a repository holds, one row a version.
public struct RepositoryIndex: Hashable, Sendable {
  public var rows: [Row]

  public init(rows: [Row]) { self.rows = rows }

  public struct Row: Hashable, Sendable {
    public var name: RawText
    /// Nil where the model has no versions or was never loaded.
    public var version: RawText?
    /// `READY`, `UNAVAILABLE`, `LOADING`, `UNLOADING`, `UNKNOWN`; empty for a model that was never loaded.
    public var state: RawText
    public var reason: RawText

    public init(name: RawText, version: RawText? = nil, state: RawText, reason: RawText = "") {
      self.name = name
      self.version = version
      self.state = state
      self.reason = reason
    }

    /// The state in the words of every screen: what a server unloaded on request is stopped, what it could not
    /// load has failed.
    public var modelState: ModelState {
      switch state {
      case "READY": .ready
      case "LOADING": .loading
      case "UNLOADING": .stopped
      case "UNAVAILABLE": reason.isEmpty || reason == "unloaded" ? .stopped : .failed
      default: .unknown
      }
    }
  }

  /// Reads the answer to `POST /v2/repository/index`.
  public init(decoding body: [UInt8]) throws(OpenInferenceError) {
    guard let list = try JSON.value(decoding: body).array else { throw OpenInferenceError(.expected("a list")) }
    rows = []
    for (index, element) in list.enumerated() {
      guard let name = element["name"]?.text else { throw OpenInferenceError(.missing, at: "[\(index)].name") }
      rows.append(
        Row(
          name: name, version: element["version"]?.text.flatMap { $0.isEmpty ? nil : $0 },
          state: element["state"]?.text ?? "", reason: element["reason"]?.text ?? ""))
    }
  }

  /// Reads KServe's answer to `GET /v2/models`, which lists the ready models by name.
  public init(decodingNames body: [UInt8]) throws(OpenInferenceError) {
    guard let names = try JSON.object(decoding: body)["models"]?.texts else {
      throw OpenInferenceError(.missing, at: "models")
    }
    rows = names.map { Row(name: $0, state: "READY") }
  }

  /// The rows as models, in the service's order; platform, role and signature are not known from here.
  public var models: [Model] {
    rows.map { row in
      let state = row.modelState
      return Model(
        id: ModelID(row.name, version: row.version), state: state, reason: state == .ready ? "" : row.reason)
    }
  }

  /// Writes the answer to `POST /v2/repository/index`, as MLServer lays it out.
  public var encoded: [UInt8] {
    JSON.array(
      rows.map { row in
        var members = [JSON.Member("name", .string(row.name))]
        if let version = row.version { members.append(JSON.Member("version", .string(version))) }
        members.append(JSON.Member("state", .string(row.state)))
        members.append(JSON.Member("reason", .string(row.reason)))
        return .object(members)
      }
    ).serialized
  }
}
