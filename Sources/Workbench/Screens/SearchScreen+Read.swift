public import Domain
internal import Frames
internal import SafeText

extension SearchScreen {
  static func read(_ state: State, _ hints: Hints, hidden: Set<ShortHash>, now: Timestamp) -> Outline {
    let asked = state.input.text.isEmpty ? "everything, the newest first" : state.input.text.safe.text
    var query = ["looks for \(asked)"] + state.query.faults.map { "not understood: \($0.safe.text)" }
    if !count(state).isEmpty { query.append(count(state).text) }
    if state.hits.isEmpty { query += nothing(state, hints).map(\.text) }
    let rows = state.hits.map { hit in
      let line = line(of: hit, isHidden: hidden.contains(hit.id))
      return [
        hit.name, hit.at.secondText, hit.model.title.text, line.answer, hit.verdict?.rawValue ?? "·", line.place,
        line.found,
      ]
    }
    var sections = [
      Outline.Section("Search", lines: query),
      Outline.Section(
        state.isOfBefore ? "Cases of the query before" : "Cases",
        columns: ["CASE", "AT", "MODEL", "ANSWER", "YOU", "WHERE", "FOUND"], rows: rows, selected: state.rows.selected),
    ]
    if let found = state.found.value, !state.hits.isEmpty {
      let isHidden = hidden.contains(found.case.id)
      let isCurrent = !isHidden && state.selected?.id == found.case.id && !state.isOfBefore
      let match = isCurrent ? state.selected?.match : nil
      sections.append(
        Outline.Section(
          "Case \(found.case.name)",
          lines: lines(found, match, isHidden: isHidden, now: now, width: 100).map(\.text.text)))
    }
    return Outline("Search", sections)
  }

  /// A hit in a line, made safe: its answer, where it was found, and what.
  public static func line(of hit: SearchHit, isHidden: Bool = false) -> (answer: String, place: String, found: String) {
    let answer = isHidden ? "hidden" : hit.label.safe.text
    guard let match = hit.match, !(isHidden && match.place.tellsAnswer) else { return (answer, "", "") }
    return (answer, place(match, withName: true).text, match.text.safe.text)
  }
}
