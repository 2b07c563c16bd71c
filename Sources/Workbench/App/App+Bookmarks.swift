internal import Domain
internal import Frames

extension App {
  /// The letter of a bookmark; any other key leaves all as it is.
  static func takeLetter(
    _ state: inout AppState, _ key: Key, _ asking: Bookmarks.Asking, _ milliseconds: Int
  ) -> [Effect] {
    state.bookmarks.asking = nil
    state.toast = nil
    guard case .text(let letter) = key, letter.properties.isAlphabetic else { return [] }
    switch asking {
    case .set:
      state.bookmarks.set(letter, to: spot(state))
      state.toast = Message(.done, "\(letter) is this place", hint: Hint(.goToMark, "and \(letter) comes back here"))
      return []
    case .go: return go(&state, to: state.bookmarks.spot(of: letter), letter, milliseconds)
    }
  }

  private static func spot(_ state: AppState) -> Bookmarks.Spot {
    Bookmarks.Spot(places: state.places, model: state.models.selected?.id, queued: state.review.underCursor)
  }

  private static func go(
    _ state: inout AppState, to spot: Bookmarks.Spot?, _ letter: Unicode.Scalar, _ milliseconds: Int
  ) -> [Effect] {
    let before = self.spot(state)
    if let spot {
      if spot.places.last == .review { ReviewScreen.pointCursor(&state.review, at: spot.queued) }
      if spot.places.last == .models { ModelsScreen.pointCursor(&state.models, at: spot.model) }
    }
    let isMoved = self.spot(state) != before
    guard spot?.places != state.places else {
      if !isMoved { state.toast = Message(.notice, "\(letter) is where you are") }
      return isMoved ? [.rest(milliseconds: 80)] : []
    }
    let effects = jump(&state, spot?.places, "no place has the letter \(letter)", milliseconds)
    return isMoved ? effects + [.rest(milliseconds: 80)] : effects
  }
}
