public import Domain
public import Feedback
public import Frames

/// Every model the service serves, how each one is doing, and the way into one.
public enum ModelsScreen {
  /// What the service listed, and when.
  public struct Listing: Equatable, Sendable {
    public var groups: [ModelGroup]
    public var at: Timestamp
    /// What is to be said beside the list: a source that did not give its own, a part of the platform that is ill.
    public var notices: [Problem]

    public init(groups: [ModelGroup], at: Timestamp, notices: [Problem] = []) {
      self.groups = groups
      self.at = at
      self.notices = notices
    }
  }

  /// What this ledger knows of a model.
  public struct Facts: Equatable, Sendable {
    /// Our own calls.
    public var calls = 0
    /// Milliseconds under which 95 of 100 of our own calls stayed.
    public var p95: Double?
    public var failedShare: Double?
    /// The share of features that drifted, the last ten 6 h windows, oldest first; nil where nothing is known.
    public var driftShares: [Double?] = []
    /// Features that drifted in the newest window, and how many were tested.
    public var drifted: Int?
    public var features: Int?
    public var cases = 0
    public var verdicts: [Verdict: Int] = [:]
    public var waiting = 0
    public var oldestWaiting: Timestamp?
    /// Who answered, where an experiment or a pipeline chose.
    public var answered: [Answered] = []
    /// Those that may be chosen, two and two, on records that both answered and the analyst judged.
    public var compared: [AnswerComparison] = []

    /// Whether the ledger was asked: until then a number here says nothing.
    public var isCounted = true

    public init() {}

    /// The share of the newest window that was tested; newer ones may have too few cases.
    var newestShare: Double? { driftShares.last { $0 != nil } ?? nil }
  }

  public enum SortColumn: String, Equatable, Sendable, CaseIterable {
    case name, state, calls, p95, errors, drift
  }

  public struct State: Equatable, Sendable {
    public var listing = Loadable<Listing>.idle
    public var facts: [RawText: Facts] = [:]
    /// Whether the ledger was asked for them.
    public var hasCounted = false
    public var rows = Rows()
    public var sort = SortColumn.drift
    public var isReversed = false
    /// The models in the order of the column, whatever the filter leaves out.
    var ranking = Ranking()
    public var filter = ""
    /// The row that the pane shows: follows the selection when the move key rests.
    public var followed: Int?
    /// Whether the analyst chose the row: until then the first row is selected, whichever model that is.
    var hasChosen = false
    /// When the service last answered; what is shown is older than now while it is unreachable.
    public var unreachableSince: Timestamp?
    /// When it is asked again by itself.
    public var nextTry: Timestamp?
    /// What the demonstration is still preparing; nil when nothing is.
    public var preparing: String?
    /// Whether the context allows to load and unload models.
    public var allowsLoading = false
    /// Whether the context has a control plane that can tell changes.
    public var canFollow = false
    /// Whether it was asked to.
    var isFollowing = false
    /// Whether what changes is told as it happens.
    var isLive = false
    /// The model to select when it is listed: where the analyst left.
    var wanted: ModelID?
    /// What the analyst is asked before it is done.
    var asking: Question?

    public init() {}

    public var groups: [ModelGroup] { listing.value?.groups ?? [] }

    /// The group under the selection.
    public var selected: ModelGroup? { rows.selected.map { groups[$0] } }

    func facts(of group: ModelGroup) -> Facts {
      var facts = facts[group.id.name] ?? Facts()
      facts.isCounted = hasCounted
      return facts
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    /// What the service listed in an earlier session, while it is asked again.
    case remembered(Listing)
    case listed(Listing)
    /// What is listed now that something changed.
    case refreshed(Listing)
    /// Whether what changes is told as it happens.
    case followed(Bool)
    /// The control plane refuses to tell what changes.
    case unfollowed(Problem)
    case described(Model)
    case learned([RawText: Facts])
    case failed(Problem, at: Timestamp)
    /// When a service that did not answer is asked again.
    case seeking(next: Timestamp)
    case prepared(String?)
    case filtered(String)
    case rested
    case resized(columns: Int, rows: Int)
    /// A key that answers what is asked.
    case typed(Key)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.listing.load()
      return [.loadModels]
    case .remembered(let listing):
      guard state.listing.value == nil else { return [] }
      state.listing = .loading(last: listing)
      state.ranking.take(listing.groups)
      rank(&state, keeping: nil)
      state.followed = state.rows.selected
      return []
    case .listed(let listing):
      let selected = state.selected?.id
      take(&state, listing)
      rank(&state, keeping: selected)
      state.followed = state.rows.selected
      return describe(state)
    case .refreshed(let listing):
      return state.listing.value == nil ? update(&state, .listed(listing)) : refresh(&state, listing)
    case .followed(let isLive):
      state.isLive = state.isFollowing && isLive
      return []
    case .unfollowed: return []
    case .described(let model):
      guard var listing = state.listing.value,
        let index = listing.groups.firstIndex(where: { $0.id == model.id })
      else { return [] }
      listing.groups[index].model.signature = model.signature
      if !model.platform.isEmpty { listing.groups[index].model.platform = model.platform }
      replace(&state.listing, with: listing)
      return []
    case .learned(let facts):
      let wasFollowed = state.followed == state.rows.selected
      state.facts = facts
      state.hasCounted = true
      rank(&state, keeping: state.selected?.id)
      if wasFollowed { state.followed = state.rows.selected }
      return []
    case .failed(let problem, let at):
      state.listing.fail(problem)
      if state.unreachableSince == nil { state.unreachableSince = at }
      return []
    case .seeking(let next):
      state.nextTry = next
      return []
    case .prepared(let text):
      state.preparing = text
      return []
    case .filtered(let filter):
      state.filter = filter
      rebuild(&state, keeping: nil)
      state.followed = state.rows.selected
      return []
    case .rested:
      state.followed = state.rows.selected
      return describe(state)
    case .resized(let columns, let rows):
      state.rows.resize(height: ModelsLayout(columns: columns, rows: rows).listHeight)
      return []
    case .typed(let key):
      let question = state.asking
      state.asking = nil
      guard let question, key == .text("y") else { return [] }
      return [State.effect(of: question)]
    case .commanded(let command, let count):
      return perform(&state, command, count)
    }
  }

  private static func perform(_ state: inout State, _ command: Command, _ count: Int?) -> [Effect] {
    if state.rows.perform(command, count: count) {
      state.hasChosen = true
      return [.rest(milliseconds: 80)]
    }
    switch command {
    case .sortColumn:
      state.hasChosen = true
      let all = SortColumn.allCases
      state.sort = all[((all.firstIndex(of: state.sort) ?? 0) + 1) % all.count]
      rank(&state, keeping: state.selected?.id)
      return [.rest(milliseconds: 80)]
    case .reverseSort:
      state.hasChosen = true
      state.isReversed.toggle()
      rank(&state, keeping: state.selected?.id)
      return [.rest(milliseconds: 80)]
    case .reload:
      state.listing.load()
      return [.loadModels]
    case .load:
      state.asking = state.selected.map { .load(LoadOrder(model: $0.id, loads: $0.model.state != .ready)) }
      return []
    case .allowDetectors:
      state.asking = state.selected.map { .detectors($0.firstDetectors.map(\.name)) }
      return []
    default: return []
    }
  }

  /// Asks for the selected model's metadata where it is not known yet.
  static func describe(_ state: State) -> [Effect] {
    guard let model = state.selected?.model, model.signature == nil, state.unreachableSince == nil,
      model.state == .ready
    else { return [] }
    return [.loadModel(model.id)]
  }

  private static func replace(_ loadable: inout Loadable<Listing>, with listing: Listing) {
    switch loadable {
    case .idle, .loaded: loadable = .loaded(listing)
    case .loading: loadable = .loading(last: listing)
    case .failed(let problem, _): loadable = .failed(problem, last: listing)
    }
  }
}
