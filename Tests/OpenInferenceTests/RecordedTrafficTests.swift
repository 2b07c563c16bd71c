import Domain
import OpenInference
import Testing
import WireFixtures

/// What every recorded exchange decodes to, or why it does not, as one line.
@Suite("recorded traffic") struct RecordedTrafficTests {
  static let expectations = Expectations("recorded-traffic.txt", beside: #filePath)

  @Test("every recorded exchange of MLServer, Triton, KServe and Envoy reads as expected") func all() throws {
    let exchanges = try WireExchange.all(of: ["mlserver", "triton", "kserve", "envoy"])
    #expect(exchanges.count > 400)
    let lines = exchanges.flatMap { exchange in
      [
        ("\(exchange.name) request", described { try request(of: exchange) }),
        ("\(exchange.name) answer", described { try answer(of: exchange) }),
      ]
    }
    if Expectations.isRecording { try Self.expectations.record(lines) }
    for (name, value) in lines { #expect(Self.expectations[name] == value, "\(name)") }
    #expect(Self.expectations.names == Set(lines.map(\.0)))
  }

  private func described(_ read: () throws -> String) -> String {
    do { return try read() } catch { return "refused: \(error)" }
  }

  private func request(of exchange: WireExchange) throws -> String {
    let half = exchange.request
    guard half.path.hasSuffix("/infer") && half.method == "POST" else { return "\(half.line.dropLast(9))" }
    if let encoding = half.headers["content-encoding"] { return "\(encoding), \(half.body.count) bytes" }
    let length = try half.headers["inference-header-content-length"].map { try EncodedMessage.headerLength($0) }
    let request =
      length == 0
      ? try InferenceRequest(
        rawBinary: half.body,
        signature: Signature(inputs: [TensorSpec(name: "features", datatype: .fp32, shape: [-1, 4])], outputs: []))
      : try InferenceRequest(decoding: half.body, headerLength: length)
    return TrafficText.text(of: request)
  }

  private func answer(of exchange: WireExchange) throws -> String {
    let half = exchange.answer
    guard let status = half.status else { return "no answer" }
    if let encoding = half.headers["content-encoding"] { return "\(encoding), \(half.body.count) bytes" }
    guard status == 200 else {
      return "\(status) \(TrafficText.quoted(ErrorBody(decoding: half.body).message))"
    }
    let path = exchange.request.path.split(separator: "?").first.map(String.init) ?? ""
    let parts = path.split(separator: "/").map(String.init)
    // Triton's generate answers with plain members; MLServer's is another name for infer.
    let isResponse = exchange.name.hasPrefix("mlserver") || exchange.name.hasSuffix("err-generate-many")
    guard parts.first != "v1" else { return "outside the protocol, \(half.body.count) bytes" }
    switch parts.last {
    case "infer",
      "generate" where isResponse:
      let length = try half.headers["inference-header-content-length"].map { try EncodedMessage.headerLength($0) }
      return TrafficText.text(of: try InferenceResponse(decoding: half.body, headerLength: length))
    case "models" where parts.first == "v2": return TrafficText.text(of: try RepositoryIndex(decodingNames: half.body))
    case "index": return TrafficText.text(of: try RepositoryIndex(decoding: half.body))
    case "v2":
      let metadata = try ServerMetadata(decoding: half.body)
      let extensions = metadata.extensions.map(\.string).joined(separator: " ")
      return "server \(metadata.name) \(metadata.version) [\(extensions)]"
    case _ where parts.count == 3 && parts[1] == "models", _ where parts.count == 5 && parts[3] == "versions":
      return TrafficText.text(of: try ModelMetadata(decoding: half.body))
    default: return half.body.isEmpty ? "empty" : "outside the protocol, \(half.body.count) bytes"
    }
  }
}
