public import Domain

/// What happened in this session, as far back as it is kept.
public struct SessionLog: Equatable, Sendable {
  /// What kind of thing happened.
  public enum Kind: String, Sendable, CaseIterable {
    /// Something that a service was asked.
    case request
    case sync
    /// Something that was read anew.
    case reload
    case save
    /// A service or a collector that began or ceased to answer.
    case line
    /// Anything else that was asked for.
    case work
  }

  /// How it ended.
  public enum Ending: Equatable, Sendable {
    case done(String)
    case notice(String)
    case failed(Problem)
  }

  public struct Entry: Equatable, Sendable, Identifiable {
    /// Rises by one with every entry of the session.
    public var id: Int
    /// When it happened last.
    public var at: Timestamp
    public var kind: Kind
    public var what: String
    public var ending: Ending
    /// How often the same happened one after the other.
    public var count = 1

    var problem: Problem? {
      if case .failed(let problem) = ending { problem } else { nil }
    }
  }

  /// Entries that are kept, and characters of what somebody else said in one.
  public static let length = 500
  static let longestDetail = 4000

  /// The oldest first.
  public private(set) var entries: [Entry] = []
  private var next = 1
  /// The newest failure that nobody has looked at here.
  private(set) var unseen: Int?

  public init() {}

  /// Adds what happened; the same once more is counted.
  mutating func add(_ kind: Kind, _ what: String, _ ending: Ending, at now: Timestamp) {
    let what = String(what.prefix(Self.longestDetail))
    let ending = Self.bounded(ending)
    if let last = entries.last, last.kind == kind, last.what == what, last.ending == ending {
      entries[entries.count - 1].count += 1
      entries[entries.count - 1].at = now
    } else {
      entries.append(Entry(id: next, at: now, kind: kind, what: what, ending: ending))
      next += 1
      if entries.count > Self.length { entries.removeFirst(entries.count - Self.length) }
    }
    if case .failed = ending { unseen = entries.last?.id }
  }

  mutating func look() { unseen = nil }

  private static func bounded(_ ending: Ending) -> Ending {
    func bounded(_ text: String) -> String {
      text.utf8.count > longestDetail ? text.prefix(longestDetail) + "… (cut)" : text
    }
    switch ending {
    case .done(let text): return .done(bounded(text))
    case .notice(let text): return .notice(bounded(text))
    case .failed(var problem):
      problem.summary = bounded(problem.summary)
      problem.advice = bounded(problem.advice)
      problem.detail = bounded(problem.detail)
      return .failed(problem)
    }
  }
}
