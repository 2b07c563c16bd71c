public import Domain
internal import Feedback
public import Frames

/// The queue that analysts work through: cases, why each is in it, a key for each verdict, and the pace.
public enum ReviewScreen {
  /// A case in the queue.
  public struct Item: Equatable, Sendable {
    public var content: CaseContent
    public var stamp: QueueStamp
    /// Why it is here, in a few words: `drift age`, `uncertain`.
    public var why: RawText
    /// Whether the ledger knows that the analyst has looked at the model's answer.
    public var wasRevealed: Bool

    public init(content: CaseContent, stamp: QueueStamp, why: RawText, wasRevealed: Bool = false) {
      self.content = content
      self.stamp = stamp
      self.why = why
      self.wasRevealed = wasRevealed
    }

    public var id: ShortHash { content.case.id }
  }

  /// A queue as it was composed.
  public struct Queue: Equatable, Sendable {
    public var order: QueueOrder
    /// What it is kept as; nil for one of the researchers'.
    public var id: RawText?
    public var items: [Item]
    /// How many more wait behind them, of a queue that comes in parts.
    public var more: Int

    public init(order: QueueOrder, id: RawText? = nil, items: [Item], more: Int = 0) {
      self.order = order
      self.id = id
      self.items = items
      self.more = more
    }
  }

  /// What the analyst did today.
  public struct Pace: Equatable, Sendable {
    /// Judgements today, by verdict.
    public var today: [Verdict: Int]
    /// Cases an hour of work.
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
    /// The model's answer is on screen: after the analyst's first, or because it was looked at.
    case revealed(FirstAnswer)
    case done(sequence: Int)
  }

  /// What the analyst said blind, before the model's answer was shown.
  public struct FirstAnswer: Equatable, Sendable {
    /// Nil where the answer was looked at first.
    public var judgement: Judgement?
    /// The event that says so; nil until it is saved.
    public var sequence: Int?
    /// Nil where it was before the queue was drawn: when is not known here.
    public var at: Timestamp?

    public init(judgement: Judgement?, sequence: Int?, at: Timestamp?) {
      self.judgement = judgement
      self.sequence = sequence
      self.at = at
    }
  }

  public enum SortOrder: String, Equatable, Sendable, CaseIterable {
    case queue, newest, probability
  }

  public struct State: Equatable, Sendable {
    public var order = QueueOrder()
    public var queue = Loadable<Queue>.idle
    public var pace = Pace()
    public var rows = Rows()
    /// The case on the table: follows the list's cursor when the move key rests.
    public var followed: Int?
    public var marked: Set<ShortHash> = []
    /// What explained each marked case on screen while it was on the table.
    var seenOfMarked: [ShortHash: Set<Explanation>] = [:]
    public var progress: [ShortHash: Progress] = [:]
    public var editor: JudgementEditor?
    public var sort = SortOrder.queue
    public var composing: Int?
    /// The case to select when the queue is there: where the analyst left.
    var wanted: ShortHash?
    /// A queue that came while words were written: it waits until they are.
    var held: Queue?
    public var size = ScreenSize()
    /// Cases whose answer was on screen: in a blind queue they count as looked at.
    public internal(set) var lookedAt: Set<ShortHash> = []
    /// The marked cases that a verdict is being saved for.
    var batch: MarkedBatch?
    /// Whether the analyst's own queues are blind, while one of the researchers' is reviewed.
    var isBlindByChoice = false
    /// Which of the shares on screen, or of the rule's predicates, a mark goes on; 0 for the largest, or the first.
    public var feature = 0

    public init() {}

    public var items: [Item] { queue.value?.items ?? [] }
    /// The case on the table.
    public var selected: Item? { followed.flatMap { items.indices.contains($0) ? items[$0] : nil } }

    /// Whether a case's answer must not be on screen.
    public func isHidden(_ item: Item) -> Bool { order.isBlind && progress(of: item) == nil }

    /// How far the analyst is with a case, by what was done here and by what the ledger knows from before.
    func progress(of item: Item) -> Progress? {
      if let progress = progress[item.id] { return progress }
      if let own = item.content.own, own.stage == .initial {
        return .revealed(FirstAnswer(judgement: own.judgement, sequence: own.sequence, at: own.at))
      }
      guard item.wasRevealed || lookedAt.contains(item.id), order.isBlind else { return nil }
      return .revealed(FirstAnswer(judgement: nil, sequence: nil, at: nil))
    }

    /// Whether a judgement of the analyst's stands on a case, which the list may show.
    func isJudged(_ item: Item) -> Bool {
      !waits(item) || item.content.own != nil && progress(of: item) == nil && !order.isBlind
    }

    /// Whether the selected case's answer is hidden.
    var isBlindNow: Bool { selected.map(isHidden) ?? false }

    /// Whether the selected case waits for its second answer.
    var isRevealedNow: Bool {
      if let selected, case .revealed = progress(of: selected) { true } else { false }
    }

    /// The cases as the list shows them.
    var ordered: [Item] { rows.indices.map { items[Int($0)] } }

    /// Judgements made today.
    public var doneToday: Int { pace.today.values.reduce(0, +) }

    /// Cases that still wait.
    public var waiting: Int { items.count(where: waits) }

    /// Whether nothing was saved here that ends a case.
    func waits(_ item: Item) -> Bool {
      if case .done = progress(of: item) { false } else { true }
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared(milliseconds: Int, now: Timestamp)
    case arrived(Queue, Pace, milliseconds: Int, now: Timestamp)
    case failed(Problem)
    /// Another queue is wanted: what was on screen is not it.
    case ordered(QueueOrder)
    case revealed(ShortHash, sequence: Int)
    /// What a model's fields are called is known, or known otherwise.
    case described(Model)
    case explained(Case)
    case committed(Commit, sequence: Int, milliseconds: Int, now: Timestamp)
    /// A case was judged on its own screen.
    case judged(Commit, sequence: Int, now: Timestamp)
    case refreshed(CaseContent)
    case learned(Pace)
    case rested(milliseconds: Int, now: Timestamp)
    case typed(Key, milliseconds: Int, now: Timestamp)
    case pasted(String)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?, milliseconds: Int, now: Timestamp)

    /// When it happened, where it says so.
    fileprivate var moment: (milliseconds: Int, now: Timestamp)? {
      switch self {
      case .appeared(let milliseconds, let now), .arrived(_, _, let milliseconds, let now),
        .committed(_, _, let milliseconds, let now), .rested(let milliseconds, let now),
        .typed(_, let milliseconds, let now), .commanded(_, _, let milliseconds, let now):
        (milliseconds, now)
      case .failed, .ordered, .revealed, .described, .explained, .judged, .refreshed, .learned, .pasted, .resized: nil
      }
    }
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    var effects = take(&state, action)
    // Whatever has ended the words, the queue that waited for them comes.
    if let queue = state.held, state.editor?.isAsking != true, let (milliseconds, now) = action.moment {
      effects += take(&state, queue, milliseconds, now)
    }
    // What the analyst looks at goes with the judgement: the record alone, or the whole case.
    let pane: RawText = state.isBlindNow ? "record" : "case"
    switch action {
    case .typed(_, let milliseconds, _), .commanded(_, _, let milliseconds, _),
      .committed(_, _, let milliseconds, _):
      state.editor?.attention.moved(to: pane, at: milliseconds)
    default: state.editor?.attention.turned(to: pane)
    }
    if let item = state.selected, state.marked.contains(item.id) {
      let shown = ReviewCase.explanations(state).map { item.content.case.explanations[$0] }
      state.seenOfMarked[item.id, default: []].formUnion(shown)
    }
    if !state.order.isBlind { state.lookedAt.formUnion(state.onScreen) }
    return effects
  }

  private static func take(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      // Whoever comes back finds the queue as it was left; another one is drawn when it is asked for.
      if case .loaded = state.queue, state.waiting > 0 { return [] }
      return load(&state, drawn: state.queue.value == nil ? state.order.drawn : nil)
    case .arrived(let queue, let pace, let milliseconds, let now):
      guard queue.order.wantsSame(as: state.order) else { return [] }
      state.pace = pace
      guard state.editor?.isAsking != true else {
        // The case that words are being written on stays on the table until they are.
        state.held = queue
        return []
      }
      return take(&state, queue, milliseconds, now)
    case .failed(let problem):
      state.queue.fail(problem)
      return []
    case .ordered(let order):
      // Another queue comes as whoever made it has ordered it.
      if order.taken != state.order.taken { state.sort = .queue }
      state.order = order
      state.order.drawn = nil
      state.queue = .idle
      state.held = nil
      state.rows.replace([])
      state.followed = nil
      state.marked = []
      state.editor = nil
      return []
    case .revealed(let id, let sequence):
      if case .revealed(var first) = state.progress[id], first.judgement == nil {
        first.sequence = sequence
        state.progress[id] = .revealed(first)
      }
      return []
    case .described(let model):
      guard let signature = model.signature else { return [] }
      for item in state.items where item.content.case.model == model.id && item.content.signature != signature {
        replace(&state, item.id) { $0.signature = signature }
      }
      return []
    case .explained(let explained):
      replace(&state, explained.id) { content in
        content.case.explanations = explained.explanations
        content.case.outlier = explained.outlier
        content.case.prediction = explained.prediction
      }
      return []
    case .committed(let commit, let sequence, let milliseconds, let now):
      return committed(&state, commit, sequence, milliseconds, now)
    case .judged(let commit, let sequence, let now):
      judged(&state, commit, sequence, now)
      return []
    case .refreshed(let content):
      replace(&state, content.case.id) { $0 = content }
      stepBack(&state, content)
      if state.editor?.draft.caseID == content.case.id { state.editor?.reset(to: content) }
      return []
    case .learned(let pace):
      state.pace = pace
      return []
    case .rested(let milliseconds, let now): return showSelected(&state, milliseconds, now)
    case .typed(let key, let milliseconds, let now): return type(&state, key, milliseconds, now)
    case .pasted(let text): return state.editor?.paste(text) ?? []
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: ReviewLayout(state.size).listHeight)
      return []
    case .commanded(let command, let count, let milliseconds, let now):
      return perform(&state, command, count, milliseconds, now)
    }
  }

  /// Puts another queue on screen; the case under the cursor stays there where it is in it.
  private static func take(_ state: inout State, _ queue: Queue, _ milliseconds: Int, _ now: Timestamp) -> [Effect] {
    state.held = nil
    let wanted = state.wanted ?? state.underCursor
    state.queue = .loaded(queue)
    state.order.drawn = queue.id
    for item in queue.items where state.progress[item.id] == nil {
      // In a queue that was left and is read again, what is done stays in its place.
      if let own = item.content.own, own.stage == .final {
        state.progress[item.id] = .done(sequence: own.sequence ?? 0)
      }
    }
    state.marked.formIntersection(queue.items.map(\.id))
    sort(&state)
    state.wanted = wanted
    selectWanted(&state)
    return showSelected(&state, milliseconds, now)
  }

  private static func type(
    _ state: inout State, _ key: Key, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    if let selected = state.composing { return compose(&state, key, selected) }
    let answer = state.isBlindNow ? nil : state.selected?.content.case.prediction.label
    state.editor?.answer = answer
    return state.editor?.take(key, at: milliseconds) ?? []
  }

  /// Blind, no case is asked about whose answer was on screen: another queue is drawn, without these. Not blind any more
  /// the same cases show their answers; where none waits, those that were left out come.
  private static func toggleBlind(_ state: inout State) -> [Effect] {
    state.order.isBlind.toggle()
    guard state.order.taken == nil, state.queue.value != nil else { return [] }
    return state.order.isBlind || state.waiting == 0 ? load(&state) : []
  }

  /// Asks for the queue that is wanted: the one that was drawn once more, or else another one.
  private static func load(_ state: inout State, drawn: RawText? = nil) -> [Effect] {
    state.order.drawn = drawn
    state.order.without = state.order.isBlind ? state.lookedAt : []
    state.queue.load()
    return [.loadQueue(state.order)]
  }

  private static func compose(_ state: inout State, _ key: Key, _ selected: Int) -> [Effect] {
    let all = Sampler.allCases
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
    state.order.taken = nil
    return load(&state)
  }

  private static func perform(
    _ state: inout State, _ command: Command, _ count: Int?, _ milliseconds: Int, _ now: Timestamp
  ) -> [Effect] {
    guard state.obstacle(to: command) == nil else { return [] }
    let (target, label) = (state.markTarget, state.markLabel)
    let explainer = state.markedExplanation?.explainer
    if let effects = state.editor?.perform(
      command, target: target, of: explainer, class: label, at: milliseconds)
    {
      return effects
    }
    switch command {
    case .nextCase, .previousCase:
      state.rows.perform(command == .nextCase ? .moveDown : .moveUp, count: count)
      return [.rest(milliseconds: 80)]
    case .save: return commit(state, milliseconds)
    case .flag: return commit(state, milliseconds, flag: state.selected?.content.isFlagged != true)
    case .reveal: return reveal(&state, milliseconds, now)
    case .moveLeft, .moveRight:
      let last = max(0, state.markable.count - 1)
      state.feature = max(0, min(last, state.feature + (command == .moveRight ? 1 : -1) * (count ?? 1)))
    case .toggleMarked:
      guard let item = state.selected else { return [] }
      if state.marked.remove(item.id) == nil { state.marked.insert(item.id) } else { state.seenOfMarked[item.id] = nil }
      state.rows.perform(.moveDown)
      return [.rest(milliseconds: 80)]
    case .applyToMarked:
      let effects = applyToMarked(state, milliseconds)
      state.batch = MarkedBatch(effects, of: state.marked.count, table: state.editor?.draft.caseID)
      return effects
    case .blind: return toggleBlind(&state)
    case .composeQueue:
      state.composing = Sampler.allCases.firstIndex(of: state.order.sampler) ?? 0
      return []
    case .sortQueue:
      let all = SortOrder.allCases
      state.sort = all[((all.firstIndex(of: state.sort) ?? 0) + 1) % all.count]
      sort(&state)
    case .reload:
      let isOver = state.queue.value != nil && state.waiting == 0
      return load(&state, drawn: isOver ? nil : state.order.drawn)
    default:
      return state.rows.perform(command, count: count) ? [.rest(milliseconds: 80)] : []
    }
    return showSelected(&state, milliseconds, now)
  }

  /// Looking before answering is an answer's circumstance: the next one is no longer blind.
  private static func reveal(_ state: inout State, _ milliseconds: Int, _ now: Timestamp) -> [Effect] {
    guard let item = state.selected, let editor = state.editor else { return [] }
    state.progress[item.id] = .revealed(FirstAnswer(judgement: nil, sequence: nil, at: now))
    state.editor?.answer = item.content.case.prediction.label
    return [
      .reveal(
        Reveal(
          caseID: item.id, shown: item.content.case, signature: item.content.signature,
          seenExplanations: ReviewCase.explanations(state), queue: item.stamp, window: item.content.window,
          guideline: editor.guideline,
          timing: editor.attention.timing(at: milliseconds)))
    ]
  }

  private static func selectWanted(_ state: inout State) {
    state.rows.select(state.row(of: state.wanted) ?? 0)
    state.wanted = nil
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
