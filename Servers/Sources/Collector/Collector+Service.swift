internal import Compression
internal import Domain
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Greeting, enrolment, health and figures.
extension Collector {
  func addService(to router: Router<BasicRequestContext>) {
    router.get("/v1/hello") { _, _ in Response(try await hello()) }
    router.post("/v1/enrol") { request, _ in try await enrol(request) }
    router.get("/v1/health") { _, _ in
      _ = try await database.read(Epochs.current)
      guard await intake.isHealthy else {
        throw Refused(.serviceUnavailable, Refusal("broken", detail: "the disk failed; start the collector anew"))
      }
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"status\":\"ok\"}")))
    }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: try await figures())))
    }
  }

  private func hello() async throws -> Hello {
    Hello(
      collectorID: RawText(database.id), epoch: try await database.read(Epochs.current), now: .now, limits: limits,
      program: RawText(Collector.program))
  }

  private func enrol(_ request: Request) async throws -> Response {
    let token = try await gate.token(of: request, for: nil)
    let enrolment: Enrolment = try await message(in: request)
    let former = enrolment.formerAnalyst.string
    // Only a name that nobody can be enrolled under may be claimed.
    if !former.isEmpty, former != token.analyst {
      guard former.hasPrefix("unix:") else {
        throw Refused(
          .unprocessableContent, Refusal("former-name", detail: "only a name that starts with unix: can be claimed"))
      }
      try await database.write { db in
        try TokenBook.claim(formerName: former, for: token, db)
      }
    }
    return Response(
      Enrolled(
        collectorID: RawText(database.id), epoch: try await database.read(Epochs.current),
        analyst: RawText(token.analyst), device: RawText(token.device), scopes: token.scopes))
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

  private func figures() async throws -> String {
    let (rows, streams, epoch) = try await database.read { db in
      try (
        Epochs.lastRow(db), db.integer("SELECT count(*) FROM stream") ?? 0,
        Epochs.current(db)
      )
    }
    var text = """
      # TYPE mds_collector_log_rows gauge
      mds_collector_log_rows \(rows)
      # TYPE mds_collector_streams gauge
      mds_collector_streams \(streams)
      # TYPE mds_collector_epoch gauge
      mds_collector_epoch \(epoch)
      # TYPE mds_collector_commits_total counter
      mds_collector_commits_total \(await intake.commits)
      # TYPE mds_collector_verdicts_total counter

      """
    let verdicts = await intake.verdicts
    for verdict in RecordVerdict.known {
      text += "mds_collector_verdicts_total{verdict=\"\(verdict.text)\"} \(verdicts[verdict] ?? 0)\n"
    }
    if let kafka { text += try await figures(of: kafka, lastRow: rows) }
    text += "# TYPE mds_collector_answers_total counter\n"
    for (status, count) in telemetry.counts {
      text += "mds_collector_answers_total{status=\"\(status)\"} \(count)\n"
    }
    return text
  }

  private func figures(of kafka: KafkaSink, lastRow: Int) async throws -> String {
    let figures = kafka.figures
    return """
      # TYPE mds_collector_kafka_lag_rows gauge
      mds_collector_kafka_lag_rows \(try await kafka.lag(lastRow))
      # TYPE mds_collector_kafka_up gauge
      mds_collector_kafka_up \(figures.complaint == nil ? 1 : 0)
      # TYPE mds_collector_kafka_sent_total counter
      mds_collector_kafka_sent_total \(figures.sent)
      # TYPE mds_collector_kafka_failures_total counter
      mds_collector_kafka_failures_total \(figures.failures)

      """
  }
}
