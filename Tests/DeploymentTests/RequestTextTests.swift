import Deployment
import Domain
import Testing

@Suite("A request that was written by hand")
struct RequestTextTests {
  @Test("gives its tensors, and says what is wrong with it")
  func text() throws {
    let record = try RequestText.record(
      of: #"{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"#)
    #expect(record.tensors == [Tensor(name: "x", datatype: .fp32, shape: [1, 2], elements: .single([1, 2]))])
    for (text, words) in [
      ("", "cannot be used"), ("{}", "cannot be used"), (#"{"inputs":[]}"#, "no inputs"),
      (#"{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1]}]}"#, "cannot be used"),
      ("<html>", "cannot be used"),
    ] as [(RawText, String)] {
      let problem = #expect(throws: Problem.self) { try RequestText.record(of: text) }
      #expect(problem?.summary.contains(words) == true, "\(String(describing: problem))")
      #expect(problem?.kind == .invalidInput)
    }
  }
}
