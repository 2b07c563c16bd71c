import ConfigurationFile
import Domain
import Foundation
import Synchronization
import WireFixtures

@testable import Operations

/// A workspace whose models a control plane lists; everything is on loopback and goes with the test.
struct ControlDesk {
  let workspace: Workspace
  let service: ScriptedServer
  let pauses = Pauses()

  /// The names of models whose metadata was asked for.
  var described: [String] {
    service.requests.map { String($0.line.split(separator: " ")[1]) }.filter { $0.hasPrefix("/v2/models/") }
      .map { String($0.dropFirst("/v2/models/".count)) }
  }

  /// The names of the models that the workspace knows now, with their states.
  var known: [RawText: ModelState] {
    Dictionary(
      workspace.knownModels.withLock { $0.models }.map { ($0.id.name, $0.state) },
      uniquingKeysWith: { first, _ in first })
  }

  func bench() -> Bench { Bench(workspace, pacing: pauses.pacing) }

  static func with(
    cluster: Cluster? = nil, scheduler: StubScheduler? = nil, _ body: (ControlDesk) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-control-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = try ScriptedServer { request in metadata(request.line) }
    defer {
      service.close()
      cluster?.close()
      scheduler?.close()
    }
    var context = Context(
      name: "desk", service: service.base, analyst: "ana", ledgerPath: folder.appending(path: "l.sqlite").path)
    context.kind = .seldonCore2
    context.namespace = "lab"
    context.kubernetes = cluster.map { EndpointSettings(url: $0.server.base) }
    context.scheduler = scheduler.map { EndpointSettings(url: $0.server.base) }
    let workspace = try Workspace(context)
    defer { workspace.close() }
    try await body(ControlDesk(workspace: workspace, service: service))
  }

  /// Envoy: it has metadata, and no list.
  private static func metadata(_ line: String) -> [UInt8] {
    let path = line.split(separator: " ")[1]
    guard line.hasPrefix("GET /v2/models/"), let name = path.split(separator: "/").last else {
      return ScriptedServer.response("", status: 404, headers: [:])
    }
    return ScriptedServer.response(
      #"{"name":"\#(name)","platform":"sklearn","inputs":[{"name":"x","datatype":"FP64","shape":[-1,2]}],"#
        + #""outputs":[{"name":"y","datatype":"FP64","shape":[-1,1]}]}"#)
  }
}
