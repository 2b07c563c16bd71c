import Domain
import Testing

@Suite("A field of a form")
struct FieldTests {
  static let matrix = TensorSpec(
    name: "input", datatype: .fp64, shape: [-1, 2],
    parameters: [
      .init("feature_names", ["alcohol", "ash"]),
      .init("ranges", [[11, 15], [1.3, 3.3]]), .init("units", ["% vol", ""]),
    ])
  static let seal = TensorSpec(
    name: "seal", datatype: .bytes, shape: [-1, 1], parameters: [.init("categories", ["broken", "intact", "missing"])])
  static let flags = TensorSpec(name: "prior_flags", datatype: .int8, shape: [-1, 1])
  static let image = TensorSpec(
    name: "image", datatype: .fp64, shape: [-1, 8, 8, 1], parameters: [.init("value_range", [0, 16])])

  @Test("is one column of a matrix, with its name, unit and range")
  func matrixColumns() {
    let signature = Signature(inputs: [Self.matrix], outputs: [])
    #expect(signature.fields.map(\.name) == ["alcohol", "ash"])
    #expect(signature.fields[0].unit == "% vol")
    #expect(signature.fields[1].range == 1.3...3.3)
    #expect(signature.fields[1].place == Field.Place(tensor: 0, offset: 1))
  }

  @Test("is a choice where categories are published, a picture where the shape is one")
  func kinds() {
    let signature = Signature(inputs: [Self.seal, Self.flags, Self.image], outputs: [])
    #expect(signature.fields[0].kind == .category(["broken", "intact", "missing"]))
    #expect(signature.fields[1].kind == .integer(.int8))
    #expect(signature.fields[2].kind == .image(rows: 8, columns: 8, .fp64))
    #expect(signature.fields[2].place.count == 64)
  }

  @Test(
    "refuses what its type cannot hold, in words",
    arguments: [
      ("", "needs a value"), ("12.5", "12.5 is not a whole number"), ("300", "300 does not fit INT8"),
      ("x", "x is not a number"), ("9007199254740993", "9007199254740993 does not fit INT8"),
    ])
  func refusals(text: String, words: String) {
    let field = Field(name: "prior_flags", kind: .integer(.int8), place: .init(tensor: 0, offset: 0))
    guard case .failure(let problem) = field.value(of: RawText(text)) else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(problem.text == words)
  }

  @Test("keeps 2^53 + 1 exact in INT64 and the largest UINT64")
  func exactIntegers() {
    let signed = Field(name: "a", kind: .integer(.int64), place: .init(tensor: 0, offset: 0))
    #expect(signed.value(of: "9007199254740993") == .success(.integer(9_007_199_254_740_993)))
    let unsigned = Field(name: "b", kind: .integer(.uint64), place: .init(tensor: 0, offset: 0))
    #expect(unsigned.value(of: "18446744073709551615") == .success(.unsigned(.max)))
  }

  @Test("refuses a whole number that no FP64 holds, and one beyond the largest, where another would be sent")
  func unheldNumbers() {
    let field = Field(name: "id", kind: .number(.fp64), place: .init(tensor: 0, offset: 0))
    #expect(field.value(of: "9007199254740992") == .success(.number(9_007_199_254_740_992)))
    #expect(field.value(of: "0.1") == .success(.number(0.1)))
    for text: RawText in ["9007199254740993", "-9007199254740993", "9223372036854775807", "1e999", "-1e400"] {
      #expect(field.value(of: text) == .failure(.outsideDatatype(text, .fp64)), "\(text)")
    }
  }

  @Test("says the limit for a value outside its range, and lets it be sent anyway")
  func doubts() {
    let field = Field(name: "hours", kind: .number(.fp64), place: .init(tensor: 0, offset: 0), range: 1...99)
    let doubt = field.doubt(about: .number(400))
    #expect(doubt?.text == "400 is outside 1–99")
    #expect(doubt?.canBeSentAnyway == true)
    #expect(field.doubt(about: .number(40)) == nil)
  }

  @Test("offers the nearest label for a misspelt one")
  func nearestLabel() {
    let field = Field(name: "seal", kind: .category(["broken", "intact"]), place: .init(tensor: 0, offset: 0))
    #expect(field.value(of: "borken") == .failure(.unknownCategory("borken", didYouMean: "broken")))
    #expect(field.value(of: " intact ") == .success(.text("intact")))
  }

  @Test("gives and takes its value through the record's tensors")
  func roundTrip() throws {
    let signature = Signature(inputs: [Self.matrix, Self.seal, Self.flags, Self.image], outputs: [])
    let values: [FieldValue] = [
      .number(13.2), .number(2.5), .text("intact"), .integer(-3), .image((0..<64).map { Double($0 % 17) }),
    ]
    let record = try signature.record(of: values)
    #expect(record.tensors.map(\.shape) == [[1, 2], [1, 1], [1, 1], [1, 8, 8, 1]])
    #expect(signature.values(in: record) == values)
  }
}
