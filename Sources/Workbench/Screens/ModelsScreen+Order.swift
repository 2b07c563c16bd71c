internal import Domain
internal import Frames

extension ModelsScreen {
  /// The order of the list.
  ///
  /// Worked out when the list, what is known of it or the column changes: a letter of a filter only leaves out, so that
  /// it is as quick among 100,000 models as a move is.
  struct Ranking: Equatable, Sendable {
    /// The models by name, which decides where the column does not.
    private var byName: [Int32] = []
    /// All models in the order of the column.
    fileprivate var order: [Int32] = []

    init() {}

    /// Takes another list, by name until it is ranked.
    mutating func take(_ groups: [ModelGroup]) {
      byName = groups.indices.sorted { groups[$0].id < groups[$1].id }.map(Int32.init)
      order = byName
    }

    /// Ranks by the column: a number for each model, the least first.
    fileprivate mutating func rank(by key: ((Int) -> Double)?, isReversed: Bool) {
      guard let key else {
        order = isReversed ? byName.reversed() : byName
        return
      }
      let keys = byName.map { isReversed ? -key(Int($0)) : key(Int($0)) }
      order = keys.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }.map { byName[$0] }
    }
  }

  /// Shows the models in their order after it may have changed.
  static func rank(_ state: inout State, keeping id: ModelID?) {
    show(reordered(&state), &state, keeping: id)
  }

  /// Shows those models that the filter leaves.
  static func rebuild(_ state: inout State, keeping id: ModelID?) { show(filtered(state), &state, keeping: id) }

  /// Puts the cursor on a model, where the list shows it.
  static func pointCursor(_ state: inout State, at id: ModelID?) {
    guard let id, let index = state.groups.firstIndex(where: { $0.id == id }),
      let row = state.rows.row(of: index)
    else { return }
    state.hasChosen = true
    state.rows.select(row)
  }

  /// Ranks the models; those of them that the filter leaves.
  static func reordered(_ state: inout State) -> [Int32] {
    state.ranking.rank(by: key(in: state), isReversed: state.isReversed)
    return filtered(state)
  }

  private static func show(_ order: [Int32], _ state: inout State, keeping id: ModelID?) {
    if let index = state.groups.firstIndex(where: { $0.id == state.wanted }) {
      state.wanted = nil
      state.hasChosen = true
      state.rows.replace(order, keeping: index)
      return
    }
    let first = order.first.map(Int.init)
    let chosen = id.flatMap { id in state.groups.firstIndex { $0.id == id } }
    state.rows.replace(order, keeping: state.hasChosen ? chosen : first)
  }

  /// The shown models in the shown order, worked out anew; ties by name.
  static func order(of state: State) -> [Int32] {
    var state = state
    state.ranking.take(state.groups)
    return reordered(&state)
  }

  private static func filtered(_ state: State) -> [Int32] {
    let pattern = FuzzyPattern(state.filter)
    if pattern.isEmpty { return state.ranking.order }
    let groups = state.groups
    return state.ranking.order.filter { pattern.matches(groups[Int($0)].model.name.bytes) }
  }

  /// What the column sorts by; nil for the name.
  private static func key(in state: State) -> ((Int) -> Double)? {
    let groups = state.groups
    switch state.sort {
    case .name: return nil
    case .state:
      let places = Dictionary(uniqueKeysWithValues: zip(ModelState.allCases, 0...))
      return { Double(places[groups[$0].model.state] ?? 0) }
    case .calls: return { -Double(state.facts(of: groups[$0]).calls) }
    case .errors: return { -(state.facts(of: groups[$0]).failedShare ?? -1) }
    case .p95: return { -(state.facts(of: groups[$0]).p95 ?? -1) }
    case .drift: return { -(state.facts(of: groups[$0]).newestShare ?? -1) }
    }
  }
}
