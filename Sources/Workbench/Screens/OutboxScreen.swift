public import Domain
public import Feedback
public import Frames

/// What waits to be sent, what the researchers have, and what needs the analyst.
public enum OutboxScreen {
  /// One event on its way.
  public struct Row: Equatable, Sendable {
    public var sequence: Int
    public var kind: RawText
    /// `8841 3fa9c1`; empty where the event is about no case.
    public var caseName: String
    public var caseID: ShortHash?
    public var model: RawText
    /// What it says, in a few words.
    public var what: RawText
    public var state: EventState
    public var at: Timestamp
    /// Why it is wedged, in the collector's words.
    public var reason: RawText

    public init(
      sequence: Int, kind: RawText, caseName: String, caseID: ShortHash?, model: RawText, what: RawText,
      state: EventState, at: Timestamp, reason: RawText = ""
    ) {
      self.sequence = sequence
      self.kind = kind
      self.caseName = caseName
      self.caseID = caseID
      self.model = model
      self.what = what
      self.state = state
      self.at = at
      self.reason = reason
    }
  }

  /// The newest exchange with the collector.
  public struct LastSync: Equatable, Sendable {
    public var at: Timestamp
    public var sent: Int
    public var received: Int
    public var fetched: Int
    public var milliseconds: Int
    public var bytes: Int

    public init(at: Timestamp, sent: Int, received: Int, fetched: Int = 0, milliseconds: Int, bytes: Int) {
      self.at = at
      self.sent = sent
      self.received = received
      self.fetched = fetched
      self.milliseconds = milliseconds
      self.bytes = bytes
    }
  }

  /// Two or more versions of one's own word on a case, made on different devices.
  public struct Conflict: Equatable, Sendable {
    public struct Version: Equatable, Sendable {
      public var eventID: EventID
      /// What it says, in a few words.
      public var what: RawText
      public var at: Timestamp
      public var isHere: Bool

      public init(eventID: EventID, what: RawText, at: Timestamp, isHere: Bool) {
        self.eventID = eventID
        self.what = what
        self.at = at
        self.isHere = isHere
      }
    }

    public var caseID: ShortHash
    public var caseName: String
    /// Which of two answers it is of: `first answer`, the one that was given blind, or `final answer`; empty where there is
    /// no other.
    public var answer: String
    public var versions: [Version]

    /// What the analyst chooses between, in a word or two.
    var subject: String { answer.isEmpty ? "word" : answer }

    public init(caseID: ShortHash, caseName: String, answer: String = "", versions: [Version]) {
      self.caseID = caseID
      self.caseName = caseName
      self.answer = answer
      self.versions = versions
    }
  }

  /// A stream of before that the collector has not all of: one that the analyst ended, also where none was begun since, or
  /// one from before a move or the enrolment.
  public struct Former: Equatable, Sendable {
    /// When its last event was saved.
    public var at: Timestamp
    /// Why the analyst ended it, in their words; nil where they did not.
    public var reason: RawText?
    /// Events that no collector has yet, and refused ones.
    public var waiting: Int
    public var wedged: Int
    /// Whether nothing was saved since: the list shows its events.
    public var isListed: Bool

    public init(at: Timestamp, reason: RawText?, waiting: Int, wedged: Int, isListed: Bool) {
      self.at = at
      self.reason = reason
      self.waiting = waiting
      self.wedged = wedged
      self.isListed = isListed
    }
  }

  public struct Content: Equatable, Sendable {
    /// The collector's address; nil for a local stream.
    public var collector: String?
    public var ledgerPath: String
    public var ledgerBytes: Int
    /// When the whole chain was last found unbroken; nil when it was not checked.
    public var verifiedAt: Timestamp?
    /// Events by state, the archived among them.
    public var counts: [EventState: Int]
    /// Waiting events by kind.
    public var waiting: [RawText: Int]
    /// Large records that events name and the collector has not got yet.
    public var waitingRecords = 0
    /// Newest first, without the archived.
    public var rows: [Row]
    public var lastSync: LastSync?
    /// Why the newest exchange failed.
    public var problem: Problem?
    public var nextTry: Timestamp?
    /// Whether only a person can mend it, though it is tried again.
    public var needsAnalyst = false
    /// What only a person can mend.
    var stop: Problem? { nextTry == nil || needsAnalyst ? problem : nil }
    /// What the analyst has to choose between.
    public var conflicts: [Conflict] = []
    /// Streams of before, the newest first.
    public var former: [Former] = []

    public init(
      collector: String?, ledgerPath: String, ledgerBytes: Int, verifiedAt: Timestamp? = nil,
      counts: [EventState: Int], waiting: [RawText: Int], rows: [Row], lastSync: LastSync? = nil,
      problem: Problem? = nil, nextTry: Timestamp? = nil
    ) {
      self.collector = collector
      self.ledgerPath = ledgerPath
      self.ledgerBytes = ledgerBytes
      self.verifiedAt = verifiedAt
      self.counts = counts
      self.waiting = waiting
      self.rows = rows
      self.lastSync = lastSync
      self.problem = problem
      self.nextTry = nextTry
    }
  }

  public struct State: Equatable, Sendable {
    public var content = Loadable<Content>.idle
    public var rows = Rows()
    public var isSyncing = false
    /// Which version of the first conflict is under the cursor, while one is asked for.
    public var choosing: Int?

    public init() {}

    /// What is asked about: what arrives meanwhile does not change it under the digits.
    var asked: Conflict?

    /// What is chosen between.
    var conflict: Conflict? { asked ?? content.value?.conflicts.first }

    var selected: Row? { rows.selected.flatMap { content.value?.rows[$0] } }

    /// The refused event that is offered again: the selected one, else the first that needs somebody.
    var refused: Row? { selected?.state == .wedged ? selected : content.value?.rows.first { $0.state == .wedged } }

    /// Why a command can do nothing just now, in words.
    func obstacle(to command: Command) -> Obstacle? {
      switch command {
      case .choose: conflict == nil ? "nothing to choose: no two of your words differ" : nil
      case .retry: refused == nil ? "no event was refused: nothing to offer again" : nil
      case .open, .openCase: selected == nil ? "no event is listed here" : nil
      default: nil
      }
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    case arrived(Content)
    case failed(Problem)
    case syncing(Bool)
    case typed(Key)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.content.load()
      return [.loadOutbox]
    case .arrived(let content):
      let selected = state.selected?.sequence
      state.content = .loaded(content)
      // Whoever is at the top stays there: what is saved stands above what was.
      let known = selected.flatMap { sequence in content.rows.firstIndex { $0.sequence == sequence } }
      let kept = state.rows.selection == 0 ? 0 : known
      // What is decided by now, elsewhere, is not asked any more.
      if let asked = state.asked,
        !content.conflicts.contains(where: { $0.caseID == asked.caseID && $0.answer == asked.answer })
      {
        state.asked = nil
        state.choosing = nil
      }
      state.rows.replace(content.rows.indices.map(Int32.init), keeping: kept)
      return []
    case .failed(let problem):
      state.content.fail(problem)
      return []
    case .syncing(let isSyncing):
      state.isSyncing = isSyncing
      return isSyncing ? [] : [.loadOutbox]
    case .resized(_, let rows):
      // From under the titles to above the lower pane, a line between where there is room.
      state.rows.resize(height: max(1, needsRow(rows: rows) - 9))
      return []
    case .commanded(let command, let count):
      if state.rows.perform(command, count: count) { return [] }
      switch command {
      case .retry: return state.refused.map { [.retry(sequence: $0.sequence)] } ?? []
      case .choose:
        state.asked = state.content.value?.conflicts.first
        state.choosing = state.asked == nil ? nil : 0
        return []
      case .open:
        guard let row = state.selected else { return [] }
        return [.loadEvent(sequence: row.sequence)]
      case .exportOutbox: return [.exportOutbox]
      case .reload: return [.loadOutbox]
      default: return []
      }
    case .typed(let key): return type(&state, key)
    }
  }

  private static func type(_ state: inout State, _ key: Key) -> [Effect] {
    guard let selected = state.choosing, let conflict = state.conflict else {
      state.choosing = nil
      state.asked = nil
      return []
    }
    var choice: Int?
    switch key {
    case .down, .text("j"):
      state.choosing = min(selected + 1, conflict.versions.count - 1)
      return []
    case .up, .text("k"):
      state.choosing = max(selected - 1, 0)
      return []
    case .enter: choice = selected
    default: choice = key.digit.map { $0 - 1 }
    }
    state.choosing = nil
    state.asked = nil
    guard let choice, conflict.versions.indices.contains(choice) else { return [] }
    return [.choose(conflict.caseID, conflict.versions[choice].eventID)]
  }
}
