import Domain
import Feedback
import Foundation
import GRDB
import Ledger
import Testing

@Suite("The ledger")
struct LedgerTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test("keeps its folder, its file and what SQLite puts beside it from others")
  func modes() throws {
    let ledger = try scratch.open()
    _ = try ledger.stream(for: "prod", stamp: Sample.stamp())
    #expect(try scratch.mode(scratch.folder + "/state") == 0o700)
    for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try scratch.mode(scratch.path + suffix) == 0o600) }
    try ledger.close()
  }

  @Test("writes with the settings that make saved mean saved")
  func settings() throws {
    let settings = try scratch.open().statistics().settings
    #expect(settings["synchronous"] == "2")
    #expect(settings["journal_mode"] == "wal")
    #expect(settings["recursive_triggers"] == "1")
    #expect(settings["user_version"] == "15")
    #expect(settings["application_id"] == "\(0x4D44_5301)")
  }

  @Test("refuses a symbolic link, a folder in its place, and a file that others may write")
  func refuses() throws {
    try FileManager.default.createDirectory(atPath: scratch.folder + "/state", withIntermediateDirectories: true)
    let target = scratch.folder + "/elsewhere"
    #expect(FileManager.default.createFile(atPath: target, contents: nil))
    try FileManager.default.createSymbolicLink(atPath: scratch.path, withDestinationPath: target)
    #expect(throws: LedgerError.symbolicLink(path: scratch.path)) { try scratch.open() }
    try FileManager.default.removeItem(atPath: scratch.path)
    try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: false)
    #expect(throws: LedgerError.notARegularFile(path: scratch.path)) { try scratch.open() }
    try FileManager.default.removeItem(atPath: scratch.path)
    #expect(
      FileManager.default.createFile(atPath: scratch.path, contents: nil, attributes: [.posixPermissions: 0o666]))
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: scratch.path)
    #expect(throws: LedgerError.notPrivate(path: scratch.path)) { try scratch.open() }
  }

  @Test("refuses a file that is no database, and leaves it as it was")
  func notADatabase() throws {
    try FileManager.default.createDirectory(atPath: scratch.folder + "/state", withIntermediateDirectories: true)
    let text = Data(repeating: 0x41, count: 8192)
    #expect(FileManager.default.createFile(atPath: scratch.path, contents: text))
    #expect(throws: LedgerError.notALedger(path: scratch.path)) { try scratch.open() }
    #expect(FileManager.default.contents(atPath: scratch.path) == text)
  }

  @Test("what was saved is there after closing, and after a close that never came")
  func reopen() throws {
    let first = try scratch.open()
    let stream = try first.stream(for: "prod", stamp: Sample.stamp())
    let item = try first.store([Sample.newCase(1)], service: "http://s", context: "prod")[0]
    let saved = try first.save(
      Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(.disagree)]),
      to: stream.id, stamp: Sample.stamp(1))
    #expect(saved.events.map(\.kind) == [.seen, .judgement])
    #expect(saved.seq == 3)
    let second = try scratch.open()
    #expect(try second.events(of: stream.id, limit: 10).suffix(2) == saved.events[...])
    try first.close()
    try second.close()
    let third = try scratch.open()
    #expect(try third.events(of: stream.id, limit: 10).suffix(2) == saved.events[...])
    #expect(try third.stream(for: "prod", stamp: Sample.stamp(9)) == stream)
    #expect(try third.verify().fault == nil)
    #expect(try third.verify().verified == 3)
  }

  @Test("a batch is whole or not there at all")
  func atomic() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let good = EventBody(stamp: Sample.stamp(), payload: .note("good"))
    let bad = EventBody(
      stamp: Sample.stamp(), references: [EventReference(.answers, EventID(at: Sample.start, random: 1))],
      payload: .note("refers to nothing"))
    #expect(throws: LedgerError.unknownEvent(EventID(at: Sample.start, random: 1))) {
      try ledger.append([good, bad], to: stream.id)
    }
    #expect(try ledger.head(of: stream.id).seq == 1)
  }

  @Test("two ledgers on one file and many threads make one chain without gaps")
  func concurrent() async throws {
    let one = try scratch.open()
    let two = try scratch.open()
    let stream = try one.stream(for: "prod", stamp: Sample.stamp())
    #expect(try two.stream(for: "prod", stamp: Sample.stamp()) == stream)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask {
          let body = EventBody(stamp: Sample.stamp(Double(number)), payload: .note(RawText("\(number)")))
          _ = try? (number % 2 == 0 ? one : two).append([body], to: stream.id)
        }
      }
    }
    #expect(try one.head(of: stream.id).seq == 41)
    #expect(try two.verify().verified == 41)
    #expect(try two.verify().fault == nil)
  }

  @Test("tells when another one has written")
  func dataVersion() throws {
    let one = try scratch.open()
    let two = try scratch.open()
    let before = try two.dataVersion()
    #expect(try two.dataVersion() == before)
    _ = try one.stream(for: "prod", stamp: Sample.stamp())
    #expect(try two.dataVersion() != before)
  }

  @Test("an event cannot be changed, replaced or deleted, not even by SQL")
  func immutable() throws {
    let ledger = try scratch.open()
    _ = try ledger.stream(for: "prod", stamp: Sample.stamp())
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    for sql in ["UPDATE event SET body = x'00'", "DELETE FROM event"] {
      #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: sql) } }
    }
    try raw.writeWithoutTransaction { try $0.execute(sql: "PRAGMA recursive_triggers = 1") }
    #expect(throws: DatabaseError.self) {
      try raw.write {
        try $0.execute(
          sql:
            "INSERT OR REPLACE INTO event SELECT id, stream, seq, event_id, prev, leaf, hash, x'00', kind, at, analyst, case_id FROM event"
        )
      }
    }
    try raw.close()
  }

  @Test(
    "finds a flipped byte, a changed copy, a missing event and a torn tail",
    arguments: [
      ("UPDATE event SET body = cast(replace(body, 'note 2', 'note 3') AS BLOB) WHERE seq = 3", 3, "body"),
      ("UPDATE event SET analyst = 'eve' WHERE seq = 2", 2, "analyst"),
      ("UPDATE event SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 2", 2, "time"),
      ("UPDATE event SET hash = zeroblob(32) WHERE seq = 4", 4, "hash"),
      ("UPDATE event SET hash = x'00' WHERE seq = 4", nil, "32 bytes"),
      ("DELETE FROM event WHERE seq = 3", 4, "should"),
      ("DELETE FROM event WHERE seq > 3", nil, "missing"),
    ] as [(String, Int?, String)])
  func tampering(sql: String, seq: Int?, words: String) throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let events = try ledger.append(
      (1...4).map { EventBody(stamp: Sample.stamp(), payload: .note(RawText("note \($0)"))) }, to: stream.id)
    let head = Chain.Head(seq: 5, hash: events[3].hash)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: .empty)
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { try $0.execute(sql: "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; \(sql)") }
    try raw.close()
    let verification = try scratch.open().verify()
    let fault = try #require(verification.fault)
    #expect(fault.contains(words), "\(fault)")
    #expect(verification.badLink?.seq == seq)
  }

  @Test("one flipped bit in any identity that is kept of an event, in a row or in an index, is found")
  func flippedIdentity() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    let saved = try ledger.save(
      Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(1))
    let judgement = try #require(saved.events.last)
    try ledger.checkpoint()
    try ledger.close()
    let file = try Array(Data(contentsOf: URL(fileURLWithPath: scratch.path)))
    var flips = 0
    for identity in [stream.id.bytes, judgement.eventID.bytes] {
      for place in file.indices.dropLast(16) where Array(file[place..<(place + 16)]) == identity {
        var flipped = file
        flipped[place + 7] ^= 0x10
        let other = try Scratch()
        try other.put(["ledger.sqlite": flipped])
        let fault = (try? other.open().verify()).map(\.fault) ?? "it cannot be opened"
        #expect(fault != nil, "at byte \(place)")
        flips += 1
      }
    }
    #expect(flips > 10)
  }

  @Test("what stands on a case and is not what its events say is found")
  func projection() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    _ = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(1))
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { try $0.execute(sql: "UPDATE judgement_now SET verdict = 'disagree'") }
    try raw.close()
    let reopened = try scratch.open()
    let fault = try reopened.verify().fault
    #expect(fault?.hasPrefix("what stands on case \(item.id.short) is not what its events say") == true)
    try reopened.rebuildProjection()
    #expect(try reopened.verify().fault == nil)
  }

  @Test("a ledger of a later version can be read, not written")
  func later() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    try raw.close()
    let later = try scratch.open()
    #expect(later.obstacle == .newer(version: 99))
    #expect(try later.events(of: stream.id, limit: 9).count == 1)
    #expect(throws: LedgerError.newer(version: 99)) {
      try later.append([EventBody(stamp: Sample.stamp(), payload: .sessionEnd)], to: stream.id)
    }
  }

  @Test("a ledger of the version before gets what is new, and keeps what it has")
  func earlier() throws {
    let item = Sample.newCase(1)
    var scored = Sample.newCase(3)
    scored.outlier = Outlier(detector: ModelID("o"), method: "IForest", score: -0.067, threshold: nil, isOutlier: false)
    let ledger = try scratch.open()
    try ledger.store([item, scored], service: "s", context: "prod")
    let window = Window(model: item.model, from: Sample.start, to: Sample.start.advanced(bySeconds: 60), count: 3)
    try ledger.put([window], context: "prod")
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      try db.execute(
        sql: """
          ALTER TABLE window_ RENAME TO w;
          CREATE TABLE window_(id INTEGER PRIMARY KEY, model BLOB, version BLOB, detector BLOB, from_ INTEGER, to_ INTEGER,
            n INTEGER, is_drift INTEGER, drifted_share REAL, body BLOB);
          INSERT INTO window_ SELECT id, model, version, detector, from_, to_, n, is_drift, drifted_share, body FROM w;
          DROP TABLE w;
          UPDATE case_ SET outlyingness = 0; DROP INDEX case_route; ALTER TABLE case_ DROP COLUMN route; ALTER TABLE inbox DROP COLUMN name;
          ALTER TABLE inbox DROP COLUMN published_at; DROP TABLE taken_item; DROP TABLE taken_queue; DROP TABLE attachment;
          DROP TABLE foreign_fts; DROP INDEX case_context; DROP TABLE remains; DROP INDEX case_record;
          DROP INDEX foreign_answer; DROP TABLE foreign_also; DROP TABLE shown; DROP INDEX case_tally;
          ALTER TABLE case_ DROP COLUMN digest; ALTER TABLE judgement_now DROP COLUMN alike;
          PRAGMA user_version = 1
          """)
    }
    try raw.close()
    let now = try scratch.open()
    #expect(try now.statistics().settings["user_version"] == "15")
    #expect(try now.case(item.id)?.record == item.record)
    #expect(try now.verify().fault == nil)
    // One context alone has the model: its windows are over that one's cases.
    let windows = try now.windows(
      of: item.model, context: "prod", width: 60, from: Sample.start, before: Sample.start.advanced(bySeconds: 1))
    #expect(windows == [window])
    // Who was scored is known again, also where the detector has no threshold.
    let outlyingness = Dictionary(
      try now.summaries(CaseFilter(context: "prod")).map { ($0.id, $0.outlyingness) }, uniquingKeysWith: max)
    #expect(outlyingness[item.id] == 0)
    #expect(outlyingness[scored.id] ?? 0 > 0)
    #expect(try now.withEvents { try $0.routes(context: "prod") }.isEmpty)
    try now.store([Sample.newCase(2, route: ":wine_1:")], service: "s", context: "prod")
    #expect(try now.withEvents { try $0.routes(context: "prod") }.map(\.route) == ["wine_1"])
  }

  @Test("a backup is a whole ledger for the owner alone")
  func backup() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let copy = scratch.folder + "/copy.sqlite"
    try ledger.backUp(to: copy)
    #expect(try scratch.mode(copy) == 0o600)
    #expect(try Ledger(path: copy).events(of: stream.id, limit: 9) == ledger.events(of: stream.id, limit: 9))
  }

  @Test("a backup that fails leaves nothing under its name, and one that is there already is left alone")
  func failedBackup() throws {
    let ledger = try scratch.open()
    let copy = scratch.folder + "/copy.sqlite"
    try "precious".write(toFile: copy, atomically: false, encoding: .utf8)
    #expect(throws: LedgerError.cannotOpen(path: copy, errno: EEXIST)) { try ledger.backUp(to: copy) }
    #expect(try String(contentsOfFile: copy, encoding: .utf8) == "precious")
    let nowhere = scratch.folder + "/none/copy.sqlite"
    #expect(throws: LedgerError.self) { try ledger.backUp(to: nowhere) }
    // What a copy that was killed left is no obstacle.
    let second = scratch.folder + "/second.sqlite"
    try "half of it".write(toFile: second + ".partial", atomically: false, encoding: .utf8)
    try ledger.backUp(to: second)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
    #expect(names.filter { $0.hasSuffix(".partial") } == [])
    #expect(try Ledger(path: second).verify().fault == nil)
  }

  @Test("after it is closed it says so")
  func closed() throws {
    let ledger = try scratch.open()
    try ledger.close()
    try ledger.close()
    #expect(throws: LedgerError.closed) { try ledger.streams() }
  }

  @Test("a redacted body is gone from the file's answers and from search, and the chain still holds")
  func redact() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    let saved = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.disagree, note: "secret name")]), to: stream.id,
      stamp: Sample.stamp())
    #expect(try ledger.searchEvents("secret").count == 1)
    try ledger.redact(saved.events[0].eventID, reason: "asked for", stamp: Sample.stamp(1))
    #expect(try ledger.searchEvents("secret").isEmpty)
    #expect(try ledger.event(saved.events[0].eventID)?.body == nil)
    #expect(try ledger.standing(of: item.id).isEmpty)
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.verify().withoutBody == 1)
    #expect(throws: LedgerError.self) {
      try ledger.redact(EventID(at: Sample.start, random: 5), reason: "", stamp: Sample.stamp())
    }
  }
}
