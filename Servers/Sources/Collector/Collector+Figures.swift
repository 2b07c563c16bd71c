internal import Domain
internal import Feedback
internal import SyncProtocol

/// What `/metrics` tells. docs/collector.md says of each what it is for.
extension Collector {
  func figures() async throws -> String {
    let stored = try await database.read(Stored.init)
    var text = MetricsText()
    text.gauge("log_rows", "Rows of the log.", stored.rows)
    text.gauge("streams", "Streams that were opened.", stored.streams)
    text.family("tokens", "gauge", "Tokens, by whether they let anybody in.")
    for state in stored.tokens.keys.sorted() { text.sample(stored.tokens[state] ?? 0, ["state": state]) }
    text.gauge("audit_entries", "Entries of the audit.", Int(stored.audit?.number ?? 0))
    text.family("audit_head", "gauge", "The number of the audit's last entry, and its hash: keep it elsewhere.")
    text.sample(Int(stored.audit?.number ?? 0), ["hash": (stored.audit?.hash ?? .zero).hex])
    text.gauge("epoch", "A higher number after each restore.", stored.epoch)
    if let bytes = try await database.store.bytes() {
      text.gauge("database_bytes", "What the database takes of the disk.", bytes)
    }
    text.gauge("backup_timestamp_seconds", "When the last backup was made; 0 where none was.", stored.backupAt)
    if let identity = settings.identity {
      text.gauge("certificate_expiry_timestamp_seconds", "When the certificate ends.", identity.validUntil)
    }
    text.gauge("start_timestamp_seconds", "When the server started.", startedAt)
    await describeIntake(in: &text)
    if let kafka { try await describe(kafka, lastRow: stored.rows, in: &text) }
    describeBundles(in: &text)
    describeTraffic(in: &text)
    return text.text
  }

  private func describeIntake(in text: inout MetricsText) async {
    text.gauge("healthy", "0 after the disk has failed: start the server anew.", await intake.isHealthy ? 1 : 0)
    text.counter("commits_total", "Transactions that took batches in.", await intake.commits)
    text.family("verdicts_total", "counter", "Events that were offered, by what became of them.")
    let verdicts = await intake.verdicts
    for verdict in RecordVerdict.known {
      text.sample(verdicts[verdict] ?? 0, ["verdict": verdict.text.string])
    }
  }

  private func describeBundles(in text: inout MetricsText) {
    let seen = desk.figures
    text.family("bundles_total", "counter", "Bundles that were handed in over the network, by what became of them.")
    text.sample(seen.taken, ["outcome": "taken"])
    text.sample(seen.refused, ["outcome": "refused"])
    text.counter("bundle_bytes_total", "Bytes of those that were taken.", seen.bytes)
  }

  private func describe(_ kafka: KafkaSink, lastRow: Int, in text: inout MetricsText) async throws {
    let figures = kafka.figures
    text.gauge("kafka_lag_rows", "Rows of the log still to be looked at.", try await kafka.lag(lastRow))
    text.gauge("kafka_up", "0 while events wait for a reason.", figures.complaint == nil ? 1 : 0)
    text.counter("kafka_sent_total", "Events that the brokers have confirmed.", figures.sent)
    text.counter("kafka_failures_total", "Times that sending was given up and begun anew.", figures.failures)
  }

  private func describeTraffic(in text: inout MetricsText) {
    let seen = telemetry.figures
    let guests = guests.figures
    text.gauge("requests_under_way", "Requests that are not answered yet, this one among them.", seen.underWay)
    text.gauge("connections", "Connections that stand.", guests.open)
    text.counter("connections_refused_total", "Connections over the limit of one address.", guests.turnedAway)
    text.counter(
      "requests_expired_total", "Connections ended because a request did not come to its end.", guests.expired)
    text.family("rate_limited_total", "counter", "Requests answered with 429 for their number.")
    text.sample(seen.limitedByToken, ["by": "token"])
    text.sample(seen.limitedByAddress, ["by": "address"])
    text.counter("unknown_tokens_total", "Requests with a token that is not in force.", seen.unknownTokens)
    text.family("requests_total", "counter", "Requests that were answered.")
    for (call, count) in seen.calls.sorted(by: { $0.key < $1.key }) {
      text.sample(count, ["route": call.route, "method": call.method, "status": "\(call.status)"])
    }
    text.family("request_seconds", "histogram", "How long requests took.")
    for (route, durations) in seen.durations.sorted(by: { $0.key < $1.key }) {
      text.histogram(durations, route: route)
    }
  }

  /// What the database says of itself.
  private struct Stored: Sendable {
    var rows: Int
    var streams: Int
    var epoch: Int
    var backupAt: Int
    var audit: AuditEntry?
    var tokens: [String: Int] = [:]

    init(_ db: any Transaction) throws {
      rows = try Epochs.lastRow(db)
      streams = try db.integer("SELECT count(*) FROM stream") ?? 0
      epoch = try Epochs.current(db)
      audit = try AuditBook.last(db)
      backupAt = try Backup.lastTime(db).map { Int($0.microseconds / 1_000_000) } ?? 0
      let now = SQLValue.text(Timestamp.now.description)
      tokens["revoked"] = try db.integer("SELECT count(*) FROM token WHERE revoked_at IS NOT NULL")
      tokens["expired"] = try db.integer(
        "SELECT count(*) FROM token WHERE revoked_at IS NULL AND expires_at <= ?", [now])
      tokens["in_force"] = try db.integer(
        "SELECT count(*) FROM token WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)", [now])
    }
  }
}
