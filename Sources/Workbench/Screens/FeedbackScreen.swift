public import Domain
public import Feedback

/// How far a model can be trusted, by what analysts said of its answers.
public enum FeedbackScreen {
  /// How far back it is looked.
  public enum Period: String, Hashable, Sendable, CaseIterable {
    case all = "all time"
    case ninetyDays = "90 d"
    case thirtyDays = "30 d"
    case sevenDays = "7 d"

    /// Whole days, today among them; nil for all time.
    var days: Int? {
      switch self {
      case .all: nil
      case .ninetyDays: 90
      case .thirtyDays: 30
      case .sevenDays: 7
      }
    }
  }

  /// Which judgements the screen is about.
  public struct Order: Hashable, Sendable {
    /// nil for whichever model was judged most.
    public var model: RawText?
    /// nil for all versions together.
    public var version: RawText?
    public var period: Period
    /// Whether records are read, for slices by what they held.
    public var withInputs: Bool

    public init(model: RawText? = nil, version: RawText? = nil, period: Period = .all, withInputs: Bool = false) {
      self.withInputs = withInputs
      self.model = model
      self.version = version
      self.period = period
    }

    /// The same for the report, which knows moments only.
    public func query(asOf now: Timestamp) -> FeedbackQuery {
      let today = now.aligned(toSeconds: 86_400)
      let since = period.days.map { today.advanced(bySeconds: -86_400 * Double($0 - 1)) }
      return FeedbackQuery(model: model, version: version, since: since, withInputs: withInputs)
    }
  }

  /// What the slices are ordered by.
  public enum Sorting: String, Hashable, Sendable, CaseIterable {
    /// Where the model is right least often beside the rest.
    case gap = "worst first"
    case count = "most cases"
    case name
  }

  public struct Content: Equatable, Sendable {
    /// The order as it was carried out, with the model that it chose.
    public var order: Order
    public var report: FeedbackReport

    public init(order: Order, report: FeedbackReport) {
      self.order = order
      self.report = report
    }
  }

  public struct State: Equatable, Sendable {
    public var order = Order()
    public var content = Loadable<Content>.idle
    public var kind = SliceKind.answer
    public var sorting = Sorting.gap
    public var rows = Rows()
    public var size = ScreenSize()
    /// The rows of the panel that stands alone, where one does.
    var panelRows: Int?

    public init() {}

    /// What the numbers on screen are of, while others are counted; what is wanted where there are none.
    var shown: Order { content.value?.order ?? order }

    /// The slices on screen, in the report's order.
    var slices: [FeedbackSlice] { content.value?.report.slices[kind] ?? [] }

    /// The models that were judged, by name.
    var modelNames: [RawText] { Set(content.value?.report.models.keys.map(\.name) ?? []).sorted() }

    /// The versions of the model that were judged, the newest first.
    var versions: [RawText] {
      (content.value?.report.models.keys.filter { $0.name == order.model } ?? []).compactMap(\.version).sorted(by: >)
    }

    /// Why a command can do nothing just now, in words.
    func obstacle(to command: Command) -> Obstacle? {
      guard content.value != nil else {
        return [.nextSlice, .orderSlices, .nextVersion, .open, .exportReport, .moveLeft, .moveRight].contains(command)
          ? "nothing is counted yet" : nil
      }
      switch command {
      case .open, .orderSlices: return selected == nil ? "no slice is listed here" : nil
      case .moveLeft, .moveRight:
        return modelNames.contains { $0 != order.model } ? nil : "no other model has been judged"
      case .nextVersion:
        return versions.isEmpty ? "no version of the model is known" : nil
      default: return nil
      }
    }

    var selected: FeedbackSlice? { rows.selected.flatMap { slices.indices.contains($0) ? slices[$0] : nil } }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    /// The screen is to be about this model; about whichever it was for none.
    case pointed(ModelID?)
    case arrived(Content)
    case failed(Problem)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared: return load(&state)
    case .pointed(let model):
      guard let model, model.name != state.order.model else { return [] }
      state.order.model = model.name
      state.order.version = model.version
      state.content = .idle
      return []
    case .arrived(let content):
      state.content = .loaded(content)
      state.order = content.order
      sort(&state, keeping: state.selected?.name)
      return []
    case .failed(let problem):
      state.content.fail(problem)
      return []
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: FeedbackLayout(state.size).listHeight)
      return []
    case .commanded(let command, let count): return perform(&state, command, count)
    }
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.content.load()
    return [.loadFeedback(state.order)]
  }

  private static func perform(_ state: inout State, _ command: Command, _ count: Int?) -> [Effect] {
    if state.rows.perform(command, count: count) { return [] }
    switch command {
    case .nextSlice:
      guard let report = state.content.value?.report else { return [] }
      // Inputs are read only where somebody wants to see them.
      let present = SliceKind.allCases.filter { $0 == .input || report.slices[$0]?.isEmpty == false }
      state.kind = after(state.kind, in: present)
      sort(&state, keeping: nil)
      guard state.kind == .input, !report.query.withInputs else { return [] }
      state.order.withInputs = true
      return load(&state)
    case .orderSlices:
      state.sorting = after(state.sorting, in: Sorting.allCases)
      sort(&state, keeping: state.selected?.name)
      return []
    case .nextPeriod:
      state.order.period = after(state.order.period, in: Period.allCases)
      return load(&state)
    case .nextVersion:
      guard !state.versions.isEmpty else { return [] }
      state.order.version = after(state.order.version, in: [nil] + state.versions.map(Optional.some))
      return load(&state)
    case .moveLeft, .moveRight:
      let names = state.modelNames
      guard names.contains(where: { $0 != state.order.model }) else { return [] }
      state.order.model = after(state.order.model, in: command == .moveRight ? names : names.reversed())
      state.order.version = nil
      return load(&state)
    case .open:
      guard let slice = state.selected else { return [] }
      return [.loadFeedbackCases(state.order, by: state.kind, named: slice.name)]
    case .exportReport: return state.content.value.map { [.exportFeedback($0.order)] } ?? []
    case .reload: return load(&state)
    default: return []
    }
  }

  /// The value behind this one, round and round; the first where this one is not among them.
  private static func after<Value: Equatable>(_ value: Value, in values: [Value]) -> Value {
    guard let first = values.first else { return value }
    guard let place = values.firstIndex(of: value) else { return first }
    return values[(place + 1) % values.count]
  }

  private static func sort(_ state: inout State, keeping name: RawText?) {
    guard let report = state.content.value?.report else { return }
    let slices = state.slices
    let order = slices.indices.sorted { left, right in
      let (a, b) = (slices[left], slices[right])
      switch state.sorting {
      case .name: return left < right
      case .count: return a.count == b.count ? left < right : a.count > b.count
      case .gap:
        // What too few cases say is no worse and no better than anything.
        let (first, second) = (
          report.shows(a.count) ? a.gap ?? 0 : .infinity, report.shows(b.count) ? b.gap ?? 0 : .infinity
        )
        if first != second { return first < second }
        return a.count == b.count ? left < right : a.count > b.count
      }
    }
    let kept = name.flatMap { name in slices.firstIndex { $0.name == name } }
    state.rows.replace(order.map(Int32.init), keeping: kept)
    if kept == nil { state.rows.select(0) }
  }
}
