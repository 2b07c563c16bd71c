internal import Domain
internal import Feedback

/// One judgement event as a row: a value a column, left out where there is none.
struct JudgementRow {
  private(set) var values: [RawText: JSON] = [:]

  init(_ judged: JudgedEvent, _ statements: CaseStatements, _ options: ExportOptions) {
    let (withNotes, withTexts) = (options.withNotes, options.withTexts)
    put(judged, options.pseudonyms)
    values["state"] = .text(statements.threads.state(of: judged.event.eventID, analyst: judged.event.analyst).rawValue)
    put(judged.judgement, withNotes: withNotes)
    values["answer"] = judged.judgement.answer(to: judged.seen?.output)
    if let seen = judged.seen {
      put(seen, withTexts: withTexts)
      put(seen.explanations, judged.judgement)
    }
    if let queue = judged.queue {
      put("queue_name", queue.name)
      values["queue_version"] = .integer(Int64(queue.version))
    }
    put(statements.standing(of: judged.event.analyst), beside: judged, withNotes: withNotes)
    if let decision = statements.decision {
      values["decided"] =
        decision.content.label.map(JSON.string) ?? decision.content.value.map { .text(Decimal.shortest($0)) }
      put("decided_by", options.pseudonyms?.name(for: decision.content.by) ?? decision.content.by)
    }
    // These show words of the input.
    if !withTexts { for name in ["explanations", "explanation_top", "marks"] { values[RawText(name)] = nil } }
  }

  /// Of a judgement whose words were removed: that there was one.
  init(redacted entry: ExportEntry, _ options: ExportOptions) {
    put(entry, options.pseudonyms)
    values["state"] = .text(StatementState.redacted.rawValue)
  }

  /// Of a case on which nothing stands: what was seen.
  init(of caseID: ShortHash, _ seen: Seen, _ options: ExportOptions) {
    values["case_id"] = .text(caseID.hex)
    put(seen, withTexts: options.withTexts)
  }

  private mutating func put(_ entry: ExportEntry, _ pseudonyms: Pseudonyms?) {
    let event = entry.event
    values["event_id"] = .text(event.eventID.hex)
    values["stream"] = .text(event.stream.hex)
    values["seq"] = .integer(Int64(event.seq))
    values["hash"] = .text(event.hash.hex)
    values["kind"] = .string(event.kind.text)
    values["at"] = .text(event.at.description)
    values["received_at"] = entry.receivedAt.map { .text($0.description) }
    put("analyst", pseudonyms?.name(for: event.analyst) ?? event.analyst)
    values["case_id"] = event.caseID.map { .text($0.hex) }
  }

  private mutating func put(_ judged: JudgedEvent, _ pseudonyms: Pseudonyms?) {
    put(judged.entry, pseudonyms)
    values["is_redo"] = .bool(judged.body.isRedo)
    values["replaces"] = judged.body.targets(.amends).first.map { .text($0.hex) }
    let stamp = judged.body.stamp
    put("recorded_analyst", pseudonyms?.name(for: stamp.analyst) ?? stamp.analyst)
    values["tz_min"] = .integer(Int64(stamp.timeZoneMinutes))
    put("session", stamp.session)
    put("context", stamp.context)
    put("tool", stamp.tool)
    put("screen_mode", stamp.screen.mode)
    values["screen_columns"] = .integer(Int64(stamp.screen.columns))
    values["screen_rows"] = .integer(Int64(stamp.screen.rows))
  }

  private mutating func put(_ body: JudgementBody, withNotes: Bool) {
    let judgement = body.judgement
    values["verdict"] = judgement.verdict.map { .text($0.rawValue) }
    values["label"] = judgement.label.map(JSON.string)
    values["value"] = judgement.value.map(JSON.exact)
    put("confidence", judgement.confidence)
    values["reasons"] = .array(judgement.reasons.map(JSON.string))
    if withNotes { put("note", judgement.note) }
    if judgement.verdict == .skip { values["is_skip_for_others"] = .bool(judgement.skipsForOthers) }
    values["stage"] = .text(body.stage.rawValue)
    values["assist"] = .text(body.assistance.rawValue)
    values["is_prediction_seen"] = .bool(body.assistance != .blind)
    values["shown_at"] = body.timing.shownAt.map { .text($0.description) }
    put("first_key_ms", body.timing.firstKeyMilliseconds)
    put("active_ms", body.timing.activeMilliseconds)
    put("wall_ms", body.timing.wallMilliseconds)
    if !body.timing.views.isEmpty { values["views"] = .array(body.timing.views.map(\.json)) }
  }

  private mutating func put(_ seen: Seen, withTexts: Bool) {
    values["record_id"] = seen.recordID.map { .text($0.hex) }
    put("source_id", seen.sourceID)
    values["record_at"] = seen.recordAt.map { .text($0.description) }
    if case .hash(let hash, _, _) = seen.record { values["record_sha256"] = .text(hash.hex) }
    put("service", seen.service)
    put("model", seen.model.name)
    // A version without a letter is another than none.
    values["version"] = seen.model.version.map(JSON.string)
    put("route", seen.route)
    put("request_id", seen.requestID)
    put("trace_id", seen.traceID)
    put(seen.output)
    if let drift = seen.drift { put(drift) }
    if let outlier = seen.outlier { put(outlier) }
    put("guideline", seen.guideline)
    if let queue = seen.queue {
      put("queue", queue.id)
      put("sampler", queue.sampler)
      values["queue_score"] = queue.score.map(JSON.exact)
      values["propensity"] = queue.propensity.map(JSON.exact)
      values["is_blind"] = .bool(queue.isBlind)
    }
    for column in RecordColumns.of(seen, withTexts: withTexts) { values[column.name] = column.value }
  }

  private mutating func put(_ output: SeenOutput) {
    put("predicted", output.label)
    switch output.answer {
    case .classes(let classes, let chosen):
      if classes.indices.contains(chosen) { values["probability"] = classes[chosen].probability.map(JSON.exact) }
      values["probabilities"] = .array(classes.map(\.json))
    case .value(let value): values["predicted_value"] = .exact(value)
    case .opaque: break
    }
    values["margin"] = output.margin.map(JSON.exact)
    values["latency_ms"] = output.latency.map(JSON.exact)
  }

  /// Explanations that were there although the analyst was to see none of them count as not seen. How long one was on
  /// screen is known where it had a part of the screen to itself: that part is called by its method.
  private mutating func put(_ explanations: [SeenExplanation], _ body: JudgementBody) {
    let shown = body.assistance == .explanation ? explanations.first(where: \.isShown) : nil
    values["is_explanation_seen"] = .bool(shown != nil)
    if !explanations.isEmpty { values["explanations"] = .array(explanations.map(\.json)) }
    guard let shown else { return }
    put("explanation_explainer", shown.explainer.name)
    put("explanation_method", shown.method)
    values["explanation_sha256"] = shown.hash.map { .text($0.hex) }
    let ownPane = body.timing.views.first { $0.pane == shown.method && !shown.method.isEmpty }
    // A view of before says 0 where nobody knew.
    put("explanation_ms", [shown.milliseconds, ownPane?.milliseconds].compactMap(\.self).first { $0 > 0 })
    values["explanation_top"] = .array(shown.top.map(\.json))
  }

  private mutating func put(_ drift: SeenDrift) {
    put("drift_detector", drift.detector.name)
    put("drift_method", drift.method)
    values["drift_source"] = .text(drift.source.rawValue)
    values["drift_from"] = .text(drift.from.description)
    values["drift_to"] = .text(drift.to.description)
    put("drift_n", drift.count)
    values["is_drift"] = .bool(drift.isDrift)
    values["drifted_share"] = .exact(drift.driftedShare)
  }

  private mutating func put(_ outlier: Outlier) {
    put("outlier_detector", outlier.detector.name)
    put("outlier_method", outlier.method)
    values["outlier_score"] = .exact(outlier.score)
    values["outlier_threshold"] = outlier.threshold.map(JSON.exact)
    values["is_outlier"] = .bool(outlier.isOutlier)
  }

  private mutating func put(_ statements: [Statement], beside judged: JudgedEvent, withNotes: Bool) {
    var marks: [JSON] = []
    var notes: [JSON] = []
    values["is_flagged"] = false
    for statement in statements {
      switch statement {
      case .judgement(let body) where body.stage == .initial && judged.judgement.stage == .final:
        values["initial_answer"] = body.answer(to: judged.seen?.output)
      case .judgement: break
      case .mark(let body): marks.append(body.json)
      case .note(let text): notes.append(.string(text))
      case .flag(let flag): values["is_flagged"] = .bool(flag.isRaised)
      case .decision: break
      }
    }
    if !marks.isEmpty { values["marks"] = .array(marks) }
    if withNotes, !notes.isEmpty { values["notes"] = .array(notes) }
  }

  private mutating func put(_ name: RawText, _ text: RawText) {
    if !text.isEmpty { values[name] = .string(text) }
  }

  private mutating func put(_ name: RawText, _ number: Int?) {
    if let number { values[name] = .integer(Int64(number)) }
  }
}

extension JudgementBody {
  /// What the analyst holds for true, as statistics count it; nil where only that the model's answer is wrong is known.
  func answer(to output: SeenOutput?) -> JSON? {
    stand(on: output?.label, opposite: output?.opposite)?.label.map(JSON.string)
  }
}

extension EventBody {
  /// Whether it only brings back what was undone.
  var isRedo: Bool {
    if case .amend(let amendment) = payload { amendment.isRedo } else { false }
  }
}
