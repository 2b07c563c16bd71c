internal import Alibi
public import Domain
internal import OpenInference
public import Transport

/// A client of one deployment service over the Open Inference Protocol (V2, REST).
public struct InferenceService: Sendable {
  /// `http://127.0.0.1:8080`, without a slash at the end.
  public let base: String
  private let transport: Transport

  public init(base: String, transport: Transport) {
    var base = base
    while base.hasSuffix("/") { base.removeLast() }
    self.base = base
    self.transport = transport
  }

  /// What a request is known by, at the service and in its logs and traces.
  public struct Identity: Hashable, Sendable {
    /// Sent as the request's `id` and as `x-request-id`.
    public var requestID: RawText
    /// A W3C trace context, sampled; empty to send none.
    public var traceParent: String

    public init(requestID: RawText, traceParent: String = "") {
      self.requestID = requestID
      self.traceParent = traceParent
    }

    /// The 32 digits of the trace.
    public var traceID: RawText {
      let parts = traceParent.split(separator: "-")
      return parts.count == 4 ? RawText(String(parts[1])) : ""
    }
  }

  // MARK: What runs

  /// The models that the service lists: its repository index, or `/v2/models` where there is none.
  public func models() async throws(DeploymentError) -> [Model] {
    let index = try await answer(.init("POST", "\(base)/v2/repository/index", headers: json, body: .bytes(Array("{}".utf8))))
    var rows: [Model]
    if index.status == 404 || index.status == 405 {
      let names = try await ok(.init("GET", "\(base)/v2/models"))
      rows = try read(names, "v2/models") { body throws(OpenInferenceError) in
        try RepositoryIndex(decodingNames: body).models
      }
    } else {
      let body = try checked(index, target: "v2/repository/index")
      rows = try read(body, "v2/repository/index") { body throws(OpenInferenceError) in
        try RepositoryIndex(decoding: body).models
      }
    }
    for index in rows.indices { rows[index].role = ModelDescription.role(of: rows[index].id.name) }
    return rows
  }

  /// The metadata of one model.
  public func describe(_ model: ModelID) async throws(DeploymentError) -> ModelDescription {
    let body = try await ok(.init("GET", url(of: model)))
    let metadata = try read(body, target(of: model)) { body throws(OpenInferenceError) in
      try ModelMetadata(decoding: body)
    }
    return ModelDescription(metadata, id: model)
  }

  /// Loads or unloads a model in the service's repository.
  public func setLoaded(_ model: ModelID, _ isLoaded: Bool) async throws(DeploymentError) {
    let verb = isLoaded ? "load" : "unload"
    let path = "\(base)/v2/repository/models/\(Self.escaped(model.name))/\(verb)"
    _ = try await ok(.init("POST", path, headers: json, body: .bytes(Array("{}".utf8))))
  }

  // MARK: Asking

  /// Asks a model about records; one prediction a record, in order. Never sent twice.
  public func predict(
    _ records: [Record], model: ModelID, signature: Signature, identity: Identity, deadline: Duration = .seconds(30)
  ) async throws(DeploymentError) -> [Prediction] {
    let (response, head, latency) = try await infer(records, model: model, identity: identity, deadline: deadline)
    let answered = ModelID(
      response.modelName.isEmpty ? model.name : response.modelName, version: response.modelVersion ?? model.version)
    return try rows(of: response.outputs, count: records.count, target: target(of: model)).map { outputs in
      Prediction(
        model: answered, answer: Prediction.answer(of: outputs, signature: signature), outputs: outputs,
        requestID: response.id ?? identity.requestID, route: RawText(head["x-seldon-route"] ?? ""),
        traceID: identity.traceID, latency: latency / Double(max(1, records.count)))
    }
  }

  /// Asks an explainer about one record.
  public func explain(
    _ record: Record, explainer: ModelID, description: ModelDescription?, signature: Signature?, identity: Identity,
    deadline: Duration = .seconds(60)
  ) async throws(DeploymentError) -> Explanation {
    let (response, _, latency) = try await infer([record], model: explainer, identity: identity, deadline: deadline)
    let model = ExplainedModel(signature: signature, explainerParameters: description?.parameters ?? [])
    do {
      return try Explanation(outputs: response.outputs, explainer: explainer, model: model, latency: latency)
    } catch {
      throw .unexplained(error, target: target(of: explainer))
    }
  }

  /// Asks an outlier detector about records; one score a record, none while the detector gathers a batch.
  public func outliers(
    _ records: [Record], detector: ModelID, description: ModelDescription?, identity: Identity
  ) async throws(DeploymentError) -> [Outlier] {
    let (response, _, _) = try await infer(records, model: detector, identity: identity, deadline: .seconds(30))
    do {
      return try Outlier.rows(
        outputs: response.outputs, parameters: response.parameters, detector: detector,
        threshold: description?[parameter: "threshold"]?.number)
    } catch {
      throw .unexplained(error, target: target(of: detector))
    }
  }

  /// Asks a drift detector about the rows of a window; nil while it gathers a batch.
  public func drift(
    _ records: [Record], detector: ModelID, identity: Identity
  ) async throws(DeploymentError) -> DriftAnswer? {
    let (response, _, _) = try await infer(records, model: detector, identity: identity, deadline: .seconds(60))
    do {
      return try DriftAnswer(outputs: response.outputs, parameters: response.parameters)
    } catch {
      throw .unexplained(error, target: target(of: detector))
    }
  }

  /// The reference that a detector's metadata publishes; nil where it publishes none.
  public static func reference(of description: ModelDescription) throws(DeploymentError) -> Reference? {
    do {
      return try PublishedReference(metadataParameters: description.parameters)?.reference
    } catch {
      throw .unexplained(error, target: description.id.name.string)
    }
  }

  // MARK: The wire

  private func infer(
    _ records: [Record], model: ModelID, identity: Identity, deadline: Duration
  ) async throws(DeploymentError) -> (InferenceResponse, HTTPHeaders, Double) {
    let target = target(of: model)
    let tensors: [Tensor]
    let message: EncodedMessage
    do {
      tensors = try RecordBatch.tensors(of: records)
    } catch {
      throw .refused(status: 0, message: RawText(error.summary), target: target)
    }
    do {
      message = try InferenceRequest(id: identity.requestID, inputs: tensors).encoded()
    } catch {
      throw .unreadable(error, target: target)
    }
    var request = HTTPRequest("POST", url(of: model) + "/infer", headers: json, body: .bytes(message.body))
    request.headers.append(("x-request-id", identity.requestID.string))
    if !identity.traceParent.isEmpty { request.headers.append(("traceparent", identity.traceParent)) }
    request.deadline = deadline
    let response = try await answer(request)
    let body = try checked(response, target: target)
    let length = try read(response.headers[EncodedMessage.headerLengthField], target) {
      text throws(OpenInferenceError) in
      guard let text else { return Int?.none }
      return try EncodedMessage.headerLength(text)
    }
    let decoded = try read(body, target) { body throws(OpenInferenceError) in
      try InferenceResponse(decoding: body, headerLength: length)
    }
    return (decoded, response.headers, response.timings.total / .milliseconds(1))
  }

  /// One row of every output for each record; outputs without a row each stay whole for a single record.
  private func rows(of outputs: [Tensor], count: Int, target: String) throws(DeploymentError) -> [[Tensor]] {
    if count == 1, outputs.allSatisfy({ $0.shape.first != 1 || $0.shape.isEmpty }) { return [outputs] }
    var rows: [[Tensor]] = []
    for index in 0..<count {
      let row = outputs.compactMap { output in
        output.shape.first == count ? output.row(index) : count == 1 ? output : nil
      }
      guard !row.isEmpty || outputs.isEmpty else {
        throw .rowCount(outputs.first?.shape.first ?? 0, expected: count, target: target)
      }
      rows.append(row)
    }
    return rows
  }

  private let json: [(name: String, value: String)] = [("Content-Type", "application/json")]

  private func answer(_ request: HTTPRequest) async throws(DeploymentError) -> HTTPResponse {
    do {
      return try await transport.send(request)
    } catch {
      throw .transport(error)
    }
  }

  private func ok(_ request: HTTPRequest) async throws(DeploymentError) -> [UInt8] {
    let path = request.url.hasPrefix(base) ? String(request.url.dropFirst(base.count + 1)) : request.url
    return try checked(try await answer(request), target: path)
  }

  private func checked(_ response: HTTPResponse, target: String) throws(DeploymentError) -> [UInt8] {
    guard response.isSuccess else {
      throw .refused(status: response.status, message: ErrorBody(decoding: response.body).message, target: target)
    }
    let type = response.headers["content-type"] ?? ""
    if type.hasPrefix("text/html") { throw .foreign(contentType: type, target: target) }
    return response.body
  }

  private func read<Input, Output>(
    _ input: Input, _ target: String, _ reader: (Input) throws(OpenInferenceError) -> Output
  ) throws(DeploymentError) -> Output {
    do {
      return try reader(input)
    } catch {
      throw .unreadable(error, target: target)
    }
  }

  private func url(of model: ModelID) -> String {
    let version = model.version.map { "/versions/\(Self.escaped($0))" } ?? ""
    return "\(base)/v2/models/\(Self.escaped(model.name))\(version)"
  }

  private func target(of model: ModelID) -> String {
    model.version.map { "\(model.name.string) v\($0.string)" } ?? model.name.string
  }

  /// A name as one segment of a path, RFC 3986 §2.3: everything but unreserved characters in percent form.
  static func escaped(_ name: RawText) -> String {
    var text = ""
    for byte in name.bytes {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += "%" + Hexadecimal.text(of: [byte]).uppercased()
      }
    }
    return text
  }
}
