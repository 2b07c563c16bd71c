import Deployment
import Domain
import Testing
import WireFixtures

/// What every recorded exchange with Seldon Core 1 decodes to, or why it does not, as one line.
@Suite("Recorded traffic of Seldon Core 1") struct RecordedSeldonTests {
  static let expectations = Expectations("recorded-seldon.txt", beside: #filePath)

  @Test("every recorded exchange is read as expected, through the client that the screens use")
  func all() async throws {
    let exchanges = try WireExchange.all(of: ["seldon"])
    #expect(exchanges.count == 25)
    var lines: [(name: String, value: String)] = []
    for exchange in exchanges { lines.append((exchange.name, try await text(of: exchange))) }
    if Expectations.isRecording { try Self.expectations.record(lines) }
    for (name, value) in lines { #expect(Self.expectations[name] == value, "\(name)") }
    #expect(Self.expectations.names == Set(lines.map(\.name)))
  }

  private func text(of exchange: WireExchange) async throws -> String {
    let path = exchange.request.path
    let isPrediction = ["predictions", "/predict"].contains { path.hasSuffix($0) }
    guard isPrediction || path.hasSuffix("metadata") else {
      return "not asked by mds: \(exchange.request.method) \(path), \(exchange.answer.status ?? 0)"
    }
    var said = ""
    try await withService(options: InferenceOptions(kind: .seldonV1), { _ in exchange.answer.bytes }) { service, _ in
      do {
        said = isPrediction ? try await answer(service) : try await form(service)
      } catch let error as DeploymentError {
        said = "refused: \(error.problem.summary) \(error.statusWords)"
      }
    }
    return said
  }

  private func answer(_ service: InferenceService) async throws -> String {
    let record = Record(
      tensors: [Tensor(name: "data", datatype: .fp64, shape: [1, 4], elements: .double([5.1, 3.5, 1.4, 0.2]))])
    let signature = Signature(inputs: [], outputs: [])
    // As many records as the recording has rows: two of them have two.
    for count in [2, 1] {
      do {
        let rows = try await service.infer(
          ModelID("iris"), records: Array(repeating: record, count: count), signature: signature, call: Samples.call)
        return rows.map { row in
          let outputs = row.outputs.map { tensor in
            "\(tensor.name) \(tensor.datatype.rawValue)\(tensor.shape) "
              + (0..<tensor.count).map { tensor.text(at: $0).string }.joined(separator: " ")
          }
          return "\(row.label.string.isEmpty ? "·" : row.label.string): " + outputs.joined(separator: "; ")
        }.joined(separator: " | ")
      } catch {
        guard case .rowCount = error.reason, count == 2 else { throw error }
      }
    }
    return "nothing"
  }

  private func form(_ service: InferenceService) async throws -> String {
    let description = try await service.metadata(ModelID("iris"))
    let fields = description.signature.fields.map(\.name.string).joined(separator: " ")
    let classes = description.signature.classes.map(\.string).joined(separator: " ")
    return "form: \(fields) → \(classes)"
  }
}

extension DeploymentError {
  fileprivate var statusWords: String {
    if case .status(_, let message) = reason { message.string } else { "" }
  }
}
