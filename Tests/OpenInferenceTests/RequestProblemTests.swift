import Domain
import OpenInference
import Testing

@Suite("a request against a signature") struct RequestProblemTests {
  let signature = Signature(
    inputs: [
      TensorSpec(name: "w", datatype: .fp64, shape: [-1, 2]),
      TensorSpec(
        name: "port", datatype: .bytes, shape: [-1, 1], parameters: [JSON.Member("categories", ["Busan", "Santos"])]),
    ], outputs: [TensorSpec(name: "predict", datatype: .int64, shape: [-1, 1])])

  func tensors(rows: Int = 1) -> [Tensor] {
    [
      Tensor(name: "w", datatype: .fp64, shape: [rows, 2], elements: .double(Array(repeating: 1, count: rows * 2))),
      Tensor(
        name: "port", datatype: .bytes, shape: [rows, 1], elements: .bytes(Array(repeating: "Busan", count: rows))),
    ]
  }

  func problems(_ inputs: [Tensor], outputs: [RequestedOutput] = []) -> [RequestProblem] {
    signature.problems(in: InferenceRequest(inputs: inputs, outputs: outputs))
  }

  @Test("a request that fits has no problem, whatever the order of its inputs and the number of its rows")
  func fits() {
    #expect(problems(tensors(rows: 3).reversed(), outputs: [RequestedOutput("predict")]).isEmpty)
    var flat = tensors(rows: 3)
    flat[1].shape = [3]
    #expect(problems(flat).isEmpty)
  }

  @Test("each mistake is named with what would be right")
  func mistakes() {
    var inputs = tensors()
    inputs[0].name = "weight"
    #expect(
      problems(inputs) == [.unknownInput("weight", known: ["w", "port"]), .missingInput("w")])
    inputs = tensors()
    inputs[0] = Tensor(name: "w", datatype: .fp32, shape: [1, 2], elements: .single([1, 2]))
    #expect(problems(inputs) == [.datatype(input: "w", .fp32, expected: .fp64)])
    inputs = tensors()
    inputs[0].shape = [1, 3]
    inputs[0].elements = .double([1, 2, 3])
    #expect(problems(inputs) == [.shape(input: "w", [1, 3], expected: [-1, 2])])
    inputs = tensors()
    inputs[0].elements = .double([1])
    #expect(problems(inputs) == [.count(input: "w", 1, shape: [1, 2])])
    inputs = tensors()
    inputs[1].elements = .bytes(["Bergen"])
    #expect(problems(inputs) == [.category(input: "port", row: 0, "Bergen", known: ["Busan", "Santos"])])
    inputs[1].elements = .bytes([nil])
    #expect(problems(inputs) == [.null(input: "port", row: 0)])
    #expect(problems([tensors(rows: 2)[0], tensors()[1]]) == [.rows(input: "port", 1, expected: 2)])
    #expect(problems(tensors() + tensors()) == [.duplicateInput("w"), .duplicateInput("port")])
    #expect(problems([]) == [.noInputs])
    #expect(
      problems(tensors(), outputs: [RequestedOutput("proba")]) == [.unknownOutput("proba", known: ["predict"])])
    #expect(
      RequestProblem.category(input: "port", row: 4, "Bergen", known: ["Busan", "Santos"]).text
        == "input 'port', row 4: 'Bergen' is not one of Busan, Santos")
  }

  @Test("nothing is known wrong where nobody wrote a signature")
  func unknown() {
    #expect(Signature(inputs: [], outputs: []).problems(in: InferenceRequest(inputs: tensors())).isEmpty)
  }
}
