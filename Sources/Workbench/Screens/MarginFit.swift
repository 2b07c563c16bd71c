internal import Domain
internal import Statistics

/// How an answer's probabilities go with the margins that its explanation adds up to. A service that explains runs the model
/// again: of an answer that was brought in from a file, or of another version, its margins may be of another answer.
enum MarginFit: Equatable {
  /// The probabilities are the softmax of so many margins.
  case softmax(count: Int)
  /// They are not, but the largest margin is the chosen class's.
  case other(count: Int)
  /// Another class has the largest margin.
  case ofAnotherAnswer

  /// How far a probability may be from the softmax of margins that were rounded on their way.
  private static let tolerance = 0.015

  /// nil where fewer than two classes have a margin.
  init?(_ classes: [ClassScore]) {
    let margins = classes.compactMap(\.margin)
    guard margins.count > 1, margins.count == classes.count, let top = margins.max() else { return nil }
    let probabilities = classes.map(\.probability)
    let isSoftmax = zip(Logistic.softmax(margins), probabilities).allSatisfy { softmax, probability in
      probability.map { abs(softmax - $0) <= Self.tolerance } ?? true
    }
    if isSoftmax {
      self = .softmax(count: margins.count)
      return
    }
    // Equal probabilities leave open which class was chosen.
    let most = probabilities.compactMap(\.self).max()
    let agrees = zip(margins, probabilities).contains { $0 == top && $1 == most }
    self = agrees ? .other(count: margins.count) : .ofAnotherAnswer
  }

  var text: String {
    switch self {
    case .softmax(let count): "softmax of \(count) margins"
    case .other(let count): "\(count) margins"
    case .ofAnotherAnswer: "why and margins are of another answer"
    }
  }
}
