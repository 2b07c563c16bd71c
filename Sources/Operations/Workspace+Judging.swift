internal import Deployment
public import Domain
public import Feedback
internal import Ledger
internal import Statistics
public import Workbench

extension Workspace {
  /// What a case's screen shows: the case, its signature and window, the draft and the judgements.
  public func content(of id: ShortHash) async throws(Problem) -> CaseContent {
    guard let found = try await self.case(id) else { throw Problem("The case is not in this ledger") }
    return try await content(of: found)
  }

  func content(of found: Case) async throws(Problem) -> CaseContent {
    var current = found
    let signature = try? await description(of: current.model).signature
    let group = try? await group(of: current.model.name)
    let analyst = stream.analyst
    let id = current.id
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptJudgements(
        draft: try ledger.draft(of: id).map { Draft(json: $0.body, caseID: id, at: $0.at) },
        own: try ledger.judgement(of: id, by: analyst), colleagues: try ledger.colleagues(of: id))
    }
    current.judgements = kept.colleagues
    let window = try await window(holding: current)
    let record = try await trackRecord(for: current)
    return CaseContent(
      case: current, signature: signature, window: window, draft: kept.draft, own: kept.own, record: record,
      canExplain: !(group?.explainers.isEmpty ?? true))
  }

  /// How often the model was right in this ledger at about the case's confidence.
  private func trackRecord(for current: Case) async throws(Problem) -> TrackRecord? {
    guard let probability = current.prediction.chosen?.probability, probability.isFinite else { return nil }
    let lower = min(0.9, (probability * 10).rounded(.down) / 10)
    let model = current.model.name
    let judged = try await onLedger { ledger throws(LedgerError) in
      let judgements = try ledger.judgements()
      var right = 0
      var total = 0
      for (id, given) in judgements {
        guard given.judgement.verdict == .agree || given.judgement.verdict == .disagree,
          let other = try ledger.case(id), other.model.name == model,
          let p = other.prediction.chosen?.probability, p >= lower, p < lower + 0.1 || lower >= 0.9
        else { continue }
        total += 1
        if given.judgement.verdict == .agree { right += 1 }
      }
      return (right, total)
    }
    guard judged.1 >= 5, let interval = Proportion(judged.0, of: judged.1)?.wilson() else { return nil }
    return TrackRecord(
      lower: lower, upper: lower + 0.1, right: judged.0, judged: judged.1, interval: interval)
  }

  /// Saves a judgement with what was seen, in one transaction; on the disk when this returns.
  public func commit(_ commit: Commit) async throws(Problem) -> Int {
    guard let current = try await self.case(commit.caseID) else { throw Problem("The case is not in this ledger") }
    let drafts: [EventDraft]
    do {
      drafts = try events(of: commit, about: current)
    } catch {
      throw Problem("The judgement could not be written", detail: error.reason)
    }
    let stream = stream.id
    let isFlag = commit.isFlag
    let events = try await onLedger { ledger throws(LedgerError) in
      try ledger.append(drafts, to: stream, discardingDraftOf: isFlag ? nil : commit.caseID)
    }
    let statement = events.first { $0.kind == .judgement || $0.kind == .flag } ?? events.last
    return statement?.seq ?? 0
  }

  private func events(of commit: Commit, about current: Case) throws(EventBodyError) -> [EventDraft] {
    var explanations: [SeenExplanation] = []
    for (index, explanation) in current.explanations.enumerated() {
      explanations.append(
        try SeenExplanation(
          explanation, class: current.prediction.chosenIndex, isShown: commit.seenExplanations.contains(index)))
    }
    let isBlind = commit.assistance == .blind
    let seen = Seen(
      record: try SeenRecord(current.record), recordID: current.recordID, sourceID: current.sourceID,
      recordAt: current.at, service: RawText(context.name), model: current.model, route: current.prediction.route,
      requestID: current.prediction.requestID, traceID: current.prediction.traceID,
      output: SeenOutput(current.prediction), explanations: explanations,
      drift: isBlind ? nil : commit.window.flatMap { SeenDrift($0) }, outlier: isBlind ? nil : current.outlier,
      queue: commit.queue.map {
        SeenQueue(
          id: RawText($0.queue), sampler: RawText($0.sampler), score: $0.score, propensity: $0.propensity,
          isBlind: isBlind)
      }, assistance: commit.assistance)
    let seenDraft = draft(.seen(seen), caseID: current.id)
    if commit.isFlag {
      return [
        seenDraft,
        draft(.flag(FlagBody(isRaised: true)), caseID: current.id, references: [.init(.seen, seenDraft.eventID)]),
      ]
    }
    let timing = JudgementBody.Timing(
      shownAt: commit.timing.shownAt, firstKeyMilliseconds: commit.timing.firstKey,
      activeMilliseconds: commit.timing.active, wallMilliseconds: commit.timing.wall)
    let body = JudgementBody(
      commit.judgement, stage: commit.stage, assistance: commit.assistance, timing: timing)
    let judgement = draft(
      .judgement(body), caseID: current.id, references: [.init(.seen, seenDraft.eventID)])
    let explainer = current.explanations.first
    let marks = commit.marks.map { mark in
      draft(
        .mark(
          MarkBody(
            mark, explainer: explainer?.explainer ?? ModelID(""), method: explainer?.method ?? "",
            label: current.prediction.label)),
        caseID: current.id, references: [.init(.partOf, judgement.eventID)])
    }
    return [seenDraft, judgement] + marks
  }

  /// Takes back the newest statement that stands; says what, and which case it was about.
  public func undo() async throws(Problem) -> (what: String, caseID: ShortHash)? {
    let stream = stream
    let step = try await onLedger { ledger throws(LedgerError) in
      try ledger.undoSteps(of: stream.id, analyst: stream.analyst).undo
    }
    guard let step else { return nil }
    let references = step.events.map { EventReference(.retracts, $0) }
    let retraction = draft(.retract(Retraction(isUndo: true)), caseID: step.caseID, references: references)
    try await onLedger { ledger throws(LedgerError) in _ = try ledger.append([retraction], to: stream.id) }
    return ("undone #\(step.events[0].seq) \(step.statement.words)   Z redo", step.caseID)
  }

  /// Puts back what undo took; a new event that says so.
  public func redo() async throws(Problem) -> (what: String, caseID: ShortHash)? {
    let stream = stream
    let step = try await onLedger { ledger throws(LedgerError) in
      try ledger.undoSteps(of: stream.id, analyst: stream.analyst).redo
    }
    guard let step else { return nil }
    let amendment = draft(
      .amend(Amendment(step.statement, isRedo: true)), caseID: step.caseID,
      references: [EventReference(.redoes, step.events[0])])
    let events = try await onLedger { ledger throws(LedgerError) in try ledger.append([amendment], to: stream.id) }
    return ("redone as #\(events[0].seq) \(step.statement.words)   z undo", step.caseID)
  }
}

struct KeptJudgements: Sendable {
  var draft: Draft?
  var own: GivenJudgement?
  var colleagues: [GivenJudgement]
}

extension Statement {
  /// The statement in a few words: `disagree → class_0`.
  public var words: String {
    switch self {
    case .judgement(let body):
      let verdict = body.judgement.verdict?.rawValue ?? "judgement"
      return body.judgement.label.map { "\(verdict) → \($0.string)" } ?? verdict
    case .mark(let body):
      return "\(body.mark.target?.string ?? "explanation") \(body.mark.kind?.word ?? "rated \(body.mark.rating ?? 0)")"
    case .note(let text): return text.string
    case .flag(let flag): return flag.isRaised ? "flag" : "flag down"
    }
  }
}

extension Draft {
  init(json: JSON, caseID: ShortHash, at moment: Timestamp) {
    let judgement = json["judgement"].flatMap { try? Judgement(json: $0) } ?? Judgement()
    let marks = (json["marks"]?.array ?? []).map { mark in
      Mark(
        kind: mark["kind"]?.string.flatMap(MarkKind.init(rawValue:)), target: mark["target"]?.text,
        rating: mark["rating"]?.integer.map { Int($0) })
    }
    self.init(caseID: caseID, judgement: judgement, marks: marks, savedAt: moment)
  }

  var json: JSON {
    let marks = marks.map { mark -> JSON in
      var members: [JSON.Member] = []
      if let kind = mark.kind { members.append(.init("kind", .text(kind.rawValue))) }
      if let target = mark.target { members.append(.init("target", .string(target))) }
      if let rating = mark.rating { members.append(.init("rating", .integer(Int64(rating)))) }
      return .object(members)
    }
    return .object(["judgement": judgement.json, "marks": .array(marks)])
  }
}
