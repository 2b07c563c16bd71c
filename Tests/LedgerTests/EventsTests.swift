import Domain
import Feedback
import Foundation
import GRDB
import Ledger
import Testing

@Suite("A view of the events")
struct EventsTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream
  let item: Case

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    item = try ledger.store([Sample.newCase(1)], service: "http://s", context: "prod")[0]
  }

  private func save(_ verdict: Verdict, at seconds: Double) throws {
    _ = try ledger.save(
      Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(verdict)]), to: stream.id,
      stamp: Sample.stamp(seconds))
  }

  private func importColleague(_ name: RawText = "ben", random: UInt64 = 9) throws {
    var generator = SystemRandomNumberGenerator()
    let body = EventBody(
      stamp: Sample.stamp(5, analyst: name), caseID: item.id, payload: Sample.judgement(.disagree).payload)
    let draft = EventDraft(eventID: EventID(at: Sample.start, random: random), body: body)
    _ = try ledger.importEvents(
      Chain.seal([draft], stream: StreamID(using: &generator), after: .empty), context: "prod")
  }

  private func kinds(
    context: RawText? = nil, withColleagues: Bool = false, since seconds: Double? = nil
  ) throws -> [EventKind] {
    let moment = seconds.map { Sample.start.advanced(bySeconds: $0) }
    return try ledger.withEvents { events in
      var kinds: [EventKind] = []
      try events.forEach(context: context, withColleagues: withColleagues, since: moment) { kinds.append($0.kind) }
      return kinds
    }
  }

  @Test("shows one's own in order, a context's alone, from a moment on, and colleagues' if asked") func walk() throws {
    try save(.agree, at: 1)
    try save(.disagree, at: 2)
    try importColleague()
    _ = try ledger.stream(for: "lab", stamp: Sample.stamp(9))
    #expect(try kinds() == [.streamStart, .seen, .judgement, .amend, .streamStart])
    #expect(try kinds(context: "prod") == [.streamStart, .seen, .judgement, .amend])
    #expect(try kinds(context: "prod", withColleagues: true).last == .judgement)
    #expect(try kinds(context: "prod", since: 2) == [.amend])
  }

  @Test("shows what the analyst saved on another device among their own, and what they take out there is out here")
  func otherDevice() throws {
    try save(.agree, at: 1)
    try importColleague()
    try importColleague("ana", random: 10)
    #expect(try kinds(context: "prod") == [.streamStart, .seen, .judgement, .judgement])
    #expect(try kinds(context: "prod", since: 5) == [.judgement])
    let id = EventID(at: Sample.start, random: 10)
    let stream = try #require(try ledger.streams().first)
    let redaction = try ledger.redact(id, reason: "a name", stamp: Sample.stamp(6), goingOn: stream.id)
    #expect(redaction.stream == stream.id)
    #expect(try ledger.withEvents { try $0.event(id)?.body } == nil)
    let ben = EventID(at: Sample.start, random: 9)
    #expect(throws: LedgerError.unknownEvent(ben)) {
      try ledger.redact(ben, reason: "a name", stamp: Sample.stamp(7), goingOn: stream.id)
    }
    #expect(try ledger.verify().fault == nil)
  }

  @Test("tells what each judgement was said of, and nothing of one whose view was taken out") func views() throws {
    try save(.agree, at: 1)
    func views() throws -> [JudgedView] {
      let standing = try ledger.standing(of: item.id)
      return try ledger.withEvents { try $0.views(behind: standing) }.values.map { $0 }
    }
    #expect(try views().map(\.model) == [item.model])
    let seen = try #require(try ledger.events(of: stream.id, limit: 9).first { $0.kind == .seen })
    try ledger.redact(seen.eventID, reason: "a name", stamp: Sample.stamp(2))
    #expect(try views().isEmpty)
  }

  @Test("finds a flipped byte in what came of a colleague as well") func flippedForeign() throws {
    try importColleague()
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      let body = try #require(try Data.fetchOne(db, sql: "SELECT body FROM foreign_event"))
      var bytes = body
      let place = try #require(bytes.range(of: Data("disagree".utf8))).lowerBound
      bytes[place] ^= 1
      try db.execute(sql: "UPDATE foreign_event SET body = ?", arguments: [bytes])
    }
    try raw.close()
    let now = try scratch.open()
    #expect(try now.verify().fault?.contains("which came by sync, is damaged") == true)
    try now.close()
  }

  @Test("does not change while it is looked at") func snapshot() throws {
    try save(.agree, at: 1)
    let other = try scratch.open()
    let counts = try ledger.withEvents { events in
      var counts = [0, 0]
      for round in 0..<2 {
        try events.forEach { _ in counts[round] += 1 }
        if round == 0 {
          _ = try other.save(
            Submission(caseID: item.id, statements: [Sample.judgement(.unsure)]), to: stream.id, stamp: Sample.stamp(3))
        }
      }
      return counts
    }
    #expect(counts == [3, 3])
    #expect(try kinds().count == 4)
  }

  @Test("finds events by the first digits of their identity, and what was said of a case by anybody")
  func lookUp() throws {
    try save(.agree, at: 1)
    try importColleague()
    let own = try #require(try ledger.event(of: stream.id, seq: 3))
    let digits = own.eventID.hex
    func found(_ digits: String) throws -> [Event] {
      try ledger.withEvents { events in try events.events(beginningWith: digits, limit: 2) }
    }
    #expect(try found(String(digits.prefix(31))) == [own])
    #expect(try found(digits.uppercased()) == [own])
    #expect(try found("01").count == 2)
    #expect(try found("ffff").isEmpty)
    #expect(try ledger.withEvents { events in try events.event(own.eventID) } == own)
    let said = try ledger.withEvents { events in
      [try events.statements(about: item.id), try events.statements(about: .of([7]))]
    }
    #expect(said.map { $0.map(\.analyst) } == [["ana", "ben"], []])
  }
}
