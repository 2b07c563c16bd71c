internal import Frames

/// Places that the analyst gave a letter, to come back to.
public struct Bookmarks: Equatable, Sendable {
  /// What the next letter means.
  enum Asking: Equatable, Sendable {
    case set, go
  }

  var asking: Asking?
  private var places: [Unicode.Scalar: [Place]] = [:]

  public init() {}

  mutating func set(_ letter: Unicode.Scalar, to places: [Place]) { self.places[letter] = places }

  func places(of letter: Unicode.Scalar) -> [Place]? { places[letter] }
}

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
      state.toast = Message(.done, "'\(letter) comes back here")
      return []
    case .go: return jump(&state, state.bookmarks.places(of: letter), "no place has the letter \(letter)", milliseconds)
    }
  }
}
