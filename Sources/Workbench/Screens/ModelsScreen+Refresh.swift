internal import Domain

extension ModelsScreen {
  /// Takes what is listed; metadata already read stays until it is read again.
  static func take(_ state: inout State, _ listing: Listing) {
    let before = state.groups
    lazy var places = Dictionary(zip(before.map(\.id), before.indices)) { first, _ in first }
    var listing = listing
    for index in listing.groups.indices where listing.groups[index].model.signature == nil {
      let id = listing.groups[index].id
      // Where it was, as a rule.
      let isThere = index < before.count && before[index].id == id
      guard let place = isThere ? index : places[id] else { continue }
      listing.groups[index].model.signature = before[place].model.signature
      if listing.groups[index].model.platform.isEmpty {
        listing.groups[index].model.platform = before[place].model.platform
      }
    }
    state.ranking.take(listing.groups)
    state.listing = .loaded(listing)
    state.unreachableSince = nil
    state.nextTry = nil
  }

  /// Takes a list that changed while the analyst looks at it: the row under the selection and the place of the list on
  /// screen stay, and where nothing changed nothing does.
  static func refresh(_ state: inout State, _ listing: Listing) -> [Effect] {
    let before = state
    let selected = state.selected
    let followed = state.followed.flatMap { state.groups.indices.contains($0) ? state.groups[$0] : nil }
    take(&state, listing)
    if state.listing.value?.groups == before.groups, listing.saysTheSame(as: before.listing.value) {
      // Only the moment is another one, and how long the requests took, which nobody sees.
      if case .loaded = before.listing { state.listing = before.listing }
      state.ranking = before.ranking
      return []
    }
    state.hasChosen = true
    let order = reordered(&state)
    state.rows.refresh(order, keeping: index(of: selected, in: state))
    let isAtRest = before.followed == before.rows.selected
    state.followed = isAtRest ? state.rows.selected : index(of: followed, in: state) ?? state.rows.selected
    return describe(state)
  }

  /// Where a model is now: by its id, else by its name, for a new version may address it.
  private static func index(of group: ModelGroup?, in state: State) -> Int? {
    guard let group else { return nil }
    return state.groups.firstIndex { $0.id == group.id } ?? state.groups.firstIndex { $0.id.name == group.id.name }
  }
}

extension ModelsScreen.Listing {
  /// Whether what is to be said beside the list is what was said before.
  func saysTheSame(as other: ModelsScreen.Listing?) -> Bool {
    notices.map(\.summary) == (other?.notices ?? []).map(\.summary)
  }
}
