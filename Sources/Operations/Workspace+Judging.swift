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

  /// What researchers say of the cases of this context.
  func researchersWord() async throws(Problem) -> ResearchersWord {
    let name = contextName
    return try await onLedger { ledger throws(LedgerError) in try ResearchersWord(ledger, context: name) }
  }

  /// `word` is what researchers say, where it was read for many cases already.
  func content(of found: Case, _ word: ResearchersWord? = nil) async throws(Problem) -> CaseContent {
    var current = found
    let said: ResearchersWord
    if let word { said = word } else { said = try await researchersWord() }
    // Not the service: a case opens with the cable out.
    let signature = knownSignature(of: current.model)
    let group = knownGroup(of: current.model.name)
    let (analyst, name) = (stream.analyst, contextName)
    let kept = try await onLedger { ledger throws(LedgerError) in
      let standing = try ledger.standing(of: found.id)
      return KeptJudgements(
        draft: try ledger.draft(of: found.id), standing: standing,
        views: try ledger.withEvents { try $0.views(behind: standing) },
        window: try ledger.window(of: found.model, context: name, at: found.at),
        record: try Self.trackRecord(for: found, in: ledger, context: name),
        probes: try ledger.events(about: found.id, kind: .probe), ownNames: try ledger.analysts())
    }
    current.judgements = kept.agreements(with: JudgedView(found).answer, in: found.judgements)
      .filter { $0.analyst != analyst }
    let own = found.judgements.filter { $0.analyst == analyst }
    let marks = kept.standing.filter { $0.analyst == analyst }.compactMap { standing -> Mark? in
      guard case .mark(let body) = standing.statement else { return nil }
      return MarkPlace.shown(body, among: found.explanations)
    }
    let judges = Judges(
      kept.standing, views: kept.views, view: JudgedView(found), own: kept.ownNames, analyst: analyst)
    return CaseContent(
      case: current, signature: signature, window: kept.window,
      draft: kept.draft.flatMap { $0.isEmpty ? nil : Draft($0) },
      own: own.first { $0.stage == .final } ?? own.last, ownMarks: marks, record: kept.record,
      canExplain: group.map { !$0.explainers.isEmpty }, probes: kept.probes.compactMap { Probe($0) },
      guideline: said.guidelines.guideline(for: current.model.name),
      decision: said.decision(on: current.id, beside: kept.standing),
      questions: said.questions(about: current.id), judges: judges.judges,
      isFlagged: kept.standing.contains { $0.analyst == analyst && $0.isFlag })
  }

  /// The cases with a judgement that was begun and not saved, the newest first.
  func draftedCases() async throws(Problem) -> [ShortHash] {
    try await onLedger { ledger throws(LedgerError) in try ledger.drafts().filter { !$0.isEmpty }.map(\.caseID) }
  }

  /// That something was begun which cannot be read any more; nil where all can.
  func damagedDrafts() async throws(Problem) -> Problem? {
    let names = try await onLedger { ledger throws(LedgerError) in try ledger.damagedDrafts() }
    guard !names.isEmpty else { return nil }
    return Problem(
      "what was begun on case \(names.joined(separator: ", ")) cannot be read", advice: "begin it anew",
      detail: "mds ledger verify looks at the rest of the file")
  }

  /// How often the model was right on the context's cases at about the case's confidence; nil under five judgements.
  private static func trackRecord(
    for current: Case, in ledger: Ledger, context: RawText
  ) throws(LedgerError) -> TrackRecord? {
    guard let probability = current.prediction.chosen?.probability, probability.isFinite else { return nil }
    let lower = min(0.9, (probability * 10).rounded(.down) / 10)
    let upper = lower >= 0.9 ? 1.0 : lower + 0.1
    let judged = try ledger.verdicts(on: current.model, context: context, confidence: lower...upper)
    let right = judged[.agree, default: 0]
    let total = right + judged[.disagree, default: 0]
    guard total >= 5, let interval = Proportion(right, of: total)?.wilson() else { return nil }
    return TrackRecord(lower: lower, upper: lower + 0.1, right: right, judged: total, interval: interval)
  }

  /// Saves a judgement with what was seen, in one transaction; on the disk when this returns.
  public func commit(_ commit: Commit) async throws(Problem) -> Int {
    try Words.check(commit.judgement.note, as: "note")
    guard let kept = try await self.case(commit.caseID) else { throw Problem("The case is not in this ledger") }
    let current = commit.shown ?? kept
    // Read once: what was kept need not be taken apart a second time where it is what was shown.
    let isOther = kept.record.contradicts(current.record) || !kept.prediction.answersAs(current.prediction)
    let signature = commit.shown == nil ? knownSignature(of: current.model) : commit.signature
    let submission: Submission
    do {
      submission = try self.submission(of: commit, about: current, signature)
    } catch {
      throw Problem("The judgement could not be written", detail: error.reason)
    }
    let stamp = stamp()
    return try await onStream { ledger, stream throws(LedgerError) in
      try ledger.save(submission, of: isOther ? current : nil, to: stream, stamp: stamp).seq
    }
  }

  private func submission(
    of commit: Commit, about current: Case, _ signature: Signature?
  ) throws(EventBodyError) -> Submission {
    let seen = try seen(
      of: current, signature, assistance: commit.assistance, explanations: commit.seenExplanations,
      window: commit.window, queue: commit.queue, guideline: commit.guideline)
    if let isRaised = commit.flag {
      return Submission(
        caseID: current.id, seen: seen, statements: [.flag(FlagBody(isRaised: isRaised))],
        attachments: try attachments(of: current), isOfDraft: false)
    }
    let body = JudgementBody(
      commit.judgement, stage: commit.stage, assistance: commit.assistance, timing: commit.timing)
    let shown = commit.seenExplanations.filter(current.explanations.indices.contains).map { current.explanations[$0] }
    let place = MarkPlace(
      current: current, shown: shown, fields: signature?.fields.map(\.name) ?? [], retention: context.retention)
    let marks = commit.marks.map { Statement.mark(place.body(of: $0)) }
    let judgement = commit.judgement.verdict == nil ? [] : [Statement.judgement(body)]
    return Submission(
      caseID: current.id, seen: seen, statements: judgement + marks,
      knownMarks: commit.stage == .final ? Set(commit.knownMarks.flatMap(place.known)) : [], parts: place.parts,
      attachments: try attachments(of: current),
      isOfDraft: commit.judgement.verdict != nil || commit.judgement.isEmpty)
  }

  /// The record where it is too large for an event, as the bytes whose hash the event has; nothing where inputs are not to
  /// be kept.
  func attachments(of current: Case) throws(EventBodyError) -> [[UInt8]] {
    guard context.retention == .full else { return [] }
    let bytes = try current.record.canonicalBytes()
    return bytes.count > SeenRecord.inlineLimit ? [bytes] : []
  }

  /// What was before the analyst's eyes.
  func seen(
    of current: Case, _ signature: Signature?, assistance: Assistance, explanations shown: [Int], window: Window?,
    queue: QueueStamp?, guideline: RawText
  ) throws(EventBodyError) -> Seen {
    try Seen(
      current, signature: signature, service: serviceName(of: current), assistance: assistance, window: window,
      queue: queue.map {
        SeenQueue(
          id: RawText($0.queue), sampler: RawText($0.sampler), score: $0.score, propensity: $0.propensity,
          isBlind: $0.isBlind)
      }, guideline: guideline, keeping: context.retention, isShown: { shown.contains($0) })
  }
}

extension Standing {
  /// Whether it is a flag that is up.
  fileprivate var isFlag: Bool { if case .flag(let flag) = statement { flag.isRaised } else { false } }
}

private struct KeptJudgements: Sendable {
  var draft: JudgementDraft?
  var standing: [Standing]
  /// What each judgement was said of.
  var views: [EventID: JudgedView]
  var window: Window?
  var record: TrackRecord?
  var probes: [Event]
  /// The names that the analyst has or had in this ledger.
  var ownNames: Set<RawText>

  /// Judgements as they are to be read beside an answer: who agreed with another one is told with that.
  func agreements(with answer: RawText, in judgements: [GivenJudgement]) -> [GivenJudgement] {
    judgements.map { given in
      guard given.judgement.verdict == .agree, given.judgement.right == nil,
        let standing = standing.first(where: {
          $0.analyst == given.analyst && $0.at == given.at && $0.judgement?.stage == given.stage
        }),
        let seen = views[standing.eventID]?.answer, !seen.isEmpty, seen != answer
      else { return given }
      var told = given
      told.judgement.right = .label(seen)
      return told
    }
  }
}

extension Statement {
  /// The statement in a few words: `disagree → class_0`.
  public var words: String {
    switch self {
    case .judgement(let body):
      let verdict = body.judgement.verdict?.rawValue ?? "judgement"
      return body.judgement.rightText.map { "\(verdict) → \($0.string)" } ?? verdict
    case .mark(let body):
      return
        "\(body.mark.part?.text.string ?? "explanation") \(body.mark.kind?.word ?? "rated \(body.mark.rating ?? 0)")"
    case .note(let text): return text.string
    case .flag(let flag): return flag.isRaised ? "flag" : "flag down"
    case .decision(let decision): return "decided → \(decision.text)"
    }
  }
}

extension Draft {
  init(_ kept: JudgementDraft) {
    self.init(
      caseID: kept.caseID, judgement: kept.judgement, marks: kept.marks, knownMarks: kept.knownMarks,
      savedAt: kept.savedAt)
  }
}
