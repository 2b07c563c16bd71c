import Domain
import Feedback
import Foundation
import Ledger
import PowerCuts
import Testing
import TortureReport

/// A ledger that is used while everything that SQLite writes is written down.
private struct Story {
  /// What had been called saved after so many operations of the disk.
  struct Mark {
    var operations: Int
    var events: [EventID]
  }

  let operations: [Recording.Operation]
  let marks: [Mark]
  let stream: StreamID
  let item: ShortHash

  /// So many judgements, drafts, an undo and checkpoints.
  init(saves: Int) throws {
    let scratch = try Scratch(inMemory: true)
    let recording = try #require(Recording(of: scratch.folder))
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    var marks = [Mark(operations: recording.count, events: try ledger.events(of: stream.id, limit: 1).map(\.eventID))]
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    for number in 0..<saves {
      let note = RawText(String(repeating: "why ", count: number % 5 == 0 ? 2000 : 3))
      let draft = JudgementDraft(
        caseID: item.id, judgement: Judgement(verdict: .agree, note: note), savedAt: Sample.start)
      try ledger.put(draft)
      let saved = try ledger.save(
        Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(.agree, note: note)]),
        to: stream.id, stamp: Sample.stamp(Double(number)))
      var events = (marks.last?.events ?? []) + saved.events.map(\.eventID)
      if number % 7 == 3 {
        events += try ledger.undo(in: stream.id, stamp: Sample.stamp(Double(number))).events.map(\.eventID)
      }
      marks.append(Mark(operations: recording.count, events: events))
      if number % 4 == 3 { try ledger.checkpoint() }
    }
    try ledger.close()
    operations = recording.operations
    self.marks = marks
    self.stream = stream.id
    self.item = item.id
  }

  /// What had been called saved when the power went after so many operations.
  func saved(after operations: Int) -> [EventID] { marks.last { $0.operations <= operations }?.events ?? [] }

  struct Outcome {
    var cuts = 0
    /// Events that had been called saved and are not there.
    var lost = 0
    /// What is wrong with a ledger that was found.
    var faults: [String] = []
  }

  /// Cuts the power after each operation, so often with each remainder, and looks at what the next start makes of it.
  func cut(
    _ remainders: (Int) -> [Disk.Remainder], from disk: Disk = Disk(), every step: Int = 1
  ) throws -> Outcome {
    var disk = disk
    var outcome = Outcome()
    var random = SystemRandomNumberGenerator()
    for (number, operation) in operations.enumerated() {
      disk.apply(operation)
      guard number % step == 0 || number == operations.count - 1 else { continue }
      for remainder in remainders(number) {
        try look(at: disk.files(after: remainder, using: &random), saved(after: number + 1), number, &outcome)
      }
    }
    return outcome
  }

  private func look(
    at files: [String: [UInt8]], _ saved: [EventID], _ number: Int, _ outcome: inout Outcome
  ) throws {
    let scratch = try Scratch(inMemory: true)
    try scratch.put(files)
    outcome.cuts += 1
    do {
      let ledger = try scratch.open()
      let kept = try ledger.events(of: stream, limit: .max).map(\.eventID)
      outcome.lost += Set(saved).subtracting(kept).count
      if let fault = try ledger.verify().fault { outcome.faults.append("after operation \(number): \(fault)") }
      // Work goes on.
      let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
      try ledger.append([EventBody(stamp: Sample.stamp(), payload: .sessionEnd)], to: stream.id)
      try ledger.close()
    } catch {
      outcome.faults.append("after operation \(number): \(error)")
    }
  }
}

@Suite("A power cut")
struct PowerCutTests {
  /// `make torture` asks for fifty.
  private static let saves = ProcessInfo.processInfo.environment["MDS_SAVES"].flatMap { Int($0) } ?? 4

  @Test("at any write leaves every judgement that was called saved, and a whole chain, whatever was not synced")
  func anywhere() throws {
    let story = try Story(saves: Self.saves)
    let all = Disk.Remainder.allCases
    // The long form has eight of each cut.
    let outcome = try story.cut { number in
      Self.saves > 20 ? all + [.beginning, .some, .some, .some] : [.nothing, all[number % all.count]]
    }
    print(
      "power cuts \(outcome.cuts) over \(story.operations.count) operations of \(story.marks.count) saves: "
        + "lost \(outcome.lost), faults \(outcome.faults.count)")
    TortureReport.add(
      "power_cuts",
      [
        "saves": Self.saves, "operations": story.operations.count, "cuts": outcome.cuts, "lost": outcome.lost,
        "broken": outcome.faults.count,
      ])
    #expect(outcome.cuts > 200)
    #expect(outcome.lost == 0)
    #expect(outcome.faults == [])
  }

  @Test("is found to lose judgements on a disk that does not sync the log")
  func deafDisk() throws {
    let story = try Story(saves: 3)
    let outcome = try story.cut({ _ in [.nothing] }, from: Disk { !$0.hasSuffix("-wal") }, every: 5)
    #expect(outcome.lost > 0)
  }
}

@Suite("A disk that fails at some operation")
struct FailingDiskTests {
  /// `make torture` asks for two hundred.
  private static let faults = ProcessInfo.processInfo.environment["MDS_FAULTS"].flatMap { Int($0) } ?? 12

  @Test(
    "fails the save and nothing else: what was called saved is there, after a power cut too, and saving goes on",
    arguments: Recording.Fault.allCases)
  func anywhere(fault: Recording.Fault) throws {
    var random = SystemRandomNumberGenerator()
    var (struck, lost) = (0, 0)
    for place in 0..<Self.faults {
      // All places in the long run; some of them in the short one.
      let after = Self.faults >= 100 ? place : Int.random(in: 0..<60, using: &random)
      let scratch = try Scratch(inMemory: true)
      let recording = try #require(Recording(of: scratch.folder))
      let ledger = try scratch.open()
      let stream = try ledger.stream(for: "prod", stamp: Sample.stamp()).id
      var saved: [EventID] = []
      var refused = 0
      // More than one in a row also strikes what is done after the first: everything is opened anew.
      recording.fail(fault, after: after, times: fault == .full ? 3 : 1 + place % 4)
      for number in 0..<24 {
        do {
          let note = EventBody(stamp: Sample.stamp(Double(number)), payload: .note(RawText("note \(number)")))
          saved += try ledger.append([note], to: stream).map(\.eventID)
          if number % 5 == 4 { try? ledger.checkpoint() }
        } catch {
          refused += 1
        }
      }
      if recording.faults > 0 { struck += 1 }
      #expect(refused <= recording.faults)
      recording.mend()
      saved += try ledger.append([EventBody(stamp: Sample.stamp(99), payload: .sessionEnd)], to: stream).map(\.eventID)
      #expect(try Set(saved).isSubset(of: ledger.events(of: stream, limit: .max).map(\.eventID)), "after \(after)")
      #expect(try ledger.verify().fault == nil, "after \(after)")

      var disk = Disk()
      for operation in recording.operations { disk.apply(operation) }
      try ledger.close()
      let found = try Scratch(inMemory: true)
      try found.put(disk.files(after: .nothing, using: &random))
      let again = try found.open()
      let missing = try Set(saved).subtracting(again.events(of: stream, limit: .max).map(\.eventID))
      #expect(missing.isEmpty, "after \(after)")
      lost += missing.count
      #expect(try again.verify().fault == nil, "after \(after)")
    }
    print("fault \(fault): struck in \(struck) of \(Self.faults) ledgers")
    TortureReport.add("disk_faults", ["ledgers": Self.faults, "struck": struck, "lost": lost])
    #expect(struck > 0)
  }
}
