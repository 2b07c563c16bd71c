internal import Deployment
internal import Domain
internal import Workbench

extension Performer {
  /// Shows an answer's pieces as they come, and its case once it is whole.
  func generate(_ order: GenerationOrder, _ post: Post) async {
    do throws(Problem) {
      let signature = try await workspace.description(of: order.model).signature
      let prompt = Prompt(record: try signature.record(ofGiven: order.values), values: order.values)
      let made = try await workspace.generate(order.model, prompt) { (piece) throws(Problem) in
        if !Task.isCancelled { post(.infer(.streamed(piece.text, order: order.number))) }
      }
      guard let made, !Task.isCancelled else { return }
      let answer = InferScreen.Answer(
        prediction: made.prediction, caseID: made.id, number: made.number, at: Machine.now)
      post(.answered(answer, order: order.number, opens: false))
      post(.linked(service: .up, collector: nil))
    } catch {
      if !Task.isCancelled { post(.infer(.refused(error, order: order.number))) }
    }
  }
}
