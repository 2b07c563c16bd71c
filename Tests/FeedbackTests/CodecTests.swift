import Domain
import Feedback
import Testing

@Suite("What is stored as JSON")
struct CodecTests {
  private func back<Value: JSONCodable>(_ value: Value) throws -> Value { try Value(bytes: value.canonicalBytes()) }

  @Test("records come back exactly, with foreign parameters and bytes that are no UTF-8")
  func records() throws { #expect(try back(Sample.record) == Sample.record) }

  @Test("minus zero, the smallest and the largest numbers keep their bits")
  func bits() throws {
    let values: [Double] = [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1e16, 9_007_199_254_740_992]
    let tensor = Tensor(name: "x", datatype: .fp64, shape: [1, 6], elements: .double(values))
    #expect(try back(tensor).numbers?.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("NaN and infinities come back")
  func notFinite() throws {
    let tensor = Tensor(name: "x", datatype: .fp32, shape: [1, 3], elements: .single([.nan, .infinity, -.infinity]))
    let numbers = try #require(try back(tensor).numbers)
    #expect(numbers[0].isNaN && numbers[1] == .infinity && numbers[2] == -.infinity)
  }

  @Test("explanations come back", arguments: [Sample.explanation, Sample.anchor])
  func explanations(explanation: Explanation) throws { #expect(try back(explanation) == explanation) }

  @Test("an explanation that nobody understands keeps order, repeated keys and NaN")
  func foreign() throws {
    guard case .other(let json) = try back(Sample.foreign).content else { return #expect(Bool(false)) }
    #expect(json.members?.map(\.key) == ["b", "a", "b"])
    #expect(json["b"]?[0]?.number?.isNaN == true)
    #expect(json["b"]?[1] == .string(RawText(bytes: [0xFF])))
    #expect(json["b"]?[2] == ["n", "x"])
  }

  @Test("a record of more than 32 KiB stands as its hash in what was seen")
  func large() throws {
    let tensor = Tensor(
      name: "x", datatype: .fp64, shape: [1, 20_000], elements: .double(Array(repeating: 1.5, count: 20_000)))
    let record = Record(tensors: [tensor])
    let bytes = try record.canonicalBytes()
    #expect(try SeenRecord(record) == .hash(.of(bytes), bytes: bytes.count))
    #expect(try SeenRecord(Sample.record) == .inline(Sample.record))
    #expect(try SeenRecord(Sample.record, keeping: .none) == .none)
    #expect(try back(SeenRecord(record)) == SeenRecord(record))
    #expect(try SeenRecord(record).follows == .of(bytes))
  }

  @Test("a record that is to be kept as its hash is told from one that comes beside its event", arguments: [2, 20_000])
  func withheld(elements: Int) throws {
    let record = Record(tensors: [
      Tensor(
        name: "x", datatype: .fp64, shape: [1, elements], elements: .double(Array(repeating: 1.5, count: elements)))
    ])
    let kept = try SeenRecord(record, keeping: .hash)
    let bytes = try record.canonicalBytes()
    #expect(kept == .hash(.of(bytes), bytes: bytes.count, isWithheld: true))
    #expect(kept.follows == nil)
    #expect(try back(kept) == kept)
  }

  @Test("what an event keeps of an explanation is its largest shares and the hash of the whole")
  func summary() throws {
    let seen = try SeenExplanation(Sample.explanation, class: 0, count: 2)
    #expect(seen.top.map(\.name) == ["malic", "ash"])
    #expect(seen.top.map(\.share) == [-0.7, 0.3])
    #expect(seen.hash == .of(try Sample.explanation.canonicalBytes()))
    #expect(try SeenExplanation(Sample.anchor, class: nil).top.map(\.name) == ["a > 3", "b = x"])
    #expect(try SeenExplanation(Sample.explanation, class: 7).top.isEmpty)
  }

  @Test("a case is named by record, service, model and version, and no two share a name")
  func identity() {
    let record = RecordIdentity.of(Sample.record)
    #expect(record != RecordIdentity.of(Sample.record, sourceID: "7"))
    #expect(RecordIdentity.of(Sample.record, sourceID: "") == record)
    let ids: Set = [
      CaseIdentity.of(record: record, service: "s", model: ModelID("m", version: "1")),
      CaseIdentity.of(record: record, service: "sm", model: ModelID("", version: "1")),
      CaseIdentity.of(record: record, service: "s", model: ModelID("m1")),
      CaseIdentity.of(record: record, service: "s", model: ModelID("m", version: "2")),
    ]
    #expect(ids.count == 4)
  }
}

@Suite("What is known of models, stored as JSON")
struct ModelCodecTests {
  @Test("a model with its signature comes back")
  func model() throws {
    let input = TensorSpec(
      name: "x", datatype: .fp32, shape: [-1, 2],
      parameters: [JSON.Member("feature_names", ["a", "b"]), JSON.Member("odd", .number(.infinity))])
    let label = TensorSpec(name: "c", datatype: .bytes, shape: [-1, 1], parameters: [JSON.Member("categories", ["r"])])
    let picture = TensorSpec(name: "p", datatype: .fp32, shape: [-1, 8, 8])
    var signature = Signature(inputs: [input, label, picture], outputs: [label], classes: ["no", "yes"])
    signature.fields[0].range = 1...2
    signature.fields[0].unit = "g/l"
    for role in [ModelRole.predictor, .explainer(of: "m"), .driftDetector(of: nil), .outlierDetector(of: "m")] {
      let model = Model(
        id: ModelID("m", version: "3"), state: .degraded, reason: "why", platform: "xgboost", role: role,
        signature: signature)
      #expect(try Model(bytes: model.canonicalBytes()) == model)
    }
  }

  @Test("a drift window comes back")
  func window() throws {
    let window = Window(
      model: ModelID("m"), from: Sample.start, to: Sample.start.advanced(bySeconds: 3600), count: 40,
      result: .init(
        source: .local, detector: ModelID("d"), method: "TabularDrift", correction: "Bonferroni", threshold: 0.01,
        referenceCount: 100, isDrift: true,
        features: [
          .init(
            name: "a", method: .kolmogorovSmirnov, statistic: 0.3, effect: 0.3, pValue: 1e-9, isDrifted: true,
            current: [1, 2]),
          .init(
            name: "b", method: .chiSquared(degreesOfFreedom: 7), statistic: 9, effect: 0.1, pValue: 0.2,
            isDrifted: false),
        ]))
    #expect(try Window(bytes: window.canonicalBytes()) == window)
  }

  @Test(
    "every kind of value comes back",
    arguments: [
      FieldValue.missing, .number(-0.0), .number(.infinity), .integer(.min), .unsigned(.max), .flag(true), .text("é"),
      .text(RawText(bytes: [0xFF])), .image([1, 0.5]), .list(.signed([9_007_199_254_740_993, .min])),
      .list(.unsigned([.max])), .list(.bool([true])), .list(.single([0.1, .infinity])), .list(.double([-0.0])),
      .list(.bytes(["é", nil, RawText(bytes: [0xFF])])),
    ])
  func values(value: FieldValue) throws { #expect(try FieldValue(bytes: value.canonicalBytes()) == value) }

  @Test(
    "every kind of field comes back",
    arguments: [
      Field.Kind.number(.fp64), .integer(.uint8), .flag, .category(["a", "b"]), .text,
      .image(rows: 2, columns: 3, .uint8), .list(.int64), .list(.bytes), .open(.bf16),
    ])
  func kinds(kind: Field.Kind) throws { #expect(try Field.Kind(bytes: kind.canonicalBytes()) == kind) }

  @Test("where a list stood in a record comes back, also one of one element")
  func seenList() throws {
    let field = SeenField(name: "ids", tensor: 1, offset: 0, count: 1, isList: true)
    #expect(try SeenField(bytes: field.canonicalBytes()) == field)
  }

  @Test("a draft comes back")
  func draft() throws {
    let draft = JudgementDraft(
      caseID: Sample.caseID, judgement: Sample.judgement.judgement,
      marks: [
        Mark(kind: .missing, target: "a", explainer: ModelID("s", version: "2")),
        Mark(kind: .agrees, target: "the", occurrence: .init(2, of: 3)), Mark(kind: nil, target: nil, rating: 2),
      ], savedAt: Sample.start)
    #expect(try JudgementDraft(bytes: draft.canonicalBytes()) == draft)
  }

  @Test("shares that are not one a feature are refused, and pixels or words that do not fit lie in a list")
  func ofAnotherSize() throws {
    func read(_ shares: String, _ rest: String = "") throws -> Attributions {
      let text =
        #"{"link":"margin","features":[{"name":"a"},{"name":"b"}],"classes":[{"label":"x","base":0,"shares":"#
        + shares + "}]" + rest + "}"
      return try Attributions(json: try JSON(parsing: Array(text.utf8)))
    }
    #expect(throws: EventBodyError.self) { try read("[1,2,3]") }
    #expect(throws: EventBodyError.self) { try read(#"[1,2]},{"label":"y","base":0,"shares":[1]"#) }
    for pixels in [(0, 0), (Int.max, 2), (2, 2), (-1, -2)] {
      let layout = try read("[1,2]", #","pixels":{"rows":\#(pixels.0),"columns":\#(pixels.1)}"#).layout
      #expect(layout == .list, "\(pixels)")
    }
    #expect(try read("[1,2]", #","pixels":{"rows":1,"columns":2}"#).layout == .pixels(rows: 1, columns: 2))
    #expect(try read("[1,2]", #","tokens":[{"text":"a","start":3,"end":1}]"#).layout == .list)
    let segments = #"{"rows":9223372036854775807,"columns":2,"ids":[1],"kept":[1]}"#
    #expect(throws: EventBodyError.self) { try Anchor.Segments(json: try JSON(parsing: Array(segments.utf8))) }
  }
}
