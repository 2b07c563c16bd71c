import Domain
import Feedback
import Foundation
import GRDB
import Ledger
import Testing

@Suite("Records that are too large for an event")
struct AttachmentTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
  }

  private func save(_ number: Int) throws -> (seen: Event?, hash: Hash) {
    let item = Sample.newCase(number, text: RawText(String(repeating: "long ", count: 10_000)))
    try ledger.store([item], service: "s", context: "prod")
    let seen = Seen(record: try SeenRecord(item.record), model: item.model)
    let bytes = try item.record.canonicalBytes()
    let saved = try ledger.save(
      Submission(caseID: item.id, seen: seen, statements: [Sample.judgement(.agree)], attachments: [bytes]),
      to: stream.id, stamp: Sample.stamp(Double(number)))
    return (saved.events.first { $0.kind == .seen }, Hash.of(bytes))
  }

  private func open() throws -> [Hash] { try ledger.openAttachments(of: [stream.id]).map(\.hash) }

  @Test("wait beside it until the collector has them, each once, and stay here")
  func waiting() throws {
    let (seen, hash) = try save(1)
    #expect(try #require(seen?.body).count < 2000)
    // The same view is not kept twice.
    #expect(try save(1).seen == nil)
    let second = try save(2).hash
    #expect(try open() == [hash, second])
    #expect(try ledger.openAttachments(of: [stream.id], limit: 1).map(\.hash) == [hash])
    let other = try ledger.stream(for: "lab", stamp: Sample.stamp())
    #expect(try ledger.openAttachments(of: [other.id]).isEmpty)
    #expect(try ledger.openAttachments(of: [other.id, stream.id]).map(\.hash) == [hash, second])
    #expect(try ledger.blob(hash).map { Hash.of($0) } == hash)
    let events = try ledger.head(of: stream.id).seq
    #expect(try ledger.waitingRecords(of: stream.id) == 2)
    #expect(try ledger.waitingCount(context: stream.context) == events + 2)
    try ledger.markSent(attachment: hash, of: stream.id)
    #expect(try open() == [second])
    #expect(try ledger.waitingCount(context: stream.context) == events + 1)
    #expect(try ledger.blob(hash) != nil)
  }

  @Test("go with the event that names them when it is redacted, and are not sent any more")
  func redacted() throws {
    let (seen, hash) = try save(1)
    try ledger.redact(#require(seen).eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try ledger.blob(hash) == nil)
    #expect(try open().isEmpty)
    #expect(try ledger.verify().fault == nil)
  }

  private func head() throws -> Chain.Head { try ledger.head(of: stream.id) }

  @Test("are offered again to a collector that was put back, and to one that is behind in the same epoch")
  func restored() throws {
    let hash = try save(1).hash
    let head = try head()
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: .empty)
    try ledger.markSent(attachment: hash, of: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: head)
    #expect(try open().isEmpty)
    try ledger.keepCursor(of: stream.id, epoch: 2, acked: .empty, safe: .empty)
    #expect(try open() == [hash])
    try ledger.keepCursor(of: stream.id, epoch: 2, acked: head, safe: .empty)
    try ledger.markSent(attachment: hash, of: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 2, acked: .empty, safe: .empty)
    #expect(try open() == [hash])
  }

  /// A second judgement of the first case, on another view of the same record.
  private func saveAgain() throws -> (seen: Event, hash: Hash) {
    let item = Sample.newCase(1, text: RawText(String(repeating: "long ", count: 10_000)))
    let bytes = try item.record.canonicalBytes()
    let seen = Seen(record: try SeenRecord(item.record), model: item.model, guideline: "g2")
    let saved = try ledger.save(
      Submission(caseID: item.id, seen: seen, statements: [Sample.judgement(.unsure)], attachments: [bytes]),
      to: stream.id, stamp: Sample.stamp(5))
    return (try #require(saved.events.first { $0.kind == .seen }), Hash.of(bytes))
  }

  @Test(
    "are offered again with another view that names them, once the collector has it: it may have dropped them since")
  func namedAgain() throws {
    let hash = try save(1).hash
    func named() throws -> [Hash] { try ledger.namedAttachments(of: [stream.id], limit: 10).map(\.hash) }
    #expect(try named().isEmpty)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: .empty)
    #expect(try named() == [hash])
    try ledger.markSent(attachment: hash, of: stream.id)
    #expect(try open().isEmpty)
    #expect(try saveAgain().hash == hash)
    #expect(try open() == [hash] && named().isEmpty)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: .empty)
    #expect(try named() == [hash])
  }

  @Test("stay while another view of the same record names them, and go with the last")
  func shared() throws {
    let (first, hash) = try save(1)
    let second = try saveAgain().seen
    try ledger.redact(#require(first).eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try ledger.blob(hash) != nil)
    #expect(try open() == [hash])
    try ledger.redact(second.eventID, reason: "a name", stamp: Sample.stamp(10))
    #expect(try ledger.blob(hash) == nil)
  }

  @Test("go with the last view that does not withhold them: one that does keeps nothing to be sent")
  func withheld() throws {
    let (seen, hash) = try save(1)
    let item = try #require(try ledger.case(number: 1))
    let view = Seen(record: try SeenRecord(item.record, keeping: .hash), model: item.model)
    _ = try ledger.save(
      Submission(caseID: item.id, seen: view, statements: [Sample.judgement(.disagree)]), to: stream.id,
      stamp: Sample.stamp(5))
    try ledger.redact(#require(seen).eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try ledger.blob(hash) == nil && open().isEmpty)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("are offered no more to the collector of a stream whose last view of them is redacted")
  func oneStream() throws {
    let (seen, hash) = try save(1)
    let other = try ledger.stream(for: "lab", stamp: Sample.stamp())
    let item = try #require(try ledger.case(number: 1))
    _ = try ledger.save(
      Submission(
        caseID: item.id, seen: Seen(record: try SeenRecord(item.record), model: item.model),
        statements: [Sample.judgement(.agree)], attachments: [try item.record.canonicalBytes()]),
      to: other.id, stamp: Sample.stamp(5))
    try ledger.redact(#require(seen).eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try open().isEmpty)
    #expect(try ledger.openAttachments(of: [other.id]).map(\.hash) == [hash] && ledger.blob(hash) != nil)
  }

  @Test("stay in a purge while a judgement in force was made on them, and until they are in the backup")
  func purged() throws {
    let hash = try save(1).hash
    _ = try saveAgain()
    let other = try save(2).hash
    try ledger.undo(in: stream.id, stamp: Sample.stamp(11))
    func archive() throws {
      try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: head())
    }
    let later = Sample.start.advanced(bySeconds: 100)
    try archive()
    for hash in [hash, other] {
      try ledger.markSent(attachment: hash, of: stream.id)
    }
    // What is archived was saved before the contents were sent: the backup may be from in between.
    #expect(try ledger.prune(stream.id, before: later) == 0)
    try ledger.append([EventBody(stamp: Sample.stamp(13), payload: .sessionEnd)], to: stream.id)
    try archive()
    #expect(try ledger.prune(stream.id, before: later) == 3)
    #expect(try ledger.blob(hash) != nil)
    #expect(try ledger.blob(other) == nil)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("stay in a purge when the clock was put back between: what was archived was archived before they were sent")
  func clockPutBack() throws {
    let hash = try save(1).hash
    try ledger.undo(in: stream.id, stamp: Sample.stamp(2))
    let ahead = try ledger.append([EventBody(stamp: Sample.stamp(5000), payload: .sessionEnd)], to: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: head())
    try ledger.markSent(attachment: hash, of: stream.id)
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 9000)) == ahead.count)
    #expect(try ledger.blob(hash) != nil)
    // An event that is saved later is in the backup with all that arrived before it, whatever its clock says.
    try ledger.append([EventBody(stamp: Sample.stamp(3), payload: .sessionEnd)], to: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: head())
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 9000)) == 2)
    #expect(try ledger.blob(hash) == nil)
  }

  @Test("are one collector's: a stream for another has none of them, and what it hears of opens none anew")
  func otherCollector() throws {
    _ = try ledger.bind(stream.id, to: "https://one")
    let hash = try save(1).hash
    try ledger.markSent(attachment: hash, of: stream.id)
    let second = try ledger.stream(for: "prod", collector: "https://two", stamp: Sample.stamp(2))
    try ledger.keepCursor(of: second.id, epoch: 7, acked: .empty, safe: .empty)
    #expect(try ledger.openAttachments(of: [stream.id, second.id]).isEmpty)
    // The same record, judged for the second one as well, is for both.
    let item = Sample.newCase(1, text: RawText(String(repeating: "long ", count: 10_000)))
    let seen = Seen(record: try SeenRecord(item.record), model: item.model)
    _ = try ledger.save(
      Submission(
        caseID: item.id, seen: seen, statements: [Sample.judgement(.unsure)],
        attachments: [item.record.canonicalBytes()]), to: second.id, stamp: Sample.stamp(3))
    #expect(try ledger.openAttachments(of: [stream.id, second.id]).map(\.stream) == [second.id])
  }

  @Test("go along when a stream goes on under another name")
  func forked() throws {
    let hash = try save(1).hash
    let new = try ledger.fork(stream.id, sharedSeq: 0, reason: "lineage", stamp: Sample.stamp(4))
    #expect(try ledger.openAttachments(of: [new.id]).map(\.hash) == [hash])
    #expect(try open().isEmpty)
  }

  @Test("that are damaged or gone are found, and keep no copy of the ledger from being made")
  func damaged() throws {
    let hash = try save(1).hash
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
    func change(_ sql: String) throws {
      let raw = try DatabaseQueue(path: scratch.path)
      try raw.write { try $0.execute(sql: sql) }
      try raw.close()
    }
    try change("UPDATE blob SET data = CAST(x'00' || substr(data, 2) AS BLOB)")
    let damaged = try scratch.open()
    #expect(try damaged.verify().fault == "content \(hash.hex) is damaged: its bytes have another hash")
    try damaged.close()
    let moved = scratch.folder + "/moved.sqlite"
    try Ledger.move(scratch.path, to: moved)
    try Ledger.move(moved, to: scratch.path)
    try change("DELETE FROM blob")
    let gone = try scratch.open()
    #expect(try gone.verify().fault == "content \(hash.hex) is missing: an event names it")
    try gone.close()
  }

  @Test("of a ledger of before are its streams' that name them, and what was sent needs a later backup to go")
  func migrated() throws {
    let hashes = [try save(1).hash, try save(2).hash]
    try ledger.undo(in: stream.id, stamp: Sample.stamp(3))
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      try db.execute(sql: Scratch.contextAttachments)
      for (hash, sentAt) in zip(hashes, [Sample.start.microseconds, nil]) {
        try db.execute(
          sql: "INSERT INTO attachment VALUES (?, ?, 50000, ?)",
          arguments: [Data(hash.bytes), Data("prod".utf8), sentAt])
      }
      try db.execute(sql: "PRAGMA user_version = 7")
    }
    try raw.close()
    let now = try scratch.open()
    #expect(try now.openAttachments(of: [stream.id]).map(\.hash) == [hashes[1]])
    #expect(try now.verify().fault == nil)
    try now.close()
  }

  @Test("stay in a purge that comes before they were sent: nobody else has them")
  func unsent() throws {
    let hash = try save(1).hash
    try ledger.undo(in: stream.id, stamp: Sample.stamp(2))
    try ledger.append([EventBody(stamp: Sample.stamp(13), payload: .sessionEnd)], to: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head(), safe: head())
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 100)) == 1)
    #expect(try open() == [hash])
    #expect(try ledger.blob(hash) != nil)
  }
}
