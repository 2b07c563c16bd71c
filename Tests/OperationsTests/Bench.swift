import Domain
import Foundation
import Frames
import Synchronization
import WireFixtures
import Workbench

@testable import Operations

/// A workbench without a terminal: keys go in, effects are performed for real, and the screen is text.
struct Bench {
  private(set) var state: AppState
  private let performer: Performer
  private let posted = Posted()
  private var milliseconds = 0
  var workspace: Workspace { performer.workspace }

  /// What effects answered and the screen has not taken yet.
  private final class Posted: Sendable {
    private let actions = Mutex<[Action]>([])

    func post(_ action: Action) { actions.withLock { $0.append(action) } }

    func take() -> [Action] {
      actions.withLock { actions in
        defer { actions = [] }
        return actions
      }
    }
  }

  init(_ workspace: Workspace, pacing: Pacing = .machine) {
    performer = Performer(workspace, pacing: pacing) { 0 }
    state = AppState(context: "desk", analyst: "ana")
    state.models.canFollow = workspace.context.hasControlPlane
    happens(.resized(ScreenSize(columns: 80, rows: 24)))
  }

  mutating func start() { happens(.started(now: Machine.now, milliseconds: 0)) }

  /// The move key rests.
  mutating func rest() { happens(.rested(milliseconds: milliseconds)) }

  /// As when the program ends: on a thread that may wait. What is awaited needs those of the tests, of which two cores
  /// have two.
  @discardableResult
  func finish(waiting: @escaping @Sendable () -> Void = {}) async -> [Problem] {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [performer, state] in
        continuation.resume(returning: performer.finish(state, waiting: waiting))
      }
    }
  }

  /// Opens the form of a model and waits until it can be filled in.
  mutating func open(_ model: RawText) async {
    start()
    await wait { $0.state.models.groups.contains { $0.id.name == model } }
    press(.text("i"))
    await wait { $0.state.infer?.signature.value != nil }
  }

  mutating func press(_ keys: Key...) {
    for key in keys {
      milliseconds += 100
      happens(.key(key, milliseconds: milliseconds))
    }
  }

  mutating func type(_ text: String) { for scalar in text.unicodeScalars { press(.text(scalar)) } }

  private mutating func happens(_ action: Action) {
    for effect in App.update(&state, action) { performer.perform(effect) { [posted] in posted.post($0) } }
  }

  /// Takes what came; waits for nothing.
  mutating func take() { for action in posted.take() { happens(action) } }

  /// Takes what comes until the screen is as it should be.
  mutating func wait(until condition: (Bench) -> Bool) async {
    while !condition(self) {
      take()
      await Task.yield()
    }
  }

  /// The screen as text, its lines joined where a line is too long for a panel.
  var screen: String {
    var frame = Frame(columns: state.size.columns, rows: state.size.rows)
    App.draw(state, on: &frame)
    return frame.text
  }
}

/// A service on loopback with one model that takes a text; what it does with an inference is the test's.
enum StubService {
  static func script(_ infer: @escaping ScriptedServer.Script) -> ScriptedServer.Script {
    { request, send in
      let path = request.line.split(separator: " ")[1]
      switch path {
      case "/v2": return send(ScriptedServer.response(#"{"name":"stub","version":"1","extensions":[]}"#))
      case "/v2/repository/index":
        return send(ScriptedServer.response(#"[{"name":"words","state":"READY","reason":""}]"#))
      case "/v2/models/words":
        return send(
          ScriptedServer.response(
            #"{"name":"words","platform":"words","inputs":[{"name":"text","datatype":"BYTES","shape":[-1,1]}],"#
              + #""outputs":[{"name":"label","datatype":"BYTES","shape":[-1,1]}]}"#))
      default: return infer(request, send)
      }
    }
  }

  static let answer = ScriptedServer.response(
    #"{"model_name":"words","outputs":[{"name":"label","datatype":"BYTES","shape":[1,1],"data":["fine"]}]}"#)

  static func withBench(
    _ infer: @escaping ScriptedServer.Script, _ body: (inout Bench, ScriptedServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ScriptedServer(script: script(infer))
    defer { server.close() }
    let workspace = try Workspace(
      Context(
        name: "desk", service: server.base, analyst: "ana", ledgerPath: folder.appending(path: "l.sqlite").path))
    defer { workspace.close() }
    var bench = Bench(workspace)
    await bench.open("words")
    bench.press(.enter)
    bench.type("one two")
    bench.press(.enter)
    try await body(&bench, server)
  }
}
