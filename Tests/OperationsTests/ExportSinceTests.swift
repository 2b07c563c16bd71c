import Domain
import Feedback
import Foundation
import Ledger
import Testing

@testable import Operations

@Suite("An analyst's export since a moment")
struct ExportSinceTests {
  private static let start = Timestamp(microseconds: 1_795_435_445_000_000)
  private static let word: RawText = "canary-4e11"

  private static func stamp(_ second: Double, _ analyst: RawText = "ana") -> Stamp {
    Stamp(at: start.advanced(bySeconds: second), analyst: analyst, context: "desk")
  }

  private static func seen(_ text: RawText = "plain") -> EventPayload {
    let tensor = Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes([text]))
    return .seen(
      Seen(
        record: .inline(Record(tensors: [tensor])), model: ModelID("wine", version: "1"),
        output: SeenOutput(answer: .classes([ClassScore(label: "red", probability: 1)], chosen: 0))))
  }

  private static func judgement(_ verdict: Verdict) -> EventPayload {
    .judgement(JudgementBody(Judgement(verdict: verdict)))
  }

  /// A view and a judgement of each case, and the words in a note on the last, all before the moment of 100 s.
  private static func fill(_ ledger: Ledger, _ cases: [ShortHash]) throws -> (stream: StreamID, events: [Event]) {
    let stream = try ledger.stream(for: "desk", stamp: stamp(0)).id
    var events: [Event] = []
    for caseID in cases {
      events += try ledger.append(
        [EventBody(stamp: stamp(Double(events.count)), caseID: caseID, payload: seen())], to: stream)
      events += try ledger.append(
        [
          EventBody(
            stamp: stamp(Double(events.count)), caseID: caseID,
            references: [EventReference(.seen, events[events.count - 1])],
            payload: judgement(.agree))
        ], to: stream)
    }
    events += try ledger.append([EventBody(stamp: stamp(90), caseID: cases.last, payload: .note(word))], to: stream)
    return (stream, events)
  }

  @Test("what was saved before the analyst was enrolled stands under the collector's name for them")
  func enrolled() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let ledger = try Ledger(path: folder.appending(path: "ledger.sqlite").path)
    let caseID = ShortHash.of([1])
    let first = try Self.fill(ledger, [caseID]).events[0]
    func names(_ analyst: RawText?) throws -> Set<RawText> {
      var names: Set<RawText> = []
      try ledger.withEvents { events in
        let log = try LedgerLog(events, context: "desk", analyst: analyst, hidden: [], FeedbackExport(format: .jsonl))
        names.formUnion(try log.statements(about: caseID).map(\.analyst))
        if let view = try log.newestView(of: caseID) { names.insert(view.analyst) }
        if let event = try log.event(first.eventID) { names.insert(event.analyst) }
      }
      return names
    }
    #expect(try names(nil) == ["ana"])
    #expect(try names("ana@lab") == ["ana@lab"])
    try ledger.close()
  }

  @Test("begins with what was saved before and reads otherwise now, and tells nothing that does not")
  func changed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-since-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ledger.sqlite").path
    let workspace = try Workspace(
      Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path))
    defer { workspace.close() }
    let cases = (1...6).map { ShortHash.of([$0]) }
    let events = try await workspace.onLedger { ledger throws(LedgerError) -> [Event] in
      do { return try Self.change(ledger, cases) } catch { throw error as? LedgerError ?? .damaged("\(error)") }
    }
    func rows(_ since: Timestamp?, colleagues: Bool = true) async throws -> [JSON] {
      let file = folder.appending(path: "rows.jsonl")
      let wanted = FeedbackExport(format: .jsonl, since: since, withColleagues: colleagues, output: file.path)
      _ = try await workspace.export(wanted)
      return try Data(contentsOf: file).split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    func judgement(_ number: Int) -> String { events[2 * number + 1].eventID.hex }
    let told = try await rows(Self.start.advanced(bySeconds: 100))
    #expect(
      told.map { $0["event_id"]?.string }.prefix(5)
        == [judgement(3), judgement(5), judgement(0), judgement(1), judgement(2)])
    #expect(
      told.map { $0["state"]?.string } == [
        "redacted", "in_force", "retracted", "superseded", "in_force", "in_force", "in_force",
      ])
    #expect(told.filter { $0["analyst"] == "brent" }.count == 1)
    #expect(told.first { $0["event_id"]?.string == judgement(2) }?["is_flagged"] == true)
    #expect(!told.contains { $0.serializedString.contains(Self.word.string) })
    // A case that is touched is there with everything that stands on it, or without an answer.
    func records(_ since: Timestamp?) async throws -> [String: JSON] {
      let file = folder.appending(path: "records.json")
      _ = try await workspace.export(
        FeedbackExport(format: .argilla, since: since, withColleagues: true, output: file.path))
      let records = try JSON(parsing: Array(Data(contentsOf: file))).array ?? []
      return Dictionary(records.map { ($0["id"]?.string ?? "", $0) }) { _, new in new }
    }
    let (whole, part) = (try await records(nil), try await records(Self.start.advanced(bySeconds: 100)))
    #expect(Set(part.keys) == Set(cases.map(\.hex)) && whole.count == 4)
    for (number, caseID) in cases.enumerated() {
      let record = try #require(part[caseID.hex])
      #expect(whole[caseID.hex].map { $0 == record } ?? (record["responses"]?.members == []), "\(number)")
    }
    // Whoever keeps a copy by it has what a whole export has.
    let later = try await rows(Self.start.advanced(bySeconds: 1000))
    #expect(later.isEmpty)
    // Where nothing is one's own, what is of others is pointed to.
    let ofOthers = FeedbackExport(
      format: .jsonl, since: Self.start.advanced(bySeconds: 1000), output: folder.appending(path: "own.jsonl").path)
    guard case .written(let summary, rows: 0) = try await workspace.export(ofOthers) else {
      Issue.record("rows that nobody saved")
      return
    }
    #expect(summary.contains("--colleagues writes it"))
    #expect(try await rows(nil, colleagues: false).count == 6)
  }

  @Test("has in the lines of last words a first answer that is the last word again, as the final one was taken back")
  func firstAgain() async throws {
    let desk = try LoneDesk()
    defer { desk.close() }
    let (folder, workspace) = (desk.folder, desk.workspace)
    try await workspace.onLedger { ledger throws(LedgerError) in
      let stream = try ledger.stream(for: "desk", stamp: Self.stamp(0)).id
      let id = ShortHash.of([1])
      func add(
        _ second: Double, _ payload: EventPayload, _ relation: EventReference.Relation? = nil, _ event: Event? = nil
      ) throws(LedgerError) -> Event? {
        let references = relation.flatMap { relation in event.map { [EventReference(relation, $0)] } } ?? []
        let body = EventBody(stamp: Self.stamp(second), caseID: id, references: references, payload: payload)
        return try ledger.append([body], to: stream).first
      }
      let view = try add(1, Self.seen())
      let first = JudgementBody(Judgement(label: "white"), stage: .initial, assistance: .blind)
      _ = try add(2, .judgement(first), .seen, view)
      let final = try add(3, Self.judgement(.agree), .seen, view)
      _ = try add(200, .retract(Retraction(isUndo: true)), .retracts, final)
    }
    func lines(_ format: FeedbackExport.Format, _ since: Double) async throws -> [JSON] {
      let file = folder.appending(path: "lines.jsonl")
      _ = try await workspace.export(
        FeedbackExport(format: format, since: Self.start.advanced(bySeconds: since), output: file.path))
      return try Data(contentsOf: file).split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    #expect(try await lines(.prodigy, 100).map { $0["label"]?.string } == ["white"])
    #expect(try await lines(.seldonFeedback, 100).map { $0["reward"] } == [-1])
    // Its row reads as before; the final one's does not.
    #expect(try await lines(.jsonl, 100).map { $0["state"]?.string } == ["retracted"])
    #expect(try await lines(.prodigy, 300).isEmpty)
  }

  @Test("has the researchers' decision where it is newer than the analyst's, and tells again what they decided since")
  func decided() async throws {
    let desk = try LoneDesk()
    defer { desk.close() }
    let (folder, workspace) = (desk.folder, desk.workspace)
    let cases = (1...2).map { ShortHash.of([$0]) }
    try await workspace.onLedger { ledger throws(LedgerError) in
      do {
        let (stream, _) = try Self.fill(ledger, cases)
        for caseID in cases {
          let decision = DecisionBody(label: "white")
          try ledger.append(
            [EventBody(stamp: Self.stamp(95), caseID: caseID, payload: .adjudicate(decision))], to: stream)
        }
        let decision = Adjudication(caseID: cases[0], label: "red", by: "panel")
        try ledger.putInbox(
          [
            InboxItem(
              id: "1", kind: InboxKind.adjudication.text, name: decision.name, body: try decision.canonicalBytes(),
              publishedAt: Self.start.advanced(bySeconds: 99), receivedAt: Self.start.advanced(bySeconds: 120))
          ], context: "desk")
      } catch {
        throw error as? LedgerError ?? .damaged("\(error)")
      }
    }
    func rows(_ since: Double?) async throws -> [JSON] {
      let file = folder.appending(path: "rows.jsonl")
      let moment = since.map { Self.start.advanced(bySeconds: $0) }
      _ = try await workspace.export(
        FeedbackExport(format: .jsonl, since: moment, withColleagues: true, output: file.path))
      return try Data(contentsOf: file).split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    #expect(try await rows(nil).map { $0["decided"]?.string } == ["red", "white"])
    #expect(try await rows(nil).map { $0["decided_by"]?.string } == ["panel", "ana"])
    #expect(try await rows(110).map { $0["decided"]?.string } == ["red"])
    #expect(try await rows(130).isEmpty)
  }

  /// A retraction, a change of mind, a flag and two redactions after the moment; the fifth case is as it was, but for a
  /// colleague's judgement, which changes nothing of what ana said.
  private static func change(_ ledger: Ledger, _ cases: [ShortHash]) throws -> [Event] {
    let (stream, events) = try fill(ledger, cases)
    func said(_ number: Int) -> Event { events[2 * number + 1] }
    func add(_ payload: EventPayload, _ number: Int, _ relation: EventReference.Relation?) throws {
      let references = relation.map { [EventReference($0, said(number))] } ?? []
      try ledger.append(
        [EventBody(stamp: stamp(200), caseID: cases[number], references: references, payload: payload)], to: stream)
    }
    try add(.retract(Retraction()), 0, .retracts)
    try add(.amend(Amendment(.judgement(JudgementBody(Judgement(verdict: .unsure))))), 1, .amends)
    try add(.flag(FlagBody(isRaised: true)), 2, nil)
    try ledger.redact(said(3).eventID, reason: "a name", stamp: stamp(200))
    try ledger.redact(events[events.count - 1].eventID, reason: "a name", stamp: stamp(200))
    guard let elsewhere = StreamID(bytes: [UInt8](repeating: 9, count: 16)) else { return events }
    let body = EventBody(stamp: stamp(200, "brent"), caseID: cases[4], payload: judgement(.disagree))
    try ledger.importEvents(
      Chain.seal(
        [EventDraft(eventID: EventID(at: Self.start, random: 7), body: body)], stream: elsewhere, after: .empty),
      context: "desk")
    return events
  }
}
