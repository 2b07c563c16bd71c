internal import Domain
internal import Frames

/// The workbench: routes what happened to the screen that it concerns.
public enum App {
  public static func update(_ state: inout AppState, _ action: Action) -> [Effect] {
    if keeps(&state, action) { return [] }
    var effects = apply(&state, action)
    while let input = nextAhead(&state, after: action) { effects += apply(&state, input) }
    return effects
  }

  private static func apply(_ state: inout AppState, _ action: Action) -> [Effect] {
    let searching = state.case.flatMap { $0.flips.isLoading ? $0.id : nil }
    let (places, spot) = (state.places, spot(state))
    let judging = state.case?.editor
    let tables = Tables(state)
    let wasDown = state.service.isDown
    note(&state, action)
    var effects = take(&state, action)
    effects += tables.left(for: state, by: action)
    noteSaving(&state, after: action, effects, from: places)
    state.noteAttention(at: action.milliseconds)
    if let searching, state.place != .case(searching) {
      // A search that nobody looks at any more would only keep the service busy.
      let isOpen = state.case?.id == searching
      effects += isOpen ? route(&state, .case(.left)) : [.stopFlips(searching)]
    }
    if state.places != places {
      state.trail.note(spot)
      // What was saved is taken up where it is noted, before the next case is opened.
      if case .committed = action {} else { takeUp(&state, from: places.last, judging) }
      effects += reread(&state, from: places.last)
      state.panel = nil
      if state.place.scope != places.last?.scope { state.wantsOnePanel = false }
    }
    state.trail.arrived()
    if state.places == places {
      renewTable(&state, after: action)
    } else if state.overlay?.isTable == true {
      // It does not stay over another screen: what was hidden meanwhile would be read in it.
      state.overlay = nil
    }
    state.keepWrapping()
    remember(&state, effects)
    return effects + fitPanels(&state) + follow(&state) + seek(&state, wasDown)
  }

  /// The table form follows what comes to the screen under it; how far it was scrolled stays.
  private static func renewTable(_ state: inout AppState, after action: Action) {
    guard case .table(let outline, let scroll) = state.overlay else { return }
    switch action {
    // What the analyst does reaches the overlay alone.
    case .key, .pasted, .mouse, .focused, .resized: return
    default: break
    }
    let new = read(state)
    if new != outline { state.overlay = .table(new, scroll: scroll) }
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
      return effects + route(&state, .case(.described(model))) + route(&state, .review(.described(model)))
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
      let queued = state.review.items.first { $0.id == content.case.id }
      let isOutdated = queued.map { $0.content.guideline != content.guideline } ?? false
      return route(&state, .case(.arrived(content, at: state.time(at: milliseconds), milliseconds: milliseconds)))
        + (isOutdated ? [.loadGuidelines] : [])
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
    case .undoLearned(let words):
      state.undoing = words
      return []
    case .undoOffered(let words):
      state.undoing = words
      state.isUndoOffered = true
      state.toast = Message(.notice, "of an earlier session: \(words)", hint: Hint(.undo, "takes it back"))
      return []
    case .redoOffered(let words):
      state.isRedoOffered = true
      state.toast = Message(.notice, "taken back in an earlier session: \(words)", hint: Hint(.redo, "brings it back"))
      return []
    case .decided(let sequence, let what, let content):
      state.undoing = "#\(sequence) \(what)"
      state.toast = Message(.done, "saved #\(sequence) \(what)", hint: Hint(.undo, "undo"))
      return content.map { route(&state, .case(.learned($0))) } ?? []
    case .taken(let order, let cases, let setAside): return taken(&state, order, cases, setAside)
    case .inboxChanged: return (state.place == .inbox ? [.loadInbox] : []) + [.loadGuidelines]
    case .guidelinesArrived(let guidelines):
      take(&state, guidelines)
      return []
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
      if let collector, !(collector.isDown && state.collector.isDown) { state.collector = collector }
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
  static func answers(_ state: inout AppState) {
    state.service = .up
  }

  /// A request found no service: the header says so at once, not when the list is asked for the next time.
  static func isLost(_ state: inout AppState, _ problem: Problem) {
    if problem.kind == .unreachable, !problem.isBusy, !state.service.isDown { state.service = .down(since: state.now) }
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
    let isNewlyReadOnly = exchange.staysHere > 0 && !state.isReadOnly
    state.isReadOnly = exchange.staysHere > 0
    if isAsked || isNewlyReadOnly || (stop != nil && stop != state.syncStop) { state.toast = exchange.message }
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
  static func fail(_ state: inout AppState, _ problem: Problem) -> [Effect] {
    state.lastProblem = problem
    state.toast = Message(.failed, problem.summary)
    return []
  }
}
