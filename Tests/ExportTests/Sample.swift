import Domain
import Feedback

@testable import Export

/// A log in memory, with what a collector would know beside the events.
struct MemoryLog: ExportLog {
  var entries: [ExportEntry]
  /// Events that can be looked up but are not among those to export.
  var before: [Event] = []
  /// Contents that events name by their hash.
  var contents: [[UInt8]] = []

  /// What researchers decided.
  var published: [Decision] = []

  /// How often it was asked what was said of a case.
  let questions = Counter()

  /// What an export that goes on has to tell again.
  var earlier: [ExportEntry] = []

  init(_ events: [Event]) { entries = events.map { ExportEntry($0) } }

  private var all: [Event] { (before + earlier.map(\.event)) + entries.map(\.event) }

  func forEach(_ body: (ExportEntry) throws -> Void) throws { try entries.forEach(body) }

  func forEachEarlier(_ body: (ExportEntry, _ hasChanged: Bool) throws -> Void) throws {
    for entry in earlier { try body(entry, true) }
  }

  func judgements(of caseID: ShortHash) throws -> [ExportEntry] {
    all.filter { $0.caseID == caseID && ($0.kind == .judgement || $0.kind == .amend) && $0.body != nil }
      .map { ExportEntry($0) }
  }

  func newestView(of caseID: ShortHash) throws -> Event? { all.last { $0.caseID == caseID && $0.kind == .seen } }

  func event(_ id: EventID) throws -> Event? { all.first { $0.eventID == id } }

  func statements(about caseID: ShortHash) throws -> [Event] {
    questions.count += 1
    return all.filter { $0.caseID == caseID && ($0.kind.isStatement || $0.kind == .retract || $0.kind == .redact) }
  }

  func published(about caseID: ShortHash) throws -> [Decision] { published.filter { $0.content.caseID == caseID } }

  func content(of hash: Hash) throws -> [UInt8]? { contents.first { Hash.of($0) == hash } }

  func export(_ options: ExportOptions) throws -> (text: String, report: ExportReport) {
    var bytes: [UInt8] = []
    let report = try Exporter(self, options).write { bytes += $0 }
    return (String(decoding: bytes, as: UTF8.self), report)
  }

  func rows(_ options: ExportOptions = ExportOptions(format: .jsonl)) throws -> [JSON] {
    try export(options).text.split(separator: "\n").map { try JSON(parsing: String($0)) }
  }
}

final class Counter {
  var count = 0
}

/// Events of one case, as devices seal them.
struct Sample {
  static let start = Timestamp(microseconds: 1_795_435_445_000_000)
  static let caseID = ShortHash.of([1])

  var analyst: RawText = "ana"
  var stream = 10 as UInt8
  var caseID = Sample.caseID
  private(set) var events: [Event] = []

  init(analyst: RawText = "ana", stream: UInt8 = 10, caseID: ShortHash = Sample.caseID) {
    self.analyst = analyst
    self.stream = stream
    self.caseID = caseID
  }

  /// The identity of the event with this number, in this stream.
  func id(_ number: Int) -> EventID {
    EventID(at: Self.start.advanced(bySeconds: Double(number)), random: UInt64(stream) << 32 | UInt64(number))
  }

  /// Adds the next event; numbers in references are of events of this stream.
  mutating func add(_ payload: EventPayload, _ references: [(EventReference.Relation, Int)] = []) throws {
    let number = events.count + 1
    let stamp = Stamp(
      at: Self.start.advanced(bySeconds: Double(number)), analyst: analyst, session: "s", context: "prod",
      tool: "mds/0.1.0", screen: .init(mode: "screen", columns: 80, rows: 24))
    let links = references.map { relation, target in
      EventReference(relation, id(target), hash: events.first { $0.eventID == id(target) }?.hash ?? .zero)
    }
    let head = events.last.map { Chain.Head(seq: $0.seq, hash: $0.hash) } ?? .empty
    let draft = EventDraft(
      eventID: id(number), body: EventBody(stamp: stamp, caseID: caseID, references: links, payload: payload))
    let stream = StreamID(hex: String(repeating: Hexadecimal.text(of: [self.stream]), count: 16))
    guard let stream else { throw EventBodyError("16 bytes make a stream") }
    events += try Chain.seal([draft], stream: stream, after: head)
  }

  static func seen(_ model: RawText = "wine", _ tensors: [Tensor]? = nil, fields: [SeenField]? = nil) -> Seen {
    Seen(
      record: .inline(Record(tensors: tensors ?? self.tensors)), fields: fields ?? self.fields,
      recordID: .of([2]), sourceID: "row-7", recordAt: start, service: "http://s",
      model: ModelID(model, version: "3"),
      output: SeenOutput(
        answer: .classes(
          [ClassScore(label: "red", probability: 0.75), ClassScore(label: "white", probability: 0.25)], chosen: 0),
        margin: 0.5, latency: 3.25),
      explanations: [
        SeenExplanation(explainer: ModelID("anchor"), method: "Anchor", isShown: false),
        SeenExplanation(
          explainer: ModelID("shap"), method: "Tree SHAP", hash: .of([3]), milliseconds: 90,
          top: [.init(name: "alcohol", value: "14.2", share: 0.5)]),
      ], queue: SeenQueue(id: "q", sampler: "uncertain", score: 0.8, propensity: 0.25))
  }

  private static let tensors = [
    Tensor(name: "x", datatype: .fp64, shape: [1, 2], elements: .double([14.2, -1])),
    Tensor(name: "color", datatype: .bytes, shape: [1], elements: .bytes(["=cmd|' /C calc'!A0"])),
    Tensor(name: "pixels", datatype: .uint8, shape: [1, 2, 2], elements: .unsigned([0, 1, 2, 3])),
    Tensor(name: "ids", datatype: .int64, shape: [1, 1], elements: .signed([9_007_199_254_740_993])),
    Tensor(name: "pair", datatype: .fp32, shape: [1, 2], elements: .single([0.1, .nan])),
  ]

  private static let fields = [
    SeenField(name: "alcohol", tensor: 0, offset: 0), SeenField(name: "ash", tensor: 0, offset: 1),
    SeenField(name: "pixels", tensor: 2, offset: 0, count: 4), SeenField(name: "lost", tensor: 0, offset: .max),
    SeenField(name: "ids", tensor: 3, offset: 0, isList: true),
    SeenField(name: "huge", tensor: 0, offset: 0, count: .max),
  ]

  static func judgement(
    _ verdict: Verdict?, _ label: RawText? = nil, note: RawText = "", stage: JudgementStage = .final
  ) -> JudgementBody {
    JudgementBody(
      Judgement(verdict: verdict, label: label, confidence: 4, reasons: ["a,b"], note: note), stage: stage,
      assistance: stage == .initial ? .blind : .explanation, timing: .init(activeMilliseconds: 5000))
  }

  /// A judgement, a change of mind, a mark, a note, a flag, and an unsure answer that was undone.
  static func usual() throws -> Sample {
    var sample = Sample()
    try sample.add(.seen(seen()))
    try sample.add(.judgement(judgement(.agree, note: "-1+cmd")), [(.seen, 1)])
    try sample.add(
      .amend(Amendment(.judgement(judgement(.disagree, "white", note: "said \"no\"\r\nand left")))),
      [(.seen, 1), (.amends, 2)])
    try sample.add(.mark(MarkBody(Mark(kind: .spurious, target: "ash"), explainer: ModelID("shap"))))
    try sample.add(.note("beside"))
    try sample.add(.flag(FlagBody(isRaised: true)))
    try sample.add(.judgement(judgement(.unsure, stage: .initial)))
    try sample.add(.retract(Retraction()), [(.retracts, 7)])
    return sample
  }
}
