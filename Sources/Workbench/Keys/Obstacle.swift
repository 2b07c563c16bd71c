/// Why a command can do nothing just now, in words, and the key that helps.
struct Obstacle: Equatable, ExpressibleByStringInterpolation {
  var words: String
  var hint: Hint?

  init(_ words: String, hint: Hint? = nil) {
    self.words = words
    self.hint = hint
  }

  init(stringLiteral words: String) { self.init(words) }

  /// There is neither a verdict nor a mark.
  static let nothingToSave = Obstacle(
    "nothing to save yet", hint: Hint([.agree, .disagree, .unsure, .skip], "give a verdict"))

  /// Nothing was begun, or all of it is saved.
  static let nothingToTakeOff = Obstacle(
    "no verdict here that is not saved", hint: Hint(.undo, "takes back the last saved one"))
}
