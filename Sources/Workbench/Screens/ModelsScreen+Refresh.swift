internal import Domain

extension ModelsScreen {
  /// Takes what is listed; metadata already read stays until it is read again.
  static func take(_ state: inout State, _ listing: Listing) {
    var listing = listing
    for index in listing.groups.indices {
      let id = listing.groups[index].id
      if let known = state.groups.first(where: { $0.id == id })?.model, listing.groups[index].model.signature == nil {
        listing.groups[index].model.signature = known.signature
        if listing.groups[index].model.platform.isEmpty { listing.groups[index].model.platform = known.platform }
      }
    }
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
      return []
    }
    state.hasChosen = true
    state.rows.refresh(order(of: state), keeping: index(of: selected, in: state))
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
