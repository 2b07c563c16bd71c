import Domain
import Foundation
import Frames
import GRDB
import Ledger
import PtyTesting

/// The workbench as it is compared: on a list as long as the others', on the demonstration, and on a very long list.
enum OwnPrograms {
  /// What they share, for as long as `body` takes: the service of the demonstration, and its ledger.
  static func with<Result>(in folder: String, _ body: ([Peer]) async throws -> Result) async throws -> Result {
    let (demo, some, many) = (folder + "/demo.sqlite", folder + "/some.sqlite", folder + "/many.sqlite")
    try keepDemonstration(as: demo, in: folder)
    try remember(500, in: some)
    try remember(100_000, in: many)
    return try await Programs.withService { url in
      func peer(_ name: String, _ context: String, _ ledger: String, service: String, ready: String) -> Peer {
        let copy = folder + "/ledger.sqlite"
        return Peer(
          name: name, version: "",
          command: [Programs.mds, "open", "--fresh", "--context", context, "--service", service, "--ledger", copy],
          folder: folder, ready: ready, laid: (from: ledger, to: copy))
      }
      var list = peer("mds, 500 models", "bench", some, service: "http://127.0.0.1:9", ready: "model-00009")
      list.isMeasure = true
      var models = peer("mds, demo’s Models", "demo", demo, service: url, ready: "sort: drift")
      models.isShort = true
      var review = peer("mds, demo’s Review", "demo", demo, service: url, ready: "sort: drift")
      review.before = "gr"
      review.sign = "1/40"
      review.turnsBack = true
      var long = peer("mds, 100,000 models", "bench", many, service: "http://127.0.0.1:9", ready: "model-00009")
      long.isLarge = true
      // Each row is drawn twice where nobody answers: as it was known, then as last known.
      list.exempt = [.paint, .paintLarge]
      // What is promised of start and memory is promised of the lists that services have.
      long.exempt = [.full, .memory, .paint, .paintLarge]
      return try await body([list, models, review, long])
    }
  }

  /// Opens the demonstration and keeps its ledger once it has judged and compared all that it prepares.
  private static func keepDemonstration(as path: String, in folder: String) throws {
    let terminal = try Pty(Programs.mds, ["demo"], environment: ["TMPDIR": folder, "XDG_RUNTIME_DIR": folder])
    try terminal.expect("colleagues judge", within: 120)
    try terminal.expect("sort: drift", within: 120)
    let original = try DatabaseQueue(path: "\(folder)/mds-demo-\(terminal.process)/ledger.sqlite")
    try original.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    try original.close()
    try terminal.press(.control("C"))
    _ = try terminal.waitForExit()
  }

  /// A ledger that remembers so many models of a service.
  private static func remember(_ count: Int, in path: String) throws {
    let ledger = try Ledger(path: path)
    let models = (0..<count).map { number in
      let digits = "\(number)"
      let name = "model-" + String(repeating: "0", count: 5 - digits.count) + digits
      return Model(
        id: ModelID(RawText(name), version: RawText("\(number % 9)")), state: number % 17 == 3 ? .failed : .ready,
        platform: "xgboost")
    }
    try ledger.rememberModels(models, context: "bench", at: Saving.start)
    try ledger.close()
  }
}
