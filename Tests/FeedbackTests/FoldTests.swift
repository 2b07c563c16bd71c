import Domain
import Feedback
import Testing

@Suite("The fold")
struct FoldTests {
  private func say(
    _ verdict: Verdict, stage: JudgementStage = .final
  ) -> JudgementBody { JudgementBody(Judgement(verdict: verdict), stage: stage) }

  private func verdicts(_ events: [Event]) -> [Verdict?] {
    Fold.standing(events).map { $0.judgement?.judgement.verdict }
  }

  @Test("an amendment takes the place of what it amends, and its retraction brings that back")
  func amend() throws {
    var log = Log()
    let first = try log.add(.judgement(say(.agree)))
    let second = try log.add(.amend(Amendment(.judgement(say(.disagree)))), [.init(.amends, first)])
    #expect(verdicts(log.events) == [.disagree])
    _ = try log.add(.retract(Retraction()), [.init(.retracts, second)])
    #expect(verdicts(log.events) == [.agree])
    _ = try log.add(.retract(Retraction()), [.init(.retracts, first)])
    #expect(verdicts(log.events).isEmpty)
    _ = try log.add(.amend(Amendment(.judgement(say(.unsure)), isRedo: true)), [.init(.amends, first)])
    #expect(verdicts(log.events) == [.unsure])
  }

  @Test("the blind first answer and the final one both stand")
  func stages() throws {
    var log = Log()
    _ = try log.add(.judgement(say(.agree, stage: .initial)))
    _ = try log.add(.judgement(say(.disagree, stage: .final)))
    #expect(Fold.standing(log.events).map(\.subject) == [.judgement(.final), .judgement(.initial)])
  }

  @Test("two analysts who differ both stand, and neither can take back the other's word")
  func analysts() throws {
    var ana = Log(stream: Sample.streamID(1), analyst: "ana")
    var ben = Log(stream: Sample.streamID(2), analyst: "ben")
    let hers = try ana.add(.judgement(say(.agree)))
    _ = try ben.add(.judgement(say(.disagree)))
    _ = try ben.add(.retract(Retraction()), [.init(.retracts, hers)])
    _ = try ben.add(.amend(Amendment(.judgement(say(.skip)))), [.init(.amends, hers)])
    let standing = Fold.standing(ana.events + ben.events)
    #expect(standing.map(\.analyst) == ["ana", "ben"])
    #expect(standing[0].judgement?.judgement.verdict == .agree)
  }

  @Test("two amendments of one's own made on two devices are a choice; the newest is shown")
  func devices() throws {
    var one = Log(stream: Sample.streamID(1))
    let first = try one.add(.judgement(say(.agree)))
    var two = Log(stream: Sample.streamID(2), from: 100)
    let other = try two.add(.amend(Amendment(.judgement(say(.unsure)))), [.init(.amends, first)])
    let mine = try one.add(.amend(Amendment(.judgement(say(.disagree)))), [.init(.amends, first)])
    let standing = try #require(Fold.standing(one.events + two.events).first)
    #expect(standing.eventID == other.eventID)
    #expect(standing.alternatives == [mine.eventID])
    _ = try two.add(
      .amend(Amendment(.judgement(say(.disagree)))), [.init(.amends, mine), .init(.amends, other)])
    #expect(Fold.standing(one.events + two.events).first?.alternatives == [])
  }

  @Test("an amendment before its parent stands for itself, and a retraction before its target waits")
  func orphans() throws {
    var log = Log()
    let first = try log.add(.judgement(say(.agree)))
    let second = try log.add(.amend(Amendment(.judgement(say(.disagree)))), [.init(.amends, first)])
    let third = try log.add(.retract(Retraction()), [.init(.retracts, first)])
    #expect(verdicts([second]) == [.disagree])
    #expect(verdicts([third]).isEmpty)
    #expect(verdicts([third, first]).isEmpty)
  }

  @Test("marks stand one a part, notes one a thread, and the flag as it was last")
  func others() throws {
    var log = Log()
    let mark: (MarkKind, RawText?) -> EventPayload = {
      .mark(MarkBody(Mark(kind: $0, target: $1), explainer: ModelID("shap")))
    }
    _ = try log.add(mark(.spurious, "age"))
    _ = try log.add(mark(.missing, "age"))
    _ = try log.add(mark(.agrees, nil))
    let note = try log.add(.note("one"))
    _ = try log.add(.note("two"))
    _ = try log.add(.amend(Amendment(.note("one, better"))), [.init(.amends, note)])
    _ = try log.add(.flag(FlagBody(isRaised: true)))
    _ = try log.add(.flag(FlagBody(isRaised: false)))
    let statements = Fold.standing(log.events).map(\.statement)
    #expect(statements.contains(.flag(FlagBody(isRaised: false))))
    #expect(statements.count == 5)
    #expect(statements.contains(.note("one, better")) && statements.contains(.note("two")))
  }

  @Test("amendments that name each other in a circle end, and one of them stands")
  func circle() throws {
    let ids = [Sample.eventID(1), Sample.eventID(2)]
    let events = try ids.indices.map { index in
      try Event(
        stream: Sample.streamID(UInt8(index + 1)), seq: 1, eventID: ids[index], prev: .zero,
        body: Sample.body(
          .amend(Amendment(.judgement(say(.agree)))), [.init(.amends, ids[1 - index], hash: .zero)]
        ).bytes())
    }
    #expect(Fold.standing(events).count == 1)
  }

  @Test("a changed judgement whose words are removed keeps its place: what it replaced does not come back")
  func removed() throws {
    var log = Log()
    let first = try log.add(.judgement(say(.agree)))
    var second = try log.add(.amend(Amendment(.judgement(say(.unsure)))), [.init(.amends, first)])
    let remains = try #require(Remains(second.decoded()))
    let redaction = try log.add(.redact(reason: "a name", remains: remains), [.init(.redacts, second)])
    second.body = nil
    func state(_ event: Event, _ events: [Event]) -> StatementState {
      let links = StatementLink.links(of: events, entries: events.compactMap { Fold.Entry($0) })
      return StatementThreads(links).state(of: event.eventID, analyst: event.analyst)
    }
    for events in [[first, second, redaction], [redaction, second, first]] {
      #expect(verdicts(events).isEmpty)
      #expect(state(first, events) == .superseded && state(second, events) == .redacted)
    }
    // Who never had the changed one is told by the removal.
    #expect(verdicts([first, redaction]).isEmpty)
    #expect(state(first, [first, redaction]) == .superseded)
    // A collector that removed it by itself kept what stays.
    let kept = StatementLink.links(
      of: [first, second], entries: [first].compactMap { Fold.Entry($0) }, remains: [second.eventID: remains])
    #expect(StatementThreads(kept).standing.isEmpty)
    // Where nobody kept that, nobody knows.
    #expect(verdicts([first, second]).isEmpty)
    #expect(state(first, [first, second]) == .unknown)

    let third = try log.add(.judgement(say(.disagree)))
    #expect(verdicts([first, second, redaction, third]) == [.disagree])
    #expect(verdicts([first, second, third]) == [.disagree])
    let back = try log.add(.retract(Retraction()), [.init(.retracts, second), .init(.retracts, third)])
    #expect(verdicts([first, second, redaction, third, back]) == [.agree])
    #expect(verdicts([first, second, third, back]) == [.agree])
  }

  @Test("a changed mark whose words are removed keeps its place, also where the first one called its part by a number")
  func removedMark() throws {
    func mark(_ target: RawText, _ kind: MarkKind) -> Statement {
      .mark(MarkBody(Mark(kind: kind, target: target), explainer: ModelID("shap")))
    }
    var log = Log()
    let first = try log.add(mark("#1", .spurious).payload)
    let second = try log.add(.amend(Amendment(mark("alpha", .missing))), [.init(.amends, first)])
    var third = try log.add(.amend(Amendment(mark("alpha", .agrees))), [.init(.amends, second)])
    #expect(Fold.standing(log.events).map(\.statement) == [mark("alpha", .agrees)])
    let redaction = try log.add(.redact(reason: "a name", remains: Remains(third.decoded())), [.init(.redacts, third)])
    third.body = nil
    #expect(Fold.standing([first, second, third, redaction]).isEmpty)
  }

  @Test("an explainer whose version is empty is the one that names none; no two subjects share a key")
  func keys() throws {
    func mark(_ explainer: ModelID, _ target: RawText?) -> Statement {
      .mark(MarkBody(Mark(kind: .spurious, target: target), explainer: explainer, label: "yes"))
    }
    var log = Log()
    _ = try log.add(mark(ModelID("shap"), "age").payload)
    _ = try log.add(mark(ModelID("shap", version: ""), "age").payload)
    #expect(Fold.standing(log.events).count == 1)
    let alike: [Statement] = [
      mark(ModelID("s", version: "1"), "a"), mark(ModelID("s\u{0}1"), "a"), mark(ModelID("s", version: "1\u{0}a"), nil),
      mark(ModelID("s", version: "1"), "a\u{1}1/2"), mark(ModelID("s", version: "1"), "a\u{0}yes"),
      mark(ModelID("s\u{2}", version: "1"), "a"), mark(ModelID("s\u{2}\u{3}", version: "1"), "a"),
    ]
    #expect(Set(alike.compactMap { $0.subject?.key }).count == alike.count)
  }

  @Test("what was taken back stays taken back when the words of the taking back are removed")
  func removedRetraction() throws {
    var log = Log()
    let first = try log.add(.judgement(say(.agree)))
    var retraction = try log.add(.retract(Retraction(reason: "a name")), [.init(.retracts, first)])
    let redaction = try log.add(
      .redact(reason: "a name", remains: Remains(retraction.decoded())), [.init(.redacts, retraction)])
    retraction.body = nil
    #expect(verdicts([first, retraction, redaction]).isEmpty)
    #expect(verdicts([first, retraction]).isEmpty)
  }

  @Test("nobody takes another's word out of force by saying that it was removed")
  func foreignRemoval() throws {
    var log = Log()
    let first = try log.add(.judgement(say(.agree)))
    var other = Log(stream: Sample.streamID(2), analyst: "ben")
    let remains = Remains(kind: .judgement, stage: .final, references: [.init(.amends, first)])
    let redaction = try other.add(.redact(reason: "x", remains: remains), [.init(.redacts, first)])
    #expect(verdicts([first, redaction]) == [.agree])
    let missing = EventReference(.redacts, Sample.eventID(99), hash: .zero)
    let another = try other.add(.redact(reason: "x", remains: remains), [missing])
    #expect(verdicts([first, another]) == [.agree])
  }

  @Test("is the same for every order of the events", arguments: 0..<15)
  func permutations(seed: Int) throws {
    var random = Numbered(state: UInt64(seed))
    let events = try Log.random(using: &random, count: 24)
    let expected = Fold.standing(events)
    for _ in 0..<8 {
      let shuffled = events.shuffled(using: &random)
      #expect(Fold.standing(shuffled) == expected)
      #expect(Fold.standing(shuffled + shuffled.prefix(5)) == expected)
    }
  }
}

/// A stream that grows event by event.
struct Log {
  var events: [Event] = []
  let stream: StreamID
  let analyst: RawText
  let start: Int

  init(stream: StreamID = Sample.stream, analyst: RawText = "ana", from start: Int = 0) {
    self.stream = stream
    self.analyst = analyst
    self.start = start
  }

  var head: Chain.Head { events.last.map { .init(seq: $0.seq, hash: $0.hash) } ?? .empty }

  mutating func add(
    _ payload: EventPayload, _ references: [EventReference] = [], about caseID: ShortHash = Sample.caseID
  ) throws -> Event {
    let number = start + events.count
    let id = EventID(
      at: Sample.start.advanced(bySeconds: Double(number)), random: UInt64(stream.bytes[0]) << 8 | UInt64(number))
    let body = Sample.body(payload, after: Double(number), analyst: analyst, about: caseID, references)
    let event = try Chain.seal([EventDraft(eventID: id, body: body)], stream: stream, after: head)[0]
    events.append(event)
    return event
  }

  mutating func add(_ drafts: [EventDraft]) throws -> [Event] {
    let sealed = try Chain.seal(drafts, stream: stream, after: head)
    events += sealed
    return sealed
  }

  /// Judgements, marks, amendments, retractions and redos of two analysts on three devices over two cases.
  static func random(using random: inout Numbered, count: Int) throws -> [Event] {
    var logs = [
      Log(stream: Sample.streamID(1), analyst: "ana"), Log(stream: Sample.streamID(2), analyst: "ana", from: 3),
      Log(stream: Sample.streamID(3), analyst: "ben", from: 5),
    ]
    let cases = [Sample.caseID, ShortHash.of([7])]
    for _ in 0..<count {
      let log = Int.random(in: 0..<3, using: &random)
      let caseID = cases[Int.random(in: 0..<2, using: &random)]
      let known = logs.flatMap(\.events).filter { $0.caseID == caseID }
      let target = known.randomElement(using: &random)
      let verdict = Verdict.allCases.randomElement(using: &random) ?? .agree
      let body = JudgementBody(Judgement(verdict: verdict), stage: Bool.random(using: &random) ? .final : .initial)
      let payload: EventPayload
      var references: [EventReference] = []
      switch (Int.random(in: 0..<6, using: &random), target) {
      case (0, .some(let target)):
        payload = .retract(Retraction())
        references = [.init(.retracts, target)]
      case (1...2, .some(let target)):
        payload = .amend(Amendment(.judgement(body), isRedo: Bool.random(using: &random)))
        references = [.init(.amends, target)]
      case (3, _): payload = .note("n")
      case (4, _):
        payload = .mark(MarkBody(Mark(kind: .agrees, target: "a"), explainer: ModelID("s")))
      default: payload = .judgement(body)
      }
      _ = try logs[log].add(payload, references, about: caseID)
    }
    return logs.flatMap(\.events)
  }

  @Test("a mark on one of several words of a name leaves those on the others alone")
  func marksOfOneName() throws {
    var log = Log()
    func mark(_ kind: MarkKind, _ number: Int?) -> EventPayload {
      let occurrence = number.map { Explanation.Occurrence($0, of: 2) }
      return .mark(MarkBody(Mark(kind: kind, target: "the", occurrence: occurrence), explainer: ModelID("shap")))
    }
    for number in [nil, 1, 2] { _ = try log.add(mark(.spurious, number)) }
    _ = try log.add(mark(.agrees, 2))
    let standing = Fold.standing(log.events)
    #expect(standing.count == 3 && Set(standing.map(\.subject.key)).count == 3)
    #expect(standing.count { $0.statement == Statement(mark(.agrees, 2)) } == 1)
  }

  @Test("a mark by a part's number takes the place of the one by its name that it amends, and is undone to that")
  func markByNumber() throws {
    var named = Log(stream: Sample.streamID(1))
    let first = try named.add(.mark(MarkBody(Mark(kind: .spurious, target: "the"), explainer: ModelID("shap"))))
    var numbered = Log(stream: Sample.streamID(2), from: 100)
    let body = MarkBody(Mark(kind: .agrees, target: "#26"), explainer: ModelID("shap"))
    let second = try numbered.add(.amend(Amendment(.mark(body))), [.init(.amends, first)])
    #expect(Fold.standing(named.events + numbered.events).map(\.eventID) == [second.eventID])
    #expect(
      Fold.beneath(Fold.standing(named.events + numbered.events)[0], among: named.events + numbered.events) == [
        first.eventID
      ])
    _ = try numbered.add(.retract(Retraction()), [.init(.retracts, second)])
    #expect(Fold.standing(named.events + numbered.events).map(\.eventID) == [first.eventID])
    // Nobody else's mark is moved by an amendment.
    var other = Log(stream: Sample.streamID(3), analyst: "ben")
    _ = try other.add(.amend(Amendment(.mark(body))), [.init(.amends, first)])
    #expect(Fold.standing(named.events + other.events).count == 2)
  }

  @Test("a mark stands for each class whose shares it is on; one on the whole is of no class")
  func marksOfClasses() throws {
    var log = Log()
    func mark(_ kind: MarkKind?, _ target: RawText?, _ rating: Int? = nil, of label: RawText) -> EventPayload {
      .mark(MarkBody(Mark(kind: kind, target: target, rating: rating), explainer: ModelID("shap"), label: label))
    }
    for label in ["a", "b"] as [RawText] {
      _ = try log.add(mark(.spurious, "age", of: label))
      _ = try log.add(mark(nil, nil, 3, of: label))
    }
    _ = try log.add(mark(.agrees, "age", of: "a"))
    let bodies = Fold.standing(log.events).compactMap { standing -> MarkBody? in
      if case .mark(let body) = standing.statement { body } else { nil }
    }
    #expect(bodies.count == 3)
    #expect(Set(bodies.filter { $0.mark.target == "age" }.map { $0.mark.kind }) == [.agrees, .spurious])
  }
}
