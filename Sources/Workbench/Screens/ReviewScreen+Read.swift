internal import Domain
internal import Frames
internal import SafeText

extension ReviewScreen {
  static func read(_ state: State, now: Timestamp) -> Outline {
    let rows = state.rows.indices.map { index -> [String] in
      let item = state.items[Int(index)]
      let prediction = item.content.case.prediction
      let isHidden = state.isHidden(item)
      return [
        item.content.case.name, item.content.case.model.name.safe.text, isHidden ? "·" : prediction.shown.text,
        isHidden ? "·" : prediction.chosen?.probability.map { Numeral.decimal($0).text } ?? "·",
        isHidden ? "·" : item.why.safe.text, now.age(since: item.content.case.at),
        item.content.own?.judgement.summary.text ?? "", state.marked.contains(item.id) ? "marked" : "",
        item.content.isFlagged ? "flagged" : "",
        item.content.note.safe.text,
      ]
    }
    let empty = state.items.isEmpty && state.queue.value != nil ? [state.emptyQueue.text] : []
    let marked = state.marked.isEmpty ? [] : ["\(state.marked.count) marked"]
    let more = state.queue.value?.more ?? 0
    return Outline(
      "Review \(state.waiting)" + (more == 0 ? "" : " of \(state.waiting + more)"),
      [
        Outline.Section(
          "", lines: state.queue.standing + empty + marked,
          columns: ["CASE", "MODEL", "PRED", "P", "WHY", "AGE", "YOU", "MARK", "FLAG", "NOTE"], rows: rows,
          selected: state.rows.isEmpty ? nil : state.rows.selection)
      ] + (state.selected.map { table(state, $0, now: now) } ?? []) + [pace(state)])
  }

  /// How many cases were judged today, and how long the last ones took.
  private static func pace(_ state: State) -> Outline.Section {
    let pace = state.pace
    var lines = Verdict.allCases.compactMap { verdict in
      pace.today[verdict].map { "today \(verdict.word.text) \($0)" }
    }
    if let perHour = pace.perHour { lines.append("\(Numeral.whole(perHour).text) cases an hour") }
    if let median = pace.medianSeconds { lines.append("median \(Numeral.decimal(median, places: 0).text) s active") }
    if !pace.recent.isEmpty {
      let seconds = pace.recent.suffix(24).map { Numeral.decimal($0, places: 0).text }
      lines.append("seconds of the last: " + seconds.joined(separator: " "))
    }
    return Outline.Section("Pace", lines: lines)
  }

  /// The case on the table: its record; unless hidden what the model said and why; the analyst's call.
  private static func table(_ state: State, _ item: Item, now: Timestamp) -> [Outline.Section] {
    let content = item.content
    let isHidden = state.isHidden(item)
    var sections: [Outline.Section] = []
    sections.append(.record(content, "Record of \(content.case.name)"))
    sections += Outline.Section.pictures(content)
    if isHidden {
      sections.append(.init("Prediction", lines: ["hidden until you have answered"]))
    } else {
      sections +=
        [.answer(content.case.prediction, of: content.signature)] + Outline.Section.outputs(content.case.prediction)
      let telling = state.telling.map {
        [$0.part.text.safe.text, Numeral.decimal($0.share, places: 4, signed: true).text]
      }
      if !telling.isEmpty {
        sections.append(
          .init("Counts most", columns: ["FEATURE", "SHARE"], rows: telling, selected: state.feature))
      } else if case .anchor(let anchor) = content.case.rule?.content {
        sections.append(
          .init(
            "Rule", columns: ["PREDICATE", "PRECISION"], rows: AnchorPanel.table(anchor), selected: state.feature))
      }
    }
    if !isHidden {
      var lines = CaseScreen.spokenSignals(content, now: now)
      if let anchor = ReviewCase.anchor(content.case) { lines.append(anchor.plain) }
      sections.append(.init("Signals", lines: lines))
      if !content.case.judgements.isEmpty { sections.append(.others(content)) }
    }
    if let editor = state.editor { sections.append(editor.section) }
    return sections
  }
}
