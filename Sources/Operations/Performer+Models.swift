internal import Deployment
internal import Domain
internal import Workbench

extension Performer {
  func loadModels(_ post: @escaping Post) async {
    // What is known is on screen before the service has answered.
    if let remembered = workspace.rememberedModels() { post(.models(.remembered(remembered))) }
    if let facts = try? await workspace.facts() { post(.models(.learned(facts))) }
    var names: Task<Void, any Error>?
    do throws(Problem) {
      let listing = try await workspace.listing { groups in
        // Of a service that takes long to describe its models the names come first.
        names = Task {
          try await Task.sleep(for: .seconds(1))
          try Task.checkCancellation()
          post(.models(.remembered(.init(groups: groups, at: Machine.now))))
          post(.linked(service: .up, collector: nil))
        }
      }
      show(listing, post) { .listed($0) }
    } catch {
      miss(error, post)
    }
    names?.cancel()
    if let count = try? await workspace.waitingCount() { post(.waiting(count)) }
  }

  /// Lists the models anew because something changed; metadata is asked for where a model did.
  func refreshModels(_ post: Post) async {
    do throws(Problem) {
      let listing = try await workspace.listing(isRefresh: true)
      show(listing, post) { .refreshed($0) }
    } catch {
      miss(error, post)
    }
  }

  private func show(
    _ listing: ModelListing, _ post: Post, as action: (ModelsScreen.Listing) -> ModelsScreen.Action
  ) {
    guard !Task.isCancelled else { return }
    let now = Machine.now
    if listing.serviceProblem == nil { stop("seeking") }
    post(.models(action(.init(groups: listing.groups, at: now, notices: listing.notices + listing.illnesses))))
    post(.linked(service: listing.serviceProblem == nil ? .up : .down(since: now), collector: nil))
  }

  /// What a newer listing has cancelled says nothing.
  private func miss(_ problem: Problem, _ post: Post) {
    guard !Task.isCancelled else { return }
    let now = Machine.now
    // One that refuses the list may well answer about its models; asking it again by itself helps nobody.
    if problem.kind == .unreachable { post(.linked(service: .down(since: now), collector: nil)) }
    post(.models(.failed(problem, at: now)))
  }

  /// Asks a service that did not answer again after 15 s, and then after twice as long each time, up to five minutes,
  /// until a list has come, whoever asked for it.
  func seekService(_ post: @escaping Post) async {
    var pause = 15
    while true {
      post(.models(.seeking(next: Machine.now.advanced(bySeconds: Double(pause)))))
      guard (try? await pacing.sleep(.seconds(pause))) != nil else { return }
      await runNext("models", post) { await self.refreshModels(post) }
      guard !Task.isCancelled else { return }
      pause = min(2 * pause, 300)
    }
  }

  func load(_ order: LoadOrder, _ post: @escaping Post) async throws(Problem) {
    post(.notified(Message(.notice, "\(order.loads ? "loading" : "unloading") \(order.model.name.string)…")))
    if order.loads {
      try await workspace.load(order.model.name)
    } else {
      try await workspace.unload(order.model.name)
    }
    post(.notified(Message(.done, "\(order.loads ? "loaded" : "unloaded") \(order.model.name.string)")))
    await loadModels(post)
  }

  /// Lets detectors be asked that did not say whether a call changes them.
  func allow(_ names: [RawText], _ post: @escaping Post) async throws(Problem) {
    for name in names { try await workspace.allow(name, true) }
    let words = names.map(\.string).joined(separator: ", ")
    post(.notified(Message(.done, "\(words): asked from now on; `mds models allow --not` takes it back")))
  }

  func loadModel(_ id: ModelID, _ post: Post) async {
    do throws(Problem) {
      let description = try await workspace.description(of: id)
      post(
        .described(
          Model(id: id, state: .ready, platform: description.platform, signature: description.signature)))
    } catch {
      post(.describeFailed(id, error))
    }
  }
}
