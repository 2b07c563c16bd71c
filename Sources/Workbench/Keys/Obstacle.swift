/// Why a command can do nothing just now, in words, and the key that helps.
struct Obstacle: Equatable, ExpressibleByStringInterpolation {
  var words: String
  var hint: Hint?

  init(_ words: String, hint: Hint? = nil) {
    self.words = words
    self.hint = hint
  }

  init(stringLiteral words: String) { self.init(words) }

  /// There is neither a verdict nor a mark that is not saved.
  static func nothingToSave(of editor: JudgementEditor?) -> Obstacle {
    let waiting = editor?.waiting ?? []
    let last = waiting.last.map { waiting.count > 1 ? " and \($0)" : $0 } ?? ""
    let verb = waiting.count > 1 || waiting == ["reasons"] ? "go" : "goes"
    let why = waiting.isEmpty ? "" : ": \(waiting.dropLast().joined(separator: ", "))\(last) \(verb) with a verdict"
    return Obstacle("nothing to save yet" + why, hint: Hint([.agree, .disagree, .unsure, .skip], "give a verdict"))
  }

  /// Nothing was begun, or all of it is saved.
  static let nothingToTakeOff = Obstacle(
    "no verdict here that is not saved", hint: Hint(.undo, "takes back the last saved one"))
}
