import Domain
import Feedback
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite("A ledger")
struct LedgerTests {
  /// A folder that goes when the test does.
  final class Folder {
    let path = NSTemporaryDirectory() + "mds-ledger-" + UUID().uuidString
    var ledger: String { path + "/ledger.sqlite" }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  static let caseID = ShortHash.of(Array("case".utf8))
  static let analyst: RawText = "unix:ana@las"

  static func draft(
    _ payload: EventPayload, second: Int, references: [EventReference] = []
  ) -> EventDraft {
    let at = Timestamp(microseconds: 1_790_000_000_000_000 + Int64(second) * 1_000_000)
    return EventDraft(
      eventID: EventID(at: at, random: UInt64(second)),
      body: EventBody(stamp: Stamp(at: at, analyst: analyst), caseID: caseID, references: references, payload: payload))
  }

  static func judgement(_ verdict: Verdict, second: Int) -> EventDraft {
    draft(.judgement(JudgementBody(Judgement(verdict: verdict))), second: second)
  }

  static func opened(_ folder: Folder) throws -> (Ledger, StreamState) {
    let ledger = try Ledger(path: folder.ledger)
    let id = try #require(StreamID(bytes: Array(repeating: 7, count: 16)))
    let start = draft(.streamStart(StreamStart(device: "las-07")), second: 0)
    return (ledger, try ledger.stream(collector: "", analyst: analyst, newID: id, start: start))
  }

  @Test("waits for the disk at every commit")
  func synchronous() throws {
    let folder = Folder()
    let (ledger, _) = try Self.opened(folder)
    #expect(try ledger.synchronousLevel() == 2)
    try ledger.close()
  }

  @Test("keeps what was saved, in order and chained, when it is opened again")
  func reopened() throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    let saved = try ledger.append(
      [Self.judgement(.agree, second: 1), Self.judgement(.unsure, second: 2)], to: stream.id)
    #expect(saved.map(\.seq) == [2, 3])
    try ledger.close()
    let again = try Ledger(path: folder.ledger)
    #expect(try again.events(of: stream.id).suffix(2) == saved[...])
    #expect(try again.verify().isEmpty)
    #expect(try again.judgement(of: Self.caseID, by: Self.analyst)?.judgement.verdict == .unsure)
    try again.close()
  }

  @Test("never changes or deletes an event")
  func immutable() throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    try ledger.append([Self.judgement(.agree, second: 1)], to: stream.id)
    for sql in ["DELETE FROM event", "UPDATE event SET kind = 'note'", "REPLACE INTO event SELECT * FROM event"] {
      #expect(throws: LedgerError.self) { try ledger.write { try $0.execute(sql: sql) } }
    }
    #expect(try ledger.verify().isEmpty)
    try ledger.close()
  }

  @Test("finds one changed byte, whoever changed it")
  func tampered() throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    try ledger.append([Self.judgement(.agree, second: 1), Self.judgement(.agree, second: 2)], to: stream.id)
    try ledger.write { database in
      try database.execute(sql: "INSERT INTO pruning VALUES (1)")
      try database.execute(
        sql: "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'agree', 'agreE') AS BLOB) WHERE seq = 2")
      try database.execute(sql: "DELETE FROM pruning")
    }
    #expect(try ledger.verify().map(\.seq) == [2])
    try ledger.close()
  }

  @Test("undoes the newest judgement and redoes it, also after a restart")
  func undo() throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    try ledger.append([Self.judgement(.agree, second: 1), Self.judgement(.disagree, second: 2)], to: stream.id)
    try ledger.close()
    let again = try Ledger(path: folder.ledger)
    let step = try #require(try again.undoSteps(of: stream.id, analyst: Self.analyst).undo)
    #expect(step.events[0].seq == 3)
    let retraction = Self.draft(
      .retract(Retraction(isUndo: true)), second: 3, references: step.events.map { EventReference(.retracts, $0) })
    try again.append([retraction], to: stream.id)
    #expect(try again.judgement(of: Self.caseID, by: Self.analyst)?.judgement.verdict == .agree)
    let steps = try again.undoSteps(of: stream.id, analyst: Self.analyst)
    #expect(steps.undo?.events[0].seq == 2)
    #expect(steps.redo?.events[0].seq == 3)
    try again.close()
  }

  @Test("keeps the newest draft of a case until the judgement is saved")
  func drafts() throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    let now = Timestamp(microseconds: 5)
    try ledger.keepDraft("one", of: Self.caseID, at: now)
    try ledger.keepDraft("two", of: Self.caseID, at: now)
    #expect(try ledger.draft(of: Self.caseID)?.body == "two")
    try ledger.append([Self.judgement(.agree, second: 1)], to: stream.id, discardingDraftOf: Self.caseID)
    #expect(try ledger.draft(of: Self.caseID) == nil)
    try ledger.close()
  }

  @Test("refuses a link, and a file that others may read")
  func privacy() throws {
    let folder = Folder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.ledger, withDestinationPath: "/tmp/elsewhere")
    #expect(throws: LedgerError.unsafeFile(path: folder.ledger, reason: "it is a symbolic link")) {
      try Ledger(path: folder.ledger)
    }
    let open = folder.path + "/open.sqlite"
    _ = FileManager.default.createFile(atPath: open, contents: Data(), attributes: [.posixPermissions: 0o644])
    #expect(throws: LedgerError.self) { try Ledger(path: open) }
  }

  @Test("takes the events of two sessions on one file without losing one")
  func twoSessions() async throws {
    let folder = Folder()
    let (ledger, stream) = try Self.opened(folder)
    let path = folder.ledger
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in 0..<2 {
        group.addTask {
          let own = try Ledger(path: path)
          for index in 1...25 {
            try own.append([Self.judgement(.agree, second: session * 1000 + index)], to: stream.id)
          }
          try own.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try ledger.events(of: stream.id).map(\.seq) == Array(1...51))
    #expect(try ledger.verify().isEmpty)
    try ledger.close()
  }
}
