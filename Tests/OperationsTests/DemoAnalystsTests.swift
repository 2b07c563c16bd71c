import Domain
import Feedback
import Foundation
import Testing

@testable import Operations

@Suite("The demonstration's colleagues")
struct DemoAnalystsTests {
  private static let now = Timestamp(microseconds: 1_795_435_445_000_000)

  /// The judgements that are shipped, one a line.
  private static func lines() throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appending(path: "fixtures/records/judgements.jsonl")))
  }

  private static func shipped() throws -> DemoAnalysts { try DemoAnalysts(lines()) }

  private func aCase(_ model: RawText, _ source: RawText, explained: Bool = false) -> Case {
    let record = Record(tensors: [Tensor(name: "x", datatype: .fp64, shape: [1], elements: .double([1]))])
    let recordID = RecordIdentity.of(record, sourceID: source)
    let id = ModelID(model, version: "1")
    var found = Case(
      id: CaseIdentity.of(record: recordID, service: "demo", model: id), recordID: recordID, number: 1, at: Self.now,
      sourceID: source, model: id, record: record,
      prediction: Prediction(
        model: id, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []))
    if explained {
      let attributions = Attributions(
        link: .margin, isExact: true, features: [.init(name: "x", value: "1")],
        classes: [.init(label: "a", base: 0, shares: [0.5])])
      found.explanations = [
        Explanation(explainer: ModelID("shap"), method: "Tree SHAP", content: .attributions(attributions))
      ]
    }
    return found
  }

  private func streams(_ analysts: DemoAnalysts, _ cases: [Case], seed: UInt64 = 1) throws -> [DemoAnalysts
    .DeviceStream]
  {
    var generator = SplitMix(state: seed)
    return try analysts.streams(
      about: cases, signatures: [:], context: "demo", collector: "http://c", now: Self.now, using: &generator)
  }

  @Test("are three, and each says something of what is shipped") func shipped() throws {
    let analysts = try Self.shipped()
    #expect(analysts.names == ["demo-ana", "demo-brent", "demo-chi"])
    #expect(analysts.remarks.count == (try Self.lines().count { $0 == UInt8(ascii: "\n") }))
    #expect(Set(analysts.remarks.map(\.model)) == ["cargo", "digits", "message-triage", "wine"])
  }

  @Test("send whole chains, oldest first, of what each said of the same cases that everybody has")
  func chains() throws {
    let analysts = try Self.shipped()
    let cases = Set(analysts.remarks.map { [$0.model, $0.record] }).map { aCase($0[0], $0[1], explained: true) }
    #expect(analysts.judged(among: cases + [aCase("wine", "w-none")]).count == cases.count)
    let streams = try streams(analysts, cases)
    #expect(streams.map(\.analyst) == analysts.names)
    #expect(Set(streams.map(\.id)).count == 3)
    for stream in streams {
      #expect(Chain.verify(stream.events, stream: stream.id) == nil)
      #expect(stream.events.first?.kind == .streamStart)
      #expect(stream.events.allSatisfy { $0.analyst == stream.analyst && $0.at < Self.now })
      #expect(stream.events.map(\.at) == stream.events.map(\.at).sorted())
    }
    let standing = Fold.standing(streams.flatMap(\.events))
    #expect(standing.count == analysts.remarks.count)
    #expect(Set(standing.map(\.caseID)) == Set(cases.map(\.id)))
    #expect(standing.allSatisfy { $0.seen != nil && $0.judgement?.assistance == .explanation })
  }

  @Test("say what is written: verdict, label, confidence and note, on what was seen") func words() throws {
    let line =
      #"{"model": "wine", "record": "w-1", "analyst": "a", "verdict": "disagree", "label": "class_1", "#
      + #""confidence": 4, "note": "Pale", "hours_ago": 2.5}"#
    let analysts = try DemoAnalysts(Array((line + "\n").utf8))
    let stream = try #require(try streams(analysts, [aCase("wine", "w-1"), aCase("cargo", "w-1")]).first)
    let kinds = stream.events.map(\.kind)
    #expect(kinds == [.streamStart, .seen, .judgement])
    let judgement = try stream.events[2].decoded()
    #expect(judgement.stamp.at == Self.now.advanced(bySeconds: -9000))
    #expect(judgement.references.map(\.hash) == [stream.events[1].hash])
    guard case .judgement(let body) = judgement.payload, case .seen(let seen) = try stream.events[1].decoded().payload
    else { throw EventBodyError("neither seen nor judgement") }
    #expect(
      body.judgement == Judgement(verdict: .disagree, label: "class_1", confidence: 4, note: "Pale"))
    #expect(body.assistance == .prediction && body.timing == .init())
    #expect(seen.sourceID == "w-1" && seen.model.name == "wine" && seen.output.label == "a")
  }

  @Test("leave out records that nobody scored, and refuse what is no judgement") func leftOut() throws {
    let streams = try streams(try Self.shipped(), [])
    #expect(streams.map(\.events.count) == [1, 1, 1])
    for line in ["x", "{}", #"{"model":"m","record":"r","analyst":"a","hours_ago":1}"#] {
      #expect(throws: Problem.self, "\(line)") { try DemoAnalysts(Array(line.utf8)) }
    }
  }
}

/// SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
