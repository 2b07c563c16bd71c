internal import Domain
internal import Synchronization

/// Counts of what was asked and how it went, under MLServer's names.
final class Metrics: Sendable {
  private struct Call: Hashable, Comparable {
    var method: String
    var path: String
    var status: Int

    static func < (left: Call, right: Call) -> Bool {
      (left.path, left.method, left.status) < (right.path, right.method, right.status)
    }
  }

  private struct Asked: Hashable {
    var model: RawText
    /// `None` where the path named no version.
    var version: RawText
  }

  private struct Counts {
    var calls: [Call: Int] = [:]
    var durations: [Call: Histogram] = [:]
    var inProgress: [String: Int] = [:]
    var successes: [Asked: Int] = [:]
    var failures: [Asked: Int] = [:]
    var seconds: [Asked: (count: Int, sum: Double)] = [:]
    var drift: [ModelID: Histogram] = [:]
  }

  /// Prometheus' usual buckets.
  struct Histogram: Sendable {
    static let limits = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]
    var counts = [Int](repeating: 0, count: limits.count + 1)
    var sum = 0.0

    mutating func observe(_ value: Double) {
      counts[Histogram.limits.firstIndex { value <= $0 } ?? Histogram.limits.count] += 1
      sum += value
    }
  }

  private let counts = Mutex(Counts())

  func began(method: String) {
    counts.withLock { $0.inProgress[method, default: 0] += 1 }
  }

  func ended(method: String, path: String, status: Int, seconds: Double) {
    counts.withLock { counts in
      counts.inProgress[method, default: 1] -= 1
      let call = Call(method: method, path: path, status: status)
      counts.calls[call, default: 0] += 1
      counts.durations[call, default: Histogram()].observe(seconds)
    }
  }

  /// One inference: the model as the path named it, and whether it was answered.
  func inferred(_ id: ModelID, succeeded: Bool, seconds: Double) {
    let asked = Asked(model: id.name, version: id.version ?? "None")
    counts.withLock { counts in
      counts.successes[asked, default: 0] += succeeded ? 1 : 0
      counts.failures[asked, default: 0] += succeeded ? 0 : 1
      let seen = counts.seconds[asked] ?? (0, 0)
      counts.seconds[asked] = (seen.count + 1, seen.sum + seconds)
    }
  }

  /// The `is_drift` values of one answer.
  func drifted(_ id: ModelID, _ values: [Double]) {
    counts.withLock { counts in
      for value in values { counts.drift[id, default: Histogram()].observe(value) }
    }
  }

  /// The counts as Prometheus' text format 0.0.4.
  var text: String {
    let counts = counts.withLock { $0 }
    let app = ("app_name", "mds-service")
    var text = MetricsText()
    text.family("rest_server_requests_in_progress", "gauge", "Total HTTP requests currently in progress")
    for (method, value) in counts.inProgress.sorted(by: { $0.key < $1.key }) {
      text.sample([app, ("method", method)], Double(value))
    }
    text.family("rest_server_requests_total", "counter", "Total HTTP requests")
    func labels(_ call: Call) -> [(String, String)] {
      [app, ("method", call.method), ("path", call.path), ("status_code", "\(call.status)")]
    }
    for (call, value) in counts.calls.sorted(by: { $0.key < $1.key }) { text.sample(labels(call), Double(value)) }
    text.family("rest_server_request_duration_seconds", "histogram", "HTTP request duration, in seconds")
    for (call, histogram) in counts.durations.sorted(by: { $0.key < $1.key }) {
      text.histogram(labels(call), histogram)
    }
    func models<Value>(_ values: [Asked: Value]) -> [(labels: [(String, String)], value: Value)] {
      values.sorted { ($0.key.model, $0.key.version) < ($1.key.model, $1.key.version) }
        .map { ([("model", $0.key.model.string), ("version", $0.key.version.string)], $0.value) }
    }
    text.family("model_infer_request_success_total", "counter", "Model infer request success count")
    for (labels, value) in models(counts.successes) { text.sample(labels, Double(value)) }
    text.family("model_infer_request_failure_total", "counter", "Model infer request failure count")
    for (labels, value) in models(counts.failures) { text.sample(labels, Double(value)) }
    text.family("model_infer_request_duration", "summary", "Model infer request duration")
    for (labels, value) in models(counts.seconds) {
      text.sample(labels, Double(value.count), suffix: "_count")
      text.sample(labels, value.sum, suffix: "_sum")
    }
    text.family("seldon_model_drift", "histogram", "Drift metrics")
    for (id, histogram) in counts.drift.sorted(by: { $0.key < $1.key }) {
      text.histogram(
        [("model_name", id.name.string), ("model_version", id.version?.string ?? "None")], histogram)
    }
    return text.text
  }
}
