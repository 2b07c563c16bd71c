internal import Domain
internal import Feedback

extension App {
  /// Notes in the log what an action tells: what was asked of others, read anew, sent and saved, and how it ended.
  static func note(_ state: inout AppState, _ action: Action) {
    let before = state.log.log
    switch action {
    case .models(let action): note(&state, action)
    case .infer(let action): note(&state, action)
    case .case(let action): note(&state, action)
    case .drift(.arrived(let content)):
      let count = content.windows.count
      state.note(.reload, "drift of \(content.model.text)", .done("\(count) \(count == 1 ? "window" : "windows")"))
    case .drift(.failed(let problem)): state.note(.reload, "drift", .failed(problem))
    case .review(.failed(let problem)): state.note(.reload, "review queue", .failed(problem))
    case .outbox(.failed(let problem)): state.note(.reload, "outbox", .failed(problem))
    case .inbox(.failed(let problem)): state.note(.reload, "inbox", .failed(problem))
    case .feedback(.failed(let problem)): state.note(.reload, "feedback", .failed(problem))
    case .search(.failed(let problem, _)): state.note(.reload, "search", .failed(problem))
    case .feedback(.arrived): state.note(.reload, "feedback", .done("read"))
    case .inboxChanged: state.note(.reload, "inbox", .notice("the researchers sent something"))
    case .queueArrived(let queue, _, _):
      let count = queue.items.count
      state.note(.reload, "review queue", .done("\(count) \(count == 1 ? "case" : "cases")"))
    case .describeFailed(let id, let problem): state.note(.request, "signature of \(id.text)", .failed(problem))
    case .answered(let answer, _, _):
      let milliseconds = answer.prediction.latency.map { ", \(Int($0.rounded())) ms" } ?? ""
      state.note(.request, answer.prediction.model.text, .done("case \(answer.number)\(milliseconds)"))
    case .explained(let explained):
      let count = explained.explanations.count
      state.note(
        .request, "why case \(explained.name)", .done("\(count) \(count == 1 ? "explanation" : "explanations")"))
    case .explainFailed(let id, let problem): state.note(.request, "why case \(id.short)", .failed(problem))
    case .committed(_, let sequence, let what, _) where sequence > 0:
      state.note(.save, what, .done("saved #\(sequence)"))
    case .decided(let sequence, let what, _): state.note(.save, what, .done("saved #\(sequence)"))
    case .commitFailed(let problem): state.note(.save, "judgement", .failed(problem))
    case .undone(let what, _): state.note(.save, what.text, .done("done"))
    case .taken(let order, let cases, let setAside):
      let rest = setAside == 0 ? "" : ", \(setAside) set aside"
      state.note(.work, "queue \(order.name.string)", .done("\(cases) cases\(rest)"))
    case .takingFailed(let problem): state.note(.work, "queue", .failed(problem))
    case .exchanged(let exchange): note(&state, exchange)
    case .linked(let service, let collector):
      note(&state, "service", state.service, service)
      note(&state, "collector", state.collector, collector)
    case .notified(let message): note(&state, message)
    case .failed(let problem): state.note(.work, problem.summary, .failed(problem))
    default: break
    }
    guard state.log.log != before else { return }
    _ = route(&state, .log(.grew))
  }

  private static func note(_ state: inout AppState, _ action: ModelsScreen.Action) {
    switch action {
    case .listed(let listing):
      let count = listing.groups.count
      state.note(.reload, "models", .done("\(count) \(count == 1 ? "model" : "models")"))
      for problem in listing.notices { state.note(.request, "models", .failed(problem)) }
    case .refreshed(let listing) where !listing.saysTheSame(as: state.models.listing.value):
      state.note(.reload, "models", .done("\(listing.groups.count), something changed"))
      for problem in listing.notices { state.note(.request, "models", .failed(problem)) }
    case .failed(let problem, _): state.note(.request, "models", .failed(problem))
    case .unfollowed(let problem): state.note(.request, "following the models", .failed(problem))
    default: break
    }
  }

  private static func note(_ state: inout AppState, _ action: InferScreen.Action) {
    switch action {
    case .refused(let problem, let order) where order == state.infer?.order:
      state.note(.request, state.infer?.model.text ?? "inference", .failed(problem))
    case .scored(let scoring):
      switch scoring.stage {
      case .done: state.note(.work, scoring.name, .done("\(scoring.progress.scored) rows scored"))
      case .failed(let problem): state.note(.work, scoring.name, .failed(problem))
      case .running, .stopped: break
      }
    default: break
    }
  }

  private static func note(_ state: inout AppState, _ action: CaseScreen.Action) {
    switch action {
    case .probed: state.note(.request, "what if", .done("answered"))
    case .probeFailed(let problem, _): state.note(.request, "what if", .failed(problem))
    case .flipsFailed(_, let problem): state.note(.request, "other flips", .failed(problem))
    default: break
    }
  }

  private static func note(_ state: inout AppState, _ exchange: Exchange) {
    if exchange.isElsewhere { return }
    let words = Exchange.counts(sent: exchange.sent, received: exchange.received, fetched: exchange.fetched)
    if let problem = exchange.problem {
      state.note(.sync, words, .failed(problem))
    } else {
      state.note(.sync, words, .done("caught up"))
    }
  }

  private static func note(_ state: inout AppState, _ name: String, _ before: Link, _ now: Link?) {
    guard let now, now.isDown != before.isDown || before == .unknown else { return }
    switch now {
    case .unknown: break
    case .up: state.note(.line, name, .done("answers"))
    case .down:
      let isStopped = name == "collector" && state.syncStop != nil
      state.note(.line, name, .notice(isStopped ? "not synced" : "does not answer"))
    }
  }

  private static func note(_ state: inout AppState, _ message: Message) {
    switch message.kind {
    case .done: state.note(.work, message.text, .done("done"))
    case .notice: state.note(.work, message.text, .notice("told"))
    case .failed: state.note(.work, message.text, .failed(Problem(message.text)))
    }
  }
}

extension AppState {
  mutating func note(_ kind: SessionLog.Kind, _ what: String, _ ending: SessionLog.Ending) {
    log.log.add(kind, what, ending, at: time(at: max(moment, nowMilliseconds)))
  }
}

extension ModelID {
  fileprivate var text: String { version.map { "\(name.string) v\($0.string)" } ?? name.string }
}
