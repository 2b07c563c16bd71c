internal import Domain
internal import Feedback

/// One judgement event as a row: a value a column, left out where there is none.
struct JudgementRow {
  private(set) var values: [RawText: JSON] = [:]

  /// nil for an event that is no judgement.
  init?(_ event: Event, _ body: EventBody, seen: Seen?, plan: ExportPlan, withText: Bool) {
    guard case .judgement(let judgement) = Statement(body.payload) else { return nil }
    put(event, body)
    values["state"] = .text(plan.threads.state(of: event.eventID, analyst: event.analyst).rawValue)
    put(judgement, answer: seen?.output, withText: withText)
    if let seen { put(seen, withText: withText) }
    put(plan.beside(event), withText: withText)
  }

  private mutating func put(_ event: Event, _ body: EventBody) {
    values["event_id"] = .text(event.eventID.hex)
    values["stream"] = .text(event.stream.hex)
    values["seq"] = .integer(Int64(event.seq))
    values["hash"] = .text(event.hash.hex)
    values["kind"] = .raw(event.kind.text)
    if case .amend(let amendment) = body.payload { values["is_redo"] = .bool(amendment.isRedo) }
    values["replaces"] = body.targets(.amends).first.map { .text($0.hex) }
    values["at"] = .text(event.at.description)
    values["analyst"] = .raw(event.analyst)
    values["case_id"] = event.caseID.map { .text($0.hex) }
    let stamp = body.stamp
    values["tz_min"] = .integer(Int64(stamp.timeZoneMinutes))
    put("session", stamp.session)
    put("context", stamp.context)
    put("tool", stamp.tool)
    put("screen_mode", stamp.screen.mode)
    values["screen_columns"] = .integer(Int64(stamp.screen.columns))
    values["screen_rows"] = .integer(Int64(stamp.screen.rows))
  }

  private mutating func put(_ body: JudgementBody, answer: SeenOutput?, withText: Bool) {
    let judgement = body.judgement
    values["verdict"] = judgement.verdict.map { .text($0.rawValue) }
    values["label"] = judgement.label.map(JSON.raw)
    switch judgement.verdict {
    case .agree: if let answer, !answer.label.isEmpty { values["answer"] = .raw(answer.label) }
    case .disagree, nil: values["answer"] = judgement.label.map(JSON.raw)
    case .unsure, .skip: break
    }
    values["value"] = judgement.value.map(JSON.exact)
    put("confidence", judgement.confidence)
    values["reasons"] = .array(judgement.reasons.map(JSON.raw))
    if withText { put("note", judgement.note) }
    if judgement.verdict == .skip { values["skip_for_others"] = .bool(judgement.skipsForOthers) }
    values["stage"] = .text(body.stage.rawValue)
    values["assist"] = .text(body.assistance.rawValue)
    values["shown_at"] = body.timing.shownAt.map { .text($0.description) }
    put("first_key_ms", body.timing.firstKeyMilliseconds)
    put("active_ms", body.timing.activeMilliseconds)
    put("wall_ms", body.timing.wallMilliseconds)
    if !body.timing.views.isEmpty { values["views"] = .array(body.timing.views.map(\.json)) }
  }

  private mutating func put(_ seen: Seen, withText: Bool) {
    values["record_id"] = seen.recordID.map { .text($0.hex) }
    put("source_id", seen.sourceID)
    values["record_at"] = seen.recordAt.map { .text($0.description) }
    if case .hash(let hash, _) = seen.record { values["record_sha256"] = .text(hash.hex) }
    put("service", seen.service)
    put("model", seen.model.name)
    put("version", seen.model.version ?? "")
    put("route", seen.route)
    put("request_id", seen.requestID)
    put("trace_id", seen.traceID)
    put(seen.output)
    put(seen.explanations)
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
    for column in RecordColumns.of(seen) { values[column.name] = column.value }
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

  private mutating func put(_ explanations: [SeenExplanation]) {
    guard !explanations.isEmpty else { return }
    values["explanations"] = .array(explanations.map(\.json))
    guard let shown = explanations.first(where: \.isShown) else { return }
    put("explanation_explainer", shown.explainer.name)
    put("explanation_method", shown.method)
    values["explanation_sha256"] = shown.hash.map { .text($0.hex) }
    put("explanation_ms", shown.milliseconds)
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

  private mutating func put(_ statements: [Statement], withText: Bool) {
    var marks: [JSON] = []
    var notes: [JSON] = []
    values["is_flagged"] = false
    for statement in statements {
      switch statement {
      case .judgement: break
      case .mark(let body): marks.append(body.json)
      case .note(let text): notes.append(.raw(text))
      case .flag(let flag): values["is_flagged"] = .bool(flag.isRaised)
      }
    }
    if !marks.isEmpty { values["marks"] = .array(marks) }
    if withText, !notes.isEmpty { values["notes"] = .array(notes) }
  }

  private mutating func put(_ name: RawText, _ text: RawText) {
    if !text.isEmpty { values[name] = .raw(text) }
  }

  private mutating func put(_ name: RawText, _ number: Int?) {
    if let number { values[name] = .integer(Int64(number)) }
  }
}
