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
        facts.calls == 0 ? "·" : Numeral.decimal(facts.failedShare.map { 100 * $0 }).text,
        facts.newestShare.map { Numeral.decimal($0).text } ?? "·", facts.isCounted ? "\(facts.cases)" : "·",
        facts.isCounted ? "\(facts.waiting)" : "·",
      ]
    }
    return Outline(
      "Models \(rows.count)",
      [
        Outline.Section("", lines: notices),
        Outline.Section(
          "", columns: ["NAME", "VER", "STATE", "CALLS", "P95", "ERR%", "DRIFT", "CASES", "QUEUE"], rows: rows,
          selected: state.rows.isEmpty ? nil : state.rows.selection),
      ] + drift(state) + (state.selected.map { deployment($0, state.facts(of: $0)) } ?? []))
  }

  /// The numbers of the sparklines: the share of features that drifted in each window that is shown.
  private static func drift(_ state: State) -> [Outline.Section] {
    let rows = state.rows.indices.compactMap { index -> [String]? in
      let group = state.groups[Int(index)]
      let shares = state.facts(of: group).driftShares
      guard shares.contains(where: { $0 != nil }) else { return nil }
      return [group.model.name.safe.text] + shares.map { Numeral.decimal($0).text }
    }
    let count = rows.map(\.count).max() ?? 1
    guard count > 1 else { return [] }
    let hours = (1..<count).map { "\(6 * (count - $0)) h" }
    return [
      Outline.Section("Share of features that drifted, by the hours since", columns: ["NAME"] + hours, rows: rows)
    ]
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
    if state.answer != .idle { sections += result(state) }
    if let scoring = state.scoring { sections.append(batchSection(scoring)) }
    if let streamed = state.streamed {
      sections.append(
        Outline.Section("Answer, \(streamed.status)", lines: streamed.lines(rows: 200, columns: 100).map(\.text)))
    }
    return Outline("Infer \(state.model.title)", sections)
  }

  private static func problemLines(_ problem: Problem?) -> [String]? {
    problem.map { [$0.summary] + ($0.said.isEmpty ? [] : ["the service said: " + $0.said]) }
  }

  private static func result(_ state: State) -> [Outline.Section] {
    guard let answer = state.answer.value, !state.answer.isLoading else {
      return [Outline.Section("Last result", lines: problemLines(state.answer.problem) ?? ["waiting for the answer"])]
    }
    let problem = problemLines(state.answer.problem).map { $0 + ["the answer before:"] } ?? []
    return [
      .answer(answer.prediction, of: state.signature.value, "Last result", lines: problem + ["case \(answer.number)"])
    ]
      + Outline.Section.outputs(answer.prediction)
  }
}

extension CaseScreen {
  /// A case as text without its screen: for a report.
  public static func read(_ content: CaseContent) -> Outline {
    var state = State(id: content.case.id)
    state.content = .loaded(content)
    let classes = state.attributions?.classes.count ?? 1
    state.classIndex = min(content.case.prediction.chosenIndex ?? 0, max(0, classes - 1))
    return read(state)
  }

  static func read(_ state: State) -> Outline {
    guard let content = state.content.value else {
      return Outline("Case", [Outline.Section("", lines: state.content.standing)])
    }
    var sections =
      [.answer(content.case.prediction, of: content.signature)] + Outline.Section.outputs(content.case.prediction)
    sections += [
      Outline.Section(
        "Signals", lines: spokenSignals(content, now: nil) + (content.record.map { [track($0).text] } ?? [])),
      .record(content),
    ]
    sections += Outline.Section.pictures(content)
    for (index, explanation) in content.case.explanations.enumerated() {
      let isShown = index == state.explanation && !state.rows.isEmpty
      var section = section(explanation, order: isShown ? state.rows.indices.map { Int($0) } : nil)
      if isShown { section.selected = state.rows.selection }
      sections.append(section)
    }
    if let attributions = state.attributions, attributions.layout.isList,
      attributions.classes.indices.contains(state.classIndex)
    {
      let table = waterfall(attributions, class: state.classIndex).table
      sections.append(
        Outline.Section(
          "How it adds up"
            + (attributions.classes.count > 1 ? " to \(attributions.classes[state.classIndex].label.safe)" : ""),
          columns: table.titles.map(\.text), rows: table.rows.map { $0.map(\.text) }))
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
    // A report has nobody who judges: it tells what is saved.
    if let call = state.editor?.section ?? Outline.Section.own(content) { sections.append(call) }
    let said = InboxScreen.lines(about: content)
    if !said.isEmpty { sections.append(Outline.Section("Decisions and questions", lines: said)) }
    sections.append(.others(content))
    return Outline("Case \(content.case.name)", sections)
  }

  private static func row(_ probe: Probe) -> [String] {
    [
      probe.field.safe.text, probe.from.safe.text, probe.to.safe.text, Numeral.decimal(probe.before, places: 4).text,
      Numeral.decimal(probe.after, places: 4).text, probe.newLabel.safe.text,
    ]
  }

  /// An explanation in the order in which the cursor goes through it; else in the parts' own.
  private static func section(_ explanation: Explanation, order: [Int]?) -> Outline.Section {
    switch explanation.content {
    case .attributions(let attributions):
      let number = { (value: Double) in Numeral.decimal(value, places: 4, signed: true).text }
      let parts = explanation.parts.all
      let rows = (order ?? Array(attributions.features.indices)).map { index in
        [parts[index].text.safe.text, attributions.features[index].value.safe.text]
          + attributions.classes.map { number($0.shares[index]) }
      }
      let bases = ["base", ""] + attributions.classes.map { number($0.base) }
      let added =
        ["sum of the shares", ""] + attributions.classes.map { number($0.sum - $0.base) }
      let sums = ["f(x)", ""] + attributions.classes.map { number($0.output ?? $0.sum) }
      return Outline.Section(
        "Why: \(explanation.method.safe)",
        columns: ["FEATURE", "VALUE"] + attributions.classes.map(\.label.safe.text), rows: rows + [bases, added, sums])
    case .anchor(let anchor):
      return Outline.Section(
        "Why: \(explanation.method.safe)",
        lines: (anchor.parts.isEmpty ? ["the answer needs nothing: no rule"] : [])
          + ["precision \(anchor.precision), coverage \(anchor.coverage)"],
        columns: anchor.parts.isEmpty ? [] : ["PREDICATE", "PRECISION"], rows: AnchorPanel.table(anchor))
    case .other(let json):
      return Outline.Section(
        "Why: \(explanation.method.safe)", lines: json.indented.split(separator: "\n").map { String($0).safe.text })
    }
  }
}

extension JudgementEditor {
  /// What was said so far of the case, its marks, and whether it is saved.
  var section: Outline.Section {
    Outline.Section(
      "Your call", lines: [draft.judgement.summary.text] + Outline.Section.marks(draft.marks, answer: answer))
  }
}
