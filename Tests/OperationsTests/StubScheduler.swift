import SchedulerMessages
import SwiftProtobuf
import Synchronization
import WireFixtures

/// A scheduler on loopback, whose models a test changes while they are subscribed to.
final class StubScheduler: Sendable {
  private struct State {
    var models: [String: SchedulerModelStatus.ModelState] = [:]
    var subscriptions: [GRPCCall] = []
    var isRefusing = false
  }

  private final class Shelf: Sendable {
    let state = Mutex(State())
  }

  private let shelf: Shelf
  let server: ScriptedServer

  init(models: [String]) throws {
    let shelf = Shelf()
    shelf.state.withLock { $0.models = Dictionary(uniqueKeysWithValues: models.map { ($0, .modelAvailable) }) }
    self.shelf = shelf
    server = try ScriptedServer(calls: { call in Self.answer(call, shelf) })
  }

  func close() { server.close() }

  /// Lets a model change, and tells those who subscribed to models.
  func set(_ name: String, _ state: SchedulerModelStatus.ModelState) {
    shelf.state.withLock { shelf in
      shelf.models[name] = state
      let subscriptions = shelf.subscriptions.filter { $0.method == "SubscribeModelStatus" }
      for call in subscriptions { server.send([.data(GRPCStep.framed(Self.message(name, state)))], on: call) }
    }
  }

  /// From now on no call is permitted.
  func refuse() { shelf.state.withLock { $0.isRefusing = true } }

  /// The lists that somebody has subscribed to, as calls.
  var subscriptions: Set<String> {
    shelf.state.withLock { state in Set(state.subscriptions.filter { server.isOpen($0) }.map(\.method)) }
  }

  private static func answer(_ call: GRPCCall, _ shelf: Shelf) -> [GRPCStep] {
    shelf.state.withLock { state in
      if state.isRefusing { return [.trailers([("grpc-status", "7")], isAlone: true)] }
      let messages = state.models.sorted { $0.key < $1.key }.map { message($0.key, $0.value) }
      switch call.method {
      case "ModelStatus": return GRPCStep.answers(messages)
      case "SubscribeModelStatus":
        state.subscriptions.append(call)
        return [.head(), .data(messages.flatMap(GRPCStep.framed))]
      // As gRPC for Go does: no head before the first message.
      case let method where method.hasPrefix("Subscribe"):
        state.subscriptions.append(call)
        return []
      default: return GRPCStep.answers([])
      }
    }
  }

  private static func message(_ name: String, _ state: SchedulerModelStatus.ModelState) -> [UInt8] {
    let model = SchedulerModelStatusResponse.with { model in
      model.modelName = name
      model.versions = [
        .with {
          $0.version = 1
          $0.state.state = state
          $0.state.reason = state == .modelAvailable ? "" : "no such bucket"
          $0.state.availableReplicas = state == .modelAvailable ? 1 : 0
          $0.modelDefn.deploymentSpec.replicas = 1
        }
      ]
    }
    return (try? model.serializedBytes()) ?? []
  }
}
