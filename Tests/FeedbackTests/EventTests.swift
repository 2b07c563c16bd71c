import Domain
import Feedback
import Testing

@Suite("An event")
struct EventTests {
  @Test("its identity is a UUID of version 7 that sorts by time and reads back from its digits")
  func identity() throws {
    let id = EventID(at: Sample.start, random: .max)
    #expect(id.bytes[6] >> 4 == 7)
    #expect(id.bytes[8] >> 6 == 2)
    #expect(id.moment.microseconds == Sample.start.microseconds / 1000 * 1000)
    #expect(EventID(hex: id.hex) == id)
    #expect(EventID(hex: "0190a6b2-0000-7000-8000-000000000001")?.hex == "0190a6b2000070008000000000000001")
    #expect(EventID(at: Sample.start.advanced(bySeconds: 0.000_002), random: 0) > id)
    #expect(EventID(hex: "12") == nil)
  }

  @Test("its hash covers stream, number, previous hash, identity and body")
  func hash() throws {
    // Checked with Python's hashlib over the bytes written out by hand.
    let stream = try #require(StreamID(bytes: [UInt8](repeating: 1, count: 16)))
    let prev = try #require(Hash(bytes: [UInt8](repeating: 2, count: 32)))
    let id = try #require(EventID(bytes: [UInt8](repeating: 3, count: 16)))
    let hash = Event.hash(stream: stream, seq: 5, prev: prev, eventID: id, leaf: .of(Array("{}".utf8)))
    #expect(hash.hex == "6c2d258c65bdd3fe45767f4ff0f505bebdad0347358b0a7eb75743dfd29cfcfc")
  }

  @Test("every payload comes back from its bytes", arguments: payloads)
  func roundTrip(payload: EventPayload) throws {
    let reference = EventReference(.seen, Sample.eventID(1), hash: .of([1]))
    let body = Sample.body(payload, [reference])
    let bytes = try body.bytes()
    #expect(try EventBody(bytes: bytes) == body)
    #expect(try EventBody(bytes: bytes).bytes() == bytes)
  }

  static let payloads: [EventPayload] = [
    .streamStart(StreamStart(collector: "c1", device: "las")),
    .streamFork(StreamFork(oldStream: Sample.streamID(2), atSeq: 7, reason: "clone")), .streamEnd(reason: "left"),
    .sessionStart(SessionStart(host: "las", terminal: "xterm-256color", system: "Debian 12", isRemote: true)),
    .sessionEnd, .seen(Sample.seen), .judgement(Sample.judgement),
    .judgement(JudgementBody(Judgement(verdict: .skip, skipsForOthers: true), stage: .initial, assistance: .blind)),
    .amend(Amendment(.judgement(Sample.judgement), isRedo: true)),
    .amend(Amendment(.mark(MarkBody(Mark(kind: .spurious, target: "alcohol"), explainer: ModelID("s", version: "1"))))),
    .amend(Amendment(.note("again"))), .amend(Amendment(.flag(FlagBody(isRaised: false)))),
    .retract(Retraction(reason: "slip")), .retract(Retraction(isUndo: false)),
    .mark(MarkBody(Mark(kind: nil, target: nil, rating: 4), explainer: ModelID("s"), method: "Tree SHAP", label: "0")),
    .mark(MarkBody(Mark(kind: .wrongSign, target: RawText(bytes: [0xFE])), explainer: ModelID("s"))),
    .mark(MarkBody(Mark(kind: .agrees, target: "the", occurrence: .init(2, of: 3)), explainer: ModelID("s"))),
    .note("seen before"), .flag(FlagBody(isRaised: true, text: "ask")), .reveal(.prediction),
    .view(PaneTime(pane: "why", milliseconds: 12)), .probe(["alcohol", 3]), .answer(item: "i1", text: "yes"),
    .adjudicate(DecisionBody(label: "1", note: "asked")), .redact(reason: "asked for"),
    .redact(
      reason: "asked for",
      remains: Remains(
        kind: .judgement, stage: .final, references: [EventReference(.amends, Sample.eventID(1), hash: .zero)])),
    .other("x.future", .object(["deep": [1, [2, .object(["k": .null])]]])),
  ]

  @Test("a body of a later version keeps its content whole")
  func future() throws {
    let json = #"{"analyst":"a","at":"2026-11-23T12:00:00Z","kind":"judgement","payload":{"verdict":"maybe"},"v":2}"#
    let body = try EventBody(bytes: Array(json.utf8))
    #expect(body.payload == .other("judgement", .object(["verdict": "maybe"])))
  }

  @Test(
    "bytes that are no body are refused with the reason",
    arguments: [
      ("{}", "kind is missing"), (#"{"kind":"note","at":"x"}"#, "at is no time"),
      (#"{"kind":"note","at":"2026-11-23"}"#, "analyst is missing"),
      (#"{"kind":"note","at":"2026-11-23","analyst":"a","case_id":"zz"}"#, "case_id is no identity"),
      (#"{"a":1,"a":1}"#, "the key a stands twice"), ("[", "the text ends where a value should be at byte 1"),
    ])
  func refuses(text: String, reason: String) {
    #expect(throws: EventBodyError(reason)) { try EventBody(bytes: Array(text.utf8)) }
  }

  @Test("a confidence outside 1 to 5 is refused")
  func confidence() {
    #expect(throws: EventBodyError.self) { try Judgement(json: .object(["confidence": 6])) }
  }
}
