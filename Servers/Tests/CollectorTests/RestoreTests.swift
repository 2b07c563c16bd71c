internal import Domain
internal import Foundation
internal import GRDB
internal import Glibc
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A collector's restore") struct RestoreTests {
  private func token(_ name: String, in bench: Bench) throws { _ = try bench.token(name, [.write]) }

  private func analysts(_ path: String) throws -> [String] {
    let database = try CollectorDatabase(at: .file(path), creating: false)
    defer { try? database.close() }
    return try TokenBook(database).list().map(\.analyst)
  }

  @Test(
    "is made of a backup that its owner alone could read at any moment",
    .enabled(if: UpgradeTests.isPossible, "strace is not installed, or may not trace"))
  func privateBackup() throws {
    let bench = try Bench()
    try token("ana", in: bench)
    // What its mode is while it is written stays, where nothing may change it.
    let tracing = ["-f", "-o", "/dev/null", "-e", "trace=fchmod", "-e", "inject=fchmod:error=EPERM", "--"]
    let words = ["backup", "--output", bench.path("b.db"), "--database", bench.location.description]
    let made = try Program.run(UpgradeTests.tracer, tracing + [try Program.path()] + words)
    #expect(made.status == 0, "\(made)")
    let mode = try FileManager.default.attributesOfItem(atPath: bench.path("b.db"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try analysts(bench.path("b.db")) == ["ana"])
  }

  private func names(_ bench: Bench) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).sorted()
  }

  private func change(_ path: String, _ sql: String) throws {
    let file = try DatabaseQueue(path: path)
    try file.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try file.close()
  }

  @Test("of what is no collector's, is damaged or is of a newer program changes nothing, and says what it is")
  func refused() async throws {
    let bench = try await Filled(.inSQLite).bench
    let (path, good) = (bench.path("c.db"), bench.path("good.db"))
    try Backup.make(of: bench.database, to: good)
    try bench.database.close()
    try Data("no database at all, but long enough to be looked at as one".utf8).write(
      to: URL(filePath: bench.path("t")))
    try change(bench.path("ledger.sqlite"), "CREATE TABLE t(x); PRAGMA application_id = 1296389964")
    for (name, sql) in [
      ("newer.db", "PRAGMA user_version = 99"),
      ("damaged.db", "DROP TRIGGER log_stands; UPDATE log SET body = x'7b7d' WHERE lsn = 2"),
    ] {
      try FileManager.default.copyItem(atPath: good, toPath: bench.path(name))
      try change(bench.path(name), sql)
    }
    let before = try names(bench)
    let bytes = try Data(contentsOf: URL(filePath: path))
    for (name, word) in [
      ("t", "is no collector's database"), ("ledger.sqlite", "is no collector's database"), ("newer.db", "version 99"),
      ("damaged.db", "#2: its body is not the one that was hashed"),
    ] {
      let run = try Program.run(["restore", "--from", bench.path(name), "--database", path])
      #expect(run.status == 1 && run.errors.contains(word), "\(name): \(run)")
    }
    #expect(try Set(names(bench)).subtracting(before).isSubset(of: ["c.db.serving", "c.db.mark"]))
    #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
  }

  @Test("keeps each database that it takes out of its place, and says under which name")
  func setAside() throws {
    let bench = try Bench()
    let path = bench.path("c.db")
    try token("ana", in: bench)
    try Backup.make(of: bench.database, to: bench.path("one.db"))
    try token("brent", in: bench)
    try Backup.make(of: bench.database, to: bench.path("two.db"))
    try token("cleo", in: bench)
    try bench.database.close()
    for (backup, old) in [("one.db", "c.db.replaced"), ("two.db", "c.db.replaced-2")] {
      let run = try Program.run(["restore", "--from", bench.path(backup), "--database", path])
      #expect(run.status == 0 && run.errors.contains("is \(bench.path(old)) now"), "\(run)")
    }
    #expect(try analysts(path) == ["ana", "brent"])
    #expect(try analysts(bench.path("c.db.replaced")) == ["ana", "brent", "cleo"])
    #expect(try analysts(bench.path("c.db.replaced-2")) == ["ana"])
    #expect(try !names(bench).contains { $0.contains("partial") })
  }

  @Test("leaves who was revoked since the backup shut out, and says so where nobody can tell who that was")
  func revoked()
    async throws
  {
    let bench = try Bench()
    let (book, path) = (TokenBook(bench.database), bench.path("c.db"))
    let (ana, brent) = (try bench.token("ana"), try bench.token("brent"))
    let old = try await book.standIn(analyst: "cleo", device: "key SHA256:old", by: "test")
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    let new = try await book.standIn(analyst: "cleo", device: "key SHA256:new", by: "test")
    _ = try await book.standIn(analyst: "cleo", device: "key SHA256:other", by: "test")
    let late = try bench.token("dora")
    for token in [ana, late] { try book.revoke(secret: token) }
    for key in [old, new] { try book.revoke(key.id) }
    try bench.database.close()

    let run = try Program.run(["restore", "--from", bench.path("b.db"), "--database", path])
    #expect(run.status == 0 && run.errors.contains("revoked as in the database of before: 3 tokens or keys"), "\(run)")
    #expect(!run.errors.contains("in force again"))
    try bench.reopen()
    let restored = TokenBook(bench.database)
    for token in [ana, late] { #expect(try await restored.find(token.utf8) == nil) }
    #expect(try await restored.find(brent.utf8)?.analyst == "brent")
    for device in ["key SHA256:old", "key SHA256:new"] {
      await #expect(throws: BundleRefusal.revokedKey(device)) {
        try await restored.requireInForce(analyst: "cleo", device: device)
      }
    }
    try await restored.requireInForce(analyst: "cleo", device: "key SHA256:other")
    #expect(try Verification(bench.database).run().faults == [])
    try bench.database.close()

    // Nobody to be asked, another collector's database, and one that is no database any more.
    let other = try Bench()
    try other.database.close()
    try Data("nothing".utf8).write(to: URL(filePath: bench.path("torn.db")))
    for place in [bench.path("new.db"), other.path("c.db"), bench.path("torn.db")] {
      let run = try Program.run(["restore", "--from", bench.path("b.db"), "--database", place])
      #expect(run.status == 0 && run.errors.contains("revoked after the backup are in force again"), "\(run)")
    }
    let done = try Program.run(["restore", "--done", "--database", path])
    #expect(done.status == 0 && done.errors.contains("are in force again"), "\(done)")
  }

  @Test("takes a database's log of writes along, also of one that cannot be opened") func logOfWrites()
    throws
  {
    let bench = try Bench()
    try token("ana", in: bench)
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    try bench.database.close()
    let path = bench.path("c.db")
    try Data("what no program opens any more".utf8).write(to: URL(filePath: path))
    let log = Data("what it did not take over".utf8)
    try log.write(to: URL(filePath: path + "-wal"))
    try Backup.restore(bench.path("b.db"), to: .file(path))
    #expect(try Data(contentsOf: URL(filePath: path + ".replaced-wal")) == log)
    #expect(try analysts(path) == ["ana"])
  }

  @Test("by root, like all that root makes for a database, leaves files that its owner can open") func owner() throws {
    let bench = try Bench()
    let user: uid_t = geteuid() == 0 ? 12_345 : geteuid()
    try token("ana", in: bench)
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    try bench.database.close()
    // A folder in which nothing was made yet, and one in which a service ran before.
    for name in ["new", "old"] {
      let folder = bench.path(name)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      #expect(chown(folder, user, gid_t.max) == 0)
      let location = DatabaseLocation.file(folder + "/c.db")
      if name == "old" { try Backup.restore(bench.path("b.db"), to: location) }
      let database = try CollectorDatabase(at: location)
      _ = try TokenBook(database).create(analyst: "ana", device: "desk", scopes: [.write])
      _ = try database.serve()
      _ = try database.store.watermark()
      try database.close()
      try Backup.restore(bench.path("b.db"), to: location)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files.contains("c.db") && files.contains("c.db.mark") && files.contains("c.db.serving"), "\(files)")
      for file in files {
        var facts = stat()
        #expect(stat("\(folder)/\(file)", &facts) == 0 && facts.st_uid == user, "\(file) is of \(facts.st_uid)")
      }
    }
  }
}
