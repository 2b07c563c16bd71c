import Domain
import Feedback
import Foundation
import GRDB
import Ledger
import Testing

@Suite("What was taken out of the ledger")
struct RemovalTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
  }

  @discardableResult
  private func say(_ note: RawText, of number: Int = 1) throws -> Event {
    let item = try ledger.store([Sample.newCase(number)], service: "s", context: "prod")[0]
    let saved = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.disagree, note: note)]), to: stream.id,
      stamp: Sample.stamp(Double(number)))
    return try #require(saved.events.last)
  }

  /// Which of these words a file has, or what its log holds.
  private func found(_ words: [String], in path: String) -> [String] {
    let bytes = ["", "-wal"].map { FileManager.default.contents(atPath: path + $0) ?? Data() }
    return words.filter { word in bytes.contains { $0.range(of: Data(word.utf8)) != nil } }
  }

  @Test("is on no page of its file, neither as it was written nor word by word where notes are searched")
  func traces() throws {
    let long = (0..<900).map { "qword\($0)x" }
    let short = try say("Mary Quitclaim phoned", of: 1)
    let note = try say(RawText(long.joined(separator: " ")), of: 2)
    try say("what stays", of: 3)
    try ledger.put(
      JudgementDraft(
        caseID: Sample.newCase(4).id, judgement: Judgement(note: RawText(long.joined(separator: " "))), marks: [],
        savedAt: Sample.start))
    #expect(try say(RawText(long.joined(separator: " ")), of: 4).seq == 5)
    try ledger.checkpoint()
    #expect(found(["quitclaim", "qword7x qword8x"], in: scratch.path).count == 2)
    for event in [short, note, try #require(try ledger.event(of: stream.id, seq: 5))] {
      try ledger.redact(event.eventID, reason: "a name", stamp: Sample.stamp(9))
    }
    try ledger.checkpoint()
    #expect(found(["Quitclaim", "quitclaim"] + long, in: scratch.path) == [])
    #expect(try ledger.searchEvents("stays").count == 1)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("goes from what was begun on the case as well, which would be saved with it once more")
  func begun() throws {
    let event = try say("Mary Quitclaim phoned")
    let draft = JudgementDraft(
      caseID: Sample.newCase(1).id,
      judgement: Judgement(verdict: .disagree, confidence: 4, note: "Mary Quitclaim phoned"),
      savedAt: Sample.start)
    try ledger.put(draft)
    #expect(try ledger.remove(event.eventID, reason: "a name", stamp: Sample.stamp(9)).isOfDraft)
    let left = try #require(try ledger.draft(of: draft.caseID))
    #expect(left.judgement == Judgement(verdict: .disagree, confidence: 4))
    try ledger.checkpoint()
    #expect(found(["Quitclaim"], in: scratch.path) == [])
  }

  @Test("goes from the redo that said it again as well, and not from what says something else beside")
  func redone() throws {
    let event = try say("phone 555-0199")
    try ledger.undo(in: stream.id, stamp: Sample.stamp(5))
    try ledger.redo(in: stream.id, stamp: Sample.stamp(6))
    let caseID = try #require(event.caseID)
    let flag = try ledger.save(
      Submission(caseID: caseID, statements: [.flag(FlagBody(isRaised: true, text: "call phone 555-0199"))]),
      to: stream.id, stamp: Sample.stamp(7))
    let removal = try ledger.remove(event.eventID, reason: "a number", stamp: Sample.stamp(8))
    #expect(removal.copies.map(\.event.seq) == [event.seq + 2] && removal.copies.allSatisfy(\.isHere))
    #expect(removal.copies.map(\.redaction.seq) == [removal.asked.redaction.seq + 1])
    #expect(removal.similar == flag.events)
    try ledger.redact(flag.events[0].eventID, reason: "a number", stamp: Sample.stamp(9))
    try ledger.compact()
    #expect(found(["555-0199"], in: scratch.path) == [])
    #expect(try ledger.searchEvents("555").isEmpty)
    #expect(try ledger.standing(of: caseID).isEmpty)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("goes from what was saved again unchanged as well, without words of one's own; not from what was there before")
  func savedAgain() throws {
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    func say(_ judgement: Judgement, _ stage: JudgementStage, after seconds: Int) throws -> Event {
      let timing = JudgementBody.Timing(activeMilliseconds: seconds * 1000)
      let body = JudgementBody(judgement, stage: stage, timing: timing)
      return try ledger.save(
        Submission(caseID: item.id, statements: [.judgement(body)]), to: stream.id,
        stamp: Sample.stamp(Double(seconds))
      ).events[0]
    }
    let blind = try say(Judgement(verdict: .agree), .initial, after: 1)
    let surer = try say(Judgement(verdict: .agree, confidence: 5), .final, after: 2)
    let first = try say(Judgement(verdict: .agree), .final, after: 3)
    let again = try [4, 5].map { try say(Judgement(verdict: .agree), .final, after: $0) }
    let last = try ledger.remove(again[1].eventID, reason: "p", stamp: Sample.stamp(6))
    #expect(last.copies.isEmpty)
    let removal = try ledger.remove(first.eventID, reason: "p", stamp: Sample.stamp(7))
    #expect(removal.copies.map(\.event.seq) == [again[0].seq])
    #expect(removal.similar.isEmpty)
    #expect(try ledger.standing(of: item.id).map(\.eventID) == [blind.eventID])
    #expect(try ledger.event(of: stream.id, seq: surer.seq)?.body != nil)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("leaves what was said anew without words of one's own")
  func saidAnew() throws {
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    let said = try [Verdict.agree, .disagree, .agree].enumerated().map { index, verdict in
      try ledger.save(
        Submission(caseID: item.id, statements: [Sample.judgement(verdict)]), to: stream.id,
        stamp: Sample.stamp(Double(index))
      ).events[0]
    }
    #expect(try ledger.remove(said[0].eventID, reason: "x", stamp: Sample.stamp(5)).copies.isEmpty)
    #expect(try ledger.standing(of: item.id).map(\.eventID) == [said[2].eventID])
  }

  @Test("goes with the next copy, where a version of before left it among the words that are searched")
  func tracesOfBefore() throws {
    try say("Mary Quitclaim phoned")
    try say("what stays", of: 2)
    try ledger.checkpoint()
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { db in
      let row = try #require(try Int.fetchOne(db, sql: "SELECT id FROM event WHERE kind = 'judgement' LIMIT 1"))
      // As versions of before did it: the words are marked as gone, and stay where they were.
      try db.execute(sql: "DROP TRIGGER event_no_update; DELETE FROM judgement_now")
      try db.execute(sql: "UPDATE event SET body = NULL WHERE id = ?", arguments: [row])
      try db.execute(
        sql: "INSERT INTO fts(fts, rowid, text) VALUES ('delete', ?, 'Mary Quitclaim phoned')", arguments: [row])
    }
    try queue.close()
    #expect(found(["quitclaim"], in: scratch.path) == ["quitclaim"])
    let copy = scratch.folder + "/copy.sqlite"
    try ledger.backUp(to: copy)
    #expect(found(["Quitclaim", "quitclaim"], in: copy) == [])
    try ledger.compact()
    #expect(found(["Quitclaim", "quitclaim"], in: scratch.path) == [])
    #expect(try ledger.searchEvents("stays").count == 1)
  }

  @Test("goes again when its redaction comes back to a ledger that was put back, and at no other analyst's word")
  func putBack() throws {
    let event = try say("Trillian's secret")
    let copy = scratch.folder + "/copy.sqlite"
    try ledger.backUp(to: copy)
    let redaction = try ledger.redact(event.eventID, reason: "a name", stamp: Sample.stamp(5))
    let other = scratch.folder + "/other/ledger.sqlite"
    try Ledger.restore(copy, to: other)
    let again = try Ledger(path: other)
    let caseID = try #require(event.caseID)

    let theirScratch = try Scratch()
    let theirs = try theirScratch.open()
    let stranger = try theirs.stream(for: "prod", stamp: Sample.stamp(analyst: "brent"))
    var body = EventBody(stamp: Sample.stamp(6, analyst: "brent"), payload: .redact(reason: "not mine"))
    body.references = [EventReference(.redacts, event)]
    let forged = try Chain.seal(
      [EventDraft(eventID: EventID(at: Sample.start, random: 9), body: body)], stream: stranger.id,
      after: theirs.head(of: stranger.id))
    try again.importEvents(forged, context: "prod")
    #expect(try again.standing(of: caseID).count == 1)

    // In another context's log the same name may be somebody else.
    try again.importEvents([redaction], context: "lab")
    #expect(try again.standing(of: caseID).count == 1)
    try again.importEvents([], context: "prod")
    let second = scratch.folder + "/second/ledger.sqlite"
    try Ledger.restore(copy, to: second)
    let restored = try Ledger(path: second)
    #expect(try restored.searchEvents("trillian").count == 1)
    #expect(try restored.importEvents([redaction], context: "prod") == 1)
    #expect(try restored.event(event.eventID)?.body == nil)
    #expect(try restored.searchEvents("trillian").isEmpty)
    #expect(try restored.standing(of: caseID).isEmpty)
    #expect(try restored.verify().fault == nil)
    try restored.checkpoint()
    #expect(found(["Trillian", "trillian"], in: second) == [])
    try again.close()
    try restored.close()
    try theirs.close()
  }

  @Test("needs nobody: the collector's word that it has no words of it is shown of nothing that was taken out")
  func wedges() throws {
    let event = try say("a name")
    try ledger.wedge(stream.id, seq: event.seq, code: "too-large", at: Sample.start)
    #expect(try ledger.wedge(stream.id, setAside: event.seq, because: "withheld", at: Sample.start))
    // Why it stayed here says more than that it is not there.
    #expect(try ledger.outbox(of: stream.id).first?.code == "too-large")
    let redaction = try ledger.redact(event.eventID, reason: "a name", stamp: Sample.stamp(5))
    #expect(try ledger.outboxCounts(of: stream.id)[.wedged] == 0)
    #expect(try !ledger.wedge(stream.id, setAside: event.seq, because: "withheld", at: Sample.start))
    #expect(try ledger.outboxCounts(of: stream.id)[.wedged] == 0)
    // Of what is here and not there somebody has to know, also after a purge.
    #expect(try ledger.wedge(stream.id, setAside: redaction.seq, because: "withheld", at: Sample.start))
    let item = Sample.newCase(2)
    let seen = try ledger.append(
      [EventBody(stamp: Sample.stamp(6), caseID: item.id, payload: .seen(Sample.seen(item)))], to: stream.id)[0]
    let head = Chain.Head(seq: seen.seq, hash: seen.hash)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: head)
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 99)) == 1)
    #expect(try ledger.wedge(stream.id, setAside: seen.seq, because: "withheld", at: Sample.start))
    #expect(try ledger.outboxCounts(of: stream.id)[.wedged] == 2)
  }

  @Test("is tried no more, where a version of before had marked it") func marksOfBefore() throws {
    let event = try say("a name")
    try ledger.redact(event.eventID, reason: "a name", stamp: Sample.stamp(5))
    let head = try ledger.head(of: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: .empty)
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { db in
      try db.execute(
        sql: "INSERT INTO wedge SELECT event_id, x'61', x'', 0, 0, 1 FROM event WHERE seq = ?", arguments: [event.seq])
    }
    try queue.close()
    #expect(try ledger.outboxCounts(of: stream.id)[.wedged] == 1)
    try ledger.unwedge(stream.id, seq: event.seq)
    #expect(try ledger.outboxCounts(of: stream.id)[.wedged] == 0)
  }
}
