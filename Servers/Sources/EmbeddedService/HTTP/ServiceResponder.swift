internal import Compression
internal import Domain
internal import FoundationEssentials
internal import HTTPTypes
public import Hummingbird
internal import NIOCore
internal import OpenInference

/// Answers requests as MLServer 1.7.1 does over REST, with Triton's binary tensors beyond it.
public struct ServiceResponder: HTTPResponder {
  public typealias Context = BasicRequestContext

  let repository: Repository
  let metrics: Metrics
  let name: String
  /// Bytes of a body, as sent and as unpacked.
  let bodyLimit: Int

  public func respond(to request: Request, context: Context) async throws -> Response {
    let started = ContinuousClock.now
    let method = request.method.rawValue
    metrics.began(method: method)
    let endpoint = Endpoint(path: request.uri.path)
    var response = await answer(request, endpoint)
    pack(&response, for: request)
    // An answer to HEAD has no body (RFC 9110 §9.3.2): what followed would be read as the next answer.
    if request.method == .head { response.body = [] }
    metrics.ended(
      method: method, path: endpoint?.template ?? "unmatched", status: Int(response.status.code),
      seconds: (ContinuousClock.now - started).seconds)
    return Response(
      status: response.status, headers: response.headers, body: .init(byteBuffer: ByteBuffer(bytes: response.body)))
  }

  private func answer(_ request: Request, _ endpoint: Endpoint?) async -> Answer {
    guard let endpoint else { return elsewhere(request.uri.path, request) }
    guard request.method == endpoint.method else {
      var refused = Answer(Refusal.detail(.methodNotAllowed, "Method Not Allowed"))
      refused.headers[.allow] = endpoint.method.rawValue
      return refused
    }
    do {
      return try await answer(request, endpoint)
    } catch {
      return Answer(error)
    }
  }

  private func answer(_ request: Request, _ endpoint: Endpoint) async throws(Refusal) -> Answer {
    switch endpoint {
    case .server:
      let server = ServerMetadata(
        name: RawText(name), version: RawText(EmbeddedService.version),
        extensions: ["binary_tensor_data", "model_repository"])
      return Answer(server.encoded, type: "application/json")
    case .live, .ready: return Answer.empty
    case .model(let id):
      return Answer(try await repository.model(id).metadata.encoded, type: "application/json")
    case .modelReady(let id):
      _ = try await repository.model(id)
      return Answer.empty
    case .infer(let id): return try await infer(request, id)
    case .index:
      let readyOnly = try RequestReader.readyOnly(try await body(of: request))
      let index = await repository.index(readyOnly: readyOnly)
      return Answer(index.encoded, type: "application/json")
    case .load(let name):
      try await repository.load(name)
      return Answer.empty
    case .unload(let name):
      try await repository.unload(name)
      return Answer.empty
    case .metrics:
      return Answer(Array(metrics.text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }

  private func infer(_ request: Request, _ id: ModelID) async throws(Refusal) -> Answer {
    let started = ContinuousClock.now
    do {
      let served = try await repository.model(id)
      var asked = try RequestReader.read(
        try await body(of: request), headerLength: request.headers[.inferenceHeaderLength], for: served)
      asked.id = asked.id ?? RawText(UUID().uuidString.lowercased())
      let answered = try await served.model.answer(asked.inputs)
      let answer = try answer(answered, by: served.model.id, to: asked)
      metrics.drifted(served.model.id, answered.drift)
      metrics.inferred(id, succeeded: true, seconds: (ContinuousClock.now - started).seconds)
      return answer
    } catch {
      metrics.inferred(id, succeeded: false, seconds: (ContinuousClock.now - started).seconds)
      throw error
    }
  }

  private func answer(
    _ answered: InferenceAnswer, by model: ModelID, to asked: InferenceRequest
  ) throws(Refusal) -> Answer {
    let response = InferenceResponse(
      modelName: model.name, modelVersion: model.version, id: asked.id, parameters: answered.parameters,
      outputs: asked.selected(from: answered.outputs))
    let message: EncodedMessage
    do {
      message = try response.encoded(for: asked)
    } catch {
      throw .invalid("model '\(model.name)': \(error)")
    }
    var answer = Answer(message.body, type: message.contentType)
    if let length = message.headerLength { answer.headers[.inferenceHeaderLength] = "\(length)" }
    for (header, value) in answered.headers.sorted(by: { $0.key < $1.key }) { answer.set(header, value) }
    // Readers of headers stop at 8 to 64 KiB, and would lose the answer with them.
    let identity = asked.id.flatMap { $0.bytes.count <= 1024 ? $0.string : nil } ?? ""
    for (header, value) in [
      ("Ce-Specversion", "0.3"), ("Ce-Source", "io.seldon.serving.deployment.\(name)"),
      ("Ce-Type", "io.seldon.serving.inference.response"), ("Ce-Modelid", model.name.string),
      ("Ce-Inferenceservicename", name), ("Ce-Endpoint", model.name.string), ("Ce-Id", identity),
      ("Ce-Requestid", identity),
    ] where !value.isEmpty { answer.set(header, value) }
    return answer
  }

  /// A path that leads nowhere: 404, or the way to the same path without its trailing slash.
  private func elsewhere(_ path: String, _ request: Request) -> Answer {
    guard path.count > 1, path.hasSuffix("/"), Endpoint(path: String(path.dropLast())) != nil else {
      return Answer(Refusal.detail(.notFound, "Not Found"))
    }
    var redirect = Answer([], status: .temporaryRedirect)
    redirect.headers[.location] = "http://\(request.head.authority ?? "127.0.0.1")\(path.dropLast())"
    return redirect
  }

  private func body(of request: Request) async throws(Refusal) -> [UInt8] {
    let tooLarge = Refusal.error(.contentTooLarge, "the body is larger than \(bodyLimit) bytes")
    // Not worth waiting for.
    if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > bodyLimit { throw tooLarge }
    let packed: [UInt8]
    do {
      packed = Array(buffer: try await request.body.collect(upTo: bodyLimit))
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw .detail(.badRequest, "There was an error parsing the body")
    }
    guard let encoding = request.headers[.contentEncoding], Gzip.isNamed(by: encoding) else { return packed }
    do {
      return try Gzip.unpacked(packed, limit: bodyLimit)
    } catch .tooLarge {
      throw tooLarge
    } catch {
      throw .detail(.badRequest, "There was an error parsing the body")
    }
  }

  /// Packs bodies of 500 bytes and more for who takes gzip, as MLServer does.
  private func pack(_ answer: inout Answer, for request: Request) {
    guard answer.body.count >= 500 else { return }
    answer.headers[.vary] = "Accept-Encoding"
    guard Gzip.isAccepted(by: request.headers[.acceptEncoding] ?? "") else { return }
    answer.body = Gzip.packed(answer.body)
    answer.headers[.contentEncoding] = "gzip"
  }
}

extension HTTPField.Name {
  static var inferenceHeaderLength: Self { Self("Inference-Header-Content-Length") ?? .contentLength }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
