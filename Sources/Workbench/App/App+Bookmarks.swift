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

  /// Where the analyst is.
  static func spot(_ state: AppState) -> Spot {
    Spot(places: state.places, model: state.models.selected?.id, queued: state.review.underCursor)
  }

  private static func go(
    _ state: inout AppState, to spot: Spot?, _ letter: Unicode.Scalar, _ milliseconds: Int
  ) -> [Effect] {
    let before = self.spot(state)
    let effects = jump(&state, to: spot, "no place has the letter \(letter)", milliseconds)
    if let spot, spot.places == before.places, self.spot(state) == before {
      let isGone =
        spot.places.last == .review && spot.queued != before.queued
        || spot.places.last == .models && spot.model != before.model
      state.toast = Message(
        .notice, isGone ? "the row of \(letter) is not in the list now" : "\(letter) is where you are")
      return []
    }
    noteMove(&state, from: before)
    return effects
  }

  /// Goes to a place that was kept, and says so where there is none.
  static func jump(_ state: inout AppState, to spot: Spot?, _ nothing: String, _ milliseconds: Int) -> [Effect] {
    guard let spot else {
      state.toast = Message(.notice, nothing)
      return []
    }
    let before = self.spot(state)
    if spot.places.last == .review { ReviewScreen.pointCursor(&state.review, at: spot.queued) }
    if spot.places.last == .models { ModelsScreen.pointCursor(&state.models, at: spot.model) }
    let rest: [Effect] = self.spot(state) == before ? [] : [.rest(milliseconds: 80)]
    guard spot.places != state.places else { return rest }
    return jump(&state, spot.places, milliseconds) + rest
  }

  /// A move far through a list is a jump as well: `[` leads back from it.
  static func noteMove(_ state: inout AppState, from before: Spot) {
    guard before.places == state.places, before != spot(state) else { return }
    state.trail.note(before)
  }
}
