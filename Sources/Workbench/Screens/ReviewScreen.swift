public import Domain
public import Frames

/// The queue that analysts work through: cases, why each is in it, a key for each verdict, and the pace.
public enum ReviewScreen {
  /// A case in the queue.
  public struct Item: Equatable, Sendable {
    public var content: CaseContent
    public var stamp: QueueStamp
    /// Why it is here, in a few words: `drift age`, `uncertain`.
    public var why: RawText

    public init(content: CaseContent, stamp: QueueStamp, why: RawText) {
      self.content = content
      self.stamp = stamp
      self.why = why
    }

    public var id: ShortHash { content.case.id }
  }

  /// A queue as it was composed.
  public struct Queue: Equatable, Sendable {
    public var order: QueueOrder
    public var items: [Item]

    public init(order: QueueOrder, items: [Item]) {
      self.order = order
      self.items = items
    }
  }

  /// What the analyst did today.
  public struct Pace: Equatable, Sendable {
    /// Judgements today, by verdict.
    public var today: [Verdict: Int]
    /// Cases an hour, over the hours with any.
    public var perHour: Double?
    /// Median active seconds a case.
    public var medianSeconds: Double?
    /// Active seconds of the newest judgements, oldest first.
    public var recent: [Double]

    public init(
      today: [Verdict: Int] = [:], perHour: Double? = nil, medianSeconds: Double? = nil, recent: [Double] = []
    ) {
      self.today = today
      self.perHour = perHour
      self.medianSeconds = medianSeconds
      self.recent = recent
    }
  }

  /// How far the analyst is with one case.
  public enum Progress: Equatable, Sendable {
    /// The first answer is given blind and the model's is on screen.
    case revealed(sequence: Int?)
    case done(sequence: Int)
  }

  public enum SortOrder: String, Equatable, Sendable, CaseIterable {
    case queue, newest, probability
  }

  public struct State: Equatable, Sendable {
    public var order = QueueOrder()
    public var queue = Loadable<Queue>.idle
    public var pace = Pace()
    public var rows = Rows()
    public var marked: Set<ShortHash> = []
    public var progress: [ShortHash: Progress] = [:]
    public var editor: JudgementEditor?
    public var sort = SortOrder.queue
    public var composing: Int?
    public var size = ScreenSize()
    var now = Timestamp(microseconds: 0)

    public init() {}

    public var items: [Item] { queue.value?.items ?? [] }
    public var selected: Item? { rows.selected.flatMap { items.indices.contains($0) ? items[$0] : nil } }

    /// Whether a case's answer must not be on screen.
    public func isHidden(_ item: Item) -> Bool { order.isBlind && progress[item.id] == nil }

    /// Judgements made today.
    public var doneToday: Int { pace.today.values.reduce(0, +) }

    /// Cases that still wait.
    public var waiting: Int {
      items.count { item in
        if case .done = progress[item.id] { false } else { true }
      }
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared(milliseconds: Int, now: Timestamp)
    case arrived(Queue, Pace, milliseconds: Int, now: Timestamp)
    case failed(Problem)
    case explained(Case)
    case committed(ShortHash, sequence: Int, milliseconds: Int, now: Timestamp)
    case refreshed(CaseContent)
    case learned(Pace)
    case typed(Key, milliseconds: Int, now: Timestamp)
    case pasted(String)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?, milliseconds: Int, now: Timestamp)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.queue.load()
      return [.loadQueue(state.order)]
    case .arrived(let queue, let pace, let milliseconds, let now):
      state.order = queue.order
      state.queue = .loaded(queue)
      state.pace = pace
      state.now = now
      state.marked.formIntersection(queue.items.map(\.id))
      sort(&state)
      return showSelected(&state, milliseconds, now)
    case .failed(let problem):
      state.queue.fail(problem)
      return []
    case .explained(let explained):
      replace(&state, explained.id) { content in
        content.case.explanations = explained.explanations
        content.case.outlier = explained.outlier
        content.case.prediction = explained.prediction
      }
      return []
    case .committed(let id, let sequence, let milliseconds, let now):
      return committed(&state, id, sequence, milliseconds, now)
    case .refreshed(let content):
      replace(&state, content.case.id) { $0 = content }
      if content.own == nil { state.progress[content.case.id] = nil }
      if state.selected?.id == content.case.id { state.editor?.reset(to: content.own, marks: content.ownMarks) }
      return []
    case .learned(let pace):
      state.pace = pace
      return []
    case .typed(let key, let milliseconds, let now): return type(&state, key, milliseconds, now)
    case .pasted(let text): return state.editor?.paste(text) ?? []
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: ReviewLayout(state.size).listHeight)
      return []
    case .commanded(let command, let count, let milliseconds, let now):
      state.now = now
      return perform(&state, command, count, milliseconds, now)
    }
  }

  private static func replace(_ state: inout State, _ id: ShortHash, with edit: (inout CaseContent) -> Void) {
    guard case .loaded(var queue) = state.queue, let index = queue.items.firstIndex(where: { $0.id == id }) else {
      return
    }
    edit(&queue.items[index].content)
    state.queue = .loaded(queue)
  }

  /// Puts the selected case on the table: a new editor, whose clock starts now.
  static func showSelected(_ state: inout State, _ milliseconds: Int, _ now: Timestamp) -> [Effect] {
    guard let item = state.selected else {
      state.editor = nil
      return []
    }
    if state.editor?.draft.caseID == item.id { return [] }
    var labels = item.content.case.prediction.classes.map(\.label)
    if let classes = item.content.signature?.classes, classes.count > labels.count { labels = classes }
    var editor = JudgementEditor(
      caseID: item.id, labels: labels, attention: Attention(shownAt: now, milliseconds: milliseconds))
    if let draft = item.content.draft {
      editor.restore(draft)
    } else if let own = item.content.own {
      editor.begin(from: own, marks: item.content.ownMarks)
    }
    state.editor = editor
    guard item.content.case.explanations.isEmpty, item.content.canExplain else { return [] }
    return [.explain(item.id)]
  }

  private static func type(
    _ state: inout State, _ key: Key, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    if let selected = state.composing { return compose(&state, key, selected) }
    return state.editor?.take(key, at: milliseconds) ?? []
  }

  private static func compose(_ state: inout State, _ key: Key, _ selected: Int) -> [Effect] {
    let all = QueueSampler.allCases
    var choice: Int?
    switch key {
    case .down, .text("j"):
      state.composing = min(selected + 1, all.count - 1)
      return []
    case .up, .text("k"):
      state.composing = max(selected - 1, 0)
      return []
    case .enter: choice = selected
    default: choice = key.digit.map { $0 - 1 }
    }
    state.composing = nil
    guard let choice, all.indices.contains(choice) else { return [] }
    state.order.sampler = all[choice]
    state.queue.load()
    return [.loadQueue(state.order)]
  }

  private static func perform(
    _ state: inout State, _ command: Command, _ count: Int?, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    if let item = state.selected, state.isHidden(item), command == .agree || command.isMark { return [] }
    let target = topFeature(state)
    if let effects = state.editor?.perform(command, target: target, at: milliseconds) { return effects }
    switch command {
    case .nextCase: state.rows.perform(.moveDown)
    case .previousCase: state.rows.perform(.moveUp)
    case .save: return commit(state, milliseconds)
    case .flag: return commit(state, milliseconds, isFlag: true)
    case .reveal: return reveal(&state)
    case .toggleMarked:
      guard let item = state.selected else { return [] }
      if state.marked.remove(item.id) == nil { state.marked.insert(item.id) }
      state.rows.perform(.moveDown)
    case .applyToMarked: return applyToMarked(state, milliseconds)
    case .blind:
      state.order.isBlind.toggle()
      return []
    case .composeQueue:
      state.composing = QueueSampler.allCases.firstIndex(of: state.order.sampler) ?? 0
      return []
    case .sortQueue:
      let all = SortOrder.allCases
      state.sort = all[((all.firstIndex(of: state.sort) ?? 0) + 1) % all.count]
      sort(&state)
    case .reload:
      state.queue.load()
      return [.loadQueue(state.order)]
    default:
      guard state.rows.perform(command, count: count) else { return [] }
    }
    return showSelected(&state, milliseconds, now)
  }

  /// A mark made in the queue goes on the feature that counts most.
  private static func topFeature(_ state: State) -> RawText? {
    guard let item = state.selected else { return nil }
    for explanation in item.content.case.explanations {
      if case .attributions(let attributions) = explanation.content,
        let top = attributions.ranked(class: item.content.case.prediction.chosenIndex ?? 0).first
      {
        return attributions.features[top].name
      }
    }
    return nil
  }

  /// Looking before answering is an answer's circumstance: the next one is no longer blind.
  private static func reveal(_ state: inout State) -> [Effect] {
    guard let item = state.selected, state.isHidden(item) else { return [] }
    state.progress[item.id] = .revealed(sequence: nil)
    return []
  }

  private static func sort(_ state: inout State) {
    let items = state.items
    let isBlind = state.order.isBlind
    let order: [Int]
    switch state.sort {
    case .queue: order = Array(items.indices)
    case .newest:
      order = items.indices.sorted { (items[$0].content.case.at, $1) > (items[$1].content.case.at, $0) }
    case .probability where !isBlind:
      order = items.indices.sorted { left, right in
        let a = items[left].content.case.prediction.chosen?.probability ?? 1
        let b = items[right].content.case.prediction.chosen?.probability ?? 1
        return a == b ? left < right : a < b
      }
    case .probability: order = Array(items.indices)
    }
    state.rows.replace(order.map(Int32.init))
  }
}

extension Command {
  /// Whether the command marks a part of an explanation.
  var isMark: Bool {
    switch self {
    case .markSpurious, .markMissing, .markWrongSign, .markAgrees: true
    default: false
    }
  }
}
