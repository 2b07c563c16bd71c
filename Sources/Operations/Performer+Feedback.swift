internal import Domain
internal import Workbench

extension Performer {
  func loadFeedback(_ order: FeedbackScreen.Order, _ post: Post) async {
    do throws(Problem) {
      let content = try await workspace.feedback(order)
      if !Task.isCancelled { post(.feedback(.arrived(content))) }
    } catch {
      if !Task.isCancelled { post(.feedback(.failed(error))) }
    }
  }
}
