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
      state.bookmarks.set(letter, to: state.places)
      state.toast = Message(.done, "\(letter) is this place", hint: Hint(.goToMark, "and \(letter) comes back here"))
      return []
    case .go: return jump(&state, state.bookmarks.places(of: letter), "no place has the letter \(letter)", milliseconds)
    }
  }
}
