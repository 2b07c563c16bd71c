import Foundation
import Glibc
import PtyTesting
import Testing

/// A collector that is put back to an older state again and again, or whose disk takes nothing: the real programs.
@Suite("A collector that is not what it was", .serialized)
struct CollectorFaultsTests {
  /// `make torture` puts it back fifty times.
  private static let restores = ProcessInfo.processInfo.environment["MDS_RESTORES"].flatMap { Int($0) } ?? 1

  /// How it is put back.
  private enum Way: CaseIterable {
    /// By the command that is meant for it.
    case command
    /// A copy in the place of the file; the mark beside it tells.
    case byHand
    /// The same, and the mark with the epoch is lost as well.
    case byHandUnmarked
  }

  @Test("is sent again what it lost, each event once, however it was put back")
  func restores() throws {
    let lab = try Lab()
    defer { lab.close() }
    var collector = try lab.collector(["--rate-limit", "0"])
    let records = try lab.records(20 + 4 * Self.restores)
    let desks = try ["ana", "brent"].map { name in
      let desk = try lab.desk(name, scoring: [])
      #expect(try desk.mds(["infer", "wine", "--input", records]).status == 0)
      let token = try desk.token(of: lab.database, ["--scope", "write"])
      #expect(try desk.mds(["connect", collector.url, "--token-file", token]).status == 0)
      return desk
    }
    var shown = desks.map { _ in Set<Int>() }
    var backups: [String] = []
    func work() throws {
      for (index, desk) in desks.enumerated() {
        let session = try Session(desk)
        try session.save(.random(in: 1...2))
        try session.quit()
        shown[index].formUnion(session.shown)
        if Bool.random() { _ = try desk.mds(["sync"]) }
      }
    }
    let ways = Way.allCases.shuffled()
    var told = 0
    try work()
    for number in 0..<Self.restores {
      let backup = "\(lab.path)/backup-\(number).db"
      if number == 0 || Bool.random() {
        #expect(try lab.mdsCollector(["backup", "--output", backup]).status == 0)
        backups.append(backup)
      }
      try work()
      if Bool.random() { collector.kill() } else { collector.stop() }
      // Not always the newest: what was archived since is then in the analysts' ledgers alone, which keep it.
      let old = try #require(backups.suffix(3).randomElement())
      let way = ways[number % ways.count]
      try putBack(old, way, lab)
      collector = try lab.collector(after: collector, ["--rate-limit", "0"])
      // Where nobody told the collector, the analysts' tools say that its epoch went back, and the command mends that.
      while way == .byHandUnmarked, told < 5 * Self.restores, try desks.contains(where: { try isAnOldCopy($0) }) {
        told += 1
        collector.stop()
        #expect(try lab.mdsCollector(["restore", "--done"]).status == 0)
        collector = try lab.collector(after: collector, ["--rate-limit", "0"])
      }
    }
    var (account, events) = (Account(), Set<String>())
    for (desk, shown) in zip(desks, shown) {
      for _ in 0..<2 { _ = try desk.mds(["sync"]) }
      let synced = try desk.mds(["sync"])
      #expect(synced.text.contains("nothing waits"), "\(synced)")
      events.formUnion(try account.examine(desk, shown: shown))
    }
    try account.examine(lab, holds: events)
    account.report("collector_restores", "restores", Self.restores)
    #expect(account.isClean, "\(account)")
    #expect(told < 5 * Self.restores)
  }

  private func isAnOldCopy(_ desk: Desk) throws -> Bool {
    try desk.mds(["sync"]).errors.contains("the collector runs on an old copy of its data")
  }

  private func putBack(_ backup: String, _ way: Way, _ lab: Lab) throws {
    let database = lab.database
    switch way {
    case .command:
      let restored = try lab.mdsCollector(["restore", "--from", backup])
      #expect(restored.status == 0, "\(restored)")
    case .byHand, .byHandUnmarked:
      for suffix in ["", "-wal", "-shm"] { unlink(database + suffix) }
      if way == .byHandUnmarked { unlink(database + ".mark") }
      try FileManager.default.copyItem(atPath: backup, toPath: database)
    }
  }

  @Test(
    "says so where its disk can only be read, changes nothing there, and takes what waited when it can be written",
    .enabled(if: TinyDisk.isPossible, "only root may mount"))
  func readOnly() throws {
    let lab = try Lab()
    defer { lab.close() }
    let folder = lab.path + "/data"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let first = try lab.collector()
    let desk = try lab.desk("ana", scoring: [], at: first)
    #expect(try desk.mds(["infer", "wine", "--input", lab.records(6)]).status == 0)
    let session = try Session(desk)
    try session.save(2)
    try session.quit()
    #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    first.stop()
    let before = try Data(contentsOf: URL(filePath: lab.database))
    let later = try Session(desk)
    try later.save(2)
    try later.quit()
    let mount = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && shift && exec timeout 20 \"$@\""
    let told = try output(
      of: ["/usr/bin/unshare", "-m", "sh", "-c", mount, "sh", lab.path, Paths.collector, "serve", "--port", "0"]
        + ["--stdin-closes", "--database", lab.database])
    #expect(told.status == 1 && told.errors.contains("ead-only"), "\(told)")
    #expect(try Data(contentsOf: URL(filePath: lab.database)) == before)
    #expect(try desk.mds(["sync"]).errors.contains("no answer from the collector"))
    _ = try lab.collector(after: first)
    #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    var account = Account()
    try account.examine(lab, holds: try account.examine(desk, shown: session.shown.union(later.shown)))
    #expect(account.isClean, "\(account)")
  }
}
