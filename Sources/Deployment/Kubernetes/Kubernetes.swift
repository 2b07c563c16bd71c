public import Domain
public import Transport

/// The Kubernetes API, read for what Seldon Core 2 and KEDA keep in it. Nothing is changed there.
///
/// Paths, `limit` and `continue`, `watch` and `Status` are the API's own (Kubernetes API Concepts). A bearer token or a
/// client certificate is the transport's.
public struct Kubernetes: Sendable {
  /// The API server's address without a slash at its end.
  public let base: String
  /// Empty asks for all namespaces.
  public let namespace: String
  /// For each page.
  public let deadline: Duration
  /// Objects of one page.
  let pageSize: Int
  let transport: Transport

  /// Bytes of a page, and pages of a list: what is beyond them is no list of a person's models.
  static let pageLimit = 64 << 20
  static let mostPages = 400

  public init(
    base: String, namespace: String = "", transport: Transport, deadline: Duration = .seconds(10), pageSize: Int = 500
  ) throws(DeploymentError) {
    self.base = try BaseAddress(base).text
    self.namespace = namespace
    self.transport = transport
    self.deadline = deadline
    self.pageSize = pageSize
  }

  /// Every model, with the state that its conditions tell.
  public func models() async throws(DeploymentError) -> [DeployedModel] {
    try await list(.models).items.compactMap(DeployedModel.init(kubernetes:))
  }

  public func pipelines() async throws(DeploymentError) -> [Pipeline] {
    try await list(.pipelines).items.compactMap(Pipeline.init(kubernetes:))
  }

  public func experiments() async throws(DeploymentError) -> [Experiment] {
    try await list(.experiments).items.compactMap(Experiment.init(kubernetes:))
  }

  public func servers() async throws(DeploymentError) -> [ModelServer] {
    try await list(.servers).items.compactMap(ModelServer.init(kubernetes:))
  }

  /// The installations of Seldon Core 2 with their conditions.
  public func runtimes() async throws(DeploymentError) -> [Runtime] {
    try await list(.runtimes).items.compactMap(Runtime.init(kubernetes:))
  }

  /// What KEDA scales; none where KEDA is not installed.
  public func scales() async throws(DeploymentError) -> [ScaleRow] {
    do {
      return try await list(.scales).items.compactMap(ScaleRow.init(kubernetes:))
    } catch {
      switch error.reason {
      case .refused(let status) where status.code == 404: return []
      case .status(404, _): return []
      default: throw error
      }
    }
  }

  /// One whole list and the version from which a watch goes on.
  struct Page: Sendable {
    var items: [JSON] = []
    var resourceVersion: RawText = ""
  }

  /// Reads a list page by page; begins once anew when it went stale meanwhile (410).
  func list(_ list: ControlList) async throws(DeploymentError) -> Page {
    do {
      return try await pages(of: list)
    } catch {
      guard case .refused(let status) = error.reason, status.code == 410 else { throw error }
      return try await pages(of: list)
    }
  }

  private func pages(of list: ControlList) async throws(DeploymentError) -> Page {
    var whole = Page()
    var token: RawText?
    for _ in 0..<Self.mostPages {
      var query = "limit=\(pageSize)"
      if let token { query += "&continue=\(URLParts.encoded(segment: token.bytes))" }
      let page = try await get(list, query)
      whole.items += page["items"]?.array ?? []
      whole.resourceVersion = page["metadata"]?["resourceVersion"]?.text ?? ""
      token = page["metadata"]?["continue"]?.text
      guard let token, !token.isEmpty else { return whole }
    }
    throw failure(list, .refused(KubernetesStatus(code: 413, message: "the list has too many pages")))
  }

  /// The path of a list, its namespace as one segment.
  func path(_ list: ControlList, _ query: String) -> String {
    let place = URLParts.encoded(segment: Array(namespace.utf8))
    return KubernetesResource(list).path(in: place) + "?" + query
  }

  func failure(
    _ list: ControlList, _ reason: DeploymentError.Reason, _ exchange: DeploymentError.Exchange? = nil
  ) -> DeploymentError {
    DeploymentError(.kubernetes(list, namespace: RawText(namespace)), reason, exchange: exchange)
  }

  func get(_ list: ControlList, _ query: String) async throws(DeploymentError) -> JSON {
    let path = path(list, query)
    var exchange = DeploymentError.Exchange(method: "GET", path: path)
    var request = HTTPRequest("GET", base + path, headers: [("accept", "application/json")])
    request.deadline = deadline
    request.bodyLimit = Self.pageLimit
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw failure(list, .transport(error), exchange)
    }
    exchange.note(response.head, size: response.body.count)
    exchange.milliseconds = response.timings.total.milliseconds
    let body = try? JSON(parsing: response.body)
    guard response.isSuccess, let body, body["items"] != nil || body["kind"]?.string != "Status" else {
      throw refusal(list, response.status, response.body, body, exchange)
    }
    return body
  }

  /// What an answer that is no list is: the API's own `Status`, or a status of whatever stands before it.
  func refusal(
    _ list: ControlList, _ code: Int, _ bytes: [UInt8], _ body: JSON?, _ exchange: DeploymentError.Exchange
  ) -> DeploymentError {
    var exchange = exchange
    exchange.body = RawText(bytes: bytes.prefix(4096))
    if let status = body.flatMap({ KubernetesStatus($0, code: (200...299).contains(code) ? nil : code) }) {
      if !status.message.isEmpty { exchange.body = RawText(bytes: status.message.bytes.prefix(4096)) }
      return failure(list, .refused(status), exchange)
    }
    if (200...299).contains(code) {
      return failure(list, .refused(KubernetesStatus(code: code, message: "no JSON")), exchange)
    }
    return failure(list, .status(code, message: exchange.body), exchange)
  }
}
