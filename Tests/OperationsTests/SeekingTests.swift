import Domain
import Foundation
import Synchronization
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("A service that was lost", .timeLimit(.minutes(1)))
struct SeekingTests {
  /// A workbench on a service that refuses whatever it is asked while `isDown` says so.
  private static func withBench(
    isDown: @escaping @Sendable () -> Bool, _ body: (inout Bench, Pauses) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-seeking-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answers = StubService.script { _, send in send(StubService.answer) }
    let server = try ScriptedServer(script: { request, send in isDown() ? false : answers(request, send) })
    defer { server.close() }
    let workspace = try Workspace(
      Context(
        name: "desk", service: server.base, analyst: "ana", ledgerPath: folder.appending(path: "l.sqlite").path))
    defer { workspace.close() }
    let pauses = Pauses()
    var bench = Bench(workspace, pacing: pauses.pacing)
    try await body(&bench, pauses)
    await bench.finish()
  }

  @Test("is asked again by itself, ever more rarely, and its models are there when it answers")
  func comesBack() async throws {
    let isDown = Mutex(true)
    try await Self.withBench(isDown: { isDown.withLock { $0 } }) { bench, pauses in
      pauses.hold(.seconds(300))
      bench.start()
      await bench.wait { $0.screen.contains("✗ service since") && pauses.lasting == 1 }
      #expect(pauses.taken == [15, 30, 60, 120, 240, 300].map { .seconds($0) })
      isDown.withLock { $0 = false }
      pauses.hold(nil)
      await bench.wait { $0.screen.contains("Models 1") && $0.screen.contains("● online") }
      #expect(pauses.taken.count == 6 && bench.state.models.nextTry == nil)
    }
  }

  @Test("is no longer looked for when the analyst has found it first") func foundFirst() async throws {
    let isDown = Mutex(true)
    try await Self.withBench(isDown: { isDown.withLock { $0 } }) { bench, pauses in
      pauses.hold(.seconds(15))
      bench.start()
      await bench.wait { $0.screen.contains("✗ service since") && pauses.lasting == 1 }
      isDown.withLock { $0 = false }
      bench.type("R")
      await bench.wait { $0.screen.contains("Models 1") && pauses.lasting == 0 }
      #expect(pauses.taken == [.seconds(15)] && bench.state.models.nextTry == nil)
    }
  }
}
