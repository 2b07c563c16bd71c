public import Domain

/// How much a model is asked and how well it answers, as a Prometheus has gathered it over the last minutes.
public struct Traffic: Hashable, Sendable {
  /// Answers and failures a second.
  public var rate: Double
  /// The share of failures, 0 to 1; nil where nothing was asked.
  public var failedShare: Double?
  /// Milliseconds; nil where the server publishes no quantiles: MLServer never, Triton where it is told to.
  public var median: Double?
  public var p99: Double?
  public var mean: Double?
}

extension Prometheus {
  /// A model's traffic; nil where there are no metrics of it.
  ///
  /// MLServer: `model_infer_request_{success,failure}_total`, `model_infer_request_duration_{sum,count}`. Triton:
  /// `nv_inference_request_{success,failure}`, `nv_inference_request_duration_us`, `nv_inference_request_summary_us`.
  public func traffic(of model: RawText, minutes: Int = 5) async throws(DeploymentError) -> Traffic? {
    let label = "model=\(Prometheus.quoted(model))"
    func rate(_ metric: String) -> String { "sum(rate(\(metric){\(label)}[\(minutes)m]))" }
    func either(_ mlserver: String, _ triton: String) -> String { "(\(mlserver)) or (\(triton))" }
    let succeeded = either(rate("model_infer_request_success_total"), rate("nv_inference_request_success"))
    guard let answers = try await query(succeeded).number else { return nil }
    let failed = either(rate("model_infer_request_failure_total"), rate("nv_inference_request_failure"))
    let failures = try await query(failed).number ?? 0
    let mean = either(
      "1000 * \(rate("model_infer_request_duration_sum")) / \(rate("model_infer_request_duration_count"))",
      "\(rate("nv_inference_request_duration_us")) / \(rate("nv_inference_request_success")) / 1000")
    func quantile(_ quantile: String) -> String {
      "max(nv_inference_request_summary_us{\(label),quantile=\"\(quantile)\"}) / 1000"
    }
    let all = answers + failures
    return Traffic(
      rate: all, failedShare: all > 0 ? failures / all : nil,
      median: try await finite(quantile("0.5")), p99: try await finite(quantile("0.99")), mean: try await finite(mean))
  }

  /// Of the answers of a drift detector in each window of `step` seconds that ends in `from` to `to`, the share that
  /// said drift: `seldon_model_drift`, a histogram of zeros and ones by MLServer. Windows without an answer have none.
  public func driftShares(
    of detector: RawText, from: Timestamp, to: Timestamp, step: Int
  ) async throws(DeploymentError) -> [MetricPoint] {
    let label = "{model_name=\(Prometheus.quoted(detector))}[\(step)s]"
    let expression =
      "sum(increase(seldon_model_drift_sum\(label))) / sum(increase(seldon_model_drift_count\(label)))"
    return try await query(expression, from: from, to: to, step: step).first?.points.filter(\.value.isFinite) ?? []
  }

  private func finite(_ expression: String) async throws(DeploymentError) -> Double? {
    try await query(expression).number.flatMap { $0.isFinite ? $0 : nil }
  }

  /// A label's value as PromQL writes it; a name from outside can be any text.
  static func quoted(_ text: RawText) -> String {
    var quoted = "\""
    for scalar in text.string.unicodeScalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
