internal import Alibi
internal import Deployment
internal import Domain
internal import OpenInference
internal import Transport

/// Answers of explainers, detectors and Prometheus are read or refused.
enum AnswerPromise {
  static func explanationViolation(in bytes: [UInt8]) -> String? {
    let model = ExplainedModel(labels: ["a", "b"])
    let row = Int(bytes.first ?? 0) % 3
    _ = try? Explanation(alibi: Array(bytes.dropFirst()), explainer: ModelID("e"), model: model, row: row)
    return nil
  }

  static func detectorViolation(in bytes: [UInt8]) -> String? {
    let limits = ScanLimits(elements: 100_000, tensors: 100, depth: 32)
    guard let response = try? InferenceResponse(decoding: bytes, limits: limits) else { return nil }
    _ = try? DriftAnswer(outputs: response.outputs, parameters: response.parameters)
    guard
      let rows = try? Outlier.rows(
        outputs: response.outputs, parameters: response.parameters, detector: ModelID("d"))
    else { return nil }
    let elements = response.outputs.map(\.elements.count).max() ?? 0
    return rows.count > elements ? "there are more rows than numbers" : nil
  }

  static func metricViolation(in bytes: [UInt8]) -> String? {
    _ = try? MetricValue(decoding: bytes)
    _ = try? MetricValue.data(decoding: bytes)
    return nil
  }

  static func delayViolation(in bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    for now in [0, 1_795_435_445, Int.max / 2] {
      if let delay = RetryAfter.delay(text, now: now), delay < .zero { return "a delay is negative" }
    }
    return nil
  }
}
