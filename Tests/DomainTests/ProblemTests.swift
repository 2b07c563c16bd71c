import Domain
import Testing

@Suite("A problem")
struct ProblemTests {
  @Test("carries what happened, what helps and the other side's words")
  func parts() {
    let problem = Problem("The service refused the input", advice: "press e to edit it", detail: "400")
    #expect(problem.summary == "The service refused the input")
    #expect(problem.advice == "press e to edit it")
    #expect(problem.detail == "400")
  }
}
