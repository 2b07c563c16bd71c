internal import Domain
internal import Frames

extension App {
  /// Goes to the search, with the keys on its input.
  static func openSearch(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    state.search.isTyping = true
    return open(&state, .search, milliseconds)
  }

  /// A key in the search's input: Enter opens the selected hit where the list answers what was typed, and else leaves
  /// the keys to the list.
  static func typeSearch(_ state: inout AppState, _ key: Key) -> [Effect] {
    let opens = key == .enter && state.search.isCurrent && state.search.selected != nil
    let effects = route(&state, .search(.typed(key, now: state.now)))
    return opens ? effects + openHit(&state) : effects
  }

  /// Opens the case of the selected hit, among the others that were found.
  static func openHit(_ state: inout AppState) -> [Effect] {
    guard let hit = state.search.selected else { return [] }
    return openCase(&state, hit.id, among: state.search.hits.map(\.id))
  }

  /// To find a case by its answer is to see it: a hidden one is found by its record alone.
  static func withoutHidden(_ results: SearchResults, _ state: AppState) -> SearchResults {
    let hidden = state.hiddenCases
    guard !hidden.isEmpty, let query = state.search.asked else { return results }
    var results = results
    results.hits.removeAll { hidden.contains($0.id) && query.tellsAnswer(of: $0) }
    return results
  }

  /// Shows a line of the log in full.
  static func openEntry(_ state: inout AppState) -> [Effect] {
    guard let entry = state.log.selected else { return [] }
    if let problem = entry.problem {
      state.overlay = .problem(problem, scroll: 0)
    } else {
      state.overlay = .outline(LogScreen.outline(of: entry, width: max(20, state.size.columns - 12)), scroll: 0)
    }
    return []
  }
}

extension AppState {
  /// Cases of a blind queue whose answer is not to be seen yet, wherever they come from.
  var hiddenCases: Set<ShortHash> {
    var hidden = blindCases
    for item in review.items {
      if review.isHidden(item) {
        hidden.insert(item.id)
      } else if review.progress(of: item) != nil {
        hidden.remove(item.id)
      }
    }
    return hidden
  }
}
