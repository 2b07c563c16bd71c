internal import Domain
internal import Frames
internal import SafeText

extension ModelsScreen {
  static func read(_ state: State) -> Outline {
    var notices: [String] = []
    if let since = state.unreachableSince { notices.append("service unreachable since \(since.clockText)") }
    notices += state.listing.standing
    notices += (state.listing.value?.notices ?? []).map(\.summary.safe.text)
    let rows = state.rows.indices.map { index -> [String] in
      let group = state.groups[Int(index)]
      let facts = state.facts(of: group)
      return [
        group.model.name.safe.text, group.model.version?.safe.text ?? "·", group.model.state.word,
        facts.calls == 0 ? "·" : "\(facts.calls)", facts.p95.map { Numeral.milliseconds($0).text } ?? "·",
        facts.newestShare.map { Numeral.decimal($0).text } ?? "·", "\(facts.cases)",
        "\(facts.waiting)",
      ]
    }
    return Outline(
      "Models \(rows.count)",
      [
        Outline.Section("", lines: notices),
        Outline.Section(
          "", columns: ["NAME", "VER", "STATE", "CALLS", "P95 MS", "DRIFT", "CASES", "QUEUE"], rows: rows,
          selected: state.rows.isEmpty ? nil : state.rows.selection),
      ] + (state.selected.map { deployment($0, state.facts(of: $0)) } ?? []))
  }
}

extension InferScreen {
  static func read(_ state: State) -> Outline {
    let rows = zip(state.fields, state.entries).map { field, entry -> [String] in
      [field.name.safe.text, entry.text.safe.text, field.expectation.safe.text, entry.problem?.text.safe.text ?? ""]
    }
    var sections = [
      Outline.Section(
        "Input", lines: state.signature.standing, columns: ["FIELD", "VALUE", "EXPECTED", "PROBLEM"], rows: rows,
        selected: state.rows.selected)
    ]
    if state.answer != .idle { sections.append(result(state)) }
    if let scoring = state.scoring { sections.append(batchSection(scoring)) }
    if let streamed = state.streamed {
      sections.append(
        Outline.Section("Answer, \(streamed.status)", lines: streamed.lines(rows: 200, columns: 100).map(\.text)))
    }
    return Outline("Infer \(state.model.title)", sections)
  }

  private static func result(_ state: State) -> Outline.Section {
    guard let answer = state.answer.value, !state.answer.isLoading else {
      return Outline.Section("Last result", lines: [state.answer.problem?.summary ?? "waiting for the answer"])
    }
    let problem = state.answer.problem.map { [$0.summary, "the answer before:"] } ?? []
    return Outline.Section(
      "Last result", lines: problem + ["case \(answer.number)"], columns: ["CLASS", "P"],
      rows: scores(answer.prediction))
  }

  static func scores(_ prediction: Prediction) -> [[String]] {
    prediction.ranked.map { score in
      [score.label.safe.text, score.probability.map { Numeral.decimal($0, places: 4).text } ?? "·"]
    }
  }
}

extension CaseScreen {
  /// A case as text without its screen: for a report.
  public static func read(_ content: CaseContent) -> Outline {
    var state = State(id: content.case.id)
    state.content = .loaded(content)
    return read(state)
  }

  static func read(_ state: State) -> Outline {
    guard let content = state.content.value else {
      return Outline("Case", [Outline.Section("", lines: state.content.standing)])
    }
    var sections = [
      Outline.Section("Prediction", columns: ["CLASS", "P"], rows: InferScreen.scores(content.case.prediction)),
      Outline.Section("Signals", lines: [signals(content, columns: 400).plain]),
    ]
    if let signature = content.signature {
      let values = signature.values(in: content.case.record)
      sections.append(
        Outline.Section(
          "Record", columns: ["FIELD", "VALUE"],
          rows: zip(signature.fields, values).map { [$0.name.safe.text, $1.text.safe.text] }))
    }
    for (index, explanation) in content.case.explanations.enumerated() {
      var section = section(explanation)
      if index == state.explanation, let target = state.target {
        section.selected = section.rows.firstIndex { $0.first == target.safe.text }
      }
      sections.append(section)
    }
    switch state.explaining {
    case .running: sections.append(.init("Why", lines: ["the explainer is asked"]))
    case .failed(let problem): sections.append(.init("Why", lines: ["\(problem.summary)", problem.advice]))
    case .idle: break
    }
    if let flips = state.flips.value {
      let title = "Flips, each changes one feature of \(flips.features)"
      sections.append(
        Outline.Section(title, columns: ["FEATURE", "FROM", "TO", "P", "P THEN", "ANSWER"], rows: flips.found.map(row)))
    }
    if !content.probes.isEmpty {
      sections.append(
        Outline.Section(
          "What-if", columns: ["FEATURE", "FROM", "TO", "P", "P THEN", "ANSWER"], rows: content.probes.map(row)))
    }
    if let editor = state.editor { sections.append(editor.section) }
    let others = content.case.judgements.map { other in
      [other.analyst.safe.text, other.judgement.summary.text, other.at.description]
    }
    let said = InboxScreen.lines(about: content)
    if !said.isEmpty { sections.append(Outline.Section("The researchers", lines: said)) }
    sections.append(Outline.Section("Others", columns: ["ANALYST", "JUDGEMENT", "AT"], rows: others))
    return Outline("Case \(content.case.name)", sections)
  }

  private static func row(_ probe: Probe) -> [String] {
    [
      probe.field.safe.text, probe.from.safe.text, probe.to.safe.text, Numeral.decimal(probe.before, places: 4).text,
      Numeral.decimal(probe.after, places: 4).text, probe.newLabel.safe.text,
    ]
  }

  private static func section(_ explanation: Explanation) -> Outline.Section {
    switch explanation.content {
    case .attributions(let attributions):
      let rows = attributions.features.indices.map { index in
        [attributions.features[index].name.safe.text, attributions.features[index].value.safe.text]
          + attributions.classes.map { Numeral.decimal($0.shares[index], places: 4).text }
      }
      let bases = ["base", ""] + attributions.classes.map { Numeral.decimal($0.base, places: 4).text }
      let sums = ["f(x)", ""] + attributions.classes.map { Numeral.decimal($0.output ?? $0.sum, places: 4).text }
      return Outline.Section(
        "Why: \(explanation.method.safe)",
        columns: ["FEATURE", "VALUE"] + attributions.classes.map(\.label.safe.text), rows: rows + [bases, sums])
    case .anchor(let anchor):
      return Outline.Section(
        "Why: \(explanation.method.safe)",
        lines: anchor.predicates.map(\.safe.text) + ["precision \(anchor.precision), coverage \(anchor.coverage)"])
    case .other(let json):
      return Outline.Section(
        "Why: \(explanation.method.safe)", lines: json.indented.split(separator: "\n").map { String($0).safe.text })
    }
  }
}

extension DriftScreen {
  static func read(_ state: State) -> Outline {
    let windows = (state.content.value?.windows ?? []).map { window in
      [
        window.from.description, "\(window.count)", window.result.map { "\($0.driftedCount)" } ?? "·",
        window.result.map { $0.isDrift ? "drift" : "no drift" } ?? "·", window.result?.source.rawValue ?? "·",
      ]
    }
    let features = state.features.map { feature in
      [
        feature.name.safe.text, feature.method.text, Numeral.decimal(feature.statistic, places: 3).text,
        Numeral.decimal(feature.effect, places: 3).text,
        Numeral.pValue(min(1, feature.pValue * Double(state.features.count))).text, feature.isDrifted ? "drift" : "",
      ]
    }
    let bins = shownFeature(state).flatMap { feature -> Outline.Section? in
      guard let reference = state.content.value?.reference?.features.first(where: { $0.name == feature.name }) else {
        return nil
      }
      let (labels, counts) = Histograms.bins(reference.distribution)
      let rows = labels.indices.map { index in
        [labels[index].text, "\(counts[index])", index < feature.current.count ? "\(feature.current[index])" : "·"]
      }
      return Outline.Section("\(feature.name.safe)", columns: ["BIN", "REFERENCE", "WINDOW"], rows: rows)
    }
    let shown = state.shownWindow.map { "window \(state.window + 1) of \(windows.count), from \($0.from)" }
    return Outline(
      "Drift \(state.model.title)",
      [
        Outline.Section(
          "Features", lines: (state.progress.map { [$0] } ?? state.content.standing) + (shown.map { [$0] } ?? []),
          columns: ["FEATURE", "METHOD", "STATISTIC", "EFFECT", "P × N", ""], rows: features,
          selected: state.rows.selected),
        bins ?? Outline.Section(""),
        Outline.Section(
          "Windows", columns: ["FROM", "N", "DRIFTED", "VERDICT", "SOURCE"], rows: windows,
          selected: windows.isEmpty ? nil : state.window),
      ])
  }
}

extension ReviewScreen {
  static func read(_ state: State, now: Timestamp) -> Outline {
    let rows = state.rows.indices.map { index -> [String] in
      let item = state.items[Int(index)]
      let prediction = item.content.case.prediction
      let isHidden = state.isHidden(item)
      return [
        item.content.case.name, item.content.case.model.name.safe.text, isHidden ? "·" : prediction.label.safe.text,
        isHidden ? "·" : prediction.chosen?.probability.map { Numeral.decimal($0).text } ?? "·",
        isHidden ? "·" : item.why.safe.text, now.age(since: item.content.case.at),
        item.content.own?.judgement.summary.text ?? "",
      ]
    }
    return Outline(
      "Review \(state.waiting)",
      [
        Outline.Section(
          "", lines: state.queue.standing, columns: ["CASE", "MODEL", "PRED", "P", "WHY", "AGE", "YOU"], rows: rows,
          selected: state.rows.isEmpty ? nil : state.rows.selection)
      ] + (state.selected.map { table(state, $0) } ?? []))
  }

  /// The case on the table: its record; unless hidden what the model said and why; the analyst's call.
  private static func table(_ state: State, _ item: Item) -> [Outline.Section] {
    let content = item.content
    let isHidden = state.isHidden(item)
    var sections: [Outline.Section] = []
    if let signature = content.signature {
      let values = signature.values(in: content.case.record)
      sections.append(
        Outline.Section(
          "Record of \(content.case.name)", columns: ["FIELD", "VALUE"],
          rows: zip(signature.fields, values).map { [$0.name.safe.text, $1.text.safe.text] }))
    }
    if isHidden {
      sections.append(.init("Prediction", lines: ["hidden until you have answered"]))
    } else {
      sections.append(
        .init("Prediction", columns: ["CLASS", "P"], rows: InferScreen.scores(content.case.prediction)))
      let telling = state.telling.map { [$0.name.safe.text, Numeral.decimal($0.share, places: 4).text] }
      if !telling.isEmpty {
        sections.append(
          .init("Counts most", columns: ["FEATURE", "SHARE"], rows: telling, selected: state.feature))
      }
    }
    if let editor = state.editor { sections.append(editor.section) }
    return sections
  }
}

extension JudgementEditor {
  /// What was said so far of the case, its marks, and whether it is saved.
  var section: Outline.Section {
    var lines = [draft.judgement.summary.text]
    for mark in draft.marks {
      if let kind = mark.kind, let target = mark.target { lines.append("\(target.safe.text): \(kind.word)") }
      if let rating = mark.rating { lines.append("explanation useful \(rating) of 5") }
    }
    return Outline.Section("Your call", lines: lines)
  }
}

extension OutboxScreen {
  static func read(_ state: State) -> Outline {
    let rows = (state.content.value?.rows ?? []).map { row in
      [
        "\(row.sequence)", row.kind.safe.text, row.caseName, row.model.safe.text, row.what.safe.text,
        row.state.rawValue, row.reason.safe.text,
      ]
    }
    let counts = EventState.allCases.compactMap { step in
      state.content.value?.counts[step].map { "\(step.rawValue) \($0)" }
    }
    let failure = state.content.value?.problem.map { [$0.summary] } ?? []
    return Outline(
      "Outbox",
      [
        Outline.Section("", lines: state.content.standing + failure + counts),
        Outline.Section(
          "Not archived", columns: ["SEQ", "KIND", "CASE", "MODEL", "WHAT", "STATE", "REASON"], rows: rows,
          selected: state.rows.selected),
      ])
  }
}
