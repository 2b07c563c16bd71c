import Domain
import Foundation
import Operations

/// A workspace of the analyst ana's whose service is not there, in a folder of its own.
struct LoneDesk {
  let folder: URL
  let workspace: Workspace

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mds-desk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    workspace = try Workspace(
      Context(
        name: "desk", service: "http://127.0.0.1:9", analyst: "ana",
        ledgerPath: folder.appending(path: "ledger.sqlite").path))
  }

  /// Closes the workspace and takes its folder away.
  func close() {
    workspace.close()
    try? FileManager.default.removeItem(at: folder)
  }
}
