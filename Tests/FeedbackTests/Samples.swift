import Domain
import Feedback

/// Values that the tests of this target share.
enum Sample {
  static let start = Timestamp(microseconds: 1_795_435_445_000_123)

  static func stamp(_ seconds: Double = 0, analyst: RawText = "ana") -> Stamp {
    Stamp(
      at: start.advanced(bySeconds: seconds), monotonicMilliseconds: 1000 + Int(seconds * 1000), bootID: "b00t",
      timeZoneMinutes: 60, analyst: analyst, session: "s1", context: "prod", tool: "mds/0.1.0",
      screen: Stamp.Screen(mode: "screen", columns: 80, rows: 24))
  }

  static func eventID(_ number: Int) -> EventID {
    EventID(at: start.advanced(bySeconds: Double(number)), random: UInt64(number))
  }

  static let stream = streamID(1)

  static func streamID(_ number: UInt8) -> StreamID {
    var generator = Numbered(state: UInt64(number))
    return StreamID(using: &generator)
  }

  static let caseID = ShortHash.of([1, 2, 3])

  static let record = Record(tensors: [
    Tensor(
      name: "alcohol", datatype: .fp64, shape: [1, 3], elements: .double([14.23, -0.0, .leastNonzeroMagnitude]),
      parameters: [JSON.Member("content_type", "np"), JSON.Member("content_type", .number(.infinity))]),
    Tensor(name: "single", datatype: .fp32, shape: [1, 2], elements: .single([0.1, .greatestFiniteMagnitude])),
    Tensor(name: "big", datatype: .uint64, shape: [1, 2], elements: .unsigned([.max, 7])),
    Tensor(name: "small", datatype: .int64, shape: [1, 2], elements: .signed([.min, .max])),
    Tensor(name: "on", datatype: .bool, shape: [1], elements: .bool([true])),
    Tensor(
      name: RawText(bytes: [0xFF, 0x41]), datatype: .bytes, shape: [1, 3],
      elements: .bytes(["naïve \u{1b}[31m", nil, RawText(bytes: [0x80])])),
  ])

  static let explanation = Explanation(
    explainer: ModelID("wine-shap", version: "1"), method: "Tree SHAP",
    content: .attributions(
      Attributions(
        link: .margin, isExact: true,
        features: [.init(name: "alcohol", value: "14.23"), .init(name: "malic"), .init(name: "ash", value: "2")],
        classes: [
          .init(label: "0", base: 0.5, shares: [0.1, -0.7, 0.3], output: 0.2),
          .init(label: "1", base: -.infinity, shares: [1e-300, 0, 3]),
        ])),
    latency: 3.25)

  static let anchor = Explanation(
    explainer: ModelID("digits-anchor"), method: "Anchor",
    content: .anchor(
      Anchor(
        predicates: ["a > 3", "b = x"], precision: 0.97, coverage: 0.2, steps: [0.6, 0.97], positions: [0, 4],
        segments: .init(rows: 2, columns: 2, ids: [0, 1, 1, 0], kept: [1]))))

  static let foreign = Explanation(
    explainer: ModelID("odd"), method: "Odd",
    content: .other(
      .object([
        JSON.Member("b", [.number(.nan), .string(RawText(bytes: [0xFF])), ["n", "x"]]), JSON.Member("a", .null),
        JSON.Member("b", .number(2)),
      ])))

  static let seen = Seen(
    record: .inline(record), fields: [SeenField(name: "a", tensor: 0, offset: 1, count: 2)],
    recordID: ShortHash.of([9]), sourceID: "row-7", recordAt: start, service: "http://s",
    model: ModelID("wine", version: "3"), route: "a", requestID: "r-1", traceID: "00ff",
    output: SeenOutput(
      answer: .classes(
        [ClassScore(label: "0", probability: 0.7), ClassScore(label: "1", probability: 0.3, margin: -1)], chosen: 0),
      margin: 0.4, latency: 1.5),
    explanations: [
      SeenExplanation(
        explainer: ModelID("wine-shap"), method: "Tree SHAP", hash: .of([1]), milliseconds: 900,
        top: [.init(name: "alcohol", value: "14.23", share: 0.1), .init(name: "p > 1")])
    ],
    drift: SeenDrift(
      detector: ModelID("wine-drift"), method: "TabularDrift", source: .detector, from: start,
      to: start.advanced(bySeconds: 3600), count: 40, isDrift: true, driftedShare: 0.25),
    outlier: Outlier(
      detector: ModelID("wine-outlier"), method: "IForest", score: 0.1, threshold: 0.2, isOutlier: false),
    guideline: "g2", queue: SeenQueue(id: "q1", sampler: "uncertain", score: 0.6, propensity: 0.25, isBlind: true))

  static let judgement = JudgementBody(
    Judgement(
      verdict: .disagree, label: "1", value: 2.5, confidence: 4, reasons: ["data-error", "other"], note: "looks\nwrong",
      skipsForOthers: false),
    stage: .final, assistance: .explanation,
    timing: .init(
      shownAt: start, firstKeyMilliseconds: 800, activeMilliseconds: 5000, wallMilliseconds: 65_000,
      views: [PaneTime(pane: "why", milliseconds: 4000)]))

  static func body(
    _ payload: EventPayload, after seconds: Double = 0, analyst: RawText = "ana", about caseID: ShortHash? = caseID,
    _ references: [EventReference] = []
  ) -> EventBody {
    EventBody(stamp: stamp(seconds, analyst: analyst), caseID: caseID, references: references, payload: payload)
  }
}

/// A generator that counts: each test knows its numbers.
struct Numbered: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
