/// Places that the analyst gave a letter, to come back to.
public struct Bookmarks: Equatable, Sendable {
  /// What the next letter means.
  enum Asking: Equatable, Sendable {
    case set, go
  }

  var asking: Asking?
  private var spots: [Unicode.Scalar: Spot] = [:]

  public init() {}

  mutating func set(_ letter: Unicode.Scalar, to spot: Spot) { spots[letter] = spot }

  func spot(of letter: Unicode.Scalar) -> Spot? { spots[letter] }
}
