internal import Domain
internal import Feedback
internal import SyncProtocol

/// What analysts say in a simulation, and what is in force of it.
extension Simulation {
  /// What every third event says: a judgement on one of five cases, another in the place of the last thing that this
  /// device said, or that thing's end. Chance is not asked, so that the same seeds stay the same runs.
  func statement(on device: Int) -> [UInt8]? {
    guard count % 3 == 0 else { return nil }
    let last = devices[device].events.last { spoken.contains($0.eventID) }
    let verdict = Verdict.allCases[count % Verdict.allCases.count]
    let judgement = JudgementBody(Judgement(verdict: verdict), stage: .final)
    var body = EventBody(
      stamp: Stamp(at: clock, analyst: "ana"), caseID: ShortHash.of([UInt8(count % 5)]), payload: .judgement(judgement))
    if let last, count % 9 == 0 {
      body.caseID = nil
      body.references = [EventReference(.retracts, last.eventID, hash: last.hash)]
      body.payload = .retract(Retraction())
    } else if let last, count % 4 == 0 {
      body.caseID = nil
      body.references = [EventReference(.amends, last.eventID, hash: last.hash)]
      body.payload = .amend(Amendment(.judgement(judgement)))
    }
    return try? body.bytes()
  }

  /// I16: what is in force is the same in whatever order a reader gets the log, and however often.
  mutating func checkFold() {
    let told = collector.rows.compactMap { row in
      row.event.body.flatMap { body in
        try? Event(
          stream: row.stream, seq: row.event.seq, eventID: row.event.eventID, prev: row.event.prev, body: body)
      }
    }
    let standing = Fold.standing(told)
    inForce = standing.count
    let shuffled = told.shuffled(using: &clockRandom)
    if Fold.standing(told.reversed()) != standing || Fold.standing(shuffled + shuffled.prefix(9)) != standing {
      fail("I16: what is in force depends on the order of the events")
    }
  }
}
