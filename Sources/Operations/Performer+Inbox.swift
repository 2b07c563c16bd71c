internal import Domain
internal import Workbench

/// What the researchers ask and publish.
extension Performer {
  func loadInbox(_ post: Post) async throws(Problem) {
    do throws(Problem) {
      post(.inbox(.arrived(try await workspace.inbox())))
    } catch {
      post(.inbox(.failed(error)))
    }
  }

  func answer(_ item: RawText, _ text: RawText, _ post: Post) async throws(Problem) {
    let sequence = try await workspace.answer(item, text)
    post(.notified(Message(.done, "saved #\(sequence) answer")))
    try await loadInbox(post)
  }

  func take(_ id: RawText, _ post: @escaping Post) async {
    do throws(Problem) {
      post(.inbox(.taking(InboxScreen.Taking(id: id, done: 0, of: 0))))
      let tally = try await workspace.take(id) { done, count in
        post(.inbox(.taking(InboxScreen.Taking(id: id, done: done, of: count))))
      }
      if let why = tally.why { post(.failed(why)) }
      post(.taken(tally.queue, cases: tally.cases, setAside: tally.setAside.count))
      post(.models(.learned(try await workspace.facts())))
    } catch {
      post(.takingFailed(error))
    }
  }
}
