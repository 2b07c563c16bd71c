internal import SafeText

/// Why a form was not sent or could not be filled, and what helps.
public struct InferNotice: Equatable, Sendable {
  public var words: String
  var advice: String
  /// The command that helps, in place of the advice.
  var hint: Hint?

  init(_ words: String, advice: String = "", hint: Hint? = nil) {
    self.words = words
    self.advice = advice
    self.hint = hint
  }

  /// What helps, with the key in force.
  func advice(_ hints: Hints) -> SafeText { hint.map { hints($0) } ?? advice.safe }
}
