internal import Domain
internal import Workbench

extension Performer {
  func search(_ order: SearchOrder, _ post: Post) async {
    do throws(Problem) {
      let results = try await workspace.matches(of: order.query)
      if !Task.isCancelled { post(.search(.arrived(results, order: order.number))) }
    } catch {
      if !Task.isCancelled { post(.search(.failed(error, order: order.number))) }
    }
  }

  func exportOutbox(_ post: Post) async throws(Problem) {
    let bundles = try await workspace.writeBundles(to: ".")
    guard let bundle = bundles.last else {
      post(.notified(Message(.notice, "nothing to export: the collector holds all of it")))
      return
    }
    let count = bundles.reduce(0) { $0 + $1.events }
    let events = count == 1 ? "1 event" : "\(count) events"
    let name = bundle.path.drop { "./".contains($0) }
    let files = bundles.count == 1 ? "\(name) and its .sig" : "\(bundles.count) bundles and their .sig"
    post(.notified(Message(.done, "wrote \(files): \(events) to carry")))
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
