import Domain
import Foundation
import Ledger
import Synchronization
import Testing
import Workbench

@testable import Operations

@Suite("What syncs by itself")
struct SyncKeeperTests {
  /// A workspace that is enrolled at an address at which no question can be asked.
  private func withWorkspace(_ body: (Workspace) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-keeper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ledger.sqlite").path
    let ledger = try Ledger(path: path)
    let account = CollectorAccount(
      endpoint: CollectorEndpoint(address: "nowhere"), collectorID: "c", analyst: "ana", device: "desk")
    try account.keep(in: ledger, context: "desk")
    try ledger.close()
    let workspace = try Workspace(
      Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path))
    try await body(workspace)
    workspace.close()
  }

  @Test("tries again after an error of the machine or the ledger, though nobody saves or asks")
  func afterError() async throws {
    try await withWorkspace { workspace in
      let exchanges = Mutex(0)
      let pauses = Pauses()
      pauses.hold(.seconds(60))
      let keeper = SyncKeeper(workspace, pacing: pauses.pacing) { action in
        if action == .outbox(.syncing(true)) { exchanges.withLock { $0 += 1 } }
      }
      await keeper.now()
      #expect(exchanges.withLock { $0 } == 1)
      while pauses.lasting == 0 { await Task.yield() }
      pauses.hold(nil)
      while exchanges.withLock({ $0 }) < 2 { await Task.yield() }
      withExtendedLifetime(keeper) {}
    }
  }

  @Test("sends soon what was saved while an exchange was on its way, though that one ended well")
  func savedMeanwhile() async throws {
    try await withWorkspace { workspace in
      let pauses = Pauses()
      pauses.hold(.seconds(1))
      let hasBegun = Mutex(false)
      let mayEnd = Mutex(false)
      let keeper = SyncKeeper(
        workspace, pacing: pauses.pacing,
        sync: { () async throws(Problem) in
          hasBegun.withLock { $0 = true }
          while !mayEnd.withLock({ $0 }) { await Task.yield() }
          return ExchangeSummary(
            sent: 1, received: 1, fetched: 0, waiting: 1, isThrottled: false, isForked: false)
        }
      ) { _ in }
      async let exchange: Void = keeper.now()
      while !hasBegun.withLock({ $0 }) { await Task.yield() }
      await keeper.saved()
      while pauses.taken.isEmpty { await Task.yield() }
      mayEnd.withLock { $0 = true }
      await exchange
      while pauses.taken.count < 2 { await Task.yield() }
      #expect(pauses.taken.prefix(2) == [.seconds(1), .seconds(1)])
      withExtendedLifetime(keeper) {}
    }
  }
}
