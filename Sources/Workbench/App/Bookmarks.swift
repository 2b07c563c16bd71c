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
