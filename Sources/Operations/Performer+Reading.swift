internal import Domain
internal import Workbench

extension Performer {
  func search(_ order: SearchOrder, _ post: Post) async {
    do throws(Problem) {
      let results = try await workspace.search(order.query)
      if !Task.isCancelled { post(.search(.arrived(results, order: order.number))) }
    } catch {
      if !Task.isCancelled { post(.search(.failed(error, order: order.number))) }
    }
  }

  func exportOutbox(_ post: Post) async throws(Problem) {
    guard let bundle = try await workspace.writeBundle(to: ".") else {
      post(.notified(Message(.notice, "nothing to export: the collector holds all of it")))
      return
    }
    let name = bundle.path.drop { "./".contains($0) }
    let events = bundle.events == 1 ? "1 event" : "\(bundle.events) events"
    post(.notified(Message(.done, "wrote \(name) and its .sig: \(events) to carry")))
    post(.outbox(.arrived(try await workspace.outbox())))
  }

  func compareDrift(_ content: DriftScreen.Content, _ baseline: DriftBaseline, _ post: Post) async {
    do throws(Problem) {
      let compared = try await workspace.compare(content, with: baseline)
      if !Task.isCancelled { post(.drift(.arrived(compared))) }
    } catch {
      if !Task.isCancelled { post(.drift(.failed(error))) }
    }
  }
}
