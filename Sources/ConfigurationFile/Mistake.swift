/// One thing wrong with a file, said to the person who wrote it; never with a secret in it.
public struct Mistake: Hashable, Sendable {
  /// The line it is on, from 1.
  public var line: Int
  /// What is wrong, without a full stop.
  public var what: String
  /// What would be right: a name that was meant, the form to use; empty where nothing more can be said.
  public var advice: String

  public init(line: Int, what: String, advice: String = "") {
    self.line = line
    self.what = what
    self.advice = advice
  }

  /// `config.toml:12: there is no setting servise; did you mean service?`
  public func text(in file: String) -> String {
    "\(file):\(line): \(what)" + (advice.isEmpty ? "" : "; \(advice)")
  }
}

/// Everything that is wrong with a file, in the order of its lines; at least one.
public struct Mistakes: Error, Hashable, Sendable {
  public let all: [Mistake]

  init(_ all: [Mistake]) { self.all = all.sorted { $0.line < $1.line } }
}
