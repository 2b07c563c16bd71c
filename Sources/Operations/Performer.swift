internal import Deployment
internal import Dispatch
public import Domain
internal import Feedback
internal import Ledger
internal import Synchronization
public import Workbench

/// Performs what screens ask for and posts what came of it; returns at once.
public final class Performer: Sendable {
  public typealias Post = @Sendable (Action) -> Void

  public let workspace: Workspace
  private let milliseconds: @Sendable () -> Int
  let pacing: Pacing
  /// Whether the user's own themes are offered: a demonstration reads no file of theirs.
  private let readsOwnThemes: Bool
  let refusedLists = Mutex(RefusedLists())
  /// Work that runs, by name: a newer one of a name cancels the older.
  private let running = Mutex<[String: Task<Void, Never>]>([:])
  private let syncing = Mutex<SyncKeeper?>(nil)
  private let saving = DispatchGroup()
  /// What is saved after the others: what was asked for first is done first, so that a redo knows of the undo before it.
  private let lastSave = Mutex<Task<Void, any Error>?>(nil)
  /// What could not be saved since the program began to end: nobody looks at a screen any more.
  private let unsaved = Mutex<[Problem]?>(nil)

  /// `milliseconds` is the loop's own clock.
  public convenience init(
    _ workspace: Workspace, readsOwnThemes: Bool = true, milliseconds: @escaping @Sendable () -> Int
  ) {
    self.init(workspace, pacing: .machine, readsOwnThemes: readsOwnThemes, milliseconds: milliseconds)
  }

  init(
    _ workspace: Workspace, pacing: Pacing, readsOwnThemes: Bool = true, milliseconds: @escaping @Sendable () -> Int
  ) {
    self.readsOwnThemes = readsOwnThemes
    self.workspace = workspace
    self.milliseconds = milliseconds
    self.pacing = pacing
  }

  /// Begins one effect. Those of the loop itself (quit, timers, the editor) are not for here.
  public func perform(_ effect: Effect, _ post: @escaping Post) {
    switch effect {
    case .rest, .quit, .redraw, .suspend, .edit, .editText, .copy, .view: break
    case .loadThemes: run("themes", post) { post(.themesArrived(Themes.choices(withOwn: self.readsOwnThemes))) }
    case .loadModels: run("models", post) { await self.loadModels(post) }
    case .followModels: run("following", post) { await self.followModels(post) }
    case .leaveModels: stop("following")
    case .seekService: run("seeking", post) { await self.seekService(post) }
    case .refreshModels: begin(post) { await self.runNext("models", post) { await self.refreshModels(post) } }
    case .loadModel(let id): run("model \(id)", post) { await self.loadModel(id, post) }
    case .load(let order): begin(post) { try await self.load(order, post) }
    case .allowDetectors(let names): begin(post) { try await self.allow(names, post) }
    case .infer(let order): run("infer", post) { await self.infer(order, post) }
    case .generate(let order): run("infer", post) { await self.generate(order, post) }
    case .stopInference: stop("infer")
    case .explain(let id): run("explain \(id.hex)", post) { await self.explain(id, post) }
    case .loadHistory(let id): run("history", post) { try await self.loadHistory(id, post) }
    case .readInputs(let path, let id): run("inputs", post) { try await self.readInputs(path, id, post) }
    case .scoreFile(let path, let id): run(Self.scoring(id), post) { await self.scoreFile(path, id, post) }
    case .stopScoring(let id): stop(Self.scoring(id))
    case .loadCase(let id):
      run("case", post) {
        post(.caseArrived(try await self.workspace.content(of: id), milliseconds: self.milliseconds()))
      }
    case .loadQueue(let order): run("queue", post) { await self.loadQueue(order, post) }
    case .loadDrift(let id, let width): run("drift", post) { await self.loadDrift(id, width, post) }
    case .compareDrift(let content, let baseline):
      run("drift", post) { await self.compareDrift(content, baseline, post) }
    case .saveDrift(let snapshot):
      begin(post) {
        post(.notified(Message(.done, "wrote \(try self.workspace.saveDrift(snapshot))")))
      }
    case .loadWindowCases(let id, let from, let to, let feature):
      run("window", post) {
        post(.windowCases(try await self.workspace.windowCases(of: id, from: from, to: to, feature: feature)))
      }
    case .probe(let order): run("probe \(order.caseID.hex) \(order.number)", post) { await self.probe(order, post) }
    case .findFlips(let id): run(Self.flips(id), post) { await self.findFlips(id, post) }
    case .stopFlips(let id): stop(Self.flips(id))
    case .search(let order): run("search", post) { await self.search(order, post) }
    case .loadFound(let id):
      run("found", post) { post(.search(.found(try await self.workspace.found(id)))) }
    case .loadOutbox: run("outbox", post) { try await self.loadOutbox(post) }
    case .loadEvent(let sequence):
      run("event", post) { post(.eventArrived(try await self.workspace.eventDetail(sequence))) }
    case .exportOutbox: begin(post) { try await self.exportOutbox(post) }
    case .loadInbox: run("inbox", post) { try await self.loadInbox(post) }
    case .keepAnswer(let item, let text):
      workspace.ledgerWork(post) { ledger throws(LedgerError) in try ledger.keepAnswer(text, to: item) }
    case .answer(let item, let text): save(post) { post in try await self.answer(item, text, post) }
    case .takeQueue(let id): run("taking", post) { await self.take(id, post) }
    case .loadFeedback(let order): run("feedback", post) { await self.loadFeedback(order, post) }
    case .loadFeedbackCases(let order, let kind, let name):
      run("slice", post) {
        post(.feedbackCases(try await self.workspace.feedbackCases(order, by: kind, named: name)))
      }
    case .exportFeedback(let order):
      begin(post) {
        post(.notified(Message(.done, "wrote \(try await self.workspace.exportFeedback(order))")))
      }
    case .sync: begin(post) { await self.keeper(post).now() }
    case .retry(let sequence): run("retry", post) { try await self.retry(sequence, post) }
    case .choose(let caseID, let eventID): save(post) { post in try await self.choose(eventID, of: caseID, post) }
    case .loadDrafts(let opens):
      run("drafts", post) {
        post(.draftsArrived(try await self.workspace.draftedCases(), opens: opens))
        if let damage = try await self.workspace.damagedDrafts() { post(.failed(damage)) }
      }
    case .loadBlindCases:
      run("blind cases", post) { post(.blindCasesArrived(try await self.workspace.blindCases())) }
    case .loadGuidelines:
      run("guidelines", post) { post(.guidelinesArrived(try await self.workspace.researchersWord().guidelines)) }
    case .saveDraft(let draft): keep(draft, post)
    case .discardDraft(let id):
      workspace.ledgerWork(post) { ledger throws(LedgerError) in try ledger.discardDraft(of: id) }
    case .commit(let commit):
      save(post) { post in await self.commit(commit, post) }
    case .undo(let isWanted): save(post) { post in try await self.undo(isWanted, post) }
    case .redo(let isWanted): save(post) { post in try await self.redo(isWanted, post) }
    case .reveal(let reveal):
      save(post) { post in try await self.reveal(reveal, post) }
    case .decide(let order): save(post) { post in try await self.decide(order, post) }
    case .looked(let look): workspace.note(look)
    }
  }

  /// Runs work under a name; what it throws is said once.
  func run(_ name: String, _ post: @escaping Post, _ body: @escaping @Sendable () async throws -> Void) {
    let task = begin(post, body)
    let older = running.withLock { running in
      let older = running[name]
      running[name] = task
      return older
    }
    older?.cancel()
  }

  /// Runs work under a name after what runs under it, and after what begins meanwhile; returns when it has ended.
  func runNext(_ name: String, _ post: @escaping Post, _ body: @escaping @Sendable () async throws -> Void) async {
    while !Task.isCancelled {
      let older = running.withLock { $0[name] }
      await older?.value
      let task = running.withLock { running -> Task<Void, Never>? in
        guard running[name] == older, !Task.isCancelled else { return nil }
        let task = begin(post, body)
        running[name] = task
        return task
      }
      if let task { return await task.value }
    }
  }

  /// Begins work; what it throws is said.
  @discardableResult
  private func begin(
    _ post: @escaping Post, _ body: @escaping @Sendable () async throws -> Void
  ) -> Task<Void, Never> {
    Task.detached {
      do {
        try await body()
      } catch {
        // Nobody waits any more for what was cancelled.
        guard !Task.isCancelled else { return }
        post(.failed(error as? Problem ?? Problem("The work ended early", detail: "\(error)")))
      }
    }
  }

  /// Ends work that nobody waits for any more.
  func stop(_ name: String) {
    running.withLock { $0.removeValue(forKey: name) }?.cancel()
  }

  /// Follows nothing any more, and waits until what was to be saved is saved: the last key before quitting counts, also
  /// where another program has the ledger for long, and so do the cases that lay open. `waiting` is called once where it
  /// takes more than a moment.
  /// - Returns: why something was not saved after all.
  public func finish(_ left: AppState? = nil, waiting: () -> Void = {}) -> [Problem] {
    stop("following")
    stop("seeking")
    for look in left?.looks(at: milliseconds()) ?? [] { workspace.note(look) }
    unsaved.withLock { $0 = [] }
    var isTold = false
    func waitForSaves() {
      guard saving.wait(timeout: .now() + 1) == .timedOut else { return }
      if !isTold { waiting() }
      isTold = true
      saving.wait()
    }
    waitForSaves()
    saving.enter()
    Task.detached { [self] in
      defer { saving.leave() }
      if let shown = left?.review.lookedAt, !shown.isEmpty { try? await workspace.keepShown(shown) }
      try? await workspace.endSession()
    }
    waitForSaves()
    return unsaved.withLock { $0 ?? [] }
  }

  /// Runs work that saves something: nothing cancels it, the end of the program waits for it, and it is sent soon. The
  /// work posts what came of it.
  private func save(_ post: @escaping Post, _ body: @escaping @Sendable (@escaping Post) async throws -> Void) {
    saving.enter()
    let notice = SlowNotice(after: .milliseconds(500), sleep: pacing.sleep) {
      post(.notified(Message(.notice, "saving: the ledger is not free yet")))
    }
    let work = lastSave.withLock { last in
      let before = last
      let work = Task.detached { [self] in
        _ = await before?.result
        try await body { [self] action in
          notice.end()
          if case .commitFailed(let problem) = action { note(unsaved: problem) }
          post(action)
        }
      }
      last = work
      return work
    }
    begin(post) { [self] in
      defer { saving.leave() }
      do {
        try await work.value
      } catch {
        notice.end()
        if let problem = error as? Problem { note(unsaved: problem) }
        throw error
      }
      if let count = try? await workspace.waitingCount() { post(.waiting(count)) }
      await keeper(post).saved()
    }
  }

  private func note(unsaved problem: Problem) { unsaved.withLock { $0?.append(problem) } }

  /// Begins to sync by itself.
  public func begin(_ post: @escaping Post) {
    guard workspace.hasCollector else { return }
    begin(post) { await self.keeper(post).now() }
  }

  // MARK: Infer

  private func infer(_ order: InferenceOrder, _ post: Post) async {
    do throws(Problem) {
      let current = try await workspace.infer(
        order.model, order.values, sourceID: order.sourceID, at: order.at ?? Machine.now)
      let answer = InferScreen.Answer(
        prediction: current.prediction, caseID: current.id, number: current.number, at: Machine.now)
      post(.answered(answer, order: order.number, opens: order.explains))
      post(.linked(service: .up, collector: nil))
    } catch {
      if !Task.isCancelled { post(.infer(.refused(error, order: order.number))) }
    }
  }

  private func explain(_ id: ShortHash, _ post: Post) async {
    do throws(Problem) {
      let (explained, problems) = try await workspace.explain(id)
      post(.explained(explained))
      for problem in problems { post(.failed(problem)) }
    } catch {
      post(.explainFailed(id, error))
    }
  }

  private func loadHistory(_ id: ModelID, _ post: Post) async throws(Problem) {
    let name = workspace.contextName
    let inputs = try await workspace.onLedger { ledger throws(LedgerError) in
      try ledger.inputs(of: id, context: name).map(\.values)
    }
    post(.infer(.remembered(inputs)))
  }

  // MARK: Probing

  private static func flips(_ id: ShortHash) -> String { "flips \(id.hex)" }

  private func probe(_ order: ProbeOrder, _ post: Post) async {
    do throws(Problem) {
      post(.case(.probed(try await workspace.probe(order), order)))
      post(.waiting(try await workspace.waitingCount()))
    } catch {
      post(.case(.probeFailed(error, order)))
    }
  }

  private func findFlips(_ id: ShortHash, _ post: Post) async {
    do throws(Problem) {
      let flips = try await workspace.flips(of: id)
      if !Task.isCancelled { post(.case(.flipsFound(id, flips))) }
    } catch {
      if !Task.isCancelled { post(.case(.flipsFailed(id, error))) }
    }
  }

  // MARK: Lists

  private func loadQueue(_ order: QueueOrder, _ post: Post) async {
    do throws(Problem) {
      let queue = try await workspace.queue(order)
      post(.queueArrived(queue, try await workspace.pace(), milliseconds: milliseconds()))
    } catch {
      post(.review(.failed(error)))
    }
  }

  private func loadDrift(_ id: ModelID, _ width: WindowWidth, _ post: Post) async {
    do throws(Problem) {
      post(.drift(.progressed("comparing the windows with the reference…")))
      let (content, problem) = try await workspace.drift(of: id, width: width) { news in
        guard !Task.isCancelled else { return }
        switch news {
        case .known(let content): post(.drift(.known(content)))
        case .answered: post(.linked(service: .up, collector: nil))
        }
      }
      // Another width is wanted by now.
      guard !Task.isCancelled else { return }
      post(.drift(.arrived(content)))
      if let problem {
        if problem.kind == .unreachable { post(.linked(service: .down(since: Machine.now), collector: nil)) }
        post(.failed(problem))
      }
      post(.models(.learned(try await workspace.facts())))
    } catch {
      if !Task.isCancelled { post(.drift(.failed(error))) }
    }
  }

  private func loadOutbox(_ post: Post) async throws(Problem) {
    post(.outbox(.arrived(try await workspace.outbox())))
    post(.waiting(try await workspace.waitingCount()))
  }

  /// What syncs by itself; made with the first use.
  private func keeper(_ post: @escaping Post) -> SyncKeeper {
    syncing.withLock { keeper in
      let kept = keeper ?? SyncKeeper(workspace, pacing: pacing, post)
      keeper = kept
      return kept
    }
  }

  private func retry(_ sequence: Int, _ post: @escaping Post) async throws(Problem) {
    guard try await workspace.unwedge(sequence) else {
      return post(.notified(Message(.notice, "#\(sequence) is at the collector, set aside: it is not offered again")))
    }
    try await loadOutbox(post)
    await keeper(post).now()
  }

  private func choose(_ eventID: EventID, of caseID: ShortHash, _ post: Post) async throws(Problem) {
    let sequence = try await workspace.choose(eventID, of: caseID)
    let saved = sequence.map { Message(.done, "saved #\($0) your choice", hint: Hint(.undo, "undo")) }
    post(.notified(saved ?? Message(.done, "nothing to choose any more")))
    try await loadOutbox(post)
  }

  // MARK: Judging

  /// Drafts go to the ledger's own queue in the order of their keys, so that none overtakes a later one.
  private func keep(_ draft: Draft, _ post: @escaping Post) {
    workspace.ledgerWork(post) { ledger throws(LedgerError) in
      try ledger.put(
        JudgementDraft(
          caseID: draft.caseID, judgement: draft.judgement, marks: draft.marks, knownMarks: draft.knownMarks,
          savedAt: Machine.now))
    }
  }

  private func commit(_ commit: Commit, _ post: Post) async {
    do throws(Problem) {
      let sequence = try await workspace.commit(commit)
      // The flag was up, or down, before: nothing was saved.
      guard sequence > 0 || !commit.isFlag else { return }
      let flag = commit.flag.map { $0 ? "flag" : "flag down" }
      let words = flag ?? commit.judgement.verdict?.rawValue ?? commit.wordsOfMarks
      let label = commit.judgement.rightText.map { " → \($0.string)" } ?? ""
      post(
        .committed(commit, sequence: sequence, what: words + label, milliseconds: milliseconds()))
      post(.paceLearned(try await workspace.pace()))
    } catch {
      post(.commitFailed(error))
    }
  }

  private func decide(_ order: DecisionOrder, _ post: Post) async throws(Problem) {
    let sequence = try await workspace.decide(order)
    let content = try? await workspace.content(of: order.caseID)
    post(.decided(sequence: sequence, what: "decided → \(order.decision.text)", content))
  }

  private func reveal(_ reveal: Reveal, _ post: Post) async throws(Problem) {
    let sequence = try await workspace.reveal(reveal)
    post(.review(.revealed(reveal.caseID, sequence: sequence)))
  }

  private func undo(_ isWanted: Bool, _ post: Post) async throws(Problem) {
    switch try await workspace.undo(isWanted: isWanted) {
    case .done(let step): try await tell(step, post)
    case .offered(let words): post(.undoOffered(words))
    case nil: post(.notified(Message(.notice, "nothing to undo")))
    }
  }

  private func redo(_ isWanted: Bool, _ post: Post) async throws(Problem) {
    switch try await workspace.redo(isWanted: isWanted) {
    case .done(let step): try await tell(step, post)
    case .offered(let words): post(.redoOffered(words))
    case nil: post(.notified(Message(.notice, "nothing to redo")))
    }
  }

  private func tell(_ step: TakenStep, _ post: Post) async throws(Problem) {
    var content: CaseContent?
    if let id = step.caseID { content = try? await workspace.content(of: id) }
    post(.undone(what: step.what, content))
    post(.undoLearned(step.next))
    post(.paceLearned(try await workspace.pace()))
  }
}

extension Commit {
  /// What it says where it says no more than marks.
  fileprivate var wordsOfMarks: String {
    Set(marks).isSubset(of: knownMarks) ? UndoHistory.Step.takingOff : "marks"
  }
}

extension Signature {
  /// Values as one types them, pictures as their pixels.
  func texts(of values: [FieldValue]) -> [RawText] {
    values.map { value in
      if case .image(let pixels) = value {
        return RawText(pixels.map { Decimal.shortest($0) }.joined(separator: " "))
      }
      return value.text
    }
  }
}
