import Deployment
import Domain
import OpenInference
import Testing
import Transport
import WireFixtures

/// Runs a test against a service whose answers a closure gives; the server and the connections end with it.
func withService(
  options: InferenceOptions = InferenceOptions(), _ answer: @escaping ScriptedServer.Answer,
  _ test: (InferenceService, ScriptedServer) async throws -> Void
) async throws {
  try await withService(options: options, on: try ScriptedServer(answer), test)
}

/// Runs a test against a service that follows a script.
func withScript(
  options: InferenceOptions = InferenceOptions(), _ script: @escaping ScriptedServer.Script,
  _ test: (InferenceService, ScriptedServer) async throws -> Void
) async throws {
  try await withService(options: options, on: try ScriptedServer(script: script), test)
}

private func withService(
  options: InferenceOptions, on server: ScriptedServer,
  _ test: (InferenceService, ScriptedServer) async throws -> Void
) async throws {
  var configuration = TransportConfiguration()
  configuration.proxy = .none
  let transport = Transport(configuration: configuration)
  do {
    try await test(try InferenceService(base: server.base + "/", transport: transport, options: options), server)
  } catch {
    await transport.close()
    server.close()
    throw error
  }
  await transport.close()
  server.close()
  #expect(server.openConnections == 0)
}

/// Runs a test against the recorded answer of one exchange, whatever is asked.
func withRecording(
  _ name: String, _ test: (InferenceService, ScriptedServer) async throws -> Void
) async throws {
  let bytes = try WireExchange.named(name).answer.bytes
  try await withService({ _ in bytes }, test)
}

/// The error that the work throws; an issue where it throws none.
func deploymentError(_ work: () async throws -> Void) async -> DeploymentError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? DeploymentError
  }
}

enum Samples {
  static let call = InferenceCall(
    requestID: "0190-call", traceID: "0af7651916cd43dd8448eb211c80319c", spanID: "b7ad6b7169203331")

  static let wine = Signature(
    inputs: [
      TensorSpec(name: "input", datatype: .fp64, shape: [-1, 13], parameters: [JSON.Member("content_type", "np")])
    ],
    outputs: [
      TensorSpec(
        name: "predict", datatype: .int64, shape: [-1, 1],
        parameters: [JSON.Member("class_names", ["class_0", "class_1", "class_2"])]),
      TensorSpec(
        name: "predict_proba", datatype: .fp64, shape: [-1, 3],
        parameters: [JSON.Member("class_names", ["class_0", "class_1", "class_2"])]),
    ])

  static func wineRecord(_ first: Double = 11.87) -> Record {
    let values = [first, 4.31, 2.39, 21, 82, 2.86, 3.03, 0.21, 2.91, 2.8, 0.75, 3.64, 380]
    return Record(tensors: [Tensor(name: "input", datatype: .fp64, shape: [1, 13], elements: .double(values))])
  }

  static func description(_ name: RawText, _ parameters: [JSON.Member] = []) -> ModelDescription {
    ModelDescription(
      id: ModelID(name), platform: "alibi-explain",
      signature: Signature(inputs: [], outputs: [], parameters: parameters), role: .predictor)
  }
}
