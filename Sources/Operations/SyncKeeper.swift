internal import Domain
internal import Workbench

/// Syncs by itself while the workbench is open: at the start, soon after something was saved, when it is time to try
/// again, when the researchers publish something, and now and then in case nobody said so; at once when asked. One exchange
/// at a time.
actor SyncKeeper {
  private let workspace: Workspace
  private let pacing: Pacing
  private let sync: @Sendable () async throws(Problem) -> ExchangeSummary
  private let post: @Sendable (Action) -> Void
  private var timer: Task<Void, Never>?
  /// Waits for what the researchers publish, while the collector answers.
  private var listener: Task<Void, Never>?
  private var isRunning = false
  private var isWanted = false
  /// Whether something was saved that the exchange which runs may not have seen.
  private var isSavedMeanwhile = false

  /// What is saved within this time goes in one exchange.
  private static let pause = Duration.seconds(1)
  /// How often the researchers' words are asked for while nothing is saved.
  private static let idle = Duration.seconds(300)

  /// How soon an exchange that ended in an error is tried again.
  private static let afterError = Duration.seconds(60)

  /// `sync` is one exchange; nil for the workspace's own.
  init(
    _ workspace: Workspace, pacing: Pacing, sync: (@Sendable () async throws(Problem) -> ExchangeSummary)? = nil,
    _ post: @escaping @Sendable (Action) -> Void
  ) {
    self.workspace = workspace
    self.pacing = pacing
    self.post = post
    if let sync {
      self.sync = sync
    } else {
      self.sync = { () async throws(Problem) in try await workspace.sync() }
    }
  }

  deinit {
    timer?.cancel()
    listener?.cancel()
  }

  /// Something was saved.
  func saved() {
    guard workspace.hasCollector else { return }
    isSavedMeanwhile = true
    wait(Self.pause)
  }

  /// Somebody wants it now.
  func now() async {
    timer?.cancel()
    guard !isRunning else {
      isWanted = true
      return
    }
    isRunning = true
    repeat {
      isWanted = false
      await exchange()
    } while isWanted
    isRunning = false
  }

  private func wait(_ duration: Duration) {
    timer?.cancel()
    timer = Task { [weak self, pacing] in
      do {
        try await pacing.sleep(duration)
      } catch {
        return
      }
      // A task of its own: a newer wish ends the timer, not the exchange.
      Task { [weak self] in await self?.now() }
    }
  }

  private func listen() {
    guard listener == nil else { return }
    let workspace = workspace
    listener = Task { [weak self] in
      var isThere: Bool? = false
      while isThere == false, !Task.isCancelled { isThere = await workspace.somethingIsPublished() }
      await self?.heard(isThere == true)
    }
  }

  /// Only an exchange that went well listens on: what cannot be taken in is not asked for again and again.
  private func heard(_ isThere: Bool) async {
    listener = nil
    if isThere { await now() }
  }

  private func exchange() async {
    isSavedMeanwhile = false
    post(.outbox(.syncing(true)))
    do {
      let summary = try await sync()
      post(.waiting(summary.waiting))
      post(
        .exchanged(
          Exchange(
            sent: summary.sent, received: summary.received, fetched: summary.fetched, problem: summary.problem,
            needsAnalyst: summary.stop != nil, isElsewhere: summary.isElsewhere,
            staysHere: summary.isReadOnly ? summary.waiting : 0)))
      // After why it stopped: an answer that refuses is no silence. What another session asks is not known here.
      if !summary.isElsewhere {
        let isThere = summary.problem == nil || summary.isContentRefused
        post(.linked(service: nil, collector: isThere ? .up : .down(since: Machine.now)))
      }
      if summary.hasNewCatalogue {
        post(.notified(Message(.notice, "the researchers' catalogue changed: Models, reloaded, reads signatures anew")))
      }
      if let words = summary.leftOutWords { post(.notified(Message(.notice, words))) }
      if let words = summary.researchersWords {
        post(.notified(Message(.notice, "the researchers \(words)", hint: Hint(.goInbox, "shows it"))))
        post(.inboxChanged)
      }
      if let next = summary.nextTry {
        let seconds = Double(max(0, next.microseconds - Machine.now.microseconds)) / 1_000_000
        wait(.seconds(max(1, seconds)))
      } else if summary.problem == nil {
        wait(isSavedMeanwhile ? Self.pause : Self.idle)
        if !summary.isElsewhere { listen() }
      }
    } catch {
      post(.notified(Message(.notice, error.summary)))
      // What the ledger or the machine refused may go well later. A context without a collector gets none by waiting.
      if workspace.hasCollector { wait(Self.afterError) }
    }
    post(.outbox(.syncing(false)))
  }
}
