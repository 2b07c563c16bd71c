import Domain
import Feedback
import Testing

@testable import Operations

@Suite("A row with a list")
struct ListRowTests {
  private static let signature = Signature(
    inputs: [
      TensorSpec(name: "ids", datatype: .int64, shape: [-1, -1]),
      TensorSpec(name: "x", datatype: .fp64, shape: [-1, 2]),
      TensorSpec(name: "words", datatype: .bytes, shape: [-1, -1]),
    ], outputs: [])

  private static let record = Record(tensors: [
    Tensor(name: "ids", datatype: .int64, shape: [1, 3], elements: .signed([1, 9_007_199_254_740_993, -3])),
    Tensor(name: "x", datatype: .fp64, shape: [1, 2], elements: .double([0.5, 2])),
    Tensor(name: "words", datatype: .bytes, shape: [1, 2], elements: .bytes(["a b", "c"])),
  ])

  @Test("is read from the cell of a table")
  func cell() throws {
    let form = TableForm(
      header: ["ids", "x[0]", "x[1]", "words"], separator: 0x2C, signature: Self.signature)
    for ids in ["1 9007199254740993 -3", "\"[1, 9007199254740993, -3]\"", "\"1,9007199254740993,-3\""] {
      let row = FileRow(
        number: 1, text: RawText(ids + #",0.5,2,"[""a b"",""c""]""#), content: .table(form))
      #expect(try row.prepared(for: Self.signature).get().record == Self.record, "\(ids)")
    }
  }

  @Test(
    "is read from JSON, and the parts of a vector beside it under its name",
    arguments: [
      #"{"ids": [1, 9007199254740993, -3], "x": [0.5, 2], "words": ["a b", "c"]}"#,
      #"{"ids": "1 9007199254740993 -3", "x": [[0.5, 2]], "words": "[\"a b\", \"c\"]"}"#,
      #"{"inputs": {"ids": [[1, 9007199254740993, -3]], "x[0]": 0.5, "x[1]": 2, "words": ["a b", "c"]}}"#,
    ])
  func json(text: String) throws {
    let row = FileRow(number: 1, text: RawText(text), content: .json)
    #expect(try row.prepared(for: Self.signature).get().record == Self.record)
  }

  @Test("keeps numbers that are words in a vector")
  func words() throws {
    let row = FileRow(
      number: 1, text: #"{"ids": [1], "x": [1, "NaN"], "words": ["Infinity"]}"#, content: .json)
    let record = try row.prepared(for: Self.signature).get().record
    #expect(record.tensors[1].number(at: 1)?.isNaN == true)
    #expect(record.tensors[2].texts == ["Infinity"])
  }

  @Test("is set aside with the element that does not fit")
  func fault() {
    let row = FileRow(number: 1, text: #"{"ids": [1, 2.5], "x": [1, 2], "words": "a"}"#, content: .json)
    guard case .failure(let fault) = row.prepared(for: Self.signature) else {
      Issue.record("it was taken")
      return
    }
    #expect(fault.reason == "ids 2.5 is not a whole number")
  }

  @Test("of a model that takes no batches is written so that it is read back")
  func line() throws {
    let tensor = Tensor(name: "ids", datatype: .int64, shape: [3], elements: .signed([1, 2, 3]))
    let id = try #require(ShortHash(hex: String(repeating: "0a", count: 16)))
    let made = Case(
      id: id, recordID: id, number: 1, at: Timestamp(microseconds: 0), model: ModelID("m"),
      record: Record(tensors: [tensor]), prediction: Prediction(model: ModelID("m"), answer: .opaque, outputs: [tensor])
    )
    var line: [UInt8] = []
    var writer = PredictionWriter()
    writer.write(made, row: 1, id: nil, to: &line)
    #expect(line == PredictionLine.json(made, row: 1).serialized + [0x0A])
    let read = try ReadPrediction(JSON(parsing: line), model: nil, at: nil)
    guard case .record(let record) = read.inputs else {
      Issue.record("it has no record")
      return
    }
    #expect(record == made.record && read.prediction.outputs == [tensor])
    var rows = PredictionLine.json(made, row: 1).members ?? []
    rows.removeAll { $0.key == "batch" }
    #expect(throws: EventBodyError.self) { try ReadPrediction(.object(rows), model: nil, at: nil) }
  }
}
