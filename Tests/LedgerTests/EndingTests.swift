import Domain
import Feedback
import Ledger
import Testing

@Suite("A stream that the analyst ended")
struct EndingTests {
  let scratch: Scratch
  let ledger: Ledger

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
  }

  /// A stream with one note, ended.
  private func ended(_ collector: RawText? = "c") throws -> (id: StreamID, events: [Event], end: Event) {
    let stream = try ledger.stream(for: "prod", collector: collector, stamp: Sample.stamp())
    let notes = try ledger.append([EventBody(stamp: Sample.stamp(1), payload: .note("said"))], to: stream.id)
    let end = try ledger.end(stream.id, reason: "laptop given back", stamp: Sample.stamp(2))
    return (stream.id, notes, end)
  }

  @Test("has its end as the last event, takes nothing more, and is what goes on until something is saved")
  func last() throws {
    let (id, _, end) = try ended()
    #expect(end.kind == .streamEnd && end.seq == 3)
    #expect(try end.decoded().payload == .streamEnd(reason: "laptop given back"))
    #expect(try ledger.ending(of: id) == end)
    #expect(throws: LedgerError.ended(id)) {
      try ledger.append([EventBody(stamp: Sample.stamp(3), payload: .note("late"))], to: id)
    }
    #expect(throws: LedgerError.ended(id)) { try ledger.end(id, reason: "again", stamp: Sample.stamp(3)) }
    #expect(try ledger.latestStream(for: "prod", collector: "c")?.id == id)
    #expect(try ledger.latestStream(for: "prod") == nil)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("is named by the first event of the stream that comes after it") func successor() throws {
    let (id, _, end) = try ended()
    let next = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp(4))
    #expect(next.id != id)
    let start = try #require(try ledger.event(of: next.id, seq: 1))
    #expect(start.kind == .streamStart)
    #expect(try start.decoded().references == [EventReference(.supersedes, end)])
    #expect(try ledger.latestStream(for: "prod", collector: "c")?.id == next.id)
    #expect(try ledger.streams(context: "prod", collector: "c").filter { $0.endedAt != nil }.map(\.id) == [id])
    let other = try ledger.stream(for: "lab", collector: "c", stamp: Sample.stamp(5))
    #expect(try ledger.event(of: other.id, seq: 1)?.decoded().references == [])
  }

  @Test("still waits for the collector, and is received and archived like any other") func waits() throws {
    let (id, _, end) = try ended()
    _ = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp(4))
    #expect(try ledger.waitingCount(context: "prod") == 4)
    #expect(try ledger.outboxCounts(of: id)[.saved] == 3)
    let last = Chain.Head(seq: end.seq, hash: end.hash)
    try ledger.keepCursor(of: id, epoch: 1, acked: last, safe: last)
    #expect(try ledger.waitingCount(context: "prod") == 1)
    #expect(try ledger.outboxCounts(of: id)[.archived] == 3)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("gives back nothing that was said in it, and what is said anew takes its place") func undo() throws {
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    _ = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(1))
    _ = try ledger.end(stream.id, reason: "over", stamp: Sample.stamp(2))
    #expect(try ledger.undoHistory(of: stream.id).nextUndo == nil)
    #expect(throws: LedgerError.nothingToUndo) { try ledger.undo(in: stream.id, stamp: Sample.stamp(3)) }
    let next = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp(4))
    let saved = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.disagree)]), to: next.id, stamp: Sample.stamp(5))
    #expect(saved.events.last?.kind == .amend)
    #expect(try ledger.standing(of: item.id).compactMap(\.judgement?.judgement.verdict) == [.disagree])
  }

  @Test("stays ended where its ledger turns out to be a copy: all of it goes under another name, the end last")
  func fork() throws {
    let (id, _, _) = try ended()
    let forked = try ledger.fork(id, sharedSeq: 1, reason: "copied", stamp: Sample.stamp(5))
    #expect(forked.endedAt == Sample.stamp(2).at)
    #expect(
      try ledger.events(of: forked.id, limit: 9).map(\.kind) == [.streamFork, .streamStart, .note, .streamEnd])
    #expect(throws: LedgerError.ended(id)) { try ledger.fork(id, sharedSeq: 1, reason: "", stamp: Sample.stamp(6)) }
    #expect(try ledger.streams(context: "prod", collector: "c").filter { $0.endedAt != nil }.map(\.id) == [forked.id])
    #expect(try ledger.waitingCount(context: "prod") == 4)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("that was local goes to the collector that is enrolled later, and what it says can still be taken out")
  func later() throws {
    let (id, notes, _) = try ended(nil)
    #expect(try ledger.bind(id, to: "c").collector == "c")
    let next = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp(4))
    let redaction = try ledger.redact(notes[0].eventID, reason: "a name", stamp: Sample.stamp(5), goingOn: next.id)
    #expect(redaction.stream == next.id && redaction.seq == 2)
    #expect(try ledger.event(of: id, seq: 2)?.body == nil)
    #expect(try ledger.verify().fault == nil)
  }
}
