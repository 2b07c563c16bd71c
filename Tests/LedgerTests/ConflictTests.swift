import Domain
import Feedback
import Ledger
import Testing

@Suite("One analyst's word from two devices")
struct ConflictTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream
  let item = Sample.newCase(1)

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    try ledger.store([item], service: "s", context: "prod")
  }

  private func judge(_ verdict: Verdict, in ledger: Ledger, _ stream: StreamID, at seconds: Double) throws -> Event {
    let saved = try ledger.save(
      Submission(caseID: item.id, statements: [Sample.judgement(verdict)]), to: stream, stamp: Sample.stamp(seconds))
    return try #require(saved.events.last)
  }

  /// What the other device says, as the collector brings it.
  private func elsewhere(_ verdict: Verdict, at seconds: Double) throws -> Event {
    let other = try Scratch()
    let ledger = try other.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp(1))
    return try judge(verdict, in: ledger, stream.id, at: seconds)
  }

  @Test("stands as the newest until the analyst chooses; the choice takes the place of both, and can be undone")
  func choosing() throws {
    let here = try judge(.agree, in: ledger, stream.id, at: 10)
    let there = try elsewhere(.disagree, at: 20)
    try ledger.importEvents([there], context: "prod")
    let own = try #require(try ledger.ownVersions(context: "prod").first)
    #expect(own.caseID == item.id && own.versions.map(\.event.eventID) == [there.eventID, here.eventID])
    #expect(own.versions.map(\.isHere) == [false, true])
    #expect(try ledger.ownVersions(context: "lab").isEmpty)

    let choice = try #require(
      try ledger.choose(here.eventID, of: item.id, in: stream.id, stamp: Sample.stamp(30)))
    #expect(choice.kind == .amend)
    #expect(try ledger.ownVersions(context: "prod").isEmpty)
    #expect(try ledger.standing(of: item.id).compactMap(\.judgement?.judgement.verdict) == [.agree])
    #expect(try ledger.choose(here.eventID, of: item.id, in: stream.id, stamp: Sample.stamp(31)) == nil)
    try ledger.undo(in: stream.id, stamp: Sample.stamp(40))
    #expect(try ledger.ownVersions(context: "prod").count == 1)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("rests on the view of the version that was chosen; a purge leaves it, and before the choice those of both")
  func viewOfChoice() throws {
    func say(_ verdict: Verdict, in ledger: Ledger, _ stream: StreamID, at seconds: Double) throws -> [Event] {
      try ledger.save(
        Submission(
          caseID: item.id, seen: Sample.seen(item, propensity: seconds), statements: [Sample.judgement(verdict)]),
        to: stream, stamp: Sample.stamp(seconds)
      ).events
    }
    func purge() throws -> Int {
      let head = try ledger.head(of: stream.id)
      try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: head)
      return try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 1000))
    }
    let here = try say(.agree, in: ledger, stream.id, at: 10)
    let other = try Scratch()
    let theirs = try other.open()
    let there = try say(.disagree, in: theirs, theirs.stream(for: "prod", stamp: Sample.stamp(1)).id, at: 20)
    try ledger.importEvents(there, context: "prod")
    #expect(try purge() == 0)
    let choice = try #require(
      try ledger.choose(here[1].eventID, of: item.id, in: stream.id, stamp: Sample.stamp(30)))
    #expect(try choice.decoded().targets(.seen) == [here[0].eventID])
    #expect(try purge() == 0)
    #expect(try ledger.event(here[0].eventID)?.body != nil)
    // The other version's view is elsewhere, and is named all the same.
    try ledger.undo(in: stream.id, stamp: Sample.stamp(40))
    let other2 = try #require(
      try ledger.choose(there[1].eventID, of: item.id, in: stream.id, stamp: Sample.stamp(50)))
    #expect(try other2.decoded().targets(.seen) == [there[0].eventID])
    #expect(try purge() == 1)
  }

  @Test("is no choice where one was made after the other had come, or where a colleague differs")
  func noConflict() throws {
    try ledger.importEvents([try elsewhere(.disagree, at: 10)], context: "prod")
    _ = try judge(.agree, in: ledger, stream.id, at: 20)
    #expect(try ledger.ownVersions(context: "prod").isEmpty)
  }

  @Test("is one word where both say the same: the newest stands on every device, and what is said next replaces both")
  func alike() throws {
    let here = try judge(.agree, in: ledger, stream.id, at: 10)
    let there = try elsewhere(.agree, at: 20)
    try ledger.importEvents([there], context: "prod")
    let standing = try ledger.standing(of: item.id)
    #expect(standing.map(\.eventID) == [there.eventID])
    #expect(standing.map(\.alternatives) == [[]] && standing.map(\.alike) == [[here.eventID]])
    #expect(try ledger.ownVersions(context: "prod").isEmpty)
    let other = try Scratch().open()
    try other.importEvents([there, here], context: "prod")
    #expect(try other.standing(of: item.id).map(\.eventID) == [there.eventID])
    #expect(try ledger.verify().fault == nil)

    // The one on the third device was made before it knew of the second.
    let third = try elsewhere(.agree, at: 15)
    try ledger.importEvents([third], context: "prod")
    #expect(try ledger.standing(of: item.id)[0].alike == [here.eventID, third.eventID])
    let change = try judge(.disagree, in: ledger, stream.id, at: 30)
    #expect(Set(try change.decoded().targets(.amends)) == [here.eventID, there.eventID, third.eventID])
    #expect(try ledger.ownVersions(context: "prod").isEmpty)
    #expect(try ledger.standing(of: item.id).map(\.judgement?.judgement.verdict) == [.disagree])
  }

  @Test("is a choice between two where three devices said two things, and the choice takes the place of all three")
  func twoOfThree() throws {
    let here = try judge(.agree, in: ledger, stream.id, at: 10)
    let second = try elsewhere(.disagree, at: 20)
    let third = try elsewhere(.agree, at: 30)
    try ledger.importEvents([second, third], context: "prod")
    let own = try #require(try ledger.ownVersions(context: "prod").first)
    #expect(own.versions.map(\.event.eventID) == [third.eventID, second.eventID])
    let choice = try #require(
      try ledger.choose(second.eventID, of: item.id, in: stream.id, stamp: Sample.stamp(40)))
    #expect(Set(try choice.decoded().targets(.amends)) == [here.eventID, second.eventID, third.eventID])
    #expect(try ledger.ownVersions(context: "prod").isEmpty)
    #expect(try ledger.standing(of: item.id).map(\.alike) == [[]])
  }

  @Test("that is redacted goes from the choice that repeats it as well, on whichever device that was made")
  func redactedChoice() throws {
    let note: RawText = "phone 555-0199"
    func say(_ verdict: Verdict, _ note: RawText, in ledger: Ledger, _ stream: StreamID, at second: Double) throws
      -> Event
    {
      let saved = try ledger.save(
        Submission(caseID: item.id, statements: [Sample.judgement(verdict, note: note)]), to: stream,
        stamp: Sample.stamp(second))
      return try #require(saved.events.last)
    }
    let here = try say(.agree, note, in: ledger, stream.id, at: 10)
    let desk = try Scratch().open()
    let deskStream = try desk.stream(for: "prod", stamp: Sample.stamp(1))
    _ = try say(.disagree, "", in: desk, deskStream.id, at: 20)
    try desk.importEvents([here], context: "prod")
    let choice = try #require(
      try desk.choose(here.eventID, of: item.id, in: deskStream.id, stamp: Sample.stamp(30)))
    let changed = try say(.unsure, note, in: desk, deskStream.id, at: 35)
    try ledger.importEvents([choice, changed], context: "prod")

    let removal = try ledger.remove(here.eventID, reason: "a number", stamp: Sample.stamp(40))
    #expect(removal.asked.event.eventID == here.eventID && removal.asked.isHere)
    #expect(removal.copies.map(\.event.eventID) == [choice.eventID] && removal.copies.map(\.isHere) == [false])
    #expect(removal.similar.map(\.eventID) == [changed.eventID])
    try desk.importEvents([removal.asked.redaction] + removal.copies.map(\.redaction), context: "prod")
    #expect(try desk.event(choice.eventID)?.body == nil)
    #expect(try desk.verify().fault == nil && ledger.verify().fault == nil)
  }

  @Test("that a colleague took out goes here as well; nobody takes out another's")
  func colleaguesRedaction() throws {
    let other = try Scratch()
    let theirs = try other.open()
    let stream = try theirs.stream(for: "prod", stamp: Sample.stamp(1, analyst: "brent"))
    let saved = try theirs.save(
      Submission(caseID: item.id, statements: [Sample.judgement(.disagree, note: "a name")]), to: stream.id,
      stamp: Sample.stamp(2, analyst: "brent"))
    let said = try #require(saved.events.last)
    try ledger.importEvents([said], context: "prod")
    #expect(try ledger.standing(of: item.id).count == 1)
    let redaction = try theirs.redact(said.eventID, reason: "a name", stamp: Sample.stamp(3, analyst: "brent"))
    var forged = redaction
    forged.analyst = "cleo"
    forged.eventID = EventID(at: Sample.start, random: 1)
    try ledger.importEvents([forged].filter(\.isIntact), context: "prod")
    #expect(try ledger.standing(of: item.id).count == 1)
    try ledger.importEvents([redaction], context: "prod")
    #expect(try ledger.standing(of: item.id).isEmpty)
  }

  @Test("a purge leaves what says that a change of mind was removed: what else was said of the case stays in force")
  func purgedRedaction() throws {
    _ = try ledger.save(
      Submission(caseID: item.id, statements: [.flag(FlagBody(isRaised: true))]), to: stream.id, stamp: Sample.stamp(1))
    _ = try judge(.agree, in: ledger, stream.id, at: 2)
    let unsure = try judge(.unsure, in: ledger, stream.id, at: 3)
    try ledger.redact(unsure.eventID, reason: "a name", stamp: Sample.stamp(4))
    let head = try ledger.head(of: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: head, safe: head)
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 100)) == 0)
    _ = try judge(.disagree, in: ledger, stream.id, at: 5)
    #expect(try ledger.standing(of: item.id).map(\.subject) == [.flag, .judgement(.final)])
  }

  @Test("a change of mind that is redacted does not bring back what was said before it, here or at a colleague's")
  func redactedAmendment() throws {
    func say(_ verdict: Verdict, at second: Double) throws -> Event {
      let saved = try ledger.save(
        Submission(caseID: item.id, statements: [Sample.judgement(verdict, note: "a name")]), to: stream.id,
        stamp: Sample.stamp(second))
      return try #require(saved.events.last)
    }
    func verdicts(_ ledger: Ledger) throws -> [Verdict?] {
      try ledger.standing(of: item.id).map { $0.judgement?.judgement.verdict }
    }
    let first = try say(.agree, at: 1)
    let second = try say(.unsure, at: 2)
    #expect(second.kind == .amend)
    let redaction = try ledger.redact(second.eventID, reason: "a name", stamp: Sample.stamp(3))
    #expect(try verdicts(ledger).isEmpty)

    let other = try Scratch()
    let theirs = try other.open()
    // One had fetched the changed judgement, and one comes after it was removed.
    try theirs.importEvents([first, second, redaction], context: "prod")
    #expect(try verdicts(theirs).isEmpty)
    let third = try Scratch()
    let late = try third.open()
    try late.importEvents([first, redaction], context: "prod")
    #expect(try verdicts(late).isEmpty)
    // One whose collector redacted it by itself tells what stays of it, or that nothing is known.
    var gone = second
    gone.body = nil
    for remains in [[second.eventID: try #require(Remains(second.decoded()))], [:]] {
      let told = try Scratch()
      let there = try told.open()
      try there.importEvents([first, gone], remains: remains, context: "prod")
      #expect(try verdicts(there).isEmpty)
      try there.rebuildProjection()
      #expect(try verdicts(there).isEmpty)
    }

    let fourth = try say(.disagree, at: 4)
    #expect(try verdicts(ledger) == [.disagree])
    try late.importEvents([fourth], context: "prod")
    #expect(try verdicts(late) == [.disagree])
    #expect(try ledger.verify().fault == nil)
  }
}
