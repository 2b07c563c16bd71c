import Domain
import Testing

@testable import Operations

@Suite("Lines of predictions")
struct PredictionWriterTests {
  private static func tensor(_ name: RawText, _ elements: Tensor.Elements, parameters: [JSON.Member] = []) -> Tensor {
    let datatype: Datatype =
      switch elements {
      case .bool: .bool
      case .signed: .int64
      case .unsigned: .uint64
      case .single: .fp32
      case .double: .fp64
      case .bytes: .bytes
      }
    return Tensor(
      name: name, datatype: datatype, shape: [1, elements.count], elements: elements, parameters: parameters)
  }

  private static func aCase(
    _ number: Int, _ answer: Prediction.Answer, inputs: [Tensor], sourceID: RawText = "", version: RawText? = "1",
    latency: Double? = 1.25
  ) throws -> Case {
    let id = try #require(ShortHash(bytes: Array(UInt8(0)..<16)))
    let model = ModelID("wine \"red\"", version: version)
    let outputs = [tensor("data\":[", .double([0.1, -0.0, Double.leastNonzeroMagnitude, 1e300, 3]))]
    return Case(
      id: id, recordID: id, number: number, at: Timestamp(microseconds: 1_795_435_445_000_000 + Int64(number)),
      sourceID: sourceID, model: model, record: Record(tensors: inputs),
      prediction: Prediction(
        model: model, answer: answer, outputs: outputs, requestID: "r", route: number > 1 ? "a" : "", traceID: "",
        latency: latency))
  }

  @Test("are the same written at once as made of values")
  func same() throws {
    let odd: RawText = RawText(bytes: [0xFF, 0x22])
    let classes = [
      ClassScore(label: "yes", probability: 0.75), ClassScore(label: odd, probability: nil),
      ClassScore(label: "n\no", probability: .nan),
    ]
    let cases = try [
      Self.aCase(0, .classes(classes, chosen: 0), inputs: [Self.tensor("x", .double([1, 2.5, .nan, .infinity]))]),
      Self.aCase(1, .classes(classes, chosen: 1), inputs: [Self.tensor("x", .double([7]))], sourceID: "s-1"),
      Self.aCase(
        2, .value(-12.5), inputs: [Self.tensor("x", .signed([.min, .max])), Self.tensor("é", .bool([true]))]),
      Self.aCase(3, .opaque, inputs: [Self.tensor(odd, .unsigned([.max]))], sourceID: odd, version: nil),
      Self.aCase(
        3, .value(.nan), inputs: [Self.tensor("t", .bytes(["a\"b", nil, odd]), parameters: [JSON.Member("a", [1])])],
        latency: nil),
      Self.aCase(4, .opaque, inputs: [Self.tensor("x", .single([0.1, 16_777_216, -.infinity]))]),
    ]
    var writer = PredictionWriter()
    for (row, current) in (cases + cases).enumerated() {
      for id in [nil, RawText("a"), odd] {
        var line: [UInt8] = []
        writer.write(current, row: row, id: id, to: &line)
        let expected = PredictionLine.json(current, row: row, id: id).serialized + [0x0A]
        #expect(String(decoding: line, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
      }
    }
  }

  @Test("have every number in its shortest form")
  func numbers() throws {
    var values: [Double] = [0, -0.0, 0.1, -12.78, 0.001, 0.0009, 999_999_999.9999, 1e9, 0.3 - 0.2, 100, 1e15, 1.00005]
    for place in 0..<2000 { values.append(Double(place * 7919 % 200_003) / [1, 10, 100, 1e3, 1e4, 1e5][place % 6]) }
    let current = try Self.aCase(0, .opaque, inputs: [Self.tensor("x", .double(values))])
    var writer = PredictionWriter()
    var line: [UInt8] = []
    writer.write(current, row: 1, id: nil, to: &line)
    #expect(line == PredictionLine.json(current, row: 1).serialized + [0x0A])
  }
}
