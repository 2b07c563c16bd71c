public import Domain
public import Feedback
public import Frames

/// What the researchers ask and say: questions, queues to review, guidelines, decisions, catalogues.
public enum InboxScreen {
  /// What an item says.
  public enum Content: Equatable, Sendable {
    /// The case's name where this ledger has it.
    case question(Question, caseName: RawText?)
    case adjudication(Adjudication, caseName: RawText?)
    case queue(PublishedQueue, Taken?)
    case guideline(Guideline)
    case catalogue(bytes: Int)
    /// A kind of a later version, or a body that cannot be read: why.
    case unreadable(String)
  }

  /// How far a queue is with this analyst.
  public struct Taken: Equatable, Sendable {
    public var cases: Int
    public var judged: Int
    /// Whether every record of it is here.
    public var isWhole: Bool

    public init(cases: Int, judged: Int, isWhole: Bool) {
      self.cases = cases
      self.judged = judged
      self.isWhole = isWhole
    }
  }

  public struct Item: Equatable, Sendable, Identifiable {
    public var id: RawText
    public var kind: RawText
    public var name: RawText
    public var content: Content
    public var publishedAt: Timestamp
    public var answeredAt: Timestamp?
    /// The analyst's own answer, where one was given on this device.
    public var answer: RawText
    /// An answer that was begun and not saved.
    public var begun: RawText

    public init(
      id: RawText, kind: RawText, name: RawText, content: Content, publishedAt: Timestamp,
      answeredAt: Timestamp? = nil, answer: RawText = "", begun: RawText = ""
    ) {
      self.id = id
      self.kind = kind
      self.name = name
      self.content = content
      self.publishedAt = publishedAt
      self.answeredAt = answeredAt
      self.answer = answer
      self.begun = begun
    }

    /// Whether it waits for the analyst.
    public var waits: Bool {
      switch content {
      case .question: answeredAt == nil
      case .queue(let queue, let taken): taken.map { !$0.isWhole || $0.judged < $0.cases } ?? (queue.count > 0)
      case .adjudication, .guideline, .catalogue, .unreadable: false
      }
    }

    var caseID: ShortHash? {
      switch content {
      case .question(let question, _): question.caseID
      case .adjudication(let decision, _): decision.caseID
      case .queue, .guideline, .catalogue, .unreadable: nil
      }
    }

    /// Whether the case that it is about is in this ledger.
    var knowsCase: Bool {
      switch content {
      case .question(_, let name), .adjudication(_, let name): name != nil
      case .queue, .guideline, .catalogue, .unreadable: false
      }
    }
  }

  /// A queue on its way into the ledger.
  public struct Taking: Equatable, Sendable {
    public var id: RawText
    public var done: Int
    public var of: Int

    public init(id: RawText, done: Int, of: Int) {
      self.id = id
      self.done = done
      self.of = of
    }
  }

  public struct State: Equatable, Sendable {
    public var items = Loadable<[Item]>.idle
    public var rows = Rows()
    public var taking: Taking?
    /// The answer being written, and to which item.
    var answering: Answering?
    /// Answers that were begun and are not saved, by item.
    var begun: [RawText: String] = [:]
    public var size = ScreenSize()

    public init() {}

    struct Answering: Equatable, Sendable {
      var id: RawText
      var input: TextInput
    }

    public var selected: Item? { rows.selected.flatMap { items.value?[$0] } }
    public var isAsking: Bool { answering != nil }
    /// Items that wait for the analyst.
    public var waiting: Int { items.value?.count(where: \.waits) ?? 0 }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    case arrived([Item])
    case failed(Problem)
    case taking(Taking?)
    case typed(Key)
    case pasted(String)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.items.load()
      return [.loadInbox]
    case .arrived(let items):
      let kept = state.selected.flatMap { selected in items.firstIndex { $0.id == selected.id } }
      state.items = .loaded(items)
      // What was saved as it was written is begun no longer.
      for item in items {
        if state.begun[item.id] == item.answer.string { state.begun[item.id] = nil }
        if state.begun[item.id] == nil, !item.begun.isEmpty { state.begun[item.id] = item.begun.string }
      }
      state.rows.replace(items.indices.map(Int32.init), keeping: kept)
      return []
    case .failed(let problem):
      state.items.fail(problem)
      return []
    case .taking(let taking):
      state.taking = taking
      return []
    case .typed(let key): return type(&state, key)
    case .pasted(let text):
      state.answering?.input.insert(text)
      return state.answering.map { keep(&state, $0) } ?? []
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: InboxLayout(state.size).listHeight)
      return []
    case .commanded(let command, let count): return perform(&state, command, count)
    }
  }

  private static func type(_ state: inout State, _ key: Key) -> [Effect] {
    guard var answering = state.answering else { return [] }
    switch key {
    case .escape:
      state.answering = nil
    case .enter:
      let text = answering.input.text
      guard !text.allSatisfy(\.isWhitespace) else { return [] }
      state.answering = nil
      return [.answer(item: answering.id, text: RawText(text))]
    default:
      _ = answering.input.apply(key)
      state.answering = answering
      return keep(&state, answering)
    }
    return []
  }

  /// Words are kept as they are typed: a line that is cut takes none of them.
  static func keep(_ state: inout State, _ answering: State.Answering) -> [Effect] {
    state.begun[answering.id] = answering.input.text
    return [.keepAnswer(item: answering.id, text: RawText(answering.input.text))]
  }

  private static func perform(_ state: inout State, _ command: Command, _ count: Int?) -> [Effect] {
    switch command {
    case .note:
      guard let item = state.selected, case .question = item.content else { return [] }
      state.answering = State.Answering(
        id: item.id, input: TextInput(state.begun[item.id] ?? item.answer.string, keepsLines: true))
    case .take:
      guard let item = state.selected, case .queue = item.content else { return [] }
      return [.takeQueue(item.id)]
    case .reload:
      state.items.load()
      return [.loadInbox]
    default: _ = state.rows.perform(command, count: count)
    }
    return []
  }

  /// Why a command can do nothing on the selected item, in words.
  static func obstacle(_ state: State, to command: Command) -> Obstacle? {
    guard let item = state.selected else {
      guard [.note, .take, .open].contains(command) else { return nil }
      return state.items.value == nil && state.items.problem == nil
        ? "the inbox is being read" : Obstacle("nothing is here", hint: Hint(.sync, "asks the collector"))
    }
    switch (command, item.content) {
    case (.note, .question), (.take, .queue): break
    case (.note, _): return "nothing is asked here"
    case (.take, _): return "only a queue is taken"
    default: return nil
    }
    if command == .take, state.taking != nil { return "a queue is being taken" }
    return nil
  }
}

/// Where the parts of the inbox stand: the list, and under it what the selected item says.
struct InboxLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  /// Lines under the lower rule.
  var paneLines: Int { max(3, (size.rows - 6) * 2 / 5) }
  var paneRow: Int { size.rows - 3 - paneLines }
  var listHeight: Int { max(1, paneRow - 3 - (size.rows >= 20 ? 1 : 0)) }
}
