import Domain
import Feedback
import Foundation
import GRDB
import Testing
import TortureReport

@testable import Ledger

@Suite("A disk that refuses")
struct DiskTests {
  @Test("on a full disk a save fails and says so, what was saved stays, and there is room again later")
  func full() throws {
    let scratch = try Scratch()
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    func save() throws -> [Event] {
      let text = RawText(String(repeating: "long ", count: 5000))
      return try ledger.append([EventBody(stamp: Sample.stamp(), payload: .note(text))], to: stream.id)
    }
    _ = try save()
    let pages = try ledger.maintain { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
      return pages
    }
    #expect(throws: LedgerError.full) {
      for _ in 0..<100 { _ = try save() }
    }
    let head = try ledger.head(of: stream.id)
    #expect(try ledger.verify().fault == nil)
    try ledger.maintain { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 1000)") }
    #expect(try save().last?.seq == head.seq + 1)
    #expect(try ledger.verify().fault == nil)
  }

  /// Disks that are full after one page, two, …; a few where nothing says so.
  private static let disks = ProcessInfo.processInfo.environment["MDS_DISKS"].flatMap { Int($0) } ?? 12

  @Test("wherever the disk is full, what was saved stays, what was not is told, and the chain is whole")
  func fullAnywhere() throws {
    let scratch = try Scratch()
    var (saved, lost, broken) = (0, 0, 0)
    for pages in 1...Self.disks {
      let path = scratch.folder + "/full-\(pages).sqlite"
      let ledger = try Ledger(path: path)
      let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
      try ledger.maintain { db in
        let count = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        try db.execute(sql: "PRAGMA max_page_count = \(count + pages)")
      }
      let text = RawText(String(repeating: "word ", count: 150))
      var told: [Int] = []
      do {
        while true {
          let events = try ledger.append([EventBody(stamp: Sample.stamp(), payload: .note(text))], to: stream.id)
          told += events.map(\.seq)
        }
      } catch { #expect(error == .full, "\(pages): \(error)") }
      try ledger.close()
      let again = try Ledger(path: path)
      let found = try again.verify()
      saved += told.count
      lost += try (told.last ?? 1) > again.head(of: stream.id).seq ? 1 : 0
      broken += found.fault == nil ? 0 : 1
      #expect(try again.append([EventBody(stamp: Sample.stamp(), payload: .note("a"))], to: stream.id).count == 1)
      try again.close()
      unlink(path)
    }
    #expect(saved > 0 && lost == 0 && broken == 0)
    TortureReport.add("full_disks", ["disks": Self.disks, "saved": saved, "lost": lost, "broken": broken])
  }

  @Test("after a failed fsync nothing is called saved, and the file is read anew")
  func failedSync() throws {
    let scratch = try Scratch()
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let error = #expect(throws: LedgerError.self) {
      try ledger.write { _ in throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
    }
    #expect(error?.problem.summary == "not saved: the disk refused")
    let body = EventBody(stamp: Sample.stamp(), payload: .note("again"))
    #expect(try ledger.append([body], to: stream.id).map(\.seq) == [2])
    #expect(try ledger.statistics().settings["synchronous"] == "2")
    #expect(try scratch.open().verify().verified == 2)
  }

  @Test("another program's database is left alone")
  func other() throws {
    let scratch = try Scratch()
    let raw = try DatabaseQueue(path: scratch.folder + "/other.sqlite")
    try raw.write { try $0.execute(sql: "CREATE TABLE t(a)") }
    try raw.close()
    let path = scratch.folder + "/other.sqlite"
    #expect(throws: LedgerError.notALedger(path: path)) { try Ledger(path: path) }
    let text = scratch.folder + "/text"
    #expect(FileManager.default.createFile(atPath: text, contents: Data(repeating: 0x41, count: 8192)))
    let error = #expect(throws: LedgerError.notALedger(path: text)) { try Ledger(path: text) }
    #expect(error?.problem.summary == "\(text) is no ledger: another program wrote it")
    // What begins as a database of SQLite's is one that was cut off.
    let cut = scratch.folder + "/cut"
    #expect(FileManager.default.createFile(atPath: cut, contents: Data("SQLite format 3\0 and no more".utf8)))
    let damage = #expect(throws: LedgerError.self) { try Ledger(path: cut) }
    #expect(damage?.problem.advice.contains("mds ledger restore") == true, "\(String(describing: damage))")
    let below = #expect(throws: LedgerError.noFolder(path: text, errno: ENOTDIR)) {
      try Ledger(path: text + "/l.sqlite")
    }
    #expect(below?.problem.summary == "the folder \(text) of the ledger cannot be made: Not a directory")
  }
}
