import Alibi
import Domain
import Foundation
import OpenInference
import Testing
import WireFixtures

/// What the recorded explainers and detectors said, as one line each.
@Suite("recorded answers") struct RecordedAnswersTests {
  static let expectations = Expectations("recorded-answers.txt", beside: #filePath)

  @Test("every recorded explanation, drift and outlier answer reads as expected") func all() throws {
    var lines: [(String, String)] = []
    for exchange in try WireExchange.all() where exchange.name.hasPrefix("mlserver/") {
      guard exchange.answer.status == 200, exchange.answer.headers["content-encoding"] == nil,
        exchange.request.path.hasSuffix("/infer"),
        let response = try? InferenceResponse(decoding: exchange.answer.body)
      else { continue }
      let kind = AlibiKind(
        header: exchange.answer.headers[AlibiKind.typeField], outputs: response.outputs.map(\.name))
      guard let kind else { continue }
      lines.append((exchange.name, text(of: response, kind)))
    }
    let folder = WireExchange.folder.appending(path: "mlserver/alibi-json")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let body = Array(try Data(contentsOf: folder.appending(path: name)))
      lines.append(("alibi-json/\(name)", text { text(of: try Explanation(alibi: body, explainer: ModelID("e"))) }))
    }
    if Expectations.isRecording { try Self.expectations.record(lines) }
    for (name, value) in lines { #expect(Self.expectations[name] == value, "\(name)") }
    #expect(Self.expectations.names == Set(lines.map(\.0)))
  }

  private func text(_ read: () throws -> String) -> String {
    do { return try read() } catch { return "refused: \(error)" }
  }

  private func text(of response: InferenceResponse, _ kind: AlibiKind) -> String {
    let model = ModelID(response.modelName, version: response.modelVersion)
    return text {
      switch kind {
      case .explanation: return text(of: try Explanation(outputs: response.outputs, explainer: model))
      case .drift:
        let answer = try DriftAnswer(outputs: response.outputs, parameters: response.parameters)
        guard let answer else { return "gathering" }
        return "drift \(answer.method) \(answer.isDrift) D \(numbers(answer.distances)) p \(numbers(answer.pValues))"
          + " under \(answer.threshold) \(answer.featureFlags.map { $0 ? "1" : "0" }.joined())"
      case .outlier:
        let rows = try Outlier.rows(outputs: response.outputs, parameters: response.parameters, detector: model)
        return "outlier " + rows.map { "\($0.method) \($0.score) \($0.isOutlier)" }.joined(separator: ", ")
      case .adversarial: return "adversarial"
      }
    }
  }

  private func text(of explanation: Explanation) -> String {
    switch explanation.content {
    case .attributions(let attributions):
      let features = attributions.features.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      let classes = attributions.classes.map { group in
        "\(group.label) \(group.base) + \(numbers(group.shares)) = \(group.sum), gap \(group.gap ?? .nan)"
      }
      let sort = "\(attributions.link.rawValue) \(attributions.isExact ? "exact" : "sampled")"
      return "\(explanation.method) \(sort) \(features) | " + classes.joined(separator: " | ")
    case .anchor(let anchor):
      var words = ["\(explanation.method) \(anchor.predicates.map(\.string)) \(anchor.precision) \(anchor.coverage)"]
      words.append("steps \(numbers(anchor.steps)) at \(anchor.positions)")
      if let segments = anchor.segments {
        words.append("\(segments.rows)x\(segments.columns) \(segments.ids) kept \(segments.kept)")
      }
      return words.joined(separator: " ")
    case .other(let json):
      return "\(explanation.method) other: \((json["data"]?.members ?? []).map(\.key.string).joined(separator: " "))"
    }
  }

  private func numbers(_ values: [Double]) -> String { "\(values.map(Decimal.shortest))" }
}
