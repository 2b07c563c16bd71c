internal import Domain
internal import Feedback
internal import SyncProtocol

/// What analysts say in a simulation, and what is in force of it.
extension Simulation {
  /// A judgement on one of five cases, or the end of the last one that this device made. Nothing is drawn for it, so that
  /// what is said changes no run.
  func statement(on device: Int) -> [UInt8]? {
    guard count % 3 == 0 else { return nil }
    let stamp = Stamp(at: clock, analyst: "ana")
    let caseID = ShortHash.of([UInt8(count % 5)])
    let last = devices[device].events.last { spoken.contains($0.eventID) }
    if count % 9 == 0, let last {
      let reference = EventReference(.retracts, last.eventID, hash: last.hash)
      return try? EventBody(stamp: stamp, references: [reference], payload: .retract(Retraction())).bytes()
    }
    let verdict = Verdict.allCases[count % Verdict.allCases.count]
    let judgement = JudgementBody(Judgement(verdict: verdict), stage: .final)
    if count % 4 == 0, let last {
      let reference = EventReference(.amends, last.eventID, hash: last.hash)
      let amendment = Amendment(.judgement(judgement))
      return try? EventBody(stamp: stamp, references: [reference], payload: .amend(amendment)).bytes()
    }
    return try? EventBody(stamp: stamp, caseID: caseID, payload: .judgement(judgement)).bytes()
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
