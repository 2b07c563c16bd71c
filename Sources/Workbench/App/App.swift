internal import Domain
internal import Frames

/// The workbench: routes what happened to the screen that it concerns.
public enum App {
  public static func update(_ state: inout AppState, _ action: Action) -> [Effect] {
    let searching = state.case.flatMap { $0.flips.isLoading ? $0.id : nil }
    let places = state.places
    let judging = state.case?.editor
    let tables = Tables(state)
    let wasDown = state.service.isDown
    note(&state, action)
    var effects = take(&state, action)
    effects += tables.left(for: state, by: action)
    state.noteAttention(at: action.milliseconds)
    if let searching, state.place != .case(searching) {
      // A search that nobody looks at any more would only keep the service busy.
      let isOpen = state.case?.id == searching
      effects += isOpen ? route(&state, .case(.left)) : [.stopFlips(searching)]
    }
    if state.places != places {
      state.trail.note(places, now: state.places)
      // What was saved is taken up where it is noted, before the next case is opened.
      if case .committed = action {} else { takeUp(&state, from: places.last, judging) }
      effects += reread(&state, from: places.last)
      state.panel = nil
      if state.place.scope != places.last?.scope { state.wantsOnePanel = false }
    }
    remember(&state, effects)
    return effects + fitPanels(&state) + follow(&state) + seek(&state, wasDown)
  }

  /// What was said of a case where others are judged too is newer than what its own screen had.
  private static func reread(_ state: inout AppState, from left: Place?) -> [Effect] {
    guard case .case = state.place, left == .review || left == .outbox || state.case?.isJudgedElsewhere == true,
      state.case?.editor != nil
    else { return [] }
    state.case?.isJudgedElsewhere = false
    state.case?.editor = nil
    return route(&state, .case(.appeared))
  }

  /// A service that is lost is looked for until it answers; the list is asked for anew when something else has reached it.
  private static func seek(_ state: inout AppState, _ wasDown: Bool) -> [Effect] {
    guard state.service.isDown != wasDown else { return [] }
    if !wasDown { return [.seekService] }
    return state.models.unreachableSince == nil && !state.models.canFollow ? [] : [.refreshModels]
  }

  /// The models are followed as long as they are on screen, and somebody may be looking.
  private static func follow(_ state: inout AppState) -> [Effect] {
    let isWanted = state.models.canFollow && state.models.listing != .idle && state.place == .models && state.hasFocus
    guard isWanted != state.models.isFollowing else { return [] }
    state.models.isFollowing = isWanted
    state.models.isLive = false
    return [isWanted ? .followModels : .leaveModels]
  }

  private static func take(_ state: inout AppState, _ action: Action) -> [Effect] {
    switch action {
    case .started(let now, let milliseconds):
      state.tick(now, milliseconds)
      return route(&state, .models(.appeared)) + enter(&state, milliseconds)
        + [.loadDrafts(opens: false), .loadBlindCases]
    case .resized(let size): return resize(&state, size)
    case .key(let key, let milliseconds): return takeAndSave(&state, key, milliseconds)
    case .pasted(let text): return paste(&state, text)
    case .mouse(let event, let milliseconds): return take(&state, event, milliseconds)
    case .focused(let hasFocus):
      state.hasFocus = hasFocus
      return []
    case .ticked(let now, let milliseconds):
      state.tick(now, milliseconds)
      return []
    case .rested(let milliseconds): return rest(&state, milliseconds)
    case .models, .infer, .case, .drift, .review, .outbox, .inbox, .feedback, .search, .log:
      return route(&state, action)
    case .described(let model):
      var effects = route(&state, .models(.described(model)))
      if let signature = model.signature, state.infer?.model == model.id {
        effects += route(&state, .infer(.described(signature)))
      }
      return effects
    case .describeFailed(let id, let problem):
      state.lastProblem = problem
      isLost(&state, problem)
      if state.infer?.model == id { return route(&state, .infer(.failed(problem))) }
      return []
    case .answered(let answer, let order, let opens):
      let isCurrent = state.infer?.order == order
      answers(&state)
      state.review.lookedAt.insert(answer.caseID)
      let effects = route(&state, .infer(.answered(answer, order: order)))
      guard opens, isCurrent, case .infer = state.place else { return effects }
      // Whoever has begun to type the next input goes on typing.
      guard state.infer?.opensAnswer == true, state.overlay == nil else {
        state.toast = Message(.done, "answered", hint: Hint(.review, "opens the case"))
        return effects
      }
      return effects + openCase(&state, answer.caseID, among: [])
    case .explained(let explained):
      answers(&state)
      return route(&state, .case(.explained(explained))) + route(&state, .review(.explained(explained)))
    case .explainFailed(let id, let problem):
      state.lastProblem = problem
      isLost(&state, problem)
      guard state.case?.id == id else { return [] }
      return route(&state, .case(.explainingFailed(problem)))
    case .caseArrived(let content, let milliseconds):
      state.review.lookedAt.insert(content.case.id)
      return route(&state, .case(.arrived(content, at: state.time(at: milliseconds), milliseconds: milliseconds)))
    case .queueArrived(let queue, let pace, let milliseconds):
      return route(
        &state, .review(.arrived(queue, pace, milliseconds: milliseconds, now: state.time(at: milliseconds))))
    case .windowCases(let ids):
      guard let first = open(ids, state) else {
        state.toast = Message(.notice, "no cases in this window")
        return []
      }
      // Somebody who went elsewhere meanwhile is not pulled back.
      guard case .drift = state.place, state.overlay == nil else { return [] }
      return openCase(&state, first, among: ids)
    case .feedbackCases(let ids):
      guard let first = open(ids, state) else {
        state.toast = Message(.notice, "none of these cases is in this ledger, only what colleagues say of them")
        return []
      }
      guard state.place == .feedback, state.overlay == nil else { return [] }
      return openCase(&state, first, among: ids)
    case .draftsArrived(let ids, let opens): return offer(&state, ids, opens)
    case .blindCasesArrived(let ids):
      state.blindCases = ids
      return leaveHidden(&state, 0)
    case .committed(let commit, let sequence, let what, let milliseconds):
      return committed(&state, commit, sequence, what, milliseconds)
    case .commitFailed(let problem):
      state.review.editor?.asked = nil
      state.case?.editor?.asked = nil
      return fail(&state, problem)
    case .undone(let what, let content):
      state.toast = what
      guard let content else { return [] }
      return route(&state, .case(.refreshed(content))) + route(&state, .review(.refreshed(content)))
    case .decided(let sequence, let what, let content):
      state.toast = Message(.done, "saved #\(sequence) \(what)", hint: Hint(.undo, "undo"))
      return content.map { route(&state, .case(.learned($0))) } ?? []
    case .taken(let order, let cases, let setAside): return taken(&state, order, cases, setAside)
    case .inboxChanged: return state.place == .inbox ? [.loadInbox] : []
    case .takingFailed(let problem): return route(&state, .inbox(.taking(nil))) + fail(&state, problem) + [.loadInbox]
    case .exchanged(let exchange): return exchanged(&state, exchange)
    case .eventArrived(let event):
      guard state.place == .outbox, state.overlay == nil else { return [] }
      state.overlay = .outline(event.outline, scroll: 0)
      return []
    case .paceLearned(let pace): return route(&state, .review(.learned(pace)))
    case .linked(let service, let collector):
      // What is down still is down since it was first seen so.
      if let service, !(service.isDown && state.service.isDown) { state.service = service }
      if let collector { state.collector = collector }
      return []
    case .waiting(let count):
      state.waiting = count
      return []
    case .themesArrived(let choices):
      guard !state.isAsking else { return [] }
      state.overlay = .themes(ThemePicker(choices, before: state.theme))
      return []
    case .themeChanged(let choice):
      themeChanged(&state, choice)
      return []
    case .textEdited(let text): return takeText(&state, text)
    case .notified(let toast):
      state.toast = toast
      return []
    case .failed(let problem):
      if case .case = state.place, state.case?.content == .loading(last: nil) {
        _ = route(&state, .case(.failed(problem)))
      }
      return fail(&state, problem)
    }
  }

  /// The service has answered, whatever was asked.
  private static func answers(_ state: inout AppState) {
    if state.service.isDown { state.service = .up }
  }

  /// A request found no service: the header says so at once, not when the list is asked for the next time.
  private static func isLost(_ state: inout AppState, _ problem: Problem) {
    if problem.kind == .unreachable, !state.service.isDown { state.service = .down(since: state.now) }
  }

  /// What is said to whoever opens what is not found yet.
  static let stillSearching = Message(.notice, "still searching")

  /// What is said while the collector is talked to.
  static let syncing = Message(.notice, "syncing")

  /// Whoever asked for it is told how it went; what only a person can mend is told once, also where nobody asked.
  private static func exchanged(_ state: inout AppState, _ exchange: Exchange) -> [Effect] {
    let isAsked = state.asksForSync
    state.asksForSync = false
    guard !exchange.isElsewhere else {
      if isAsked { state.toast = exchange.message }
      return []
    }
    let stop = exchange.needsAnalyst ? exchange.problem : nil
    if let problem = exchange.problem { state.lastProblem = problem }
    if isAsked || (stop != nil && stop != state.syncStop) { state.toast = exchange.message }
    state.syncStop = stop
    return []
  }

  /// What was begun when the line went is offered at the start, and opened when asked for.
  private static func offer(_ state: inout AppState, _ ids: [ShortHash], _ opens: Bool) -> [Effect] {
    guard let first = open(ids, state) else {
      if opens { state.toast = Message(.notice, "nothing was begun and not saved") }
      return []
    }
    if opens, !state.isAsking { return openCase(&state, first, among: ids) }
    let what = ids.count == 1 ? "1 judgement was" : "\(ids.count) judgements were"
    state.toast = Message(.notice, "\(what) begun and not saved", hint: Hint(.goDrafts, "goes on"))
    return []
  }

  /// The first of these that may be opened; where answers of all are hidden, the first, which says so.
  private static func open(_ ids: [ShortHash], _ state: AppState) -> ShortHash? {
    let hidden = state.hiddenCases
    return ids.first { !hidden.contains($0) } ?? ids.first
  }

  /// A failure is a toast; the log shows it in full.
  private static func fail(_ state: inout AppState, _ problem: Problem) -> [Effect] {
    state.lastProblem = problem
    state.toast = Message(.failed, problem.summary)
    return []
  }

  /// Passes an action to its screen; dropped where that screen is not open.
  static func route(_ state: inout AppState, _ action: Action) -> [Effect] {
    switch action {
    case .models(let action):
      if case .failed(let problem, _) = action, problem.summary != state.lastProblem?.summary {
        state.lastProblem = problem
      }
      if case .listed(let listing) = action, let problem = listing.notices.first { state.lastProblem = problem }
      if case .refreshed(let listing) = action, !listing.saysTheSame(as: state.models.listing.value),
        let problem = listing.notices.first
      {
        state.lastProblem = problem
      }
      if case .unfollowed(let problem) = action {
        state.lastProblem = problem
        state.toast = Message(.notice, problem.summary)
      }
      let wasPreparing = state.models.preparing != nil
      let effects = ModelsScreen.update(&state.models, action)
      return wasPreparing && state.models.preparing == nil ? effects + prepared(&state) : effects
    case .infer(let action):
      if case .scored(let scoring) = action {
        announce(&state, scoring)
        if case .failed(let problem) = scoring.stage {
          isLost(&state, problem)
        } else if scoring.progress.scored > state.infer?.scoring?.progress.scored ?? 0 {
          answers(&state)
        }
      }
      guard var infer = state.infer else { return [] }
      let effects = InferScreen.update(&infer, action)
      state.infer = infer
      // Nobody waits any more for the answer to what was stopped, though it came before the stop was known.
      if case .refused(let problem, infer.order) = action {
        state.lastProblem = problem
        isLost(&state, problem)
        state.toast = Message(.failed, problem.summary)
      }
      return effects
    case .case(let action):
      guard var current = state.case else { return [] }
      let effects = CaseScreen.update(&current, action)
      state.case = current
      if case .probeFailed(let problem, _) = action {
        isLost(&state, problem)
        _ = fail(&state, problem)
      }
      switch action {
      case .probed, .flipsFound: answers(&state)
      default: break
      }
      if case .flipsFailed(_, let problem) = action {
        state.lastProblem = problem
        isLost(&state, problem)
      }
      return effects
    case .drift(let action):
      guard var drift = state.drift else { return [] }
      let effects = DriftScreen.update(&drift, action)
      state.drift = drift
      if case .failed(let problem) = action { isLost(&state, problem) }
      return effects
    case .review(let action): return ReviewScreen.update(&state.review, action)
    case .outbox(let action):
      if action == .syncing(false), state.toast == App.syncing, !state.asksForSync { state.toast = nil }
      return OutboxScreen.update(&state.outbox, action)
    case .inbox(let action): return InboxScreen.update(&state.inbox, action)
    case .feedback(let action):
      if case .failed(let problem) = action { state.lastProblem = problem }
      return FeedbackScreen.update(&state.feedback, action)
    case .search(let action):
      if case .failed(let problem, _) = action { state.lastProblem = problem }
      if case .arrived(let results, let order) = action {
        if state.toast == stillSearching { state.toast = nil }
        return SearchScreen.update(&state.search, .arrived(withoutHidden(results, state), order: order))
      }
      return SearchScreen.update(&state.search, action)
    case .log(let action): return LogScreen.update(&state.log, action)
    default: return []
    }
  }

  /// Whoever went elsewhere meanwhile is told that a file is scored.
  private static func announce(_ state: inout AppState, _ scoring: FileScoring) {
    if case .failed(let problem) = scoring.stage { state.lastProblem = problem }
    guard state.place != .infer(scoring.model) else { return }
    let count = scoring.progress.scored
    switch scoring.stage {
    case .done: state.toast = Message(.done, "\(scoring.name): \(count) \(count == 1 ? "row" : "rows") scored")
    case .failed(let problem): state.toast = Message(.failed, problem.summary)
    case .running, .stopped: break
    }
  }

  /// The demonstration's cases are there: a screen that was opened before them looks again.
  private static func prepared(_ state: inout AppState) -> [Effect] {
    switch state.place {
    case .review where state.review.items.isEmpty: route(&state, .review(.appeared(milliseconds: 0, now: state.now)))
    case .drift: route(&state, .drift(.appeared))
    case .feedback: route(&state, .feedback(.appeared))
    case .search: route(&state, .search(.appeared(now: state.now)))
    case .models, .infer, .case, .review, .outbox, .inbox, .log: []
    }
  }

  /// The screen on top was moved to: it asks for what it shows.
  static func enter(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    let effects = resize(&state, state.size)
    switch state.place {
    case .models: return effects
    case .infer: return effects + route(&state, .infer(.appeared))
    case .case: return effects + route(&state, .case(.appeared))
    case .drift: return effects + route(&state, .drift(.appeared))
    case .review: return effects + route(&state, .review(.appeared(milliseconds: milliseconds, now: state.now)))
    case .outbox: return effects + route(&state, .outbox(.appeared))
    case .inbox: return effects + route(&state, .inbox(.appeared))
    case .feedback: return effects + route(&state, .feedback(.appeared))
    case .search: return effects + route(&state, .search(.appeared(now: state.now)))
    case .log: return effects + route(&state, .log(.appeared))
    }
  }

  /// Opens a place on top of the present one.
  static func open(_ state: inout AppState, _ place: Place, _ milliseconds: Int) -> [Effect] {
    if state.place == place { return [] }
    switch place {
    case .models: state.places = []
    case .infer, .drift, .case, .review, .outbox, .inbox, .feedback, .search, .log: _ = prepare(&state, place)
    }
    state.places.removeAll { $0 == place }
    state.places.append(place)
    return enter(&state, milliseconds)
  }

  /// Sees to it that a screen's state is about the place that is to be on top; true where it had to begin anew.
  static func prepare(_ state: inout AppState, _ place: Place) -> Bool {
    switch place {
    case .infer(let id):
      guard state.infer?.model != id else { return false }
      state.infer = InferScreen.State(model: id)
      if let signature = state.models.groups.first(where: { $0.id == id })?.model.signature {
        _ = route(&state, .infer(.described(signature)))
      }
    case .drift(let id):
      guard state.drift?.model != id else { return false }
      state.drift = DriftScreen.State(model: id)
    case .case(let id):
      guard state.case?.id != id else { return false }
      let isListed = state.case?.siblings.contains(id) == true
      state.case = CaseScreen.State(
        id: id, siblings: isListed ? state.case?.siblings ?? [] : [], stamps: isListed ? state.case?.stamps ?? [:] : [:]
      )
    case .models, .review, .outbox, .inbox, .feedback, .search, .log: return false
    }
    return true
  }

  /// Opens a case, with the list that it was opened from. One that waits for a blind answer opens from its queue alone.
  static func openCase(
    _ state: inout AppState, _ id: ShortHash, among siblings: [ShortHash], stamps: [ShortHash: QueueStamp] = [:]
  ) -> [Effect] {
    let hidden = state.hiddenCases
    guard !hidden.contains(id) else {
      state.toast = hiddenAnswer
      return []
    }
    state.case = CaseScreen.State(id: id, siblings: siblings.filter { !hidden.contains($0) }, stamps: stamps)
    state.places.removeAll { if case .case = $0 { true } else { false } }
    return open(&state, .case(id), 0)
  }

  static let hiddenAnswer = Message(
    .notice, "its answer is hidden until you have given yours", hint: Hint(.goReview, "goes to the queue"))

  private static func resize(_ state: inout AppState, _ size: ScreenSize) -> [Effect] {
    state.size = size
    state.layout = layoutSize(state)
    return layOut(&state, state.layout)
  }

  /// Gives every screen the size that it is drawn on.
  static func layOut(_ state: inout AppState, _ size: ScreenSize) -> [Effect] {
    state.layout = size
    return route(&state, .models(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .infer(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .case(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .drift(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .review(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .outbox(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .inbox(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .feedback(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .search(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .log(.resized(columns: size.columns, rows: size.rows)))
  }

  static func rest(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .models: route(&state, .models(.rested))
    case .drift: route(&state, .drift(.rested))
    case .review: route(&state, .review(.rested(milliseconds: milliseconds, now: state.time(at: milliseconds))))
    case .search: route(&state, .search(.rested))
    case .infer, .case, .outbox, .inbox, .feedback, .log: []
    }
  }

  /// The case after or before this one in its list.
  static func sibling(of current: CaseScreen.State, by step: Int) -> ShortHash? {
    guard let index = current.siblings.firstIndex(of: current.id), current.siblings.indices.contains(index + step)
    else { return nil }
    return current.siblings[index + step]
  }
}
