import Domain
import Foundation
import Ledger
import Synchronization
import Testing
import Workbench

@testable import Operations

@Suite("What syncs by itself")
struct SyncKeeperTests {
  @Test("tries again after an error of the machine or the ledger, though nobody saves or asks")
  func afterError() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-keeper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ledger.sqlite").path
    let ledger = try Ledger(path: path)
    // No question can be asked at this address: the exchange ends in an error.
    let account = CollectorAccount(
      endpoint: CollectorEndpoint(address: "nowhere"), collectorID: "c", analyst: "ana", device: "desk")
    try account.keep(in: ledger, context: "desk")
    try ledger.close()
    let workspace = try Workspace(
      Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path))
    defer { workspace.close() }
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
