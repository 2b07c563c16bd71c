internal import Compression
internal import Domain
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Greeting, enrolment, health and figures.
extension Collector {
  func addService(to router: some RouterMethods<CallContext>) {
    router.get("/v1/hello") { _, _ in Response(try await hello()) }
    router.post("/v1/enrol") { request, context in try await enrol(request, context.token(for: nil)) }
    for path in ["/v1/health", "/healthz/ready"] as [RouterPath] {
      router.get(path) { _, _ in
        guard await intake.isHealthy else {
          throw Refused(.serviceUnavailable, Refusal("broken", detail: "the disk failed; start the collector anew"))
        }
        _ = try await database.read(Epochs.current)
        return Collector.fine
      }
    }
    // Says only that the process answers: whoever starts it anew for less loses connections and helps nobody.
    router.get("/healthz/live") { _, _ in Collector.fine }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: try await figures())))
    }
  }

  private static var fine: Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"status\":\"ok\"}")))
  }

  private func hello() async throws -> Hello {
    var limits = limits
    limits.bundleBytes = settings.bundles?.limit
    return Hello(
      collectorID: RawText(database.id), epoch: try await database.read(Epochs.current), now: .now, limits: limits,
      program: RawText(Collector.program), capabilities: capabilities, minimumClient: settings.minimumClient)
  }

  private func enrol(_ request: Request, _ token: TokenRecord) async throws -> Response {
    let enrolment: Enrolment = try await message(in: request)
    let former = enrolment.formerAnalyst.string
    let isOther = !former.isEmpty && RawText(former) != RawText(token.analyst)
    // Only a name that nobody can be enrolled under may be claimed; any other is granted by whoever makes the token.
    if isOther, !former.hasPrefix("unix:") {
      guard try await database.read({ db in try TokenBook.isGranted(formerName: former, to: token.analyst, db) }) else {
        throw Refused(.unprocessableContent, Refusal("former-name", detail: Collector.askFor(former, token)))
      }
    }
    try await database.write { db in
      if isOther { try TokenBook.claim(formerName: former, for: token, db) }
      try AuditBook.add(
        .enrol, token.actor,
        [
          JSON.Member("former_analyst", .text(former)), JSON.Member("workstation", .string(enrolment.workstation)),
          JSON.Member("tool", .string(enrolment.tool)),
        ], by: token.actor, db)
    }
    return Response(
      Enrolled(
        collectorID: RawText(database.id), epoch: try await database.read(Epochs.current),
        analyst: RawText(token.analyst), device: RawText(token.device), scopes: token.scopes,
        service: serviceName))
  }

  /// What helps an analyst who saved under a name of the configuration's.
  private static func askFor(_ name: String, _ token: TokenRecord) -> RawText {
    RawText(
      "what was saved on this device is under the name \(name), and this token is \(token.analyst)'s: ask the researchers "
        + "for one made with mds-collector token create --analyst \(token.analyst) --device \(token.device) "
        + "--formerly \(name), which lets it in")
  }

  /// A message that fills the request's body.
  func message<Value: Message>(in request: Request) async throws -> Value {
    let bytes = try await body(of: request)
    do {
      return try Value(bytes: bytes)
    } catch {
      throw Refused(error)
    }
  }

  /// The request's body, unpacked; the limit is for what comes out too.
  private func body(of request: Request) async throws -> [UInt8] {
    let tooLarge = Refused(
      .contentTooLarge, Refusal("too-large", detail: RawText("a request has at most \(limits.bodyBytes) bytes")))
    let packed: [UInt8]
    do {
      packed = Array(try await request.body.collect(upTo: limits.bodyBytes).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw Refused(.requestTimeout, Refusal("cut", detail: "the request did not come to its end", retryAfter: 1000))
    }
    switch request.headers[.contentEncoding]?.lowercased() {
    case nil, "identity": return packed
    case "gzip":
      do throws(Gzip.Failure) {
        return try Gzip.unpacked(packed, limit: limits.bodyBytes)
      } catch {
        throw error == .tooLarge ? tooLarge : Refused(WireError("the body is no gzip"))
      }
    case .some: throw Refused(.unsupportedMediaType, Refusal("encoding", detail: "a body is plain or gzip"))
    }
  }
}
