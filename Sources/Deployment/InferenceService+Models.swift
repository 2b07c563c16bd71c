public import Domain
internal import OpenInference
internal import Transport

extension InferenceService {
  /// The models that the service lists, one a version, in its order; roles are guessed from their names.
  ///
  /// A service without a repository index, such as KServe, is asked for the names of its ready models. Of Seldon Core 2
  /// the catalogue's are listed here, because its Envoy lists none; its scheduler does.
  public func models() async throws(DeploymentError) -> [Model] {
    switch kind {
    case .seldonV1: return try await seldonModels()
    case .seldonCore2 where !catalogue.names.isEmpty: return await cataloguedModels()
    case .seldonCore2, .mlserver, .triton, .kserve, .embedded, .openInference: break
    }
    let index: RepositoryIndex
    do {
      let empty = EncodedMessage(body: Array("{}".utf8))
      let answer = try await exchange(
        .list, "POST", "/v2/repository/index", body: empty, deadline: options.listingDeadline)
      index = try answer.read { (body) throws(OpenInferenceError) in try RepositoryIndex(decoding: body) }
    } catch {
      guard case .status(let status, _) = error.reason, [400, 404, 405, 500, 501].contains(status) else { throw error }
      if let names = try? await readyNames() {
        index = names
      } else if await learnsKind() {
        return try await models()
      } else {
        throw error
      }
    }
    let names = index.rows.map(\.name)
    return index.models.map { model in
      var model = model
      model.role = ModelRole(name: model.id.name, platform: "", among: names)
      return model
    }
  }

  /// Finds out that an address of which nothing was known is Seldon's, which has no list of the protocol's kind.
  private func learnsKind() async -> Bool {
    guard kind == .openInference, let found = try? await Discovery(base: base, transport: transport).run(),
      case .service(let found) = found.kind, found == .seldonV1 || found == .seldonCore2
    else { return false }
    known.kind = found
    return true
  }

  /// Envoy lists nothing: the models of the catalogue, each asked whether it is ready.
  private func cataloguedModels() async -> [Model] {
    let names = catalogue.names
    return await concurrently(names, limit: 8) { name in
      let id = ModelID(name)
      var model = Model(id: id, state: .unknown, role: ModelRole(name: name, platform: "", among: names))
      switch await result({ () async throws(DeploymentError) in try await self.ready(id) }) {
      case .success(let isReady): model.state = isReady ? .ready : .failed
      case .failure(let error): model.reason = RawText(error.problem.summary)
      }
      return model
    }
  }

  private func readyNames() async throws(DeploymentError) -> RepositoryIndex {
    let answer = try await exchange(.list, "GET", "/v2/models", deadline: options.listingDeadline)
    return try answer.read { (body) throws(OpenInferenceError) in try RepositoryIndex(decodingNames: body) }
  }

  /// The models with what their metadata says: platform, role and signature. A model that is not ready, or whose
  /// metadata cannot be read, stays as it is listed.
  public func describedModels() async throws(DeploymentError) -> [Model] { try await described(try await models()) }

  /// Models, wherever they were listed, with what their metadata says. Pipelines have none. What a control plane says
  /// of a role stands, unless the metadata names one. `known` ones are described already.
  public func described(
    _ listed: [Model], except known: Set<ModelID> = []
  ) async throws(DeploymentError) -> [Model] {
    let names = listed.map(\.id.name)
    let ready = listed.indices.filter { index in
      if case .pipeline = listed[index].kind { return false }
      let model = listed[index]
      if known.contains(model.id) { return false }
      return model.state == .ready || model.deployed != nil && model.state == .degraded
    }
    let described = await concurrently(ready, limit: 8) { index in
      await result { () async throws(DeploymentError) in try await self.metadata(listed[index].id, among: names) }
    }
    var models = listed
    for (index, result) in zip(ready, described) {
      switch result {
      case .success(let description):
        models[index].signature = description.signature
        if models[index].deployed == nil {
          models[index].platform = description.platform
          models[index].role = description.role
        } else {
          if !description.platform.isEmpty { models[index].platform = description.platform }
          if description[parameter: "role"] != nil { models[index].role = description.role }
        }
      case .failure(let error): if error.isCancellation { throw error }
      }
    }
    return models
  }

  /// What the service's metadata says of a model, completed by the catalogue. `names` are the models of the service,
  /// where they are known, to tell whom a model serves that does not say.
  ///
  /// Where the service has nothing that can be read, the catalogue stands alone; with nothing there either, a model of
  /// Seldon Core 2 has an empty signature: its metadata is not to be had from the agents of Core 2.10, and a pipeline
  /// has none.
  public func metadata(
    _ model: ModelID, among names: [RawText] = []
  ) async throws(DeploymentError) -> ModelDescription {
    var supplements = catalogue.supplements(for: model)
    var service = Signature(inputs: [], outputs: [])
    var platform: RawText = ""
    do {
      let metadata = try await ownMetadata(model)
      (service, platform) = (metadata.signature, metadata.platform)
      if let more = await configuration(of: model) { supplements.insert(more, at: 0) }
    } catch {
      guard !error.isCancellation, !error.isUnreachable else { throw error }
      switch error.reason {
      case .unreadable where !supplements.isEmpty: break
      case .status(400, _) where kind == .seldonCore2, .status(405, _) where kind == .seldonCore2,
        .status(500...501, _) where kind == .seldonCore2:
        break
      case .status(400...501, _) where !supplements.isEmpty: break
      default: throw error
      }
    }
    return ModelDescription(service, platform: platform, supplements: supplements, id: model, names: names)
  }

  private func ownMetadata(_ model: ModelID) async throws(DeploymentError) -> ModelMetadata {
    if kind == .seldonV1 { return try await seldonMetadata() }
    let answer = try await exchange(
      .metadata(model), "GET", InferenceService.path(model), routedTo: model.name, deadline: options.listingDeadline)
    return try answer.read { (body) throws(OpenInferenceError) in try ModelMetadata(decoding: body) }
  }

  /// Whether the model answers. A model that the service does not know does not.
  public func ready(_ model: ModelID) async throws(DeploymentError) -> Bool {
    do {
      let answer = try await exchange(
        .ready(model), "GET", InferenceService.path(model, "/ready"), routedTo: model.name,
        deadline: options.listingDeadline)
      // KServe says it in the body, the others by the status alone.
      return (try? JSON(parsing: answer.response.body))?["ready"]?.bool ?? true
    } catch {
      if case .status(let status, _) = error.reason, [400, 404, 503].contains(status) { return false }
      throw error
    }
  }

  /// Loads a model of the repository, anew if it is loaded; returns when the service says so.
  public func load(_ name: RawText) async throws(DeploymentError) {
    try await control(.load(name), name, "load")
  }

  /// Unloads a model; Triton returns before it is done.
  public func unload(_ name: RawText) async throws(DeploymentError) {
    try await control(.unload(name), name, "unload")
  }

  private func control(
    _ operation: DeploymentError.Operation, _ name: RawText, _ verb: String
  ) async throws(DeploymentError) {
    _ = try await exchange(
      operation, "POST", "/v2/repository/models/\(URLParts.encoded(segment: name.bytes))/\(verb)",
      body: EncodedMessage(body: Array("{}".utf8)), deadline: options.loadDeadline)
  }
}
