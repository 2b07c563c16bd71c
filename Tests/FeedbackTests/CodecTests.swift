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
