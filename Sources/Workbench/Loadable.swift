public import Domain

/// A value that arrives from outside: what was known stays visible while news is on its way or did not come.
public enum Loadable<Value: Equatable & Sendable>: Equatable, Sendable {
  case idle
  case loading(last: Value?)
  case loaded(Value)
  case failed(Problem, last: Value?)

  /// The value, or the last one known.
  public var value: Value? {
    switch self {
    case .idle: nil
    case .loading(let last), .failed(_, let last): last
    case .loaded(let value): value
    }
  }

  public var isLoading: Bool {
    if case .loading = self { true } else { false }
  }

  /// What a reader is told in place of a value that never came; nothing where there is one.
  var standing: [String] {
    if let problem { return [problem.summary, problem.advice].filter { !$0.isEmpty } }
    return value == nil ? ["loading"] : []
  }

  /// Why the newest value did not come.
  public var problem: Problem? {
    if case .failed(let problem, _) = self { problem } else { nil }
  }

  /// Begins to load, keeping what was known.
  public mutating func load() { self = .loading(last: value) }

  /// Notes a failure, keeping what was known.
  public mutating func fail(_ problem: Problem) { self = .failed(problem, last: value) }
}
